"""What cannot have happened to a clock."""

from __future__ import annotations

from datetime import UTC

import pytest

from tests.engine.lives import (
    MONDAY,
    OFFICE,
    extended,
    paused,
    restarted,
    resumed,
    started,
    stopped,
)
from workflow.engine.clock import ClockEvent, Happened, explain, read
from workflow.engine.spans import (
    BusinessDays,
)

SPAN = BusinessDays(5)
TOO_LATE = "A clock cannot be {} at {}T14:00:00+00:00: something happened to it later, at {}T14:00:00+00:00."


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((), "A clock without events was never started."),
        ((paused("05"),), "A clock cannot be paused before it was started with a span."),
        (
            (restarted("05", None, from_first_start=True),),
            "A clock cannot be started before it was started with a span.",
        ),
        ((started(SPAN), started(SPAN, "06")), "A clock cannot be started again before it was stopped."),
        ((started(SPAN), resumed("06")), "A clock cannot be resumed unless it is paused."),
        ((started(SPAN), paused("06"), paused("07")), "A clock cannot be paused while it is paused."),
        ((started(SPAN), stopped("06"), stopped("07")), "A clock cannot be stopped after it was stopped."),
        ((started(SPAN), stopped("06"), paused("07")), "A clock cannot be paused after it was stopped."),
        (
            (started(SPAN), stopped("06"), extended("07", SPAN)),
            "A clock cannot be extended after it was stopped.",
        ),
        (
            (started(SPAN), paused("07"), resumed("06")),
            TOO_LATE.format("resumed", "2026-01-06", "2026-01-07"),
        ),
        (
            (started(SPAN, "06"), paused("05")),
            TOO_LATE.format("paused", "2026-01-05", "2026-01-06"),
        ),
    ],
)
def test_an_impossible_order_is_refused_in_a_sentence(events, sentence):
    for tell in (read, explain):
        with pytest.raises(ValueError) as refused:  # noqa: PT011
            tell(events, OFFICE)

        assert str(refused.value) == sentence


@pytest.mark.parametrize("what", list(Happened))
def test_an_event_has_a_span_exactly_if_it_gives_time(what):
    gives_time = what in {Happened.STARTED, Happened.EXTENDED, Happened.REDEFINED}

    with pytest.raises(ValueError, match=f"A clock is {what} with"):
        ClockEvent(what, MONDAY, None if gives_time else SPAN)
    assert ClockEvent(what, MONDAY, SPAN if gives_time else None).at == MONDAY


@pytest.mark.parametrize("what", [each for each in Happened if each is not Happened.STARTED])
def test_only_a_start_keeps_the_first_start(what):
    span = SPAN if what in {Happened.EXTENDED, Happened.REDEFINED} else None

    with pytest.raises(ValueError, match="Only a start can keep the first start"):
        ClockEvent(what, MONDAY, span, from_first_start=True)


def test_the_moment_of_an_event_needs_its_zone_and_is_kept_in_utc():
    assert ClockEvent(Happened.STOPPED, MONDAY).at.tzinfo is UTC
    with pytest.raises(ValueError, match="needs its time zone"):
        ClockEvent(Happened.STOPPED, MONDAY.replace(tzinfo=None))
