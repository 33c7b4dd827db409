"""How days, moments and numbers are written in pages. Business phrases ("2 days late") come from `cases`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def init_filters(app: Flask, zone: Callable[[], str]) -> None:
    """Give templates the filters; `zone` names the zone of the reader, or else of the office."""
    app.extensions["zone"] = zone
    app.jinja_env.filters.update(day=day, moment=moment, count=count, plural=plural, capped=capped)


def reader_zone() -> ZoneInfo:
    """The zone in which this request's reader is shown moments; looked up once per request."""
    if "zone" not in g:
        g.zone = ZoneInfo(current_app.extensions["zone"]())
    found: ZoneInfo = g.zone
    return found


def day(value: date | datetime | None, zone: str | None = None) -> str:
    """Such as 5 Jan 2026; a moment is turned into the day it is in the zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone) if zone else reader_zone()).date()
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None, zone: str | None = None) -> str:
    """Such as 5 Jan 2026, 4:00 a.m. EST, in the zone of the reader unless another is named."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone) if zone else reader_zone())
    hour, half = local.hour % 12 or 12, "a.m." if local.hour < 12 else "p.m."
    name = "UTC" if local.tzinfo is UTC else local.tzname() or ""
    return f"{day(local.date())}, {hour}:{local.minute:02} {half} {name}".strip()


def weekday(value: date) -> str:
    return _DAYS[value.weekday()]


def count(value: int | None) -> str:
    """Such as 1,843."""
    return "" if value is None else f"{value:,}"


def capped(value: int, most: int = 1000) -> str:
    """Such as 1,000+ where nobody counted further."""
    return f"{most:,}+" if value > most else f"{value:,}"


def plural(value: int, one: str, many: str | None = None) -> str:
    """Such as 1 day, 2 days, no days."""
    words = one if value == 1 else many or f"{one}s"
    return f"{'no' if value == 0 else f'{value:,}'} {words}"
