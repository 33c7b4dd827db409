"""A clock as a fold over what happened to it: started, paused, resumed, extended, redefined, stopped.

Kept are the events; due dates, pauses and whether it was in time are read from them, so nothing can be
rewritten by a later extension. Days and hours are counted by `calendar` and `legs`; storing is for `cases`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from workflow.engine.calendar import DayCount, OfficeCalendar
from workflow.engine.legs import Leg, Pause, left_of, legs, rows_of, without
from workflow.engine.office_days import is_late, utc
from workflow.engine.spans import Amount, Span


class Happened(StrEnum):
    """What can happen to a clock."""

    #: Begins to count; after a stop, begins anew.
    STARTED = "started"
    #: Stands still: what was used stays used.
    PAUSED = "paused"
    #: Counts on with what was left.
    RESUMED = "resumed"
    #: Gets more time, added to the due date; on-time is still measured on the original one.
    EXTENDED = "extended"
    #: Gets another limit, counted from the start; earlier extensions end with the limit they extended.
    REDEFINED = "redefined"
    #: Has done its duty.
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something that happened to a clock; `at` is kept in UTC.

    `span` is the limit (STARTED, REDEFINED) or the time added (EXTENDED). A restart `from_first_start` keeps
    the start, the pauses and, without a new span, the limit and its extensions: the time in between counts.
    """

    what: Happened
    at: datetime
    span: Span | None = None
    why: str = ""
    from_first_start: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))
        with_span = self.what in (Happened.STARTED, Happened.EXTENDED, Happened.REDEFINED)
        if with_span and self.span is None and not self.from_first_start:
            raise ValueError(f"A clock is {self.what} with a span; this event has none.")
        if self.span is not None and not with_span:
            raise ValueError(f"A clock is {self.what} without a span; this event has one.")
        if self.from_first_start and self.what is not Happened.STARTED:
            raise ValueError(f"Only a start can keep the first start; a clock is {self.what} without.")


@dataclass(frozen=True)
class Reading:
    """What a clock says. Extensions never move `original_due`, pauses do; `former_dues` keeps replaced ones.

    While the clock is paused `due` is None, and `original_due` is what it was when the pause began.
    """

    started_at: datetime
    span: Span
    original_due: datetime
    due: datetime | None
    running: bool
    paused_since: datetime | None
    paused_why: str
    stopped_at: datetime | None
    extensions: int
    former_dues: tuple[datetime, ...]
    legs: tuple[Leg, ...] = field(repr=False)
    calendar: OfficeCalendar = field(repr=False, compare=False)

    def overdue(self, now: datetime) -> bool:
        """Whether its time is over and it was not stopped; what was late before a pause stays late in it."""
        if self.stopped_at is not None:
            return False
        return is_late(self.legs[-1].due, self._until(now))

    def on_time(self) -> bool | None:
        """Whether it was stopped by its original due date; None until it is stopped."""
        return None if self.stopped_at is None else not is_late(self.original_due, self.stopped_at)

    def used(self, now: datetime) -> tuple[Amount, ...]:
        """What of the limit, and of each extension after it, is used up at `now`."""
        return tuple(
            without(leg.amount, left) for leg, left in zip(self.legs, self.remaining(now), strict=True)
        )

    def remaining(self, now: datetime) -> tuple[Amount, ...]:
        """What of the limit, and of each extension after it, is left at `now`."""
        at = self._until(now)
        return tuple(left_of(leg, at, self.calendar) for leg in self.legs)

    def _until(self, now: datetime) -> datetime:
        ends = [end for end in (self.paused_since, self.stopped_at) if end is not None]
        return min(utc(now), *ends) if ends else utc(now)


@dataclass(frozen=True, slots=True)
class _Tally:
    """What the events have said so far."""

    started_at: datetime
    last_at: datetime
    limit: Span
    extensions: tuple[tuple[Span, str], ...] = ()
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    granted: int = 0
    former_dues: tuple[datetime, ...] = ()

    @property
    def paused(self) -> Pause | None:
        return self.pauses[-1] if self.pauses and self.pauses[-1].until is None else None


