"""A month of inspections, by days and weeks: what is held, what is due, who leads. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, and_, func, or_, select

from workflow.cases.access import sees
from workflow.cases.models import VOIDED
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import months_after
from workflow.engine.office_days import OfficeDays
from workflow.inspections.facts import State
from workflow.inspections.models import Inspection
from workflow.inspections.queries import Line, is_due, lines
from workflow.people.models import Person
from workflow.register.models import FieldOffice

#: A month shows so many inspections at most, and says when there are more.
MOST: Final = 500
#: A visit that takes longer stands at its two ends only, and on the present day.
SHORT: Final = timedelta(days=7)

What: TypeAlias = Literal["begins", "goes on", "ends", "due"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose month it is: the code of an office ("none": of no office) and the id of a lead; None for all."""

    office: str | None = None
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day, with what is on it; `closed` says why the office is, a weekend apart."""

    on: date
    closed: str | None
    entries: list[tuple[What, Line]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Sunday to Saturday; None stands for a day of another month."""

    first: date
    weeks: list[list[Day | None]]
    inspections: int
    is_whole: bool


def month(actor: Actor, first: date, shown: Shown, *, days: OfficeDays, today: date) -> Month:
    """The month that begins on a day, as this person may see it. One query."""
    until = months_after(first, 1)
    query = lines().where(sees(actor), _in_month(first, until), *_narrowed(shown))
    found = session().execute(query.order_by(Inspection.id).limit(MOST + 1)).all()
    inspections = [Line(*row) for row in found[:MOST]]
    by_day = {on: Day(on, _closed(on, days)) for on in _days(first, until)}
    for line in sorted(inspections, key=lambda each: (each.agency or "", each.reference)):
        for on, what in _stands_on(line, today):
            if on in by_day:
                by_day[on].entries.append((what, line))
    return Month(first, _weeks([*by_day.values()]), len(inspections), len(found) <= MOST)


def leads(actor: Actor, first: date) -> list[tuple[int, str]]:
    """Who leads an inspection this person may see, held within a year of a day, by name. One query."""
    found = (
        select(Person.id, Person.name)
        .where(
            Person.id.in_(
                select(Inspection.owner_id).where(
                    sees(actor),
                    Inspection.scheduled_on >= months_after(first, -12),
                    Inspection.scheduled_on < months_after(first, 13),
                )
            )
        )
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in session().execute(found)]


def _in_month(first: date, until: date) -> ColumnElement[bool]:
    last = func.coalesce(Inspection.until_on, Inspection.scheduled_on)
    held = and_(
        Inspection.state != State.PLANNED,
        Inspection.scheduled_on < until,
        or_(Inspection.scheduled_on >= first, last >= first),
    )
    due = and_(Inspection.due_on >= first, Inspection.due_on < until, is_due())
    return and_(or_(held, due), Inspection.state.not_in((State.CANCELLED, VOIDED)))


def _narrowed(shown: Shown) -> Iterator[ColumnElement[bool]]:
    if shown.office is not None:
        nowhere = shown.office == "none"
        yield Inspection.office_id.is_(None) if nowhere else FieldOffice.code == shown.office
    if shown.lead is not None:
        yield Inspection.owner_id == shown.lead


def _stands_on(line: Line, today: date) -> Iterator[tuple[date, What]]:
    """The days an inspection stands on: each of a short visit, and when it is due while that counts."""
    start = line.scheduled_on if line.state != State.PLANNED else None
    if start is not None:
        yield start, "begins"
        last = max(start, line.until_on or start)
        for on in _days(start + timedelta(days=1), last):
            if last - start <= SHORT or on == today:
                yield on, "goes on"
        if last > start:
            yield last, "ends"
    if line.due_on is not None and line.is_due:
        yield line.due_on, "due"


def _closed(on: date, days: OfficeDays) -> str | None:
    return days.why_closed(on) if on.weekday() < 5 else None


def _days(first: date, until: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((until - first).days))


def _weeks(days: Sequence[Day]) -> list[list[Day | None]]:
    before = (days[0].on.weekday() + 1) % 7
    row: list[Day | None] = [*[None] * before, *days]
    row += [None] * (-len(row) % 7)
    return [row[n : n + 7] for n in range(0, len(row), 7)]
