"""What holds for every clock, whatever happens to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lives import (
    calendars,
    day_spans,
    hour_spans,
    lives,
    only,
    small,
    spans,
    steps,
)
from workflow.engine.clock import ClockEvent, Happened, explain, read
from workflow.engine.spans import (
    BusinessDays,
    Days,
    Months,
    Time,
)


@given(calendars, lives())
def test_a_pause_never_makes_a_due_date_earlier(office, events):
    unpaused = [event for event in events if event.what not in {Happened.PAUSED, Happened.RESUMED}]
    with_pauses, without = read(events, office), read(unpaused, office)

    assert with_pauses.due is not None
    assert without.due is not None
    assert with_pauses.due >= without.due
    assert with_pauses.original_due >= without.original_due


@given(calendars, lives(day_spans))
def test_pauses_within_a_day_change_nothing_for_day_spans(office, events):
    last = events[-1].at
    noon = office.start_of(office.day_of(last) + timedelta(days=1)) + timedelta(hours=12)
    within = [ClockEvent(Happened.PAUSED, noon), ClockEvent(Happened.RESUMED, noon + timedelta(hours=3))]

    assert read([*events, *within], office).due == read(events, office).due


@given(calendars, lives(), steps)
def test_a_pause_of_no_length_changes_nothing(office, events, later):
    moment = events[-1].at + later
    nothing = [ClockEvent(Happened.PAUSED, moment), ClockEvent(Happened.RESUMED, moment)]

    assert read([*events, *nothing], office).due == read(events, office).due


@given(calendars, lives(), spans, steps)
def test_an_extension_and_a_pause_of_the_same_moment_may_be_entered_in_either_order(
    office, events, span, later
):
    moment = events[-1].at + later
    more = ClockEvent(Happened.EXTENDED, moment, span)
    wait, on = ClockEvent(Happened.PAUSED, moment), ClockEvent(Happened.RESUMED, moment + later)

    assert read([*events, more, wait], office) == read([*events, wait, more], office)
    assert read([*events, more, wait, on], office) == read([*events, wait, more, on], office)
    assert read([*events, wait, on, replace(more, at=on.at)], office) == read(
        [*events, wait, more, on], office
    )


@given(calendars, lives(), spans)
def test_an_extension_moves_the_due_date_only_onwards_and_never_the_original(office, events, span):
    before = read(events, office)
    after = read([*events, ClockEvent(Happened.EXTENDED, events[-1].at, span)], office)

    assert before.due is not None
    assert after.due is not None
    assert after.due >= before.due
    assert (after.original_due, after.extensions) == (before.original_due, before.extensions + 1)


@given(calendars, lives())
def test_every_limit_that_was_replaced_is_remembered(office, events):
    clock = read(events, office)

    assert len(clock.former_dues) == len(only(events, Happened.REDEFINED))
    assert clock.extensions == len(only(events, Happened.EXTENDED))


@given(calendars, lives(st.builds(BusinessDays, small)))
def test_business_days_are_never_due_on_a_closed_day(office, events):
    clock = read(events, office)

    assert clock.due is not None
    assert office.is_working(office.day_of(clock.due))
    assert office.is_working(office.day_of(clock.original_due))


@given(calendars, lives(), steps)
def test_a_clock_read_twice_says_the_same(office, events, later):
    now = events[-1].at + later

    assert read(events, office) == read(tuple(events), office)
    assert explain(events, office) == explain(list(events), office)
    assert read(events, office).remaining(now) == read(list(events), office).remaining(now)


@given(calendars, lives(), st.data())
def test_a_clock_that_waits_has_no_due_date_and_loses_no_time(office, events, data):
    at_pause = events[-1].at + data.draw(steps)
    waiting = read([*events, ClockEvent(Happened.PAUSED, at_pause)], office)
    later = at_pause + data.draw(steps)

    assert waiting.due is None
    assert waiting.remaining(later) == waiting.remaining(at_pause)
    assert waiting.overdue(later) is waiting.overdue(at_pause)


@given(calendars, lives(), steps, steps)
def test_a_clock_in_time_when_it_was_paused_is_in_time_when_stopped_in_the_pause(office, events, wait, more):
    at_pause = events[-1].at + wait
    in_time = read([*events, ClockEvent(Happened.STOPPED, at_pause)], office).on_time()
    pause = ClockEvent(Happened.PAUSED, at_pause)

    assert read([*events, pause, ClockEvent(Happened.STOPPED, at_pause + more)], office).on_time() is in_time


@given(calendars, lives(), steps)
def test_used_and_left_make_the_whole(office, events, later):
    clock, now = read(events, office), events[-1].at + later

    for leg, used, left in zip(clock.legs, clock.used(now), clock.remaining(now), strict=True):
        if isinstance(leg.amount, Days):
            assert isinstance(used, Days)
            assert isinstance(left, Days)
            assert used.n + left.n == leg.amount.n
            assert min(used.n, left.n) >= 0
        else:
            assert isinstance(used, Time)
            assert isinstance(left, Time)
            assert used.length + left.length == leg.amount.length
            assert min(used.length, left.length) >= timedelta()


@given(calendars, lives(day_spans, other=False))
def test_an_explanation_of_days_counts_its_span_and_ends_with_the_due_day(office, events):
    clock, rows = read(events, office), explain(events, office)
    amount, counted = clock.legs[0].amount, [row for row in rows if row.counted]

    assert clock.due is not None
    assert isinstance(amount, Days)
    assert rows[-1].day == office.day_of(clock.due)
    assert all(a.day < b.day for a, b in pairwise(rows))
    by_the_month = isinstance(clock.span, Months) and clock.legs[0].stretches[0].pause is None
    assert len(counted) == (clock.span.n if by_the_month else amount.n)
    assert [row.running for row in counted] == list(range(1, len(counted) + 1))
    if clock.legs[0].stretches[-1].left != Days(0, amount.working):
        assert counted[-1] == rows[-1]


@given(calendars, lives(hour_spans, other=False))
def test_an_explanation_of_hours_counts_its_span_and_ends_with_the_due_moment(office, events):
    clock, rows = read(events, office), explain(events, office)
    counted = [row for row in rows if row.counted]

    assert clock.due is not None
    assert sum((row.time for row in rows), timedelta()) == timedelta(hours=clock.span.n)
    assert all(a.day <= b.day for a, b in pairwise(rows))
    if clock.legs[0].stretches[-1].left != none_of(clock.legs[0].amount):
        assert counted[-1].day == office.day_of(clock.due - timedelta(microseconds=1))


def none_of(amount: Days | Time) -> Time:
    assert isinstance(amount, Time)
    return replace(amount, length=timedelta())


@given(calendars, lives(day_spans))
def test_the_explanation_of_any_life_ends_with_the_due_day_and_never_goes_back(office, events):
    clock, rows = read(events, office), explain(events, office)

    assert clock.due is not None
    assert rows[-1].day == office.day_of(clock.due)
    assert all(a.day < b.day for a, b in pairwise(rows))
