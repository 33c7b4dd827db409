"""What each step of an inspection leaves in the database, row by row of the reference."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.aftermath import assert_left_behind, assert_owns, stand, told
from tests.cast import IRIS, MONDAY, SAM
from tests.declared import Row
from tests.inspections.reference import FINAL, ROWS, UNANNOUNCED, WORK
from tests.inspections.walk import (
    ANSWERS,
    BASIS,
    DUE,
    TODAY,
    corrections,
    find,
    fitting_rating,
    for_cause,
    go,
    imported,
    inspection,
    inspection_at,
    planned,
)
from workflow.cases.kinds import House
from workflow.cases.undoing import undo
from workflow.corrective.service import agreement_over
from workflow.db.session import transaction
from workflow.engine.machine import Refused
from workflow.inspections.facts import State
from workflow.inspections.models import Inspection
from workflow.register.models import Agreement

TUESDAY = MONDAY + timedelta(days=1)
MOVES = [(row, source) for row in ROWS for source in row.source.split()]


def at_source(house: House, row: Row, source: str) -> str:
    """An inspection in a state in which the step can really be taken."""
    if row.verb in ("void_import", "void_batch"):
        return imported(house)
    if row.verb == "begin" and source == "scheduled":
        reference = planned(house)
        go(house, reference, "schedule", unannounced=True)
        return reference
    found = ("major",) if row.verb == "request_correction" else ()
    reference = inspection_at(house, State(source), deficiencies=found)
    if row.verb == "escalate_urgent":
        find(house, reference)
    if row.verb in ("lapse", "end_with_agreement", "all_settled"):
        stands(reference, "terminated")
    if row.verb == "all_settled":
        case = inspection(reference)
        assert case.agreement_id is not None
        with transaction():
            agreement_over(house, case.agreement_id, now=later(source), cause=case.events[-1])
    return reference


def stands(reference: str, status: str) -> None:
    """Let the register say how the agreement of an inspection stands."""
    with transaction() as s:
        s.get_one(Agreement, inspection(reference).agreement_id).status = status


def later(source: str) -> Any:
    return (MONDAY if source != "escalated" else MONDAY.replace(year=2027)) + timedelta(days=1)


@pytest.mark.parametrize(("row", "source"), MOVES, ids=lambda v: v if isinstance(v, str) else v.verb)
def test_a_step_leaves_behind_exactly_what_its_row_says(house: House, row: Row, source: str):
    reference = at_source(house, row, source)
    before = stand(inspection(reference))
    now = later(source) if row.verb != "escalate" else MONDAY + timedelta(days=120)
    answers = {
        **{k: v for k, v in ANSWERS.items() if k in row.asked},
        "rating": fitting_rating(inspection(reference)),
    }
    visit = {"scheduled_on": TODAY + timedelta(days=3), "until_on": TODAY + timedelta(days=5)}
    if "scheduled_on" in row.asked:
        answers |= visit
    if row.verb == "draft_findings":
        # Not asked for where the report has a text already, which this one has not.
        answers["summary"] = "One deficiency."

    go(house, reference, row.verb, now=now, **answers)

    case = inspection(reference)
    today = now.date()
    assert_left_behind(house, row, before, case, today=today, answers=answers, final=set(FINAL))
    is_quiet = case.unannounced and case.state == State.SCHEDULED
    assert_owns(case, UNANNOUNCED if is_quiet else WORK.get(case.state))


def test_a_planned_inspection_holds_its_agreement_and_is_due_on_its_day(house: House):
    case = inspection(planned(house))

    assert (case.state, case.due_on, case.basis) == ("planned", DUE, BASIS)
    assert case.occupies_agreement_id == case.agreement_id
    [clock] = case.clocks
    assert clock.name == "due"
    assert clock.due_at is not None
    assert clock.due_at.date() == DUE + timedelta(days=1), "the last second of the day, in UTC"
    [task] = case.tasks
    assert task.due_at is not None
    assert (task.due_at.date() - DUE).days == -59, "60 days before, to the end of that day"
    assert case.sent_to_agency_at is None


def test_an_inspection_for_cause_has_to_be_scheduled_in_five_business_days(house: House):
    case = inspection(for_cause(house))

    assert (case.kind_of, case.tier, case.trigger) == ("for_cause", 1, "access_refused")
    assert case.due_on == TODAY + timedelta(days=7)
    assert [c.name for c in case.clocks] == ["schedule"]
    assert case.tasks[0].due_at == case.clocks[0].due_at
    assert case.occupies_agreement_id is None


def test_a_visit_that_begins_later_than_scheduled_keeps_its_length(house: House):
    reference = inspection_at(house, State.NOTIFIED)

    go(house, reference, "begin", now=MONDAY + timedelta(days=2))

    case = inspection(reference)
    assert (case.begun_on, case.until_on) == (TODAY + timedelta(days=2), TODAY + timedelta(days=4))
    assert case.tasks[-1].due_at is not None


def test_postponing_twice_is_counted_and_gains_no_time(house: House):
    reference = inspection_at(house, State.POSTPONED)
    go(house, reference, "reschedule", "postpone")

    case = inspection(reference)
    assert case.postponements == 2
    assert case.due_on == DUE
    assert case.clocks[0].original_due_at == case.clocks[0].due_at


@pytest.mark.parametrize("back", ["undone", "postponed"])
def test_a_visit_scheduled_anew_is_announced_unless_that_is_said_again(house: House, back: str):
    reference = planned(house)
    go(house, reference, "schedule", unannounced=True)
    if back == "undone":
        seen = inspection(reference).version
        undo(house, reference, SAM, reason="Chosen for another week.", seen=seen, now=MONDAY)
        go(house, reference, "schedule")
    else:
        go(house, reference, "postpone", "reschedule")

    with pytest.raises(Refused, match="has to be told first"):
        go(house, reference, "begin")

    assert not inspection(reference).unannounced


def test_missing_the_due_date_by_postponing_takes_a_second_manager(house: House):
    reference = inspection_at(house, State.SCHEDULED)
    case = inspection(reference)

    done = go(house, reference, "postpone", new_on=DUE + timedelta(days=1))

    assert not done.awaits_second, "seconded by the walker"
    event = inspection(reference).events[-1]
    assert (event.verb, event.actor_id != event.second_id) == ("postpone", True)
    assert event.second_id is not None
    assert case.reference == reference


def test_the_task_of_a_state_is_the_leads(house: House):
    scheduled = inspection(inspection_at(house, State.SCHEDULED))
    [task] = [t for t in scheduled.tasks if t.closed_at is None]

    assert task.holder_id == IRIS.id


def test_an_inspection_that_follows_corrections_is_due_with_the_next_of_them(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major", "minor"))
    first, second = corrections(reference)

    [task] = [t for t in inspection(reference).tasks if t.closed_at is None]

    dues = [c.due_at for case in (first, second) for c in case.clocks if c.name == "correct"]
    assert task.due_at is not None
    assert task.due_at.date() == min(d for d in dues if d is not None).date()


@pytest.mark.parametrize("state", [State.PLANNED, State.SCHEDULED])
def test_the_agency_is_told_nothing_before_the_notice(house: House, state: State):
    case = inspection(inspection_at(house, state))

    assert case.sent_to_agency_at is None
    assert [w for w in told(case) if "agency" in w] == []


def test_an_import_is_closed_from_its_first_event_on(house: House):
    case = inspection(imported(house))

    assert (case.state, case.version, case.rating, case.rating_scale) == ("closed", 1, "Good", "old")
    assert case.fieldwork_completed_on is not None
    assert case.tasks == [] == case.clocks
    assert isinstance(case, Inspection)
