"""Quarters of the calendar year, by their name in addresses: 2026-1. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.engine.calendar import day_words, months_after

_NAME = re.compile(r"(20[0-9]{2})-([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return months_after(self.first, 3) - timedelta(days=1)

    @property
    def from_monday(self) -> date:
        """The Monday of its first week, which can lie in the quarter before."""
        return self.first - timedelta(days=self.first.weekday())

    @property
    def to_sunday(self) -> date:
        return self.last + timedelta(days=6 - self.last.weekday())

    @property
    def words(self) -> str:
        return f"{day_words(self.first)} to {day_words(self.last)}"

    def has(self, day: date) -> bool:
        """Whether a day lies in one of its weeks: the week a quarter begins in is one week for its leads."""
        return self.from_monday <= day <= self.to_sunday

    def days(self) -> Iterator[date]:
        """Every day of its weeks."""
        day = self.from_monday
        while day <= self.to_sunday:
            yield day
            day += timedelta(days=1)

    def after(self, n: int) -> Quarter:
        """The n-th quarter after it."""
        years, number = divmod(self.number - 1 + n, 4)
        return Quarter(self.year + years, number + 1)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_named(name: str) -> Quarter | None:
    """The quarter of an address; None for anything else."""
    found = _NAME.fullmatch(name)
    return Quarter(int(found[1]), int(found[2])) if found else None
