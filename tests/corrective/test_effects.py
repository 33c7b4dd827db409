"""What each step of a corrective action leaves in the database, row by row of the reference."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.aftermath import answered, assert_left_behind, assert_owns, stand, told
from tests.cast import MAX, MONDAY
from tests.corrective.reference import FINAL, ROWS, WORK
from tests.corrective.walk import ANSWERS, corrective, corrective_at, go, imported, imported_open
from tests.declared import Row
from tests.inspections import walk
from workflow.cases.kinds import House
from workflow.corrective.facts import State
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.sealed import words_of
from workflow.db.session import transaction
from workflow.inspections.facts import State as InspectionState
from workflow.register.models import Agreement

TUESDAY = MONDAY + timedelta(days=1)
TODAY = date(2026, 1, 6)
NEW_YORK = ZoneInfo("America/New_York")
MOVES = [(row, source) for row in ROWS for source in row.source.split()]


def local(moment: datetime) -> date:
    """The day it is in the office."""
    return moment.astimezone(NEW_YORK).date()


def at_source(house: House, row: Row, source: str) -> str:
    """A corrective action in a state in which the step can really be taken."""
    if row.verb in ("void_import", "void_batch"):
        return imported(house)
    if row.verb == "void_open_batch":
        return imported_open(house)
    class_code = "critical" if "-interim" in row.does and row.verb != "accept_risk" else "major"
    if row.verb == "reject_unplanned":
        reference = corrective_at(house, State.OPEN)
        go(house, reference, "correct_on_site")
        return reference
    reference = corrective_at(house, State(source), class_code=class_code)
    if row.verb == "lapse":
        with transaction() as s:
            s.get_one(Agreement, corrective(reference).agreement_id).status = "terminated"
    if row.verb == "risk_ended":
        with transaction():
            corrective(reference).risk_until_on = date(2026, 1, 5)
    return reference


@pytest.mark.parametrize(("row", "source"), MOVES, ids=lambda v: v if isinstance(v, str) else v.verb)
def test_a_step_leaves_behind_exactly_what_its_row_says(house: House, row: Row, source: str):
    reference = at_source(house, row, source)
    before = stand(corrective(reference))
    answers: dict[str, Any] = {k: v for k, v in ANSWERS.items() if k in row.asked}
    if "target_on" in row.asked:
        answers["target_on"] = date(2026, 3, 2)

    go(house, reference, row.verb, now=TUESDAY, **answers)

    case = corrective(reference)
    assert_left_behind(house, row, before, case, today=TODAY, answers=answers, final=set(FINAL))
    assert_owns(case, work_of(case))


def work_of(case: CorrectiveAction) -> tuple[str, ...] | None:
    """The task of its state; a manager's where the plan is for a critical deficiency."""
    work = WORK.get(case.state)
    if work is not None and case.state == "plan_submitted" and case.class_code == "critical":
        return ("manager", *work[1:])
    return work


@pytest.mark.parametrize(
    ("class_code", "days", "clocks"),
    [("critical", 14, ["correct", "interim"]), ("major", 60, ["correct"]), ("minor", 90, ["correct"])],
)
def test_a_deficiency_is_cited_to_the_agency_with_the_time_its_class_gives(
    house: House, class_code: str, days: int, clocks: list[str]
):
    case = corrective(corrective_at(house, State.OPEN, class_code=class_code))

    [correct] = [c for c in case.clocks if c.name == "correct"]
    assert sorted(c.name for c in case.clocks) == clocks
    assert case.class_code == class_code
    assert correct.due_at is not None
    assert (local(correct.due_at) - local(MONDAY)).days == days
    assert case.sent_to_agency_at == MONDAY
    assert told(case) == ["letter:deficiency_cited>agency"]
    [task] = case.tasks
    assert (task.role, task.verb, task.waiting_for) == ("agency_contact", "submit_plan", "the agency")


def test_a_critical_deficiency_is_fixed_for_the_time_being_within_a_day(house: House):
    case = corrective(corrective_at(house, State.OPEN, class_code="critical"))

    [interim] = [c for c in case.clocks if c.name == "interim"]
    assert interim.due_at == MONDAY + timedelta(hours=24)


def test_the_plan_for_a_critical_deficiency_waits_for_a_manager(house: House):
    case = corrective(corrective_at(house, State.PLAN_SUBMITTED, class_code="critical"))

    [task] = [t for t in case.tasks if t.closed_at is None]
    assert task.role == "manager"


def test_every_other_plan_waits_for_a_supervisor(house: House):
    case = corrective(corrective_at(house, State.PLAN_SUBMITTED))

    [task] = [t for t in case.tasks if t.closed_at is None]
    assert task.role == "field_supervisor"


def test_what_is_sent_back_is_counted(house: House):
    reference = corrective_at(house, State.PLAN_SUBMITTED)
    go(house, reference, "return_plan", "submit_plan", "return_plan")

    case = corrective(reference)
    assert (case.returns, case.state) == (2, "open")


def test_extending_twice_keeps_the_first_date_for_measuring(house: House):
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    [before] = corrective(reference).clocks
    first = before.due_at

    go(house, reference, "extend", "extend", target_on=date(2026, 4, 1))

    [clock] = corrective(reference).clocks
    assert clock.original_due_at == first
    assert clock.due_at is not None
    assert first is not None
    assert (local(clock.due_at) - local(first)).days == 60
    assert corrective(reference).target_on == date(2026, 4, 1)


def test_the_days_of_a_dispute_do_not_count(house: House):
    reference = corrective_at(house, State.OPEN)
    [clock] = corrective(reference).clocks
    before = clock.due_at
    go(house, reference, "dispute", now=TUESDAY)
    go(house, reference, "uphold_finding", now=TUESDAY + timedelta(days=7))

    [clock] = corrective(reference).clocks
    assert before is not None
    assert clock.due_at is not None
    assert (local(clock.due_at) - local(before)).days == 7


def test_a_correction_knows_the_inspection_it_was_found_in(house: House):
    source = walk.inspection_at(house, InspectionState.REPORT_ISSUED, deficiencies=("major",))
    [case] = walk.corrections(source)
    inspection = walk.inspection(source)

    found = corrective(case.reference)
    assert found.caused_by_id == inspection.id
    assert found.finding_id == inspection.findings[0].id
    assert words_of(found, house.keyring).deficiency == "No poster hangs in the booking area."
    assert (found.agreement_id, found.office_id, found.model) == (
        inspection.agreement_id,
        inspection.office_id,
        inspection.model,
    )
    assert found.events[0].cause_id == inspection.events[-1].id
    assert inspection.events[-1].actor_id == MAX.id


def test_a_correction_from_another_system_is_verified_from_its_first_event_on(house: House):
    case = corrective(imported(house))

    assert (case.state, case.version, case.clause, case.class_code) == ("verified", 1, "Posters", "minor")
    assert answered(case.events[0]) == {"provenance", "clause", "class"}
    assert case.tasks == [] == case.clocks
