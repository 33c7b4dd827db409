"""Moments and days as other systems write them. Knows no list and no calendar of an office."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from workflow.register.cells import Cell
from workflow.register.days import parse_day

#: A day without a time of day stands for its middle, which is the same day in every zone of the country.
MIDDAY: Final = time(12)
_TIMED = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[t ](\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
    r" ?(z|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}:\d{2}(?::\d{2})?)( [ap]m)?", re.ASCII | re.IGNORECASE
)


def is_midnight(cell: Cell) -> bool:
    """Whether a cell tells a day alone, or the first moment of one."""
    if isinstance(cell.value, datetime):
        return cell.value.time() == time(0)
    text = " ".join(cell.text.split())
    timed = _TIMED.fullmatch(text) or _AMERICAN.fullmatch(text)
    if timed is None:
        return True
    half = (timed[5] or "").strip().lower() if timed.re is _AMERICAN else ""
    return timed[4].strip("0:") == "" if half != "am" else timed[4].replace("12", "0", 1).strip("0:") == ""


def moment(cell: Cell, zone: ZoneInfo, *, days: bool) -> datetime:
    """The moment in a cell, in `zone` unless it says another; of `days`, the middle of the day as written.

    Raises `Unfit` or `ValueError` for what is none.
    """
    value = cell.value
    if isinstance(value, datetime) and not days:
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value.date() if isinstance(value, datetime) else value, MIDDAY, zone)
    text = " ".join(cell.text.split())
    if not days and (timed := _timed(text)) is not None:
        return timed if timed.tzinfo else timed.replace(tzinfo=zone)
    return datetime.combine(parse_day(text), MIDDAY, zone)


def midday_of(day: date, zone: tzinfo, *, now: datetime) -> datetime:
    """The middle of a day in an office's zone, in UTC; of today, now if that is earlier."""
    return min(datetime.combine(day, MIDDAY, zone).astimezone(UTC), now)


def _timed(text: str) -> datetime | None:
    """A day with a time of day; None for a day alone. Raises `ValueError` for one that cannot be."""
    if found := _AMERICAN.fullmatch(text):
        month, day, year, clock, half = found.groups()
        shape = "%H:%M:%S" if clock.count(":") == 2 else "%H:%M"
        if half:
            clock, shape = f"{clock}{half}", f"{shape.replace('%H', '%I')} %p"
        at = datetime.strptime(clock, shape).time()  # noqa: DTZ007 - the caller knows the zone
        return datetime.combine(date(int(year), int(month), int(day)), at)
    if found := _TIMED.fullmatch(text):
        year, month, day, clock, offset = found.groups()
        clock = clock if clock[1] != ":" and len(clock) != 4 else f"0{clock}"
        read = datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{clock}{(offset or '').upper()}")
        return read.astimezone(UTC) if read.tzinfo else read
    return None
