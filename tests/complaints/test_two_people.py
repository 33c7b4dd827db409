"""Two people where it matters: decided by the server and by the database, whatever a page sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from tests.cast import ANN, HAL, LEO, MAX, MONA, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.walk import agree, ask, complaint, complaint_at, dispose, go, propose, waiting
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.perform import confirm
from workflow.complaints import allegations
from workflow.complaints.facts import State
from workflow.complaints.models import Allegation
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale

#: What needs a second person: the step, the state it is asked for in, what is answered.
TWO: tuple[tuple[str, State, dict[str, Any]], ...] = (
    ("reclassify", State.TRIAGED, {"tier": "4"}),
    ("close_without_finding", State.TRIAGED, {"closing_reason": "administrative"}),
    ("reject_no_jurisdiction", State.TRIAGED, {}),
    ("extend", State.INVESTIGATING, {}),
    ("decide", State.IN_REVIEW, {}),
    ("reopen", State.CLOSED, {}),
)


def asked(house: House, verb: str, state: State, answers: dict[str, Any]) -> str:
    """A complaint of tier 1 on which the step was asked for; its reference."""
    reference = complaint_at(house, State.RECEIVED)
    go(house, reference, "triage", tier="1")
    rest = {
        State.TRIAGED: (),
        State.INVESTIGATING: ("assign", "begin"),
        State.IN_REVIEW: ("assign", "begin", "submit_report"),
        State.CLOSED: ("assign", "begin", "submit_report", "decide", "notify", "close"),
    }
    go(house, reference, *rest[state])
    if verb == "extend":
        go(house, reference, "extend")
    if verb == "decide":
        inconclusive(house, reference)
    assert ask(house, reference, verb, **answers).awaits_second
    return reference


def inconclusive(house: House, reference: str) -> None:
    allegations.dispose(
        house,
        reference,
        MAX,
        1,
        "inconclusive",
        "preponderance",
        "The tape is missing.",
        seen=complaint(reference).version,
        now=MONDAY,
    )


@pytest.mark.parametrize(("verb", "state", "answers"), TWO, ids=[verb for verb, *_ in TWO])
def test_it_waits_and_neither_who_asked_nor_another_role_confirms_it(
    house: House, verb: str, state: State, answers: dict[str, Any]
):
    reference = asked(house, verb, state, answers)
    first = waiting(reference, verb).requested_by_id
    itself = next(a for a in (RUTH, RAY, MAX) if a.id == first)
    as_manager = Actor(itself.id, itself.name, itself.roles | MAX.roles, MAX.offices)

    for actor in (as_manager, ANN, LEO, RUTH, PAM, SAM):
        with pytest.raises((Refused, LookupError)):
            agree(house, reference, verb, by=actor)
    assert complaint(reference).state == state
    agree(house, reference, verb, by=MONA)

    event = complaint(reference).events[-1] if verb != "decide" else _event(reference, verb)
    assert {event.actor_id, event.second_id} == {first, MONA.id}


def _event(reference: str, verb: str):
    return next(e for e in reversed(complaint(reference).events) if e.verb == verb)


@pytest.mark.parametrize(("verb", "state", "answers"), TWO, ids=[verb for verb, *_ in TWO])
def test_a_forged_id_or_hash_confirms_nothing(house: House, verb: str, state: State, answers: dict[str, Any]):
    reference = asked(house, verb, state, answers)
    approval = waiting(reference, verb)
    seen = complaint(reference).version

    real = approval.payload_hash
    for key, digest in ((approval.id, bytes(32)), (approval.id, b""), (approval.id + 999, real)):
        with pytest.raises((Stale, LookupError)):
            confirm(house, key, MONA, seen=seen, payload_hash=digest, now=MONDAY)
    # A manager of another office does not see it, whatever the number.
    with pytest.raises(LookupError):
        confirm(house, approval.id, HAL, seen=seen, payload_hash=approval.payload_hash, now=MONDAY)

    assert complaint(reference).state == state
    assert waiting(reference, verb).outcome is None


def test_a_hidden_field_of_the_page_decides_nothing(house: House, sign_in: Callable[[Actor], PageClient]):
    reference = asked(house, "close_without_finding", State.TRIAGED, {})
    approval = waiting(reference, "close_without_finding")
    forged = {
        "seen": str(complaint(reference).version),
        "payload": approval.payload_hash.hex(),
        "confirm": "y",
        "actor_id": str(MONA.id),
        "second_id": str(MONA.id),
        "requested_by_id": str(RUTH.id),
    }

    browser = sign_in(MAX)
    token = hidden_fields(browser.get("/account").text)["csrf_token"]
    page = f"/cases/{reference}/confirm/close_without_finding"
    answer = browser.post(page, data={"csrf_token": token, **forged})

    assert answer.status_code == 422
    assert complaint(reference).state == State.TRIAGED


def test_a_finding_that_says_something_needs_one_manager_and_one_that_does_not_needs_two(house: House):
    clear, vague = (complaint_at(house, State.IN_REVIEW) for _ in range(2))
    dispose(house, clear)
    inconclusive(house, vague)

    assert not ask(house, clear, "decide").awaits_second
    assert ask(house, vague, "decide").awaits_second


def test_the_database_itself_refuses_one_person_for_both(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    propose(house, reference)
    asked(house, "close_without_finding", State.TRIAGED, {})

    for statement in (
        update(Allegation).values(disposed_by_id=Allegation.proposed_by_id),
        text("UPDATE approval SET outcome = 'confirmed', decided_by_id = requested_by_id"),
    ):
        with pytest.raises(DBAPIError), transaction():
            session().execute(statement)
    session().expire_all()

    assert complaint(reference).allegations[0].disposed_by_id is None


def test_who_proposed_a_finding_does_not_dispose_of_it_in_another_role_either(house: House):
    both = Actor(RAY.id, RAY.name, RAY.roles | MAX.roles, MAX.offices)
    reference = complaint_at(house, State.IN_REVIEW)

    with pytest.raises(Refused):
        dispose(house, reference, by=both)
    dispose(house, reference, by=MAX)

    row = complaint(reference).allegations[0]
    assert (row.proposed_by_id, row.disposed_by_id) == (RAY.id, MAX.id)
    assert (row.proposed, row.disposition) == ("sustained", "sustained")


def test_appeal_and_closing_again_keep_the_receipt_and_both_closings(house: House):
    reference = complaint_at(house, State.CLOSED)
    go(house, reference, "appeal", now=MONDAY + timedelta(days=5))
    ask(house, reference, "affirm", by=MONA, now=MONDAY + timedelta(days=9))
    go(house, reference, "reopen", now=MONDAY + timedelta(days=12))

    case = complaint(reference)
    closings = [i for i in case.intervals if i.state == State.CLOSED]
    spells = [((i.entered_at - MONDAY).days, (i.left_at - MONDAY).days) for i in closings if i.left_at]
    assert spells == [(0, 5), (9, 12)]
    assert case.received_at == MONDAY
    with pytest.raises(DBAPIError), transaction():
        session().execute(text("UPDATE stage_interval SET left_at = entered_at WHERE state = 'closed'"))
    with pytest.raises(DBAPIError), transaction():
        session().execute(text("UPDATE case_file SET received_at = state_since"))
