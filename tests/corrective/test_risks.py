"""Accepted risks end by themselves: they come back with a task, at the first sweep after their last day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.corrective.walk import corrective, corrective_at, go
from workflow.cases.kinds import House
from workflow.cases.sweep import sweep
from workflow.cases.verify import verify
from workflow.corrective.facts import State
from workflow.corrective.steps import RISK_IS_OVER
from workflow.db.session import transaction
from workflow.register.models import Agreement

LAST_DAY = date(2026, 4, 30)
#: Late on the last day, and early on the day after it, in New York.
STILL = datetime(2026, 5, 1, 3, tzinfo=UTC)
OVER = datetime(2026, 5, 1, 5, tzinfo=UTC)


def accepted(house: House) -> str:
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    go(house, reference, "accept_risk", risk_until_on=LAST_DAY)
    return reference


def work(reference: str) -> dict[str, str]:
    return {t.title: t.role for t in corrective(reference).tasks if t.closed_at is None}


def test_a_risk_is_accepted_through_its_last_day_and_comes_back_on_the_next(house: House):
    reference = accepted(house)
    due = corrective(reference).clocks[0].original_due_at

    sweep(house, now=STILL)
    assert (corrective(reference).state, work(reference)) == ("risk_accepted", {})
    sweep(house, now=OVER)

    case = corrective(reference)
    assert (case.state, case.closed_at) == ("open", None)
    assert work(reference) == {"Hand in a plan": "agency_contact", RISK_IS_OVER: "field_supervisor"}
    # It was due in March, and that is what on time is measured by: the acceptance gained no time.
    [clock] = case.clocks
    assert (clock.original_due_at, clock.stopped_at) == (due, None)
    assert clock.due_at is not None
    assert due is not None
    assert due < OVER
    assert verify().breaks == ()


def test_a_sweep_that_was_missed_loses_nothing_and_one_run_twice_does_nothing(house: House):
    reference = accepted(house)

    later = OVER + timedelta(days=90)
    sweep(house, now=later)
    # That it is late now is what the next one finds.
    sweep(house, now=later)
    once = corrective(reference).version
    sweep(house, now=later)

    assert [e.verb for e in corrective(reference).events].count("risk_ended") == 1
    assert corrective(reference).version == once


def test_what_came_back_can_be_accepted_anew_by_two_people(house: House):
    reference = accepted(house)
    sweep(house, now=OVER)

    go(house, reference, "accept_risk", now=OVER + timedelta(days=1), risk_until_on=date(2026, 12, 31))

    assert (corrective(reference).state, corrective(reference).risk_until_on) == (
        "risk_accepted",
        date(2026, 12, 31),
    )


def test_nothing_comes_back_under_an_agreement_that_ended(house: House):
    reference = accepted(house)
    with transaction() as s:
        s.get_one(Agreement, corrective(reference).agreement_id).status = "terminated"

    sweep(house, now=OVER + timedelta(days=2))

    assert corrective(reference).state == "risk_accepted"
