"""The legal public holidays of the federal government, by rule. Local closures are not here.

Source: 5 U.S.C. 6103 as in force since 1971, and Executive Order 11582 for holidays that fall on a Sunday.
Years before 1971 are given the rules of 1971. Days off granted by one executive order are local closures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6
_ONE = timedelta(days=1)


def _nth(month: int, weekday: int, n: int) -> Callable[[int], date]:
    """The rule "the n-th such weekday of the month"."""

    def on(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))

    return on


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _memorial_day(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _veterans_day(year: int) -> date:
    """11 November; from 1971 to 1977 October's fourth Monday (Pub. L. 90-363, undone by Pub. L. 94-97)."""
    return _nth(10, _MONDAY, 4)(year) if 1971 <= year <= 1977 else date(year, 11, 11)


#: Name, first year, rule.
_HOLIDAYS: tuple[tuple[str, int, Callable[[int], date]], ...] = (
    ("New Year's Day", 1, _fixed(1, 1)),
    ("Birthday of Martin Luther King, Jr.", 1986, _nth(1, _MONDAY, 3)),
    ("Washington's Birthday", 1, _nth(2, _MONDAY, 3)),
    ("Memorial Day", 1, _memorial_day),
    ("Juneteenth", 2021, _fixed(6, 19)),
    ("Independence Day", 1, _fixed(7, 4)),
    ("Labor Day", 1, _nth(9, _MONDAY, 1)),
    ("Columbus Day", 1, _nth(10, _MONDAY, 2)),
    ("Veterans Day", 1, _veterans_day),
    ("Thanksgiving Day", 1, _nth(11, _THURSDAY, 4)),
    ("Christmas Day", 1, _fixed(12, 25)),
)


@lru_cache(maxsize=1024)
def federal_holidays(year: int, *, inauguration: bool = False) -> Mapping[date, str]:
    """The holidays that fall into `year`, on their own day and, if that is a weekend, on the day observed.

    A Saturday's is observed on the Friday before (6103(b)), a Sunday's on the Monday after; New Year's Day of
    the next year may thus close 31 December. `inauguration` adds 20 January every fourth year, a holiday only
    in and around Washington, D.C. (6103(c)): none is given in lieu of a Saturday, and on a Sunday the public
    ceremony takes place on the Monday, which is the birthday of Dr. King anyway.
    """
    days = dict(_days(year))
    if inauguration and year >= 1965 and year % 4 == 1:
        days.setdefault(date(year, 1, 20), "Inauguration Day")
    return MappingProxyType(days)


def _days(year: int) -> Iterator[tuple[date, str]]:
    for name, since, rule in _HOLIDAYS:
        if year < since:
            continue
        day = rule(year)
        yield day, name
        if day.weekday() == _SUNDAY:
            yield day + _ONE, f"{name} (observed)"
        elif day.weekday() == _SATURDAY and day.month != 1:
            yield day - _ONE, f"{name} (observed)"
    if date(year, 12, 31).weekday() == _FRIDAY:
        yield date(year, 12, 31), "New Year's Day (observed)"
