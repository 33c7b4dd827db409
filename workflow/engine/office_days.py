"""The days of one office: its time zone, which days it works and what closes the others.

Where a span ends on these days is for `calendar`; the holidays themselves come from `holidays_us`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from workflow.engine.holidays_us import federal_holidays

#: English names, whatever the locale of the process.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: A calendar that stays closed for so many days in a row is a mistake, not an office.
LONGEST_CLOSURE = 400


@contextmanager
def within_the_years() -> Iterator[None]:
    """Say in a sentence that a date would lie outside the years Python can count."""
    try:
        yield
    except OverflowError as error:
        raise ValueError("That date would lie outside the years 1 to 9999.") from error


def utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises `ValueError` if it does not say its time zone.

    All arithmetic and every comparison happens in UTC: two moments of one zone are otherwise compared by
    their wall clocks, which is wrong on the night the clocks are put back.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"A moment needs its time zone; {moment.isoformat()} has none.")
    with within_the_years():
        return moment.astimezone(UTC)


def is_late(due: datetime, moment: datetime) -> bool:
    """Whether `due` had passed at `moment`; a day's last second lasts until the next day begins."""
    return utc(moment).replace(microsecond=0) > utc(due)


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= 5


def days_after(day: date, n: int) -> date:
    """The day `n` days later. Raises `ValueError` beyond the year 9999."""
    with within_the_years():
        return day + timedelta(days=n)


@dataclass(frozen=True)
class OfficeDays:
    """A time zone, and the weekdays on which the office is closed.

    `closed` are local closures (day -> why) on top of the federal holidays; `inauguration` is for offices in
    and around Washington, D.C.; `version` names the data, so that a date can be explained by the calendar it
    was counted on.
    """

    zone: ZoneInfo
    closed: Mapping[date, str] = field(default_factory=dict, hash=False)
    inauguration: bool = False
    version: str = "federal"

    def __post_init__(self) -> None:
        for day, why in self.closed.items():
            if isinstance(day, datetime) or not why.strip():
                raise ValueError(f"A closure is a date and a reason, not {day!r} and {why!r}.")
        object.__setattr__(self, "closed", MappingProxyType(dict(self.closed)))

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> str | None:
        """What keeps the office closed on this day ("Saturday", "Juneteenth"); None on a working day."""
        if is_weekend(day):
            return WEEKDAYS[day.weekday()]
        return self._holidays(day.year).get(day) or self.closed.get(day)

    def day_of(self, moment: datetime) -> date:
        """The day it is in the office at this moment."""
        moment = utc(moment)
        with within_the_years():
            return moment.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The first moment of a day of the office, in UTC."""
        with within_the_years():
            return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The last second of a day of the office, in UTC; where the clocks strike it twice, the later one."""
        with within_the_years():
            return datetime.combine(day, time(23, 59, 59, fold=1), self.zone).astimezone(UTC)

    def working_day_after(self, day: date, n: int) -> date:
        """The n-th working day after `day`; for n = 0 the day itself if it is one, else the next.

        Raises `ValueError` if the office never opens again.
        """
        if n == 0 and self.is_working(day):
            return day
        left, shut = n or 1, 0
        while left:
            day = days_after(day, 1)
            if self.is_working(day):
                left, shut = left - 1, 0
                continue
            shut += 1
            if shut == LONGEST_CLOSURE:
                raise ValueError(
                    f"The calendar “{self.version}” has not one working day in the {shut} days up to {day}."
                )
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie in (a, b]; none if b is not after a. Takes no longer for longer times."""
        if b <= a:
            return 0
        weeks, rest = divmod((b - a).days, 7)
        weekdays = 5 * weeks + sum((a.weekday() + n) % 7 < 5 for n in range(1, rest + 1))
        years = range(a.year, b.year + 1)
        off = {day for year in years for day in self._holidays(year)} | set(self.closed)
        return weekdays - sum(a < day <= b and not is_weekend(day) for day in off)

    def _holidays(self, year: int) -> Mapping[date, str]:
        return federal_holidays(year, inauguration=self.inauguration)
