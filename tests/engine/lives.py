"""What happens to the clocks of the tests: by hand, and every life one can have. No test lives here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from workflow.engine.calendar import OfficeCalendar
from workflow.engine.clock import ClockEvent, Happened, Reading, read
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Hours,
    HoursSkippingWeekends,
    Months,
    Span,
)

NEW_YORK = ZoneInfo("America/New_York")
OFFICE = OfficeCalendar(NEW_YORK)
#: Monday 5 January 2026, nine in the morning.
MONDAY = datetime(2026, 1, 5, 9, tzinfo=NEW_YORK)
WAITING = "waiting for the agency"


def at(text: str) -> datetime:
    """A moment of January 2026 in the office: "07 15:00"; a day alone is at nine."""
    day, _, hour = text.partition(" ")
    return datetime.fromisoformat(f"2026-01-{day}T{hour or '09:00'}").replace(tzinfo=NEW_YORK)


def end_of(day: str) -> datetime:
    return at(f"{day} 23:59:59")


def started(span: Span, when: str = "05") -> ClockEvent:
    return ClockEvent(Happened.STARTED, at(when), span)


def paused(when: str, why: str = WAITING) -> ClockEvent:
    return ClockEvent(Happened.PAUSED, at(when), why=why)


def resumed(when: str) -> ClockEvent:
    return ClockEvent(Happened.RESUMED, at(when))


def extended(when: str, span: Span, why: str = "") -> ClockEvent:
    return ClockEvent(Happened.EXTENDED, at(when), span, why)


def redefined(when: str, span: Span) -> ClockEvent:
    return ClockEvent(Happened.REDEFINED, at(when), span)


def stopped(when: str) -> ClockEvent:
    return ClockEvent(Happened.STOPPED, at(when))


def restarted(when: str, span: Span | None, *, from_first_start: bool) -> ClockEvent:
    return ClockEvent(Happened.STARTED, at(when), span, from_first_start=from_first_start)


def reading(*events: ClockEvent) -> Reading:
    return read(events, OFFICE)


calendars = st.builds(
    OfficeCalendar,
    st.sampled_from(
        [
            NEW_YORK,
            *map(ZoneInfo, ("America/Phoenix", "Pacific/Honolulu", "Pacific/Guam", "America/Puerto_Rico")),
        ]
    ),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.just("Snow"), max_size=20),
)
small = st.integers(0, 40)
day_spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(BusinessDays, small), st.builds(CalendarDays, small), st.builds(Months, st.integers(0, 4))
)
hour_spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Hours, st.integers(0, 400)), st.builds(HoursSkippingWeekends, st.integers(0, 400))
)
spans = day_spans | hour_spans
steps = st.timedeltas(timedelta(), timedelta(days=20))


@st.composite
def lives(
    draw: st.DrawFn, limits: st.SearchStrategy[Span] = spans, *, other: bool = True
) -> list[ClockEvent]:
    """A clock's possible life: a start, then pauses, extensions and other limits at any times."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + draw(st.timedeltas(timedelta(), timedelta(days=400)))
    events = [ClockEvent(Happened.STARTED, moment, draw(limits))]
    is_paused = False
    for _ in range(draw(st.integers(0, 6))):
        moment += draw(steps)
        turn = Happened.RESUMED if is_paused else Happened.PAUSED
        choices = [turn, Happened.EXTENDED, Happened.REDEFINED] if other else [turn]
        what = draw(st.sampled_from(choices))
        is_paused = is_paused ^ (what is turn)
        events.append(ClockEvent(what, moment, None if what is turn else draw(limits)))
    if is_paused:
        events.append(ClockEvent(Happened.RESUMED, moment + draw(steps)))
    return events


def only(events: list[ClockEvent], *kinds: Happened) -> list[ClockEvent]:
    return [event for event in events if event.what in kinds]
