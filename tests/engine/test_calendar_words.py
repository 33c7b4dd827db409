"""How an office explains a date, and what its queue says of one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.engine.offices import (
    GUAM,
    NEW_YORK,
    OFFICE,
    end_of,
    local,
)
from workflow.engine.calendar import OfficeCalendar, day_words
from workflow.engine.office_days import is_late
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Hours,
    HoursSkippingWeekends,
    Months,
)

# Explanations


def test_business_days_are_explained_day_by_day():
    # Thursday 2 July 2026 + 2: Friday observed, weekend, Monday 1, Tuesday 2.
    explained = OFFICE.explain(local("2026-07-02T15:00"), BusinessDays(2))

    assert explained.due == end_of("2026-07-07")
    assert [(row.day.day, row.counted, row.why, row.running) for row in explained.days] == [
        (2, False, "the day of the start does not count", 0),
        (3, False, "Independence Day (observed)", 0),
        (4, False, "Saturday", 0),
        (5, False, "Sunday", 0),
        (6, True, "working day", 1),
        (7, True, "working day", 2),
    ]


def test_calendar_days_say_which_closed_days_they_include():
    explained = OFFICE.explain(local("2026-06-17T15:00"), CalendarDays(3))

    assert [(row.day.day, row.why, row.running) for row in explained.days[1:]] == [
        (18, "calendar day", 1),
        (19, "calendar day, Juneteenth included", 2),
        (20, "calendar day, Saturday included", 3),
    ]


def test_the_same_business_day_is_explained_up_to_the_next_one_that_works():
    explained = OFFICE.explain(local("2026-01-10T18:00"), BusinessDays(0))

    assert [(row.day.day, row.counted, row.why, row.running) for row in explained.days] == [
        (10, False, "Saturday", 0),
        (11, False, "Sunday", 0),
        (12, False, "due by the end of this day", 0),
    ]


def test_months_are_explained_month_by_month():
    explained = OFFICE.explain(local("2026-01-31T15:00"), Months(3))

    assert [(row.day, row.counted, row.why, row.running) for row in explained.days] == [
        (date(2026, 1, 31), False, "the day of the start does not count", 0),
        (date(2026, 2, 28), True, "month 1 is full, February has no 31", 1),
        (date(2026, 3, 31), True, "month 2 is full", 2),
        (date(2026, 4, 30), True, "month 3 is full, April has no 31", 3),
    ]


def test_hours_are_explained_with_the_hours_of_each_day():
    # Friday 16 January 2026, 15:20: the weekend is skipped, Dr. King's birthday counts.
    explained = OFFICE.explain(local("2026-01-16T15:20"), HoursSkippingWeekends(48))

    assert explained.due == local("2026-01-20T15:20")
    assert [(row.day.day, row.counted, row.why, row.running) for row in explained.days] == [
        (16, True, "8 hours 40 minutes", 8),
        (17, False, "Saturday", 8),
        (18, False, "Sunday", 8),
        (19, True, "24 hours, Birthday of Martin Luther King, Jr. included", 32),
        (20, True, "15 hours 20 minutes", 48),
    ]


def test_hours_that_really_pass_count_on_sundays_too():
    # Saturday 7 March 2026, noon: 12 hours, a Sunday of 23, an hour of Monday.
    explained = OFFICE.explain(local("2026-03-07T12:00"), Hours(36))

    assert [(row.day.day, row.counted, row.why) for row in explained.days] == [
        (7, True, "12 hours"),
        (8, True, "23 hours"),
        (9, True, "1 hour"),
    ]


# Words for a queue


@pytest.mark.parametrize(
    ("due", "now", "said"),
    [
        ("2026-01-05T23:59:59", "2026-01-05T09:00", "due today"),
        ("2026-01-06T23:59:59", "2026-01-05T23:59", "due tomorrow"),
        ("2026-01-07T23:59:59", "2026-01-05T09:00", "due Wednesday"),
        ("2026-01-08T23:59:59", "2026-01-05T09:00", "due Thursday"),
        ("2026-01-11T23:59:59", "2026-01-05T09:00", "due Sunday"),
        ("2026-01-12T23:59:59", "2026-01-05T09:00", "due 12 January"),
        ("2026-03-03T23:59:59", "2026-01-05T09:00", "due 3 March"),
        ("2027-03-03T23:59:59", "2026-01-05T09:00", "due 3 March 2027"),
        ("2027-01-02T23:59:59", "2026-12-30T09:00", "due Saturday"),
        ("2026-01-05T15:00:00", "2026-01-05T15:00", "due today"),
        ("2026-01-05T15:00:00", "2026-01-05T15:01", "late since today"),
        # Thursday -> Friday; Thursday -> Monday; over Dr. King's weekend, Friday -> Tuesday.
        ("2026-01-08T23:59:59", "2026-01-09T00:00", "1 day late"),
        ("2026-01-08T23:59:59", "2026-01-12T09:00", "2 days late"),
        ("2026-01-16T23:59:59", "2026-01-20T09:00", "1 day late"),
        # No working day has passed yet.
        ("2026-01-09T23:59:59", "2026-01-10T09:00", "late since Friday"),
        ("2026-01-16T23:59:59", "2026-01-19T09:00", "late since Friday"),
        # The last second of a day lasts until the next day begins.
        ("2026-01-05T23:59:59", "2026-01-05T23:59:59.999999", "due today"),
    ],
)
def test_a_due_date_in_the_words_of_a_queue(due, now, said):
    assert OFFICE.phrase(local(due), local(now)) == said


def test_after_a_long_closure_what_is_late_says_its_date():
    office = OfficeCalendar(NEW_YORK, {date(2026, 1, 12) + timedelta(days=n): "Flood" for n in range(14)})

    assert office.phrase(end_of("2026-01-09"), local("2026-01-23T09:00")) == "late since 9 January"


def test_a_queue_speaks_in_the_days_of_its_office():
    # Tuesday 6 January 2026, 03:00 UTC is Monday evening in New York and Tuesday on Guam.
    now = datetime(2026, 1, 6, 3, tzinfo=UTC)

    assert OFFICE.phrase(end_of("2026-01-06"), now) == "due tomorrow"
    assert OfficeCalendar(GUAM).phrase(end_of("2026-01-06", GUAM), now) == "due today"


def test_late_is_told_in_real_time_when_the_clocks_strike_one_twice():
    due, now = local("2026-11-01T01:50"), local("2026-11-01T01:10", fold=1)

    assert is_late(due, now)


def test_a_date_in_words():
    assert day_words(date(2026, 3, 3)) == "3 March 2026"
