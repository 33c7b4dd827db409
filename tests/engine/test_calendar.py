"""The days of an office and the due dates on them, worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.engine.offices import (
    GUAM,
    HONOLULU,
    NEW_YORK,
    OFFICE,
    PHOENIX,
    PUERTO_RICO,
    SPAN_TYPES,
    end_of,
    local,
)
from workflow.engine.calendar import OfficeCalendar, months_after
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Hours,
    HoursSkippingWeekends,
    Months,
)

# Days of the office


def test_a_closed_day_says_why():
    office = OfficeCalendar(NEW_YORK, {date(2026, 1, 26): "Snow"})

    # 4 July 2026 is a Saturday, observed on Friday the 3rd.
    assert office.why_closed(date(2026, 7, 4)) == "Saturday"
    assert office.why_closed(date(2026, 7, 5)) == "Sunday"
    assert office.why_closed(date(2026, 7, 3)) == "Independence Day (observed)"
    assert office.why_closed(date(2026, 6, 19)) == "Juneteenth"
    assert office.why_closed(date(2026, 1, 26)) == "Snow"
    assert office.why_closed(date(2026, 1, 27)) is None


def test_inauguration_day_closes_only_an_office_that_keeps_it():
    # 20 January 2037 is a Tuesday.
    assert OfficeCalendar(NEW_YORK, {}, inauguration=True).why_closed(date(2037, 1, 20)) == "Inauguration Day"
    assert OFFICE.is_working(date(2037, 1, 20))


@pytest.mark.parametrize("closed", [{date(2026, 1, 2): " "}, {datetime(2026, 1, 2, tzinfo=UTC): "Snow"}])
def test_a_closure_is_a_date_and_a_reason(closed):
    with pytest.raises(ValueError, match="A closure is a date and a reason"):
        OfficeCalendar(NEW_YORK, closed)


def test_a_calendar_does_not_change_with_the_closures_it_was_made_from():
    closed = {date(2026, 1, 26): "Snow"}
    office = OfficeCalendar(NEW_YORK, closed)

    closed.clear()

    assert not office.is_working(date(2026, 1, 26))
    assert hash(office) == hash(OfficeCalendar(NEW_YORK)) != hash(OfficeCalendar(GUAM))


def test_where_a_day_ends_twice_its_last_second_is_the_later_one():
    # São Paulo put its clocks back at midnight: 17 February 2018, 23:00 to 24:00 came twice, at -2 and at -3.
    office = OfficeCalendar(ZoneInfo("America/Sao_Paulo"))

    assert office.end_of(date(2018, 2, 17)) == datetime(2018, 2, 18, 2, 59, 59, tzinfo=UTC)


def test_a_day_that_begins_in_a_gap_begins_where_the_clocks_go_on():
    # Havana puts its clocks on at midnight: 8 March 2026 begins at 01:00 (-4), which is 05:00 UTC.
    office = OfficeCalendar(ZoneInfo("America/Havana"))

    assert office.start_of(date(2026, 3, 8)) == datetime(2026, 3, 8, 5, tzinfo=UTC)


# Due dates


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        # Monday 5 January + 5: Tue, Wed, Thu, Fri, Mon 12.
        ("2026-01-05T09:00", BusinessDays(5), "2026-01-12"),
        # The hour of the day does not matter.
        ("2026-01-05T23:59:59", BusinessDays(5), "2026-01-12"),
        ("2026-01-05T00:00", BusinessDays(5), "2026-01-12"),
        # Friday 16 January + 1: Monday the 19th is the birthday of Dr. King, so Tuesday.
        ("2026-01-16T09:00", BusinessDays(1), "2026-01-20"),
        # Thursday 2 July + 1: the 3rd is observed for the 4th, a Saturday; so Monday the 6th.
        ("2026-07-02T12:00", BusinessDays(1), "2026-07-06"),
        # From a Saturday: Mon, Tue.
        ("2026-01-10T09:00", BusinessDays(2), "2026-01-13"),
        # The same day; on a Saturday the next working day; over Dr. King's weekend the Tuesday.
        ("2026-01-05T18:00", BusinessDays(0), "2026-01-05"),
        ("2026-01-10T18:00", BusinessDays(0), "2026-01-12"),
        ("2026-01-17T18:00", BusinessDays(0), "2026-01-20"),
        # 31 December 2021 was closed for New Year's Day, a Saturday: Thursday 30 + 1 is Monday 3 January.
        ("2021-12-30T10:00", BusinessDays(1), "2022-01-03"),
        # 14 days from Friday 6 February, ending on a Friday; 1 day from a Friday ends on the Saturday.
        ("2026-02-06T08:00", CalendarDays(14), "2026-02-20"),
        ("2026-02-06T08:00", CalendarDays(1), "2026-02-07"),
        ("2026-02-06T08:00", CalendarDays(0), "2026-02-06"),
        # Over a leap day: 28 February + 1 is the 29th in 2028 and 1 March in 2026.
        ("2028-02-28T08:00", CalendarDays(1), "2028-02-29"),
        ("2026-02-28T08:00", CalendarDays(1), "2026-03-01"),
        # Months keep their day, or take the month's last.
        ("2024-05-18T08:00", Months(24), "2026-05-18"),
        ("2026-01-31T08:00", Months(1), "2026-02-28"),
        ("2028-01-31T08:00", Months(1), "2028-02-29"),
        ("2024-02-29T08:00", Months(12), "2025-02-28"),
        ("2024-02-29T08:00", Months(48), "2028-02-29"),
        ("2026-12-15T08:00", Months(1), "2027-01-15"),
        ("2026-12-15T08:00", Months(0), "2026-12-15"),
        # 23:30 on 31 January in New York is 04:30 on 1 February in UTC: the office's day is the 31st.
        ("2026-01-31T23:30", Months(1), "2026-02-28"),
    ],
)
def test_a_day_span_ends_with_the_last_second_of_its_day(start, span, due):
    assert OFFICE.due(local(start), span) == end_of(due)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        # The agreements' 48 hours, excluding weekends: Friday 9 + Monday 24 + Tuesday 15.
        ("2026-01-09T15:00", HoursSkippingWeekends(48), "2026-01-13T15:00"),
        # From a Saturday they begin on Monday at midnight and end with Tuesday.
        ("2026-01-10T11:00", HoursSkippingWeekends(48), "2026-01-14T00:00"),
        # Friday 16 January: Monday the 19th is a federal holiday, and counts.
        ("2026-01-16T15:00", HoursSkippingWeekends(48), "2026-01-20T15:00"),
        # Used up with the last second of Friday: due at midnight, not on Monday.
        ("2026-01-07T00:00", HoursSkippingWeekends(72), "2026-01-10T00:00"),
        # Clocks go on in the night to Sunday 8 March 2026: the hour is lost to the weekend.
        ("2026-03-06T12:00", HoursSkippingWeekends(24), "2026-03-09T12:00"),
        ("2026-01-10T11:00", HoursSkippingWeekends(0), "2026-01-10T11:00"),
        # Hours that really pass: a day of 23 hours, and one of 25.
        ("2026-03-07T12:00", Hours(24), "2026-03-08T13:00"),
        ("2026-10-31T12:00", Hours(24), "2026-11-01T11:00"),
        ("2026-03-08T01:30", Hours(1), "2026-03-08T03:30"),
        ("2026-01-10T11:00", Hours(48), "2026-01-12T11:00"),
    ],
)
def test_an_hour_span_ends_at_an_exact_moment(start, span, due):
    assert OFFICE.due(local(start), span) == local(due)


def test_the_hour_that_comes_twice_is_an_hour_each_time():
    # 1 November 2026, 01:30 in New York: first at -4, an hour later at -5.
    first, second = local("2026-11-01T01:30"), local("2026-11-01T01:30", fold=1)

    assert OFFICE.due(first, Hours(1)) == second.astimezone(UTC)
    assert OFFICE.due(second, Hours(1)) == local("2026-11-01T02:30")


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        # One moment, Saturday 10 January 2026 03:00 UTC: Friday still in America, Saturday on Guam.
        # Two business days later, 23:59:59 in each: Tuesday 13 January, in UTC that is …
        (NEW_YORK, "2026-01-14T04:59:59"),  # -5
        (PUERTO_RICO, "2026-01-14T03:59:59"),  # -4
        (PHOENIX, "2026-01-14T06:59:59"),  # -7
        (HONOLULU, "2026-01-14T09:59:59"),  # -10
        (GUAM, "2026-01-13T13:59:59"),  # +10
    ],
)
def test_each_office_counts_its_own_days(zone, due):
    start = datetime(2026, 1, 10, 3, tzinfo=UTC)

    assert OfficeCalendar(zone).due(start, BusinessDays(2)) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_the_same_moment_can_be_a_weekend_here_and_not_there():
    # Friday 9 January 2026, 20:00 in Honolulu (-10) is Saturday 16:00 on Guam (+10).
    start = local("2026-01-09T20:00", HONOLULU)

    assert OfficeCalendar(HONOLULU).due(start, HoursSkippingWeekends(5)) == local(
        "2026-01-12T01:00", HONOLULU
    )
    assert OfficeCalendar(GUAM).due(start, HoursSkippingWeekends(5)) == local("2026-01-12T05:00", GUAM)


@pytest.mark.parametrize("zone", [PHOENIX, HONOLULU, GUAM, PUERTO_RICO])
def test_an_office_without_summer_time_has_days_of_24_hours_all_year(zone):
    office = OfficeCalendar(zone)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

    assert {office.end_of(day) - office.start_of(day) for day in days} == {timedelta(hours=24, seconds=-1)}


def test_days_are_days_when_the_clocks_change():
    # Friday 6 March -> Monday 9 March, at -4 by then; Friday 30 October -> Monday 2 November, at -5.
    assert OFFICE.due(local("2026-03-06T12:00"), BusinessDays(1)) == datetime(
        2026, 3, 10, 3, 59, 59, tzinfo=UTC
    )
    assert OFFICE.due(local("2026-10-30T12:00"), BusinessDays(1)) == datetime(
        2026, 11, 3, 4, 59, 59, tzinfo=UTC
    )


# What cannot be


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs its time zone; 2026-01-05T09:00:00 has none"):
        OFFICE.due(datetime(2026, 1, 5, 9), BusinessDays(1))  # noqa: DTZ001


def test_an_office_that_never_opens_is_refused_and_not_searched_for_ever():
    closed = {date(2026, 1, 5) + timedelta(days=n): "Closed" for n in range(420)}

    with pytest.raises(ValueError, match="not one working day in the 400 days up to 2027-02-10"):
        OfficeCalendar(NEW_YORK, closed).due(local("2026-01-06T09:00"), BusinessDays(3))


def test_an_office_that_opens_after_399_closed_days_has_a_due_date():
    # Open on Tuesday 6 January, then closed from the 7th on.
    closed = {date(2026, 1, 7) + timedelta(days=n): "Closed" for n in range(399)}
    office, reopens = OfficeCalendar(NEW_YORK, closed), date(2026, 1, 7) + timedelta(days=399)

    assert office.is_working(reopens)
    assert office.due(local("2026-01-05T09:00"), BusinessDays(2)) == end_of(str(reopens))
    assert office.due(local("2026-01-06T09:00"), BusinessDays(1)) == end_of(str(reopens))


@pytest.mark.parametrize("span", [kind(36_500) for kind in SPAN_TYPES])
def test_no_due_date_lies_beyond_the_year_9999(span):
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        OFFICE.due(datetime(9999, 12, 1, tzinfo=UTC), span)


def test_the_last_day_of_all_has_no_end_in_utc_west_of_it():
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        OFFICE.due(datetime(9999, 12, 30, 12, tzinfo=UTC), CalendarDays(1))


def test_the_first_moment_of_all_lies_before_the_first_day_west_of_it():
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        OFFICE.day_of(datetime(1, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("start", "n"), [(date(1, 1, 31), -1), (date(9999, 12, 31), 1)])
def test_months_do_not_lead_out_of_the_years_there_are(start, n):
    assert months_after(start, 0) == start
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        months_after(start, n)
