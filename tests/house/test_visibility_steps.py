"""Who opens the page of which step, proposal and task. What is expected stands in `steps`."""

from __future__ import annotations

import pytest

from tests.house.steps import ELSEWHERE_TOO, PROPOSALS, WORK, whose
from tests.house.visibility import KINDS, ONE_OF_A_ROLE, OWN, PEOPLE, sees, shut
from workflow.cases.task_machine import TASK
from workflow.engine.actors import Actor, Role
from workflow.factory import KINDS as DECLARED

#: The moves of a task that only managers make; everybody who has tasks makes the others, the system its own.
MANAGERS_MOVES = {"assign", "approve", "send_back", "cancel", "extend"}
OWN_MOVES = {"claim", "give_back", "hand_over", "begin", "block", "unblock", "submit", "complete"}
THE_SYSTEMS = {"create", "settle"}
#: These two have no tasks, so that the pages of tasks are not theirs.
WITHOUT_TASKS = {Role.AUDITOR, Role.ADMINISTRATOR}

every_person = pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.name)


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_has_every_step_there_is(kind):
    declared = {step.verb for step in DECLARED[kind].machine.transitions}

    assert set(whose(kind)) == declared, "decide whose page it is, and write it into STEPS"


def test_the_table_has_every_move_there_is():
    assert {step.verb for step in TASK.transitions} == MANAGERS_MOVES | OWN_MOVES | THE_SYSTEMS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("person", ONE_OF_A_ROLE, ids=lambda p: p.name)
def test_a_step_page_opens_to_its_roles_on_their_own_cases(looking, person, kind):
    visible = OWN in sees(person, kind)
    opened = {
        verb: looking.at(person, f"/cases/{looking.references[kind][OWN]}/{verb}").status
        for verb in looking.some(person, list(whose(kind)))
    }

    assert opened == {verb: 200 if visible and whose(kind)[verb] & person.roles else 404 for verb in opened}


@every_person
def test_a_step_page_opens_elsewhere_to_whoever_sees_the_case(looking, person):
    for kind, verb in looking.some(person, list(ELSEWHERE_TOO.items())):
        for sort, reference in looking.references[kind].items():
            may = sort in sees(person, kind) and whose(kind)[verb] & person.roles

            assert looking.at(person, f"/cases/{reference}/{verb}").status == (200 if may else 404), sort


@every_person
def test_a_proposal_is_shown_to_who_asked_and_who_could_confirm(looking, person):
    for (kind, sort, verb), readers in looking.some(person, list(PROPOSALS.items())):
        path = f"/cases/{looking.references[kind][sort]}/confirm/{verb}"

        assert looking.at(person, path).status == (200 if person in readers else 404), path


def opens_task(person: Actor, kind: str) -> int:
    """The status of the page of a task."""
    if person.roles <= WITHOUT_TASKS:
        return shut(person)
    return 200 if person in WORK[kind] else 404


@every_person
def test_a_task_opens_to_who_can_work_on_it_and_to_managers(looking, person):
    for kind in looking.some(person, KINDS):
        [path] = looking.tasks(kind, OWN, of_state=True)

        assert looking.at(person, path).status == opens_task(person, kind), kind


@pytest.mark.parametrize("person", ONE_OF_A_ROLE, ids=lambda p: p.name)
def test_the_moves_of_a_task_are_the_managers_or_of_those_who_have_tasks(looking, person):
    manages = bool(person.roles & {Role.MANAGER, Role.PROGRAMME_MANAGER})
    for kind in looking.some(person, KINDS):
        [path] = looking.tasks(kind, OWN, of_state=True)
        opens = opens_task(person, kind)
        for move in MANAGERS_MOVES | OWN_MOVES | THE_SYSTEMS:
            may = move in OWN_MOVES or (move in MANAGERS_MOVES and manages)

            assert looking.at(person, f"{path}{move}").status == (404 if opens == 200 and not may else opens)
