"""The one writer: once, by who may, from the page that was seen, as it happened, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import MAX, MONA, MONDAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, received, waiting
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform
from workflow.cases.recusals import Recusal
from workflow.complaints.facts import State
from workflow.db.session import transaction
from workflow.engine.machine import Refused, Stale

TRIAGE = {"tier": "3", "subject": "unknown", "recusal_checked": True, "duplicates_checked": True}
LATER = MONDAY + timedelta(days=30)


def triage(house: House, reference: str, actor=RUTH, *, now=MONDAY, **more):
    seen = more.pop("seen", complaint(reference).version)
    return perform(house, reference, "triage", actor, TRIAGE, seen=seen, now=now, **more)


def test_the_same_form_twice_is_one_step(house: House):
    reference = received(house)

    first = triage(house, reference, idempotency_key="a-form")
    second = triage(house, reference, idempotency_key="a-form", seen=first.version - 1)

    assert (first.repeated, second.repeated) == (False, True)
    assert first.version == second.version == complaint(reference).version


def test_somebody_elses_form_is_refused(house: House):
    reference = received(house)
    triage(house, reference, idempotency_key="a-form")

    with pytest.raises(Refused) as refused:
        perform(house, reference, "hold", MAX, {}, seen=9, now=MONDAY, idempotency_key="a-form")

    assert [r.code for r in refused.value.refusals] == ["form"]


def test_a_page_drawn_before_the_last_change_is_stale(house: House):
    reference = received(house)

    with pytest.raises(Stale):
        triage(house, reference, seen=1)

    assert complaint(reference).state == State.RECEIVED


def test_every_refusal_comes_at_once(house: House):
    reference = complaint_at(house, State.IN_REVIEW)

    with pytest.raises(Refused) as refused:
        perform(house, reference, "decide", RUTH, {}, seen=complaint(reference).version, now=MONDAY)

    assert {r.code for r in refused.value.refusals} >= {"role", "all_disposed", "required"}


def test_a_recusal_hides_the_case_whatever_the_role(house: House):
    reference = received(house)
    with transaction() as s:
        case = complaint(reference)
        s.add(
            Recusal(case_id=case.id, person_id=RUTH.id, reason="relative", declared_by_id=RUTH.id, at=MONDAY)
        )

    with pytest.raises(NotThere):
        triage(house, reference)


def test_a_step_does_not_happen_in_the_future(house: House):
    reference = received(house)

    with pytest.raises(Refused) as refused:
        triage(house, reference, occurred_at=MONDAY + timedelta(hours=1))

    assert [r.code for r in refused.value.refusals] == ["future"]


def test_a_step_does_not_happen_before_the_case_came_to_where_it_is(house: House):
    reference = received(house)

    with pytest.raises(Refused) as refused:
        triage(house, reference, occurred_at=MONDAY - timedelta(hours=1), now=LATER)

    assert [r.code for r in refused.value.refusals] == ["too_early"]


def test_an_entry_that_turns_late_into_on_time_needs_a_reason_and_a_second_person(house: House):
    reference = received(house)
    on_time = MONDAY + timedelta(days=1)

    with pytest.raises(Refused) as refused:
        triage(house, reference, occurred_at=on_time, now=LATER)
    asked = triage(house, reference, occurred_at=on_time, now=LATER, late_reason="the tablet had no network")
    assert [r.code for r in refused.value.refusals] == ["late_reason"]
    assert asked.awaits_second
    assert complaint(reference).state == State.RECEIVED

    approval = waiting(reference, "triage")
    confirm(
        house,
        approval.id,
        MONA,
        seen=complaint(reference).version,
        payload_hash=approval.payload_hash,
        now=LATER,
    )

    event = complaint(reference).events[-1]
    assert (event.verb, event.backdated, event.second_id) == ("triage", True, MONA.id)
    assert (event.occurred_at, event.recorded_at) == (on_time, LATER)


def test_a_later_entry_that_changes_no_figure_needs_nobody(house: House):
    reference = received(house)
    now = MONDAY + timedelta(hours=3)

    triage(house, reference, occurred_at=MONDAY + timedelta(hours=1), now=now)

    assert complaint(reference).events[-1].backdated is False


def test_what_is_confirmed_is_what_was_asked_for(house: House):
    reference = complaint_at(house, State.CLOSED)
    seen = complaint(reference).version
    perform(house, reference, "reopen", MAX, {"evidence": "a recording"}, seen=seen, now=MONDAY)
    approval = waiting(reference, "reopen")

    with pytest.raises(Stale):
        confirm(
            house, approval.id, MONA, seen=complaint(reference).version, payload_hash=b"x" * 32, now=MONDAY
        )
    with pytest.raises(Refused):
        confirm(
            house,
            approval.id,
            MAX,
            seen=complaint(reference).version,
            payload_hash=approval.payload_hash,
            now=MONDAY,
        )

    assert complaint(reference).state == State.CLOSED


def test_nobody_of_another_office_reaches_the_case(house: House):
    reference = received(house, agency_id=None)

    with pytest.raises(NotThere):
        perform(house, reference, "triage", SAM, {}, seen=1, now=MONDAY)
