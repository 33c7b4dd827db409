"""Spans: what one can be, how it is stored and said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.offices import (
    SPAN_TYPES,
)
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Days,
    Hours,
    HoursSkippingWeekends,
    Months,
    Time,
    amount_words,
    kind_of,
    parse,
    words,
)


@pytest.mark.parametrize("kind", SPAN_TYPES)
@pytest.mark.parametrize("n", [-1, 36_501, True, 1.5, "3", None])
def test_a_span_is_a_whole_number_up_to_a_hundred_years(kind, n):
    with pytest.raises(ValueError, match=r"A span (is a whole number|lies between 0 and 36,500)"):
        kind(n)


@pytest.mark.parametrize("kind", SPAN_TYPES)
def test_a_span_is_stored_by_its_kind_and_amount(kind):
    for n in (0, 1, 36_500):
        assert parse(kind_of(kind(n)), n) == kind(n)


def test_an_unknown_kind_of_span_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match=r"“weeks”\. Known are: business_days, calendar_days, months"):
        parse("weeks", 2)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (BusinessDays(5), "5 business days"),
        (BusinessDays(1), "1 business day"),
        (BusinessDays(0), "the same business day"),
        (CalendarDays(30), "30 calendar days"),
        (CalendarDays(0), "the same day"),
        (Months(24), "24 months"),
        (Months(0), "the same day"),
        (Hours(1), "1 hour"),
        (Hours(0), "0 hours"),
        (HoursSkippingWeekends(48), "48 hours, not counting weekends"),
        (CalendarDays(36_500), "36,500 calendar days"),
    ],
)
def test_a_span_in_words(span, said):
    assert words(span) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Days(2, working=True), "2 business days"),
        (Days(1, working=False), "1 calendar day"),
        (Time(timedelta(hours=8, minutes=40, seconds=59), weekends=True), "8 hours 40 minutes"),
        (Time(timedelta(minutes=1), weekends=True), "1 minute"),
        (Time(timedelta(seconds=5), weekends=True), "less than a minute"),
        (Time(timedelta(hours=3), weekends=False), "3 hours, not counting weekends"),
        (Time(timedelta(), weekends=False), "0 hours, not counting weekends"),
    ],
)
def test_what_is_left_in_words(amount, said):
    assert amount_words(amount) == said
