"""Offices, moments and spans for the tests of time. No test lives here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from workflow.engine.calendar import OfficeCalendar
from workflow.engine.spans import (
    BusinessDays,
    CalendarDays,
    Hours,
    HoursSkippingWeekends,
    Months,
    Span,
)

NEW_YORK, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix")
HONOLULU, GUAM, PUERTO_RICO = (
    ZoneInfo("Pacific/Honolulu"),
    ZoneInfo("Pacific/Guam"),
    ZoneInfo("America/Puerto_Rico"),
)
OFFICE = OfficeCalendar(NEW_YORK)
SPAN_TYPES = (BusinessDays, CalendarDays, Months, Hours, HoursSkippingWeekends)


def local(text: str, zone: ZoneInfo = NEW_YORK, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def end_of(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return local(f"{text}T23:59:59", zone)


calendars = st.builds(
    OfficeCalendar,
    st.sampled_from([NEW_YORK, PHOENIX, HONOLULU, GUAM, PUERTO_RICO, ZoneInfo("America/Anchorage")]),
    st.dictionaries(st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.just("Snow"), max_size=30),
    st.booleans(),
)
moments = st.timedeltas(timedelta(), timedelta(days=5100)).map(
    lambda later: datetime(2019, 1, 1, tzinfo=UTC) + later
)
day_spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(BusinessDays, st.integers(0, 300)), st.builds(CalendarDays, st.integers(0, 400))
)
hour_spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Hours, st.integers(0, 1000)), st.builds(HoursSkippingWeekends, st.integers(0, 500))
)
spans: st.SearchStrategy[Span] = st.one_of(day_spans, hour_spans, st.builds(Months, st.integers(0, 60)))
