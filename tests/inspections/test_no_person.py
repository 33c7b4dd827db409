"""The arrested are not in it: what looks like a number or a birth date of a person comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import CARL, IRIS, MAX, MONDAY, PAM
from tests.corrective.walk import corrective_at
from tests.inspections.walk import agreement, find, inspection, inspection_at, planned
from tests.pages import PageClient
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.task_moves import move
from workflow.corrective.facts import State as Corrective
from workflow.db.session import session
from workflow.engine.actors import SYSTEM, Actor
from workflow.inspections.facts import State
from workflow.inspections.sealed import words_of
from workflow.register.models import Agreement
from workflow.web.identifiers import HOLDS_NUMBER

SignIn = Callable[[Actor], PageClient]
TYPED = ("File 3: 123-45-6789.", "A 012 345 678 was held.", "He was born on 4 March 1990.")
PLAN = {"position": "agree", "action": "x", "responsible": "The captain", "target_on": "2026-02-02"}
FINDING = {"item": "G1", "result": "deficiency", "class_code": "minor", "evidence": "None hangs."}


def claimed(house: House) -> str:
    """A correction whose task Carl has; its reference."""
    reference = corrective_at(house, Corrective.OPEN)
    [task] = case_for(SYSTEM, reference).tasks
    move(house, CARL, reference, task.number, "claim", seen=task.move_count, now=MONDAY)
    return reference


def fields(what: str, house: House) -> tuple[Actor, str, dict[str, str], str]:
    """Who types where: the actor, the address, what else is answered, and the field."""
    if what == "plan":
        reference = corrective_at(house, Corrective.OPEN)
        return CARL, f"/cases/{reference}/submit_plan", PLAN, "action"
    if what == "correction":
        reference = corrective_at(house, Corrective.PLAN_ACCEPTED)
        return CARL, f"/cases/{reference}/claim_corrected", {}, "evidence"
    if what == "due":
        record = session().get_one(Agreement, agreement(house))
        return (
            PAM,
            f"/inspections/plan/{record.reference}",
            {"due_on": "2026-03-03", "kind_of": "routine"},
            "basis",
        )
    if what == "cause":
        record = session().get_one(Agreement, agreement(house))
        address = f"/inspections/for-cause/{record.reference}"
        return MAX, address, {"trigger": "access_refused"}, "explanation"
    if what == "task":
        return CARL, f"/cases/{claimed(house)}/tasks/1/block", {"waiting_for": "person"}, "reason"
    if what == "cancel":
        return MAX, f"/cases/{planned(house)}/cancel", {}, "reason"
    reference = inspection_at(house, State.IN_PROGRESS)
    if what == "remark":
        return IRIS, f"/inspections/{reference}/checklist/complaints", {"G1": "no"}, "G1_remark"
    if what == "attempt":
        address = f"/cases/{reference}/record_attempt"
        return IRIS, address, {"attempt": "nobody_present"}, "words"
    return IRIS, f"/inspections/{reference}/findings/new", FINDING, what


WHERE = (
    "evidence",
    "comment",
    "clause",
    "remark",
    "attempt",
    "plan",
    "correction",
    "due",
    "cause",
    "cancel",
    "task",
)


@pytest.mark.parametrize("what", WHERE)
def test_what_is_typed_is_looked_through_at_its_field(house: House, sign_in: SignIn, what: str):
    actor, address, answers, field = fields(what, house)
    browser = sign_in(actor)

    for typed in TYPED:
        answer = browser.send(address, {**answers, field: typed})

        assert answer.status_code == 422
        assert f'id="{field}-error">{HOLDS_NUMBER}' in " ".join(answer.text.split())
        assert typed in answer.text
    kept = browser.send(address, {**answers, field: TYPED[0], "no_person": "y"})
    assert kept.status_code == 302


def test_nothing_is_saved_before_it_was_looked_at(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.IN_PROGRESS)
    before = inspection(reference).version

    sign_in(IRIS).send(f"/inspections/{reference}/findings/new", {**FINDING, "evidence": TYPED[0]})

    assert inspection(reference).version == before
    assert inspection(reference).findings == []


def test_a_changed_finding_is_looked_through_as_well(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, class_code="minor")
    browser, address = sign_in(IRIS), f"/inspections/{reference}/findings/1"

    assert browser.send(address, {**FINDING, "evidence": TYPED[1]}).status_code == 422
    assert browser.send(address, {**FINDING, "evidence": "Two hang."}).status_code == 302

    case = inspection(reference)
    assert words_of(case, case.findings[0], house.keyring).evidence == "Two hang."


def test_putting_a_mistake_right_is_looked_through_as_well(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    answers: dict[str, Any] = {"undo-reason": TYPED[2], "undo-seen": case_for(SYSTEM, reference).version}
    browser = sign_in(MAX)

    answer = browser.send(
        f"/cases/{reference}/corrections/", answers, to=f"/cases/{reference}/corrections/undo"
    )

    assert answer.status_code == 422
    assert HOLDS_NUMBER in answer.text
    assert inspection(reference).state == State.NOTIFIED
