"""Who leads inspections of an office, which days are left to them, and how long the book says visits take.

A lead's days are those of every visit of theirs, also of one the reader may not see: days, and no word more.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from workflow.db.session import session
from workflow.engine.calendar import OfficeCalendar
from workflow.engine.effects import Limit
from workflow.inspections.facts import DATED, WINDOWS
from workflow.inspections.leads import LEADERS, working
from workflow.inspections.models import Inspection, ModelQualification
from workflow.people.leave import days_away
from workflow.people.models import Person
from workflow.planning.proposal import Lead
from workflow.planning.quarters import Quarter
from workflow.policy.book import Book

#: A book without a word on it leaves the whole week.
LEAD_WEEK: Final = "inspection.lead_week"
WORKING_DAYS: Final = 5


def leads_of(
    office_id: int, quarter: Quarter, book: Book, calendar: OfficeCalendar, only: int | None = None
) -> tuple[Lead, ...]:
    """Who leads inspections of an office, with their days of the quarter. Five queries."""
    staff = working(office_id, LEADERS)
    ids = {person for person in staff if only in (None, person)}
    named = select(Person.id, Person.name, Person.visit_days).where(Person.id.in_(ids))
    models: defaultdict[int, set[str]] = defaultdict(set)
    trained = select(ModelQualification.person_id, ModelQualification.model)
    for person, model in session().execute(trained.where(ModelQualification.person_id.in_(ids))):
        models[person].add(model)
    week = next((rule.span.n for rule in book.rules_named(LEAD_WEEK)), WORKING_DAYS)
    away = days_away(ids, quarter.first, quarter.last)
    busy = busy_days(ids, quarter, book, calendar)
    return tuple(
        Lead(
            id=row.id,
            name=row.name,
            models=frozenset(models[row.id]),
            days_a_week=min(WORKING_DAYS, week if row.visit_days is None else row.visit_days),
            away=away.get(row.id, frozenset()),
            busy=busy.get(row.id, frozenset()),
            until=staff[row.id],
        )
        for row in session().execute(named.order_by(Person.name, Person.id))
    )


def busy_days(
    people: set[int], quarter: Quarter, book: Book, calendar: OfficeCalendar
) -> dict[int, frozenset[date]]:
    """The days of the visits people lead that have days, whoever may see them. One query."""
    days: defaultdict[int, set[date]] = defaultdict(set)
    found = (
        select(
            Inspection.owner_id,
            Inspection.scheduled_on,
            Inspection.until_on,
            Inspection.mode,
            Inspection.model,
        )
        .where(Inspection.owner_id.in_(people), Inspection.state.in_(DATED), _touches(quarter))
        .order_by(Inspection.id)
    )
    for row in session().execute(found):
        days[row.owner_id].update(_days_of_visit(row, book, calendar))
    return {person: frozenset(d for d in mine if quarter.has(d)) for person, mine in days.items()}


def _touches(quarter: Quarter) -> ColumnElement[bool]:
    """The visit lies in the weeks of the quarter, at least with a day."""
    ends = func.coalesce(Inspection.until_on, Inspection.scheduled_on)
    return (Inspection.scheduled_on <= quarter.to_sunday) & (ends >= quarter.from_monday)


def _days_of_visit(row: Any, book: Book, calendar: OfficeCalendar) -> list[date]:
    """On site, all working days from first to last; otherwise as many as the model takes of its lead."""
    until = row.until_on or row.scheduled_on
    span = (row.scheduled_on + timedelta(days=n) for n in range((until - row.scheduled_on).days + 1))
    working_days = [day for day in span if calendar.is_working(day)]
    return working_days if row.mode == "on_site" else working_days[: days_of(book, row.model)]


# --- what the book says ---------------------------------------------------------------------------------


def mode_of(book: Book, model: str) -> str:
    rule = book.model(model)
    return rule.visit if rule else "on_site"


def days_of(book: Book, model: str) -> int:
    rule = book.model(model)
    return rule.lead_days if rule else 3


def last_day(calendar: OfficeCalendar, book: Book, mode: str, model: str, begins: date) -> date:
    """When a visit ends that begins on a day: on site after its days, otherwise with its window."""
    if mode == "on_site":
        return begins + timedelta(days=days_of(book, model) - 1)
    return after(calendar, book, WINDOWS[mode], begins) - timedelta(days=1)


def after(calendar: OfficeCalendar, book: Book, limit: Limit, start: date) -> date:
    noon = datetime.combine(start, time(12), calendar.zone)
    return calendar.day_of(calendar.due(noon, book.span(limit)))
