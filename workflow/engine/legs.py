"""How the spans of a clock are used up around its pauses, and the lines that explain it.

What happened to a clock, and what it says, is `clock`; a span without pauses is `calendar`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain

from workflow.engine.calendar import DayCount, OfficeCalendar, month_rows, start_row
from workflow.engine.office_days import days_after, is_late
from workflow.engine.spans import Amount, Days, Months, Span, Time

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    why: str

    @property
    def words(self) -> str:
        return f"paused: {self.why}" if self.why else "paused"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that counted without a break from `since`, with what was `left` then, and the pause that ended it.

    Without a pause `until` is the due moment.
    """

    since: datetime
    left: Amount
    until: datetime
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """A span a clock was given, the limit or an extension of it, and how it was or will be used up.

    `due` leaves aside a pause that still lasts.
    """

    span: Span
    why: str
    extends: bool
    amount: Amount
    stretches: tuple[Stretch, ...]
    due: datetime


def legs(
    since: datetime, spans: Iterable[tuple[Span, str]], pauses: Sequence[Pause], calendar: OfficeCalendar
) -> Iterator[Leg]:
    """One leg for each span and why it was given; each begins where the one before it is due."""
    extends = False
    for span, why in spans:
        amount = calendar.amount(since, span)
        stretches = tuple(_stretches(since, amount, pauses, calendar))
        last = stretches[-1]
        due = calendar.reach(last.since, last.left)
        yield Leg(span, why, extends, amount, stretches, due)
        since, extends = due, True


def left_of(leg: Leg, at: datetime, calendar: OfficeCalendar) -> Amount:
    """What is left of a leg at a moment: all of it before it begins."""
    begun = [stretch for stretch in leg.stretches if stretch.since <= at]
    if not begun:
        return leg.amount
    last = begun[-1]
    return calendar.left(last.since, last.left, min(at, last.until))


def without(amount: Amount, left: Amount) -> Amount:
    """What of an amount is used when so much is left of it."""
    if isinstance(amount, Days):
        assert isinstance(left, Days)
        return Days(amount.n - left.n, amount.working)
    assert isinstance(left, Time)
    return Time(amount.length - left.length, amount.weekends)


def rows_of(leg: Leg, calendar: OfficeCalendar) -> Iterator[DayCount]:
    """The days of a leg, counted or skipped, and why; months are counted by the day once they were paused."""
    if isinstance(leg.amount, Time):
        rows = _time_rows(leg, leg.amount, calendar)
    elif isinstance(leg.span, Months) and leg.amount.n and leg.stretches[0].pause is None:
        day = calendar.day_of(leg.stretches[0].since)
        rows = chain((start_row(day),), month_rows(day, leg.span.n))
    else:
        rows = _day_rows(leg, leg.amount, calendar)
    if leg.extends and isinstance(leg.amount, Days):
        next(rows)  # the day before it is the last of the leg before
    note = f" (extension: {leg.why})" if leg.why else " (extension)"
    days, time = 0, timedelta()
    for row in rows:
        days, time = days + row.counted, time + row.time
        running = time // _HOUR if isinstance(leg.amount, Time) else days
        why = row.why + note if leg.extends and row.counted else row.why
        yield replace(row, running=running, why=why)


def _stretches(
    since: datetime, left: Amount, pauses: Sequence[Pause], calendar: OfficeCalendar
) -> Iterator[Stretch]:
    """Use an amount up around the pauses; one that begins when it was due already changes nothing."""
    due = calendar.reach(since, left)
    for pause in pauses:
        if pause.since < since if pause.until is None else pause.until <= since:
            continue
        if is_late(due, pause.since):
            break
        yield Stretch(since, left, min(pause.since, due), pause)
        if pause.until is None:
            return
        since, left = pause.until, calendar.left(since, left, pause.since)
        due = calendar.reach(since, left)
    yield Stretch(since, left, due)


def _time_rows(leg: Leg, amount: Time, calendar: OfficeCalendar) -> Iterator[DayCount]:
    for stretch in leg.stretches:
        yield from calendar.count_time(stretch.since, stretch.until, weekends=amount.weekends)
        if stretch.pause is not None:
            day = calendar.day_of(stretch.pause.since)
            last = calendar.day_of(stretch.pause.until or stretch.pause.since)
            while day <= last:
                yield DayCount(day, counted=False, why=stretch.pause.words, running=0)
                day = days_after(day, 1)


def _day_rows(leg: Leg, amount: Days, calendar: OfficeCalendar) -> Iterator[DayCount]:
    """A pause holds the days after the one it began on, up to that of the resumption."""
    pauses = [stretch.pause for stretch in leg.stretches if stretch.pause is not None]
    held_from = [(calendar.day_of(p.since), calendar.day_of(p.until or p.since), p) for p in pauses]

    def held(day: date, full: bool) -> str:
        for since, until, pause in held_from:
            if since < day <= until or (full and day == since):
                return pause.words
        return ""

    lasting = leg.stretches[-1].pause
    last = calendar.day_of(leg.due if lasting is None else lasting.since)
    yield from calendar.count_days(calendar.day_of(leg.stretches[0].since), last, amount, held)
    if lasting is not None:
        yield DayCount(days_after(last, 1), counted=False, why=lasting.words, running=0)