def read(events: Sequence[ClockEvent], calendar: OfficeCalendar) -> Reading:
    """What the clock says after these events, in the order in which they happened.

    Raises `ValueError`, in a sentence, where the order is impossible.
    """
    tally = _fold(events, calendar)
    chain = _legs(tally, calendar)
    paused = tally.paused
    return Reading(
        started_at=tally.started_at,
        span=tally.limit,
        original_due=chain[0].due,
        due=None if paused else chain[-1].due,
        running=paused is None and tally.stopped_at is None,
        paused_since=paused.since if paused else None,
        paused_why=paused.why if paused else "",
        stopped_at=tally.stopped_at,
        extensions=tally.granted,
        former_dues=tally.former_dues,
        legs=chain,
        calendar=calendar,
    )


def explain(events: Sequence[ClockEvent], calendar: OfficeCalendar) -> tuple[DayCount, ...]:
    """Every day from the start to the due date, or into the pause that lasts: counted or skipped, and why.

    `running` counts within the limit, and within each extension anew.
    """
    rows: list[DayCount] = []
    for leg in _legs(_fold(events, calendar), calendar):
        rows += rows_of(leg, calendar)
        if leg.stretches[-1].pause is not None:
            break
    return tuple(rows)


# The fold


def _fold(events: Sequence[ClockEvent], calendar: OfficeCalendar) -> _Tally:
    tally: _Tally | None = None
    for event in events:
        if tally is not None:
            tally = _follow(tally, event, calendar)
        elif event.what is Happened.STARTED and event.span is not None:
            tally = _Tally(event.at, event.at, event.span)
        else:
            raise ValueError(f"A clock cannot be {event.what} before it was started with a span.")
    if tally is None:
        raise ValueError("A clock without events was never started.")
    return tally


def _follow(tally: _Tally, event: ClockEvent, calendar: OfficeCalendar) -> _Tally:
    if event.at < tally.last_at:
        raise ValueError(
            f"A clock cannot be {event.what} at {event.at.isoformat()}: "
            f"something happened to it later, at {tally.last_at.isoformat()}."
        )
    if tally.stopped_at is not None and event.what is not Happened.STARTED:
        raise ValueError(f"A clock cannot be {event.what} after it was stopped.")
    return replace(_NEXT[event.what](tally, event, calendar), last_at=event.at)


def _started(tally: _Tally, event: ClockEvent, calendar: OfficeCalendar) -> _Tally:
    if tally.stopped_at is None:
        raise ValueError("A clock cannot be started again before it was stopped.")
    if not event.from_first_start:
        assert event.span is not None
        return _Tally(event.at, event.at, event.span)
    again = replace(tally, stopped_at=None)
    if event.span is None or event.span == tally.limit:
        return again
    return _redefined(again, event, calendar)


def _paused(tally: _Tally, event: ClockEvent, _: OfficeCalendar) -> _Tally:
    if tally.paused:
        raise ValueError("A clock cannot be paused while it is paused.")
    return replace(tally, pauses=(*tally.pauses, Pause(event.at, None, event.why)))


def _resumed(tally: _Tally, event: ClockEvent, _: OfficeCalendar) -> _Tally:
    if not tally.paused:
        raise ValueError("A clock cannot be resumed unless it is paused.")
    return _unpaused(tally, event.at)


def _extended(tally: _Tally, event: ClockEvent, _: OfficeCalendar) -> _Tally:
    assert event.span is not None
    return replace(tally, extensions=(*tally.extensions, (event.span, event.why)), granted=tally.granted + 1)


def _redefined(tally: _Tally, event: ClockEvent, calendar: OfficeCalendar) -> _Tally:
    assert event.span is not None
    was = _legs(tally, calendar)[0].due
    return replace(tally, limit=event.span, extensions=(), former_dues=(*tally.former_dues, was))


def _stopped(tally: _Tally, event: ClockEvent, _: OfficeCalendar) -> _Tally:
    return replace(_unpaused(tally, event.at), stopped_at=event.at)


def _unpaused(tally: _Tally, at: datetime) -> _Tally:
    if not tally.paused:
        return tally
    return replace(tally, pauses=(*tally.pauses[:-1], replace(tally.pauses[-1], until=at)))


_NEXT: dict[Happened, Callable[[_Tally, ClockEvent, OfficeCalendar], _Tally]] = {
    Happened.STARTED: _started,
    Happened.PAUSED: _paused,
    Happened.RESUMED: _resumed,
    Happened.EXTENDED: _extended,
    Happened.REDEFINED: _redefined,
    Happened.STOPPED: _stopped,
}


def _legs(tally: _Tally, calendar: OfficeCalendar) -> tuple[Leg, ...]:
    return tuple(legs(tally.started_at, ((tally.limit, ""), *tally.extensions), tally.pauses, calendar))
