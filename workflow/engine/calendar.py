"""Where a span ends on the days of an office, which days were counted to get there, and the words for it.

Which days an office works is `office_days`; clocks that pause are `clock`. Nothing here reads the time:
moments are given, and must say their zone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflow.engine.office_days import (
    WEEKDAYS,
    OfficeDays,
    days_after,
    is_late,
    is_weekend,
    utc,
    within_the_years,
)
from workflow.engine.spans import (
    Amount,
    BusinessDays,
    CalendarDays,
    Days,
    Hours,
    Months,
    Span,
    Time,
    counted,
    length_words,
)

#: English names, whatever the locale of the process.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HOUR = timedelta(hours=1)
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class DayCount:
    """One line of an explained date: a day, whether it counted and why, and how much had counted by then.

    In hour spans `time` is what of the day counted, and `running` the whole hours so far. In month spans each
    counted line is the day on which a month was full.
    """

    day: date
    counted: bool
    why: str
    running: int
    time: timedelta = _NOTHING


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a span that began at `start` ends at `due`, day by day."""

    start: datetime
    span: Span
    due: datetime
    days: tuple[DayCount, ...]


def _never(_: date, __: bool) -> str:
    return ""


def _counted_day(amount: Days, closed: str | None) -> str:
    if amount.working:
        return "working day"
    return f"calendar day, {closed} included" if closed else "calendar day"


@dataclass(frozen=True)
class OfficeCalendar(OfficeDays):
    """The days of an office, and what can be counted on them."""

    def due(self, start: datetime, span: Span) -> datetime:
        """The moment until which there is time, in UTC.

        Day and month spans end with the last second of a day of the office and do not count the day of
        `start`; hour spans end at an exact moment. Raises `ValueError` beyond the year 9999.
        """
        return self.reach(start, self.amount(start, span))

    def amount(self, start: datetime, span: Span) -> Amount:
        """What a span comes to once its start is known; months become calendar days."""
        match span:
            case BusinessDays(n):
                return Days(n, working=True)
            case CalendarDays(n):
                return Days(n, working=False)
            case Months(n):
                day = self.day_of(start)
                return Days((months_after(day, n) - day).days, working=False)
        return Time(timedelta(hours=span.n), weekends=isinstance(span, Hours))

    def reach(self, since: datetime, amount: Amount) -> datetime:
        """The moment at which an amount that counts from `since` is used up, in UTC."""
        day, moment = self.day_of(since), utc(since)
        if isinstance(amount, Days):
            last = self.working_day_after(day, amount.n) if amount.working else days_after(day, amount.n)
            return self.end_of(last)
        if amount.weekends:
            with within_the_years():
                return moment + amount.length
        left = amount.length
        while True:
            tomorrow = days_after(day, 1)
            midnight = self.start_of(tomorrow)
            usable = _NOTHING if is_weekend(day) else midnight - moment
            if usable >= left:
                return moment + left
            left, day, moment = left - usable, tomorrow, midnight

    def left(self, since: datetime, amount: Amount, at: datetime) -> Amount:
        """What is left at `at` of an amount that counts from `since`; never less than nothing."""
        if isinstance(amount, Days):
            a, b = self.day_of(since), self.day_of(at)
            used = self.working_days_between(a, b) if amount.working else max(0, (b - a).days)
            return Days(max(0, amount.n - used), amount.working)
        rows = self.count_time(since, at, weekends=amount.weekends)
        passed = sum((row.time for row in rows), _NOTHING)
        return Time(max(_NOTHING, amount.length - passed), amount.weekends)

    def explain(self, start: datetime, span: Span) -> Explanation:
        """The days between a start and its due date: which counted, which were skipped, and why."""
        amount = self.amount(start, span)
        due = self.reach(start, amount)
        if isinstance(amount, Time):
            days = tuple(self.count_time(start, due, weekends=amount.weekends))
        elif isinstance(span, Months) and span.n:
            days = (start_row(self.day_of(start)), *month_rows(self.day_of(start), span.n))
        else:
            days = tuple(self.count_days(self.day_of(start), self.day_of(due), amount))
        return Explanation(start, span, due, days)

    def count_days(
        self, start: date, last: date, amount: Days, held: Callable[[date, bool], str] = _never
    ) -> Iterator[DayCount]:
        """Count an amount of days from the day of its start to its last, day by day.

        `held(day, full)` gives the words of the pause a day lies in, or none; `full` tells it that nothing is
        left to count. The last day is not held then: it is the day until whose end there is time.
        """
        day, running = start, 0
        if amount.n:
            yield start_row(start)
            day = days_after(day, 1)
        while day <= last:
            full, counts, closed = running == amount.n, False, self.why_closed(day)
            pause = "" if full and day == last else held(day, full)
            if pause:
                why = pause
            elif closed and amount.working:
                why = closed
            elif full:
                why = "due by the end of this day"
            else:
                counts = True
                running += 1
                why = _counted_day(amount, closed)
            yield DayCount(day, counts, why, running)
            day = days_after(day, 1)

    def count_time(self, since: datetime, until: datetime, *, weekends: bool) -> Iterator[DayCount]:
        """Count the time from `since` to `until`, day by day."""
        moment, end, passed = utc(since), utc(until), _NOTHING
        day = self.day_of(moment)
        while moment < end:
            tomorrow = days_after(day, 1)
            stop = min(end, self.start_of(tomorrow))
            if is_weekend(day) and not weekends:
                yield DayCount(day, counted=False, why=WEEKDAYS[day.weekday()], running=passed // _HOUR)
            else:
                length = stop - moment
                passed += length
                holiday = None if is_weekend(day) else self.why_closed(day)
                why = length_words(length) + (f", {holiday} included" if holiday else "")
                yield DayCount(day, counted=True, why=why, running=passed // _HOUR, time=length)
            day, moment = tomorrow, stop

    def phrase(self, due: datetime, now: datetime) -> str:
        """A due moment in a queue's words: "due Thursday", "2 days late"; late days are business days."""
        due_on, today = self.day_of(due), self.day_of(now)
        ahead = (due_on - today).days
        if is_late(due, now):
            late = self.working_days_between(due_on, today)
            if late:
                return f"{counted(late, 'day')} late"
            return "late since today" if ahead == 0 else f"late since {_near(due_on, today)}"
        if ahead <= 1:
            return "due tomorrow" if ahead else "due today"
        return f"due {_near(due_on, today)}"


def months_after(day: date, n: int) -> date:
    """The same day `n` months later (earlier, if negative), or that month's last.

    Raises `ValueError` outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not 1 <= year <= 9999:
        raise ValueError("That date would lie outside the years 1 to 9999.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_words(day: date, *, year: bool = True) -> str:
    """A date as the office writes it: "3 March 2026", "3 March"."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def _near(day: date, today: date) -> str:
    """A weekday within six days of today, else a date, with its year if that is another."""
    if abs((day - today).days) <= 6:
        return WEEKDAYS[day.weekday()]
    return day_words(day, year=day.year != today.year)


def start_row(day: date) -> DayCount:
    """The line of the day a count began on."""
    return DayCount(day, counted=False, why="the day of the start does not count", running=0)


def month_rows(start: date, n: int) -> Iterator[DayCount]:
    """The day on which each month after `start` is full."""
    for month in range(1, n + 1):
        day = months_after(start, month)
        short = "" if day.day == start.day else f", {MONTHS[day.month - 1]} has no {start.day}"
        yield DayCount(day, counted=True, why=f"month {month} is full{short}", running=month)
