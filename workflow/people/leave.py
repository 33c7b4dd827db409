"""Days on which people are away, and how much of a week they give to visits. No reason is kept, nor asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from workflow.db.session import session, transaction
from workflow.engine.machine import Refusal, Refused
from workflow.people.models import Absence, Person

#: Longer than a year is not leave.
LONGEST: Final = timedelta(days=366)


def leave_of(person_id: int, *, since: date) -> Sequence[Absence]:
    """Leave of somebody that is not over before a day, earliest first."""
    found = select(Absence).where(Absence.person_id == person_id, Absence.until_on >= since)
    return session().scalars(found.order_by(Absence.from_on, Absence.id)).all()


def days_away(people: set[int], first: date, last: date) -> dict[int, frozenset[date]]:
    """The days between two days on which each of these people is away. One query."""
    found = select(Absence.person_id, Absence.from_on, Absence.until_on).where(
        Absence.person_id.in_(people), Absence.from_on <= last, Absence.until_on >= first
    )
    away: defaultdict[int, set[date]] = defaultdict(set)
    for person, start, end in session().execute(found):
        day = max(start, first)
        while day <= min(end, last):
            away[person].add(day)
            day += timedelta(days=1)
    return {person: frozenset(days) for person, days in away.items()}


def note_leave(person_id: int, from_on: date, until_on: date, *, today: date) -> None:
    """Be away from a day to a day, both included. Raises `Refused`."""
    if until_on < from_on:
        raise Refused(Refusal("forwards", "This is before the first day.", "until_on"))
    if until_on < today:
        raise Refused(Refusal("past", "These days are over.", "until_on"))
    if until_on - from_on >= LONGEST:
        raise Refused(Refusal("longest", "At most a year at once.", "until_on"))
    with transaction() as writing:
        # Two presses at once come one after the other, and the second one finds the first one's days.
        writing.execute(select(Person.id).where(Person.id == person_id).with_for_update())
        known = select(Absence.id).where(
            Absence.person_id == person_id, Absence.from_on <= until_on, Absence.until_on >= from_on
        )
        if writing.scalar(known.limit(1)) is not None:
            raise Refused(Refusal("twice", "You are noted as away on some of these days already.", "from_on"))
        writing.add(Absence(person_id=person_id, from_on=from_on, until_on=until_on))


def take_back_leave(person_id: int, absence_id: int) -> None:
    """Be there all the same. Somebody else's leave, and one that is gone, change nothing."""
    with transaction() as writing:
        found = select(Absence).where(Absence.id == absence_id, Absence.person_id == person_id)
        if (row := writing.scalar(found)) is not None:
            writing.delete(row)


def give_days(person_id: int, days: int | None) -> None:
    """Give so many days a week to visits; None for what the policy says."""
    with transaction() as writing:
        writing.get_one(Person, person_id).visit_days = days
