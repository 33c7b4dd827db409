"""How long something may take: spans in the unit the rule was written in, and what is left of one.

A span is only a number and a unit; where it ends is for `calendar` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

#: A hundred years of days: anything longer is a slip of the keyboard, not a time limit.
LONGEST = 36_500


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """Days on which the office works; the day of the start does not count.

    `BusinessDays(0)` ends with the day of the start, or with the next working day where that one is closed.
    """

    n: int

    def __post_init__(self) -> None:
        _check(self.n)


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Days of the calendar, weekends and holidays included; the day of the start does not count."""

    n: int

    def __post_init__(self) -> None:
        _check(self.n)


@dataclass(frozen=True, slots=True)
class Months:
    """Until the same day of a later month, or that month's last day where it is too short."""

    n: int

    def __post_init__(self) -> None:
        _check(self.n)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that really pass, also when the clocks are changed in between."""

    n: int

    def __post_init__(self) -> None:
        _check(self.n)


@dataclass(frozen=True, slots=True)
class HoursSkippingWeekends:
    """Hours that pass outside the office's Saturdays and Sundays; federal holidays do count.

    The 287(g) agreements give a complaint "48 hours, excluding weekends" and exclude no holiday.
    """

    n: int

    def __post_init__(self) -> None:
        _check(self.n)


Span = BusinessDays | CalendarDays | Months | Hours | HoursSkippingWeekends


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days, of every day or of working days only: what a day span comes to, or has left."""

    n: int
    working: bool


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of time, counted always or outside weekends only: what an hour span comes to, or has left."""

    length: timedelta
    weekends: bool


Amount = Days | Time

_KINDS: dict[str, type[Span]] = {
    "business_days": BusinessDays,
    "calendar_days": CalendarDays,
    "months": Months,
    "hours": Hours,
    "hours_skipping_weekends": HoursSkippingWeekends,
}
_NAMES: dict[type[Span], str] = {made: kind for kind, made in _KINDS.items()}
_UNITS: dict[str, tuple[str, str]] = {
    "business_days": ("business day", ""),
    "calendar_days": ("calendar day", ""),
    "months": ("month", ""),
    "hours": ("hour", ""),
    "hours_skipping_weekends": ("hour", ", not counting weekends"),
}
#: Five days of seven count where weekends do not; a month is the twelfth part of a year.
_USUAL_HOURS: dict[type[Span], float] = {
    BusinessDays: 24 * 7 / 5,
    CalendarDays: 24.0,
    Months: 24 * 365.25 / 12,
    Hours: 1.0,
    HoursSkippingWeekends: 7 / 5,
}
_SAME_DAY = {
    "business_days": "the same business day",
    "calendar_days": "the same day",
    "months": "the same day",
}


def parse(kind: str, amount: int) -> Span:
    """The span stored as `kind` and `amount`. Raises `ValueError` if there is no such span."""
    made = _KINDS.get(kind)
    if made is None:
        raise ValueError(f"There is no span of the kind “{kind}”. Known are: {', '.join(_KINDS)}.")
    return made(amount)


def kind_of(span: Span) -> str:
    """The name under which `parse` finds this kind of span again."""
    return _NAMES[type(span)]


def usual_hours(span: Span) -> float:
    """About how many hours a span takes in a usual week: to tell the shorter of two, never for a date."""
    return span.n * _USUAL_HOURS[type(span)]


def words(span: Span) -> str:
    """The span as a person would say it: "5 business days", "the same day"."""
    kind = kind_of(span)
    if span.n == 0 and kind in _SAME_DAY:
        return _SAME_DAY[kind]
    unit, remark = _UNITS[kind]
    return counted(span.n, unit) + remark


def amount_words(amount: Amount) -> str:
    """What is used or left, as a person would say it; hours to the minute, rounded down."""
    if isinstance(amount, Days):
        return counted(amount.n, "business day" if amount.working else "calendar day")
    return length_words(amount.length) + ("" if amount.weekends else ", not counting weekends")


def length_words(length: timedelta) -> str:
    """A length of time to the minute, rounded down: "8 hours 40 minutes"."""
    hours, rest = divmod(length, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    if not hours and not minutes:
        return "less than a minute" if length else "0 hours"
    parts = [counted(n, unit) for n, unit in ((hours, "hour"), (minutes, "minute")) if n]
    return " ".join(parts)


def counted(n: int, unit: str) -> str:
    """A number with its unit in the singular or plural: "1 day", "2 days"."""
    return f"{n} {unit}" if n == 1 else f"{n:,} {unit}s"


def _check(n: int) -> None:
    if type(n) is not int:
        raise ValueError(f"A span is a whole number, not {n!r}.")
    if not 0 <= n <= LONGEST:
        raise ValueError(f"A span lies between 0 and {LONGEST:,}, not at {n:,}.")
