"""How long cases took, over real cases: in the days of their office, as of a day, for whom sees them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from tests.cast import ALDER, AUDRA, BIRCH, BOB, CARL, MAX, MONDAY, PAM, RUTH
from tests.complaints.walk import complaint, complaint_at, go, received
from workflow.cases.corrections import agree
from workflow.cases.kinds import House
from workflow.cases.story import pending
from workflow.cases.undoing import undo
from workflow.cli import main
from workflow.complaints.facts import State
from workflow.figures.closure_times import By, closure_times
from workflow.figures.standing import oldest, standing

TODAY = MONDAY.date()
LATER = date(2026, 3, 1)


def closed_after(house: House, days: int, **told) -> str:
    """A complaint of Monday that was closed so many days later."""
    reference = complaint_at(house, State.NOTIFIED, **told)
    go(house, reference, "close", now=MONDAY + timedelta(days=days))
    return reference


def test_open_cases_count_for_as_long_as_they_have_been_open(house: House):
    for days in (10, 20):
        closed_after(house, days)
    for _ in range(3):
        received(house)

    [group] = closure_times(MAX, "complaint", as_of=LATER)

    assert (group.curve.n, group.curve.closed, group.curve.open) == (5, 2, 3)
    assert group.curve.median is None
    assert group.closed_only_median == 15


def test_what_was_closed_after_the_day_was_open_on_it(house: House):
    closed_after(house, 30)

    [then] = closure_times(MAX, "complaint", as_of=TODAY + timedelta(days=29))
    [now] = closure_times(MAX, "complaint", as_of=TODAY + timedelta(days=30))

    assert (then.curve.closed, then.curve.median) == (0, None)
    assert (now.curve.closed, now.curve.median) == (1, 30)


def test_what_was_received_after_the_day_is_not_there_yet(house: House):
    received(house, now=MONDAY + timedelta(days=2))

    [group] = closure_times(MAX, "complaint", as_of=TODAY)

    assert group.curve.n == 0


def test_days_are_those_of_the_office(house: House):
    late_on_sunday = datetime(2026, 1, 5, 3, tzinfo=UTC)  # 10 p.m. of the 4th in Atlanta
    received(house, now=late_on_sunday)

    of = {
        day: closure_times(MAX, "complaint", as_of=day, received_from=day, received_until=day)[0].curve.n
        for day in (date(2026, 1, 4), date(2026, 1, 5))
    }

    assert of == {date(2026, 1, 4): 1, date(2026, 1, 5): 0}


def test_a_reopened_case_is_open_again_and_counts_from_its_receipt(house: House):
    reference = closed_after(house, 10)
    go(house, reference, "appeal", now=MONDAY + timedelta(days=15))

    [group] = closure_times(MAX, "complaint", as_of=LATER)

    assert (group.curve.closed, group.curve.open) == (0, 1)


def test_reopening_and_closing_again_rewrites_no_earlier_figure(house: House):
    reference = closed_after(house, 10)
    days = [TODAY + timedelta(days=n) for n in (9, 10, 30)]
    before = [closure_times(MAX, "complaint", as_of=day)[0].curve for day in days]

    go(house, reference, "reopen", now=MONDAY + timedelta(days=40))
    open_again = [closure_times(MAX, "complaint", as_of=day)[0].curve for day in days]
    later = closure_times(MAX, "complaint", as_of=TODAY + timedelta(days=50))[0].curve
    ways = ("assign", "begin", "submit_report", "decide", "notify", "close")
    go(house, reference, *ways, now=MONDAY + timedelta(days=60))
    closed_again = [closure_times(MAX, "complaint", as_of=day)[0].curve for day in days]
    last = closure_times(MAX, "complaint", as_of=TODAY + timedelta(days=90))[0].curve

    assert [curve.median for curve in before] == [None, 10, 10]
    assert open_again == before == closed_again
    assert (later.closed, later.open) == (0, 1)
    assert (last.closed, last.median) == (1, 60)
    spells = [(i.entered_at, i.left_at) for i in complaint(reference).intervals if i.state == State.CLOSED]
    again, closed = MONDAY + timedelta(days=40), MONDAY + timedelta(days=60)
    assert spells == [(MONDAY + timedelta(days=10), again), (closed, None)]
    assert complaint(reference).received_at == MONDAY


def test_a_closing_that_was_undone_never_counts(house: House):
    reference = closed_after(house, 10)
    seen = complaint(reference).version

    undo(house, reference, RUTH, reason="Not yet.", seen=seen, now=MONDAY + timedelta(days=12))
    approval = pending(complaint(reference), "void")
    assert approval is not None
    agree(
        house,
        approval.id,
        MAX,
        agrees=True,
        seen=complaint(reference).version,
        payload_hash=approval.payload_hash,
        now=MONDAY + timedelta(days=12),
        reason=None,
    )

    [group] = closure_times(MAX, "complaint", as_of=TODAY + timedelta(days=11))
    assert (group.curve.closed, group.curve.open) == (0, 1)


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        (By.AGENCY, ["Alder County Sheriff's Office", "Birch County Sheriff's Office", None]),
        (By.OFFICE, ["Atlanta", None]),
        (By.TIER, ["3"]),
        (By.MODEL, [None]),
    ],
)
def test_groups_together_are_everything_and_unknown_is_one_of_them(
    house: House, by: By, keys: list[str | None]
):
    closed_after(house, 10)
    received(house, agency_id=BIRCH)
    received(house, agency_id=None)

    groups = closure_times(PAM, "complaint", as_of=LATER, by=by)

    assert [group.key for group in groups] == keys
    assert sum(group.curve.n for group in groups) == 3


def test_only_what_one_sees_is_counted(house: House):
    received(house, agency_id=ALDER)
    received(house, agency_id=None)

    counted = {
        who.name: closure_times(who, "complaint", as_of=LATER)[0].curve.n
        for who in (MAX, PAM, AUDRA, BOB, CARL)
    }

    assert counted == {MAX.name: 1, PAM.name: 2, AUDRA.name: 2, BOB.name: 0, CARL.name: 0}


def test_open_and_late_by_office_and_model(house: House):
    received(house)
    received(house, agency_id=None)
    closed_after(house, 10)

    fresh = standing(PAM, now=MONDAY)
    later = standing(PAM, now=MONDAY + timedelta(days=60))

    assert [(s.office, s.open, s.late) for s in fresh] == [("Atlanta", 1, 0), (None, 1, 0)]
    assert [(s.office, s.open, s.late) for s in later] == [("Atlanta", 1, 1), (None, 1, 1)]


def test_the_oldest_are_the_open_ones_received_first(house: House):
    second = received(house)
    first = received(house, now=MONDAY - timedelta(days=1))
    closed_after(house, 10)

    assert [case.reference for case in oldest(MAX)] == [first, second]


def test_the_command_prints_what_the_page_counts(house: House, app: Flask):
    for days in (10, 20, 30):
        closed_after(house, days)

    result = app.test_cli_runner().invoke(
        main, ["figures", "closure-times", "--kind", "complaint", "--as-of", "2026-03-01", "--json"]
    )

    [group] = json.loads(result.stdout)["groups"]
    assert (group["n"], group["closed"], group["median_days"], group["p90_days"]) == (3, 3, 20, 30)
