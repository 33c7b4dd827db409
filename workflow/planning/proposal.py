"""Who conducts which visit on which days of a quarter. Pure: no database, no clock; `proposal_reading` reads.

`Proposer` is what a real optimiser fills some day. `Greedy` takes the visits by their due date, each as soon
as its window opens, and gives it to whoever has least. The same question always has the same answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from workflow.engine.calendar import day_words
from workflow.engine.spans import counted

_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """What a planner decided beforehand: who, and from which day."""

    lead: int
    begins: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One inspection to place: by the number of its case or, before there is one, of its agreement."""

    key: str
    model: str
    due_on: date
    #: The first day on which it can be held.
    opens_on: date
    #: How many days in a row its lead gives to it.
    days: int
    supervisor_id: int | None = None
    recused: frozenset[int] = frozenset()
    #: Who led the latest inspections of the agreement, newest first.
    last_leads: tuple[int, ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Somebody who leads inspections: for which models, how much of a week, when not, until when here."""

    id: int
    name: str
    models: frozenset[str]
    days_a_week: int
    away: frozenset[date] = frozenset()
    #: Days of visits that are scheduled already.
    busy: frozenset[date] = frozenset()
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question: an office's visits and leads, from a day to a day, and the holidays between."""

    first: date
    last: date
    visits: tuple[Visit, ...]
    leads: tuple[Lead, ...]
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A visit that found a lead and days, and why these."""

    visit: Visit
    lead: Lead
    days: tuple[date, ...]
    why: str

    @property
    def begins(self) -> date:
        return self.days[0]

    @property
    def late_days(self) -> int:
        """So many days after it was due."""
        return max(0, (self.begins - self.visit.due_on).days)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit that found no place, and why not."""

    visit: Visit
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer. Nothing of it happens before somebody accepts it."""

    assignments: tuple[Assignment, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def load(self) -> Mapping[int, int]:
        """Days proposed to each lead."""
        days: Counter[int] = Counter()
        for one in self.assignments:
            days[one.lead.id] += len(one.days)
        return days


class Proposer(Protocol):
    """Whatever answers the question."""

    def propose(self, asked: Asked) -> Proposal: ...


def why_not(lead: Lead, visit: Visit) -> str | None:
    """What keeps somebody from leading a visit on whichever day; None for nothing."""
    if visit.model not in lead.models:
        return f"not trained for {visit.model}"
    if lead.id == visit.supervisor_id:
        return "supervises this agreement"
    if lead.id in visit.recused:
        return "recused"
    if len(visit.last_leads) > 1 and set(visit.last_leads[:2]) == {lead.id}:
        return "led the last two"
    if lead.days_a_week < visit.days:
        return f"gives {counted(lead.days_a_week, 'day')} a week, it takes {visit.days}"
    return None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


class Diary:
    """The days that are left to leads: working days of the office, neither away nor with another visit."""

    def __init__(self, leads: Sequence[Lead], closed: frozenset[date] = frozenset()) -> None:
        self._closed = closed
        self._taken: dict[int, set[date]] = {lead.id: set(lead.busy) for lead in leads}
        self._weeks: defaultdict[tuple[int, date], int] = defaultdict(int)
        for lead in leads:
            for day in lead.busy:
                self._weeks[lead.id, monday_of(day)] += 1

    def why_full(self, lead: Lead, days: Sequence[date]) -> str | None:
        """What stands in the way of these days of one week; None for nothing."""
        for day in days:
            if day.weekday() > _FRIDAY or day in self._closed:
                return f"the office is closed on {day_words(day)}"
            if day in lead.away:
                return f"{lead.name} is away on {day_words(day)}"
            if day in self._taken[lead.id]:
                return f"{lead.name} has another visit on {day_words(day)}"
            if lead.until is not None and day > lead.until:
                return f"{lead.name} covers this office until {day_words(lead.until)}"
        week = monday_of(days[0])
        if self._weeks[lead.id, week] + len(days) > lead.days_a_week:
            given = counted(lead.days_a_week, "day")
            return f"{lead.name} gives {given} a week to visits, and the week of {day_words(week)} is full"
        return None

    def take(self, lead: Lead, days: Sequence[date]) -> None:
        self._taken[lead.id].update(days)
        self._weeks[lead.id, monday_of(days[0])] += len(days)

    def load(self, lead: Lead, first: date, last: date) -> int:
        """Days of visits somebody has between two days."""
        return sum(first <= day <= last for day in self._taken[lead.id])


def run_of(begins: date, days: int) -> tuple[date, ...]:
    """So many days in a row."""
    return tuple(begins + timedelta(days=n) for n in range(days))


class Greedy:
    """What was kept first, then the earliest due; of equals the one that fewest could lead."""

    def propose(self, asked: Asked) -> Proposal:
        diary = Diary(asked.leads, asked.closed)
        placed: list[Assignment] = []
        unplaced: list[Unplaced] = []
        for visit in sorted(asked.visits, key=lambda v: _turn(v, asked.leads)):
            found = _keep(visit, asked, diary) if visit.kept else _place(visit, asked, diary)
            if isinstance(found, Assignment):
                diary.take(found.lead, found.days)
                placed.append(found)
            else:
                unplaced.append(found)
        placed.sort(key=lambda a: (a.begins, a.visit.key))
        return Proposal(tuple(placed), tuple(unplaced))


def _turn(visit: Visit, leads: Sequence[Lead]) -> tuple[bool, date, int, str]:
    able = sum(why_not(lead, visit) is None for lead in leads)
    return (visit.kept is None, visit.due_on, able, visit.key)


def _keep(visit: Visit, asked: Asked, diary: Diary) -> Assignment | Unplaced:
    """Where the planner put it, or why that cannot be."""
    assert visit.kept is not None
    begins = visit.kept.begins
    lead = next((lead for lead in asked.leads if lead.id == visit.kept.lead), None)
    if lead is None:
        return Unplaced(visit, "You kept it for somebody who does not lead inspections here.")
    days = run_of(begins, visit.days)
    why = why_not(lead, visit)
    said = f"{lead.name}: {why}" if why else None
    if said is None and not (asked.first <= begins and days[-1] <= asked.last):
        said = "these days are not in the quarter"
    said = said or diary.why_full(lead, days)
    if said is not None:
        return Unplaced(
            visit, f"You kept it for {lead.name} on {day_words(begins)}, which cannot be: {said}."
        )
    return Assignment(visit, lead, days, f"You kept it for {lead.name}.")


def _place(visit: Visit, asked: Asked, diary: Diary) -> Assignment | Unplaced:
    """The first week of its window in which somebody has the days; of several, whoever has least."""
    able = [lead for lead in asked.leads if why_not(lead, visit) is None]
    opens = max(visit.opens_on, asked.first)
    for week in _weeks(opens, asked.last):
        could = [
            (visit.last_leads[:1] == (lead.id,), diary.load(lead, asked.first, asked.last), lead.id, days)
            for lead in able
            if (days := _days_in(week, lead, visit, opens, asked.last, diary)) is not None
        ]
        if could:
            _, load, chosen, days = min(could)
            lead = next(one for one in able if one.id == chosen)
            return Assignment(visit, lead, days, _because(visit, asked, load, len(could)))
    return Unplaced(visit, _no_place(visit, asked, able, opens))


def _weeks(first: date, last: date) -> Iterator[date]:
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += 7 * _DAY


def _days_in(
    week: date, lead: Lead, visit: Visit, opens: date, last: date, diary: Diary
) -> tuple[date, ...] | None:
    """The first days of a week that are free in a row."""
    for weekday in range(_FRIDAY + 2 - visit.days):
        days = run_of(week + weekday * _DAY, visit.days)
        if opens <= days[0] and days[-1] <= last and diary.why_full(lead, days) is None:
            return days
    return None


def _because(visit: Visit, asked: Asked, load: int, could: int) -> str:
    had = counted(load, "day") if load else "no day"
    fewest = f", the fewest of {could} who could that week" if could > 1 else "; nobody else could that week"
    said = f"Trained for {visit.model}, with {had} of visits in this quarter before{fewest}."
    first = (
        f"The first week from {day_words(visit.opens_on)} on with {counted(visit.days, 'day')} free in a row."
    )
    sooner = visit.due_on < asked.first and visit.opens_on < asked.first
    return " ".join((said, first, "It could be held before this quarter, too." if sooner else "")).strip()


def _no_place(visit: Visit, asked: Asked, able: Sequence[Lead], opens: date) -> str:
    if not asked.leads:
        return "Nobody here leads inspections."
    if not able:
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        for lead in asked.leads:
            reasons[why_not(lead, visit) or ""].append(lead.name)
        said = "; ".join(f"{', '.join(who)}: {why}" for why, who in reasons.items())
        return f"Nobody could lead it. {said}."
    if opens > asked.last:
        return f"It cannot be held before {day_words(opens)}, after this quarter: the agency is told in time."
    names = ", ".join(lead.name for lead in able)
    free = f"{counted(visit.days, 'day')} free in a row from {day_words(opens)} to {day_words(asked.last)}"
    return f"Nobody who could lead it ({names}) has {free}."
