"""When a duty towards an agreement is owed next, and on what that rests. Pure: no query, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from workflow.engine.calendar import day_words, months_after
from workflow.engine.spans import CalendarDays, Months, Span, words
from workflow.policy.book import FROM_THE_START, CadenceRule
from workflow.policy.duties import INSPECTION

#: What is said where nothing was loaded: no judgement on an agency follows from our own silence.
NO_HISTORY: Final = "no {thing} on record here; house cadence"


class NoCalendarNeeded(ValueError):
    """A cadence in a unit that only an office's calendar could count."""


@dataclass(frozen=True, slots=True)
class Due:
    """The day something is owed, in words why, and whether any earlier one is on record here."""

    on: date
    basis: str
    has_history: bool

    def overdue_days(self, as_of: date) -> int | None:
        """Days past due, 0 if not yet; None without history, where "overdue" would be a guess."""
        return max(0, (as_of - self.on).days) if self.has_history else None


def next_due(
    rule: CadenceRule,
    *,
    signed_on: date | None,
    operational_on: date | None,
    last: date | None,
    thing: str = INSPECTION.thing,
) -> Due | None:
    """When a duty is owed next; None for what was owed once and met, or cannot be counted yet.

    Counted from the last occurrence; without one, the first span from the day the agreement became
    operational, else from the day it was signed. What waits for another duty is not owed before.
    """
    if last is not None:
        if rule.every is None:
            return None
        basis = f"{words(rule.every)} after the last {thing} ({day_words(last)})"
        return Due(after(last, rule.every), basis, has_history=True)
    since, what = (
        (operational_on, "it became operational") if operational_on else (signed_on, "it was signed")
    )
    if since is None or rule.first_basis != FROM_THE_START:
        return None
    basis = f"{words(rule.first)} after {what} ({day_words(since)}); {NO_HISTORY.format(thing=thing)}"
    return Due(after(since, rule.first), basis, has_history=False)


def after(day: date, span: Span) -> date:
    """The day a span after another, in units that need no office's calendar."""
    match span:
        case Months(n):
            return months_after(day, n)
        case CalendarDays(n):
            return day + timedelta(days=n)
        case _:
            raise NoCalendarNeeded(f"a cadence is counted in months or days, not in {words(span)}")
