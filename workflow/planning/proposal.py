"""Who inspects which agreement in which week of a quarter: a proposal, pure, and repeatable.

`Scheduler` is the door for an optimiser; `greedy` is what stands behind it today. Nothing here reads a
database, knows today's date, or decides: people accept a proposal, row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

#: Whoever led the latest so many inspections of an agreement does not lead the next.
ROTATION: Final = 2
WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """A lead and a week, named by its Monday."""

    lead_id: int
    week: date


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection that is to be placed. `since` is the first day it may begin, `due_on` the last wanted."""

    reference: str
    agency: str
    model: str
    due_on: date
    since: date
    supervisor_id: int | None = None
    #: Who led before, newest first; nought stands for one of which the lead is not known.
    led_by: tuple[int, ...] = ()
    recused: frozenset[int] = frozenset()
    locked: Spot | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who conducts inspections: for which models, and how many days they have in each week."""

    person_id: int
    name: str
    models: frozenset[str]
    #: Monday -> working days left for visits.
    free: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One inspection in its place, and why there. `is_late`: there was no room up to its due date."""

    visit: Visit
    spot: Spot
    why: str
    is_late: bool = False
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An inspection without a place, and what stands in its way."""

    visit: Visit
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Every visit once: placed, earliest first, or left."""

    placed: tuple[Assignment, ...]
    left: tuple[Unplaced, ...]

    def days_of(self, person_id: int, effort: int) -> int:
        """The days this proposal takes of somebody."""
        return effort * sum(a.spot.lead_id == person_id for a in self.placed)


class Scheduler(Protocol):
    """Places visits in weeks. `effort` is the working days a visit takes of its lead."""

    def __call__(
        self, visits: Sequence[Visit], colleagues: Sequence[Colleague], weeks: Sequence[date], *, effort: int
    ) -> Proposal: ...


def greedy(
    visits: Sequence[Visit], colleagues: Sequence[Colleague], weeks: Sequence[date], *, effort: int
) -> Proposal:
    """The most pressing first, each in the first week with room, by whoever has the least to do.

    Most pressing is what is due first and fewest people may lead. What is locked keeps its place, whatever
    room there is. `weeks` are Mondays, ascending.
    """
    desk = _Desk(colleagues, effort)
    placed = [desk.keep(visit, visit.locked) for visit in visits if visit.locked is not None]
    left: list[Unplaced] = []
    able = {v.reference: [c for c in colleagues if why_not(v, c) is None] for v in visits}
    open_ones = [v for v in visits if v.locked is None]
    for visit in sorted(open_ones, key=lambda v: (v.due_on, len(able[v.reference]), v.reference)):
        found = desk.first_room(visit, able[visit.reference], weeks)
        if found is None:
            left.append(Unplaced(visit, _why_left(visit, colleagues, able[visit.reference], weeks)))
        else:
            placed.append(desk.take(visit, found, able[visit.reference]))
    placed.sort(key=lambda a: (a.spot.week, a.visit.due_on, a.visit.reference))
    return Proposal(tuple(placed), tuple(left))


def why_not(visit: Visit, colleague: Colleague) -> str | None:
    """What keeps somebody from leading a visit, whenever it is; None if nothing does."""
    if visit.model not in colleague.models:
        return f"not trained for {visit.model}"
    if colleague.person_id == visit.supervisor_id:
        return "supervises the agreement"
    if colleague.person_id in visit.recused:
        return "recused"
    latest = visit.led_by[:ROTATION]
    if len(latest) == ROTATION and set(latest) == {colleague.person_id}:
        return "led the last two"
    return None


def free_days(
    week: date, working: Iterable[date], away: Iterable[tuple[date, date]], *, a_week: int, booked: int
) -> int:
    """Days of a week left for visits: of those somebody works, at most `a_week`, less the booked.

    `working` are the days on which the office works, `away` the first and last day of each absence.
    """
    spans = list(away)
    here = [
        day
        for day in working
        if week <= day < week + WEEK and not any(first <= day <= last for first, last in spans)
    ]
    return max(0, min(a_week, len(here)) - booked)


class _Desk:
    """Who has how many days left while visits are being placed."""

    def __init__(self, colleagues: Sequence[Colleague], effort: int) -> None:
        self.effort = effort
        self.names = {c.person_id: c.name for c in colleagues}
        self.free = {c.person_id: dict(c.free) for c in colleagues}
        self.taken = dict.fromkeys(self.names, 0)

    def keep(self, visit: Visit, spot: Spot) -> Assignment:
        late = spot.week > visit.due_on
        self._book(spot)
        return Assignment(visit, spot, "Kept where it was put by hand.", late, is_locked=True)

    def first_room(self, visit: Visit, able: Sequence[Colleague], weeks: Sequence[date]) -> Spot | None:
        """The first week with room in which it may begin; within a week, whoever has the least to do."""
        for week in weeks:
            if week < visit.since:
                continue
            free = [c for c in able if self.free[c.person_id].get(week, 0) >= self.effort]
            if free:
                least = min(free, key=lambda c: (self.taken[c.person_id], c.name, c.person_id))
                return Spot(least.person_id, week)
        return None

    def take(self, visit: Visit, spot: Spot, able: Sequence[Colleague]) -> Assignment:
        days = self.taken[spot.lead_id]
        late = spot.week > visit.due_on
        why = [f"Trained for {visit.model}"]
        why.append("the only one who may lead it" if len(able) == 1 else _load(days))
        why.append("no room before it is due" if late else "the first week with room")
        if visit.led_by[:1] == (spot.lead_id,):
            why.append("led it the last time, not the time before")
        self._book(spot)
        return Assignment(visit, spot, "; ".join(why) + ".", late)

    def _book(self, spot: Spot) -> None:
        if spot.lead_id in self.free:
            mine = self.free[spot.lead_id]
            mine[spot.week] = mine.get(spot.week, 0) - self.effort
            self.taken[spot.lead_id] += self.effort


def _load(days: int) -> str:
    if not days:
        return "nothing else in this proposal yet"
    return f"fewest days of those with room in that week ({days} so far)"


def _why_left(
    visit: Visit, colleagues: Sequence[Colleague], able: Sequence[Colleague], weeks: Sequence[date]
) -> str:
    if not colleagues:
        return "Nobody of this office conducts inspections."
    if not able:
        counted: dict[str, int] = {}
        for colleague in colleagues:
            reason = why_not(visit, colleague) or ""
            counted[reason] = counted.get(reason, 0) + 1
        reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(counted.items()))
        return f"Nobody may lead it: {reasons}."
    if not any(week >= visit.since for week in weeks):
        return "Its notice would be too short in every week of this quarter."
    names = ", ".join(sorted(c.name for c in able))
    return f"Those who may lead it have no room left in this quarter: {names}."
