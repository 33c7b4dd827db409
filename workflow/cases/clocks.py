"""Carrying clock effects out: append to the clock's events, fold them, keep the copy that lists read."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final, TypeAlias

from workflow.cases.models import Case, Clock, ClockRow
from workflow.engine.calendar import OfficeCalendar
from workflow.engine.clock import ClockEvent, Happened, Reading, read
from workflow.engine.effects import (
    ExtendClock,
    Limit,
    PauseClock,
    RecomputeClock,
    ResumeClock,
    StartClock,
    StopClock,
)
from workflow.engine.machine import Machine
from workflow.engine.spans import LONGEST, CalendarDays, Span, kind_of, parse
from workflow.policy import queries as policy
from workflow.policy.book import Book, LimitRule

#: A clock without a limit only measures: it is counted against this and never shown as due.
ENDLESS: Final = CalendarDays(LONGEST)

ClockEffect: TypeAlias = StartClock | StopClock | PauseClock | ResumeClock | ExtendClock | RecomputeClock


def span_for(case: Case, book: Book, limit: Limit) -> Span:
    """The span of a limit for this case: by its model, template and tier, in its pinned book.

    While it is not known which agreement a case is about, the strictest template counts.
    """
    return book.rule_for(limit, model=case.model, revision=case.template, tier=case.tier).span


def turn(  # noqa: C901 - one flat match over the effects
    case: Case,
    machine: Machine[Any, Any],
    effect: ClockEffect,
    *,
    book: Book,
    calendar: OfficeCalendar,
    at: datetime,
) -> None:
    """Apply one clock effect to the case at the moment it happened."""
    clock = next((c for c in case.clocks if c.name == effect.name), None)
    if isinstance(effect, StartClock):
        _start(case, machine, effect.name, clock, book=book, calendar=calendar, at=at)
        return
    if clock is None or clock.stopped_at is not None:
        return
    limit = machine.clock(effect.name).limit
    match effect:
        case StopClock():
            _append(clock, case, Happened.STOPPED, at)
        case PauseClock(because=because):
            if clock.paused_at is None:
                _append(clock, case, Happened.PAUSED, at, why=because)
        case ResumeClock():
            if clock.paused_at is not None:
                _append(clock, case, Happened.RESUMED, at)
        case ExtendClock(by=by):
            _append(clock, case, Happened.EXTENDED, at, span_for(case, book, by))
        case RecomputeClock():
            if limit is not None:
                _append(clock, case, Happened.REDEFINED, at, span_for(case, book, limit))
    refresh(clock, calendar)


def refresh(clock: Clock, calendar: OfficeCalendar) -> None:
    """Write the copy of what the clock's events say."""
    reading = reading_of(clock, calendar)
    clock.started_at = reading.started_at
    measures_only = reading.span == ENDLESS
    clock.due_at = None if measures_only else reading.due
    clock.original_due_at = None if measures_only else reading.original_due
    clock.paused_at = reading.paused_since
    clock.stopped_at = reading.stopped_at


def reading_of(clock: Clock, calendar: OfficeCalendar) -> Reading:
    return read(events_of(clock), calendar)


def events_of(clock: Clock) -> list[ClockEvent]:
    """The clock's history as the pure fold takes it, without what a voided step had done."""
    return [
        ClockEvent(
            row.what,
            row.at,
            parse(row.unit, row.amount) if row.unit is not None and row.amount is not None else None,
            row.why,
            row.from_first_start,
        )
        for row in clock.events
        if row.voided_by_version is None
    ]


def _start(
    case: Case,
    machine: Machine[Any, Any],
    name: str,
    clock: Clock | None,
    *,
    book: Book,
    calendar: OfficeCalendar,
    at: datetime,
) -> None:
    rule = machine.clock(name)
    span = span_for(case, book, rule.limit) if rule.limit else ENDLESS
    again = clock is not None
    if clock is None:
        clock = Clock(name=name, started_at=at)
        case.clocks.append(clock)
    elif clock.stopped_at is None:
        return
    _append(
        clock,
        case,
        Happened.STARTED,
        at if again else _since(case, rule.since, at, calendar),
        span,
        again=again and not rule.anew,
    )
    refresh(clock, calendar)


def _since(case: Case, column: str | None, at: datetime, calendar: OfficeCalendar) -> datetime:
    """From when a clock counts: a moment or a day the case keeps, else the step that starts it."""
    value = getattr(case, column) if column else None
    if value is None:
        return at
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(12), calendar.zone)


def _append(
    clock: Clock,
    case: Case,
    what: Happened,
    at: datetime,
    span: Span | None = None,
    *,
    why: str = "",
    again: bool = False,
) -> None:
    # A step entered with an earlier hour cannot reach behind what the clock already knows.
    last = clock.events[-1].at if clock.events else at
    clock.events.append(
        ClockRow(
            what=what,
            at=max(at, last),
            unit=kind_of(span) if span else None,
            amount=span.n if span else None,
            why=why,
            from_first_start=again,
            case_version=case.version,
        )
    )


def rule_of(case: Case, machine: Machine[Any, Any], name: str) -> LimitRule | None:
    """The rule of the pinned book a clock follows, with its source; None for one that only measures."""
    limit = machine.clock(name).limit
    if limit is None:
        return None
    book = policy.book(case.policy_id)
    return book.rule_for(limit, model=case.model, revision=case.template, tier=case.tier)
