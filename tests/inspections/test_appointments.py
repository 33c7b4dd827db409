"""Before a visit: the agency's answer, attempts and what each leaves, documents that do not come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import AUDRA, CARL, IRIS, MAX, MONDAY, PAM
from tests.inspections.walk import agree, ask, go, imported, inspection, inspection_at, planned
from workflow.cases import followups
from workflow.cases.kinds import House
from workflow.cases.promises import FollowUp
from workflow.cases.sweep import sweep
from workflow.engine.machine import Refused
from workflow.figures.closure_times import closure_times
from workflow.inspections.appointments import CONFIRMATION, DOCUMENTS, attempts_of
from workflow.inspections.attempts import NEXT
from workflow.inspections.facts import State
from workflow.planning.coverage import Stand, coverage
from workflow.planning.obligations import ROUTINE


def owed(reference: str) -> dict[str, FollowUp]:
    """What is still to be done on an inspection beside its state, by kind."""
    return {row.kind: row for row in followups.open_ones(inspection(reference))}


def on(row: FollowUp) -> date:
    return row.due_at.date()


# --- the agency's answer --------------------------------------------------------------------------


def test_a_notice_leaves_the_lead_to_ask_for_an_answer_which_settles_it(house: House):
    reference = planned(house)
    go(house, reference, "schedule", scheduled_on=date(2026, 2, 10), until_on=date(2026, 2, 11))
    go(house, reference, "notify")
    asked = owed(reference)[CONFIRMATION]
    assert (asked.task.holder_id, asked.task.role) == (IRIS.id, "inspector")
    # Ten business days; Martin Luther King's day is none.
    assert on(asked) == date(2026, 1, 21)

    ask(house, reference, "confirm_visit", by=CARL, reply="confirmed", words="The jail commander.")

    assert inspection(reference).agency_reply == "confirmed"
    assert owed(reference) == {}


def test_nobody_is_asked_for_an_answer_after_the_day_of_the_visit(house: House):
    reference = inspection_at(house, State.NOTIFIED)

    assert on(owed(reference)[CONFIRMATION]) == date(2026, 1, 6), "its end, in the zone of the office"


def test_an_agency_that_needs_another_day_gives_a_manager_the_decision_and_moves_nothing(house: House):
    reference = inspection_at(house, State.NOTIFIED)

    ask(house, reference, "confirm_visit", by=IRIS, reply="another_day", words="By telephone: the 20th.")

    case, row = inspection(reference), owed(reference)["other_day"]
    assert (row.task.role, row.task.holder_id, on(row)) == ("manager", None, date(2026, 1, 9))
    assert (case.state, case.scheduled_on) == (State.NOTIFIED, date(2026, 1, 5))


def test_a_visit_put_off_asks_for_a_new_answer(house: House):
    reference = inspection_at(house, State.NOTIFIED)
    ask(house, reference, "confirm_visit", reply="another_day")

    go(house, reference, "postpone")

    assert inspection(reference).agency_reply is None
    assert owed(reference) == {}


# --- unannounced and for cause --------------------------------------------------------------------


def test_before_an_unannounced_visit_nothing_is_sent_and_its_task_is_to_be_there(house: House):
    reference = planned(house)
    go(house, reference, "schedule", unannounced=True)

    with pytest.raises(Refused) as refused:
        go(house, reference, "notify")

    assert [r.code for r in refused.value.refusals] == ["announced"]
    case = inspection(reference)
    [task] = [t for t in case.tasks if t.closed_at is None]
    assert (task.title, task.verb, task.holder_id) == ("Be there", "begin", IRIS.id)
    assert case.sent_to_agency_at is None


# --- attempts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempt", "role", "holder", "due"),
    [
        ("nobody_present", "inspector", IRIS.id, date(2026, 1, 8)),
        ("access_refused", "manager", None, date(2026, 1, 7)),
        ("rescheduled_by_agency", "manager", None, date(2026, 1, 9)),
    ],
)
def test_each_attempt_leaves_its_own_next_step(
    house: House, attempt: str, role: str, holder: int | None, due: date
):
    reference = inspection_at(house, State.NOTIFIED)

    go(house, reference, "record_attempt", attempt=attempt)
    go(house, reference, "record_attempt", attempt=attempt)

    kind = NEXT[attempt].kind
    assert owed(reference).keys() == {CONFIRMATION, kind}, "the second time adds no second task"
    row = owed(reference)[kind]
    # Its days end at midnight in Atlanta, which is the next morning here.
    assert (row.task.role, row.task.holder_id, on(row)) == (role, holder, due)
    assert [(a.step.kind, a.is_open) for a in attempts_of(inspection(reference))] == [(kind, True)] * 2


def test_a_refusal_is_decided_on_even_though_the_visit_was_held_later(house: House):
    reference = inspection_at(house, State.NOTIFIED)
    for attempt in NEXT:
        go(house, reference, "record_attempt", attempt=attempt)

    go(house, reference, "begin")

    assert owed(reference).keys() == {"access_refused"}
    assert {a.step.kind for a in attempts_of(inspection(reference)) if a.is_open} == {"access_refused"}


# --- documents ------------------------------------------------------------------------------------


def swept(house: House, now: datetime) -> int:
    return sweep(house, now=now).beside


def test_documents_that_do_not_come_are_a_task_once_and_are_settled_when_they_do(house: House):
    reference = inspection_at(house, State.NOTIFIED)
    late = MONDAY + timedelta(days=15)
    assert swept(house, MONDAY + timedelta(days=14)) == 0

    assert (swept(house, late), swept(house, late + timedelta(hours=1))) == (1, 0)

    row = owed(reference)[DOCUMENTS]
    assert (row.task.role, row.task.holder_id) == ("inspector", IRIS.id)
    ask(house, reference, "receive_documents", by=CARL, now=late)
    assert DOCUMENTS not in owed(reference)
    assert swept(house, late + timedelta(days=30)) == 0


def test_documents_asked_for_at_the_visit_have_a_day_of_their_own(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    go(house, reference, "request_documents", now=MONDAY + timedelta(days=1))

    with pytest.raises(Refused) as refused:
        go(house, reference, "request_documents")
    assert [r.code for r in refused.value.refusals] == ["no_request_open"]
    assert swept(house, MONDAY + timedelta(days=16)) == 1
    again = MONDAY + timedelta(days=16)
    go(house, reference, "receive_documents", "request_documents", now=again)
    assert swept(house, MONDAY + timedelta(days=17)) == 0, "the second request has its own fourteen days"
    assert swept(house, MONDAY + timedelta(days=31)) == 1


# --- postponing -----------------------------------------------------------------------------------


def test_what_was_postponed_past_its_day_is_overdue_and_stays_in_the_denominator(house: House):
    imported(house, fieldwork_on=date(2022, 12, 5))
    reference = inspection_at(house, State.NOTIFIED)
    before: Any = inspection(reference)
    due_on, due_at = before.due_on, {c.name: c.due_at for c in before.clocks}["due"]
    late = date(2026, 3, 10)
    [group] = closure_times(AUDRA, "inspection", as_of=late)

    done = ask(house, reference, "postpone", by=MAX, new_on=date(2026, 4, 1))
    assert done.awaits_second, "its due date would be missed"
    agree(house, reference, "postpone")

    case = inspection(reference)
    [clock] = [c for c in case.clocks if c.name == "due"]
    assert (case.due_on, clock.due_at, clock.stopped_at) == (due_on, due_at, None)
    assert closure_times(AUDRA, "inspection", as_of=late) == [group], "open, and counted as before"
    covered = coverage(PAM, as_of=late)
    [row] = [r for r in covered.rows[ROUTINE] if r.agreement_id == case.agreement_id]
    assert (row.stand, row.due_on) == (Stand.OVERDUE, date(2025, 12, 5))
    assert covered.agreements == len(covered.rows[ROUTINE])
