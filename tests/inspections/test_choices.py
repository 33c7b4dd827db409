"""Who and what can be chosen on an inspection: the lists offered are the ones the rules let through."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.cast import BOB, HAL, HEDY, IRIS, IVAN, MAX, SAM, SUE
from tests.inspections.walk import ANSWERS, ask, find, go, inspection, inspection_at, planned
from workflow.cases.kinds import House
from workflow.engine.actors import Role
from workflow.engine.machine import Ask, AskKind, Refused
from workflow.inspections.facts import State
from workflow.inspections.kind import choices
from workflow.inspections.leads import working
from workflow.inspections.machine import MACHINE


def asked(verb: str, name: str) -> Ask:
    step = MACHINE.step(verb)
    assert step is not None
    return next(a for a in step.asks if a.name == name)


def offered(reference: str, verb: str, name: str) -> list[str]:
    return [value for value, _ in choices(inspection(reference), asked(verb, name))]


def leads(reference: str) -> set[int]:
    return {int(value) for value in offered(reference, "schedule", "lead")}


def test_trained_inspectors_and_other_supervisors_of_the_office_may_lead(house: House):
    reference = planned(house)

    # Sam supervises the agreement.
    assert leads(reference) == {IRIS.id, IVAN.id, SUE.id}


def test_everybody_offered_is_let_through_and_everybody_else_is_not(house: House):
    reference = planned(house)
    good = leads(reference)

    for person in (IRIS, IVAN, SUE, SAM, MAX, BOB):
        if person.id in good:
            continue
        with pytest.raises(Refused):
            ask(house, reference, "schedule", lead=person.id)
    for person_id in good:
        fresh = planned(house, kind_of="follow_up")
        ask(house, fresh, "schedule", lead=person_id)
        assert inspection(fresh).owner_id == person_id


def test_a_finding_is_offered_for_escalation_until_it_was_escalated(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "G1", "major")
    find(house, reference, "D1", "major")
    assert offered(reference, "escalate_urgent", "finding") == ["1", "2"]

    go(house, reference, "escalate_urgent", finding="1")

    assert offered(reference, "escalate_urgent", "finding") == ["2"]


def test_ratings_are_those_of_the_scale_of_the_policy(house: House):
    reference = inspection_at(house, State.READY_TO_ISSUE)

    assert set(offered(reference, "issue_report", "rating")) == {
        "compliant",
        "compliant_with_deficiencies",
        "not_compliant",
    }


def test_other_questions_and_other_cases_have_nothing_to_choose(house: House):
    reference = planned(house)

    assert choices(inspection(reference), Ask("other", "Other", AskKind.CHOICE, of="nothing")) == []
    assert choices(None, asked("schedule", "lead")) == []


def test_where_there_is_no_office_headquarters_is_asked(ctx: Flask):
    assert working(None, (Role.MANAGER,)) == {HAL.id: None, HEDY.id: None}
    assert working(None, (Role.INSPECTOR,)) == {}


def test_a_visit_is_scheduled_in_the_browser(house: House, sign_in: Any):
    reference = planned(house)

    page = sign_in(SAM).get(f"/cases/{reference}/schedule")
    assert IRIS.name in page.text
    assert f'value="{SAM.id}"' not in page.text
    given = {**ANSWERS, "lead": str(IRIS.id), "scheduled_on": "2026-02-03", "until_on": "2026-02-05"}
    answer = sign_in(SAM).send(
        f"/cases/{reference}/schedule",
        {name: given[name] for name in ("lead", "scheduled_on", "until_on", "mode")},
    )

    assert answer.status_code == 302
    assert (inspection(reference).state, inspection(reference).owner_id) == ("scheduled", IRIS.id)
