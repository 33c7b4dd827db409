"""How a clock explains its date, day by day."""

from __future__ import annotations

from datetime import date

from tests.engine.lives import (
    OFFICE,
    extended,
    paused,
    resumed,
    started,
)
from workflow.engine.clock import ClockEvent, explain
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Hours,
    HoursSkippingWeekends,
    Months,
)


def lines(*events: ClockEvent) -> list[tuple[int, bool, str, int]]:
    return [(row.day.day, row.counted, row.why, row.running) for row in explain(events, OFFICE)]


def test_each_day_is_explained_and_each_pause_named():
    assert lines(
        started(BusinessDays(3)), paused("06"), resumed("08"), extended("08", BusinessDays(1), "snow")
    ) == [
        (5, False, "the day of the start does not count", 0),
        (6, True, "working day", 1),
        (7, False, "paused: waiting for the agency", 1),
        (8, False, "paused: waiting for the agency", 1),
        (9, True, "working day", 2),
        (10, False, "Saturday", 2),
        (11, False, "Sunday", 2),
        (12, True, "working day", 3),
        (13, True, "working day (extension: snow)", 1),
    ]


def test_the_explanation_of_a_clock_that_waits_ends_in_the_pause():
    waiting = (started(BusinessDays(3)), paused("06", why=""), extended("06", BusinessDays(9)))

    assert lines(*waiting)[1:] == [(6, True, "working day", 1), (7, False, "paused", 1)]


def test_a_pause_that_helped_nothing_is_not_in_the_explanation():
    late = started(BusinessDays(1))

    assert lines(late, paused("08")) == lines(late, paused("08"), resumed("09")) == lines(late)


def test_a_day_left_by_a_pause_on_the_last_one_is_explained():
    # Used up on Tuesday 6, resumed on Saturday 10: until Monday's end.
    assert lines(started(BusinessDays(1)), paused("06"), resumed("10"))[1:] == [
        (6, True, "working day", 1),
        (7, False, "paused: waiting for the agency", 1),
        (8, False, "paused: waiting for the agency", 1),
        (9, False, "paused: waiting for the agency", 1),
        (10, False, "paused: waiting for the agency", 1),
        (11, False, "Sunday", 1),
        (12, False, "due by the end of this day", 1),
    ]


def test_a_pause_on_a_last_day_on_which_nothing_counts_is_named_too():
    # The same business day, from Saturday 10: Monday 12. Paused on it, resumed on Wednesday.
    assert lines(started(BusinessDays(0), "10"), paused("12"), resumed("14")) == [
        (10, False, "Saturday", 0),
        (11, False, "Sunday", 0),
        (12, False, "paused: waiting for the agency", 0),
        (13, False, "paused: waiting for the agency", 0),
        (14, False, "due by the end of this day", 0),
    ]


def test_months_are_explained_by_the_month_until_they_are_paused():
    whole = explain([started(Months(2), "31")], OFFICE)
    broken = explain([started(Months(1)), paused("07"), resumed("09")], OFFICE)

    assert [(row.day.isoformat(), row.running) for row in whole] == [
        ("2026-01-31", 0),
        ("2026-02-28", 1),
        ("2026-03-31", 2),
    ]
    assert (len(broken), broken[-1].day, broken[-1].running) == (34, date(2026, 2, 7), 31)


def test_an_extension_by_months_goes_on_from_the_due_date():
    rows = explain([started(CalendarDays(1)), extended("05", Months(1))], OFFICE)

    assert [(row.day.isoformat(), row.why) for row in rows] == [
        ("2026-01-05", "the day of the start does not count"),
        ("2026-01-06", "calendar day"),
        ("2026-02-06", "month 1 is full (extension)"),
    ]


def test_an_extension_to_the_end_of_the_day_lists_no_day_twice():
    # Calendar days that end on Saturday 10, then the end of the next working day. A working day ends itself.
    saturday = lines(started(CalendarDays(5)), extended("06", BusinessDays(0)))
    friday = lines(started(CalendarDays(4)), extended("06", BusinessDays(0)))

    assert [day for day, *_ in saturday] == [5, 6, 7, 8, 9, 10, 11, 12]
    assert saturday[-1] == (12, False, "due by the end of this day", 0)
    assert friday == lines(started(CalendarDays(4)))


def test_hours_are_explained_with_the_pause_between_them():
    # Friday 9 January 15:00, 48 hours: 9 on Friday, 6 on Monday; then from Friday 16 at 12:00.
    rows = lines(started(HoursSkippingWeekends(48), "09 15:00"), paused("12 06:00"), resumed("16 12:00"))

    assert rows == [
        (9, True, "9 hours", 9),
        (10, False, "Saturday", 9),
        (11, False, "Sunday", 9),
        (12, True, "6 hours", 15),
        *((day, False, "paused: waiting for the agency", 15) for day in (12, 13, 14, 15, 16)),
        (16, True, "12 hours", 27),
        (17, False, "Saturday", 27),
        (18, False, "Sunday", 27),
        (19, True, "21 hours, Birthday of Martin Luther King, Jr. included", 48),
    ]


def test_the_explanation_of_hours_that_wait_ends_in_the_pause():
    assert lines(started(Hours(48)), paused("06 10:00")) == [
        (5, True, "15 hours", 15),
        (6, True, "10 hours", 25),
        (6, False, "paused: waiting for the agency", 25),
    ]
