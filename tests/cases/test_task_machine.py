"""The life of a task against a reference written by hand: who moves it where, and what stops them. Pure."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.cast import MONDAY
from tests.declared import Row, shape
from workflow.cases.commands import proofs
from workflow.cases.task_machine import TASK, State, TaskFacts
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refused, decide, offers
from workflow.policy.standard import BOOK

WORKERS = "intake reviewer field_supervisor inspector manager programme_manager liaison agency_contact"
MANAGERS = "manager programme_manager"
HELD = "assigned in_progress"
UNDONE = "open assigned in_progress blocked"

ROWS = (
    Row(verb="create", to="open", by="system"),
    Row(verb="assign", source="open", to="assigned", by=f"{MANAGERS} system", asks="holder:person"),
    Row(verb="claim", source="open", to="assigned", by=WORKERS, rules="of_the_role"),
    Row(verb="give_back", source=HELD, to="open", by=WORKERS, rules="holds_it", asks="reason:text"),
    Row(
        verb="hand_over",
        source=f"{HELD} blocked",
        to="assigned",
        by=f"{WORKERS} system",
        rules="holds_or_manages",
        asks="holder:person reason:text",
    ),
    Row(verb="begin", source="assigned", to="in_progress", by=WORKERS, rules="holds_it"),
    Row(
        verb="block",
        source=HELD,
        to="blocked",
        by=WORKERS,
        rules="holds_it",
        asks="waiting_for:choice reason:text",
    ),
    Row(verb="unblock", source="blocked", to="assigned", by=WORKERS, rules="holds_it"),
    Row(
        verb="submit",
        source="in_progress",
        to="awaiting_approval",
        by=WORKERS,
        rules="holds_it waits_for_approval",
    ),
    Row(verb="approve", source="awaiting_approval", to="done", by=MANAGERS, rules="not_by_whoever:submit"),
    Row(verb="send_back", source="awaiting_approval", to="in_progress", by=MANAGERS, asks="reason:text"),
    Row(verb="complete", source=HELD, to="done", by=WORKERS, rules="holds_it ends_by_itself"),
    Row(verb="settle", source=UNDONE, to="done", by="system"),
    Row(
        verb="cancel",
        source=f"{UNDONE} awaiting_approval",
        to="cancelled",
        by=f"{MANAGERS} system",
        rules="notice_or_system",
        asks="reason:text",
        marks="escape",
    ),
    Row(verb="extend", source=UNDONE, to="SAME", by=MANAGERS, asks="until:day reason:text"),
)
BY_VERB = {row.verb: row for row in ROWS}
ME, OTHER = 501, 502
ANSWERS: dict[str, Any] = {
    "holder": OTHER,
    "reason": "Away.",
    "waiting_for": "agency",
    "until": MONDAY.date(),
}


def task(state: str = "assigned", **more: Any) -> TaskFacts:
    given = {"role": Role.REVIEWER, "holder_id": ME, **more}
    return TaskFacts(state=State(state), version=1, **given)


def actor(*roles: Role, person: int = ME) -> Actor:
    return Actor(person, "Somebody", frozenset(roles))


def why_not(verb: str, facts: TaskFacts, by: Actor, unanswered: str = "") -> set[str]:
    """The reasons a move is refused, with every question answered but one."""
    step = TASK.step(verb)
    assert step is not None
    answers = {name: answer for name, answer in ANSWERS.items() if name != unanswered}
    try:
        decide(TASK, facts, step, by, answers, seen=1, now=MONDAY)
    except Refused as refused:
        return {r.field or r.code for r in refused.refusals}
    return set()


def test_the_proofs_find_no_fault():
    assert proofs(TASK, BOOK) == []


@pytest.mark.declared
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_a_move_is_what_was_agreed(row: Row):
    step = TASK.step(row.verb)
    assert step is not None

    assert shape(step) == row.shape()


@pytest.mark.declared
def test_there_is_no_move_beside_those_agreed():
    assert {t.verb for t in TASK.transitions} == set(BY_VERB)
    assert {str(s) for s in TASK.final} == {"done", "cancelled"}
    assert [rule.name for rule in TASK.always] == ["not_recused"]


@pytest.mark.parametrize(("verb", "state", "role"), list(product(BY_VERB, State, Role)))
def test_a_move_is_made_exactly_where_the_reference_says(verb: str, state: State, role: Role):
    row = BY_VERB[verb]
    placed = not row.source or state in row.source.split()

    refused = why_not(verb, task(state, role=role, is_notice=True), actor(role)) & {"state", "role"}

    assert refused == (set() if placed else {"state"}) | (set() if role in row.by.split() else {"role"})


@pytest.mark.parametrize(
    ("row", "name"),
    [(row, asked.partition(":")[0]) for row in ROWS for asked in row.asks.split()],
    ids=lambda v: v if isinstance(v, str) else v.verb,
)
def test_a_move_is_refused_until_everything_it_asks_is_answered(row: Row, name: str):
    held = task(row.source.split()[0], is_notice=True)
    manager = actor(Role.MANAGER)

    assert why_not(row.verb, held, manager) == set()
    assert why_not(row.verb, held, manager, unanswered=name) == {name}


def test_only_people_of_the_role_claim_a_task():
    open_one = task("open", holder_id=None)

    assert why_not("claim", open_one, actor(Role.REVIEWER)) == set()
    assert why_not("claim", open_one, actor(Role.INSPECTOR)) == {"of_the_role"}


@pytest.mark.parametrize("verb", ["give_back", "begin", "block", "unblock", "submit", "complete"])
def test_what_somebody_holds_is_moved_by_them_alone(verb: str):
    row = BY_VERB[verb]
    held = task(row.source.split()[-1], is_notice=True, needs_approval=verb == "submit")

    assert why_not(verb, held, actor(Role.REVIEWER)) == set()
    assert why_not(verb, held, actor(Role.REVIEWER, person=OTHER)) == {"holds_it"}


@pytest.mark.parametrize(
    ("person", "role", "allowed"),
    [
        (ME, Role.REVIEWER, True),
        (OTHER, Role.REVIEWER, False),
        (OTHER, Role.MANAGER, True),
        (OTHER, Role.PROGRAMME_MANAGER, True),
        (OTHER, Role.SYSTEM, True),
    ],
)
def test_the_holder_or_a_manager_hands_over(person: int, role: Role, allowed: bool):
    assert why_not("hand_over", task(), actor(role, person=person)) == (
        set() if allowed else {"holds_or_manages"}
    )


def test_the_task_of_a_state_ends_only_with_the_state():
    assert why_not("complete", task(), actor(Role.REVIEWER)) == {"ends_by_itself"}
    assert why_not("cancel", task(), actor(Role.MANAGER)) == {"notice_or_system"}
    assert why_not("complete", task(is_notice=True), actor(Role.REVIEWER)) == set()
    assert why_not("cancel", task(is_notice=True), actor(Role.MANAGER)) == set()
    assert why_not("cancel", task(), actor(Role.SYSTEM)) == set()


def test_what_needs_approval_is_neither_completed_alone_nor_approved_by_its_holder():
    needs = {"is_notice": True, "needs_approval": True}
    waiting = task("awaiting_approval", done_by={"submit": frozenset({ME})}, **needs)

    assert why_not("complete", task("in_progress", **needs), actor(Role.REVIEWER)) == {"ends_by_itself"}
    assert why_not("submit", task("in_progress"), actor(Role.REVIEWER)) == {"waits_for_approval"}
    assert why_not("approve", waiting, actor(Role.MANAGER)) == {"not_by_whoever:submit"}
    assert why_not("approve", waiting, actor(Role.MANAGER, person=OTHER)) == set()


def test_who_is_recused_from_the_case_moves_nothing():
    everybody = actor(*Role)

    for state in State:
        facts = task(state, recused=frozenset({ME}), is_notice=True)
        assert [o.step.verb for o in offers(TASK, facts, everybody, MONDAY) if o.open] == []
