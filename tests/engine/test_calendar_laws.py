"""What holds for every office, start and span."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.offices import (
    SPAN_TYPES,
    calendars,
    day_spans,
    hour_spans,
    moments,
    spans,
)
from workflow.engine.calendar import months_after
from workflow.engine.office_days import is_late
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Days,
    Hours,
    HoursSkippingWeekends,
    Time,
)


@given(calendars, moments, spans)
def test_a_due_date_is_in_utc_and_not_before_the_start(office, start, span):
    due = office.due(start, span)

    assert due.tzinfo is UTC
    assert due >= start.replace(microsecond=0)


@given(calendars, moments, st.integers(0, 300))
def test_business_days_never_end_on_a_closed_day(office, start, n):
    day = office.day_of(office.due(start, BusinessDays(n)))

    assert office.why_closed(day) is None


@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=40)), spans)
def test_who_starts_later_is_never_due_earlier(office, start, later, span):
    assert office.due(start, span) <= office.due(start + later, span)


@given(calendars, moments, st.sampled_from(SPAN_TYPES), st.integers(0, 60), st.integers(0, 60))
def test_more_of_a_span_is_never_due_earlier(office, start, kind, n, more):
    assert office.due(start, kind(n)) <= office.due(start, kind(n + more))


@given(
    calendars, moments, st.integers(0, 60), st.integers(1, 60), st.sampled_from([BusinessDays, CalendarDays])
)
def test_days_in_two_parts_end_where_they_end_in_one(office, start, n, m, kind):
    first = office.due(start, kind(n))

    assert n == 0 or office.due(first, kind(m)) == office.due(start, kind(n + m))


@given(calendars, moments, st.integers(0, 300), st.integers(0, 300))
def test_hours_in_two_parts_end_where_they_end_in_one(office, start, n, m):
    for kind in (Hours, HoursSkippingWeekends):
        first = office.due(start, kind(n))

        assert m == 0 or office.due(first, kind(m)) == office.due(start, kind(n + m))


@given(calendars, moments, spans, st.timedeltas(timedelta(), timedelta(days=500)))
def test_what_is_left_never_grows_and_ends_with_the_due_moment(office, start, span, passed):
    amount = office.amount(start, span)
    due = office.reach(start, amount)
    nothing = Days(0, amount.working) if isinstance(amount, Days) else Time(timedelta(), amount.weekends)

    assert office.left(start, amount, start) == amount == office.left(start, amount, start - passed)
    assert office.left(start, amount, due) == nothing == office.left(start, amount, due + passed)


@given(calendars, moments, spans)
def test_an_explanation_adds_up_to_its_span_and_ends_with_its_due_day(office, start, span):
    explained = office.explain(start, span)
    counted = [row for row in explained.days if row.counted]
    due_day = office.day_of(explained.due)

    assert (explained.start, explained.span, explained.due) == (start, span, office.due(start, span))
    if isinstance(span, Hours | HoursSkippingWeekends):
        assert sum((row.time for row in counted), timedelta()) == timedelta(hours=span.n)
        assert [row.running for row in counted[-1:]] == [span.n][: len(counted)]
        assert not counted or office.day_of(explained.due - timedelta(microseconds=1)) == counted[-1].day
    else:
        assert len(counted) == span.n
        assert explained.days[-1].day == due_day
        assert span.n == 0 or (counted[-1].day, counted[-1].running) == (due_day, span.n)


@given(calendars, moments, st.one_of(day_spans, hour_spans))
def test_an_explanation_lists_each_day_once_and_without_a_gap(office, start, span):
    days = [row.day for row in office.explain(start, span).days]

    assert days == [office.day_of(start) + timedelta(days=n) for n in range(len(days))]


@given(calendars, moments, st.builds(BusinessDays, st.integers(1, 200)))
def test_a_day_skipped_is_closed_and_says_why(office, start, span):
    for row in office.explain(start, span).days[1:]:
        assert row.why == (office.why_closed(row.day) or "working day")
        assert row.counted is office.is_working(row.day)


@given(calendars, moments, moments)
def test_a_phrase_says_late_exactly_when_it_is(office, due, now):
    assert ("late" in office.phrase(due, now)) is is_late(due, now)


@given(st.dates(date(100, 1, 1), date(9900, 12, 31)), st.integers(-1000, 1000))
def test_a_month_away_is_in_that_month_and_never_on_a_later_day(day, n):
    later = months_after(day, n)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(calendars, st.dates(date(2019, 1, 1), date(2033, 1, 1)), st.integers(-30, 800))
def test_working_days_between_are_those_one_counts_on_ones_fingers(office, a, days):
    b = a + timedelta(days=days)

    assert office.working_days_between(a, b) == sum(
        office.is_working(a + timedelta(days=n)) for n in range(1, days + 1)
    )


@given(calendars, moments)
def test_a_moment_lies_within_its_day(office, moment):
    day = office.day_of(moment)

    assert office.start_of(day) <= moment < office.start_of(day + timedelta(days=1))
    assert office.end_of(day) + timedelta(seconds=1) == office.start_of(day + timedelta(days=1))
