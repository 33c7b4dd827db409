"""Which sealed identities somebody opened, and what for; how many, person by person. It opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, func, or_, select

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.complaints.facts import PURPOSES, WITNESS_PURPOSES
from workflow.complaints.models import ContactReading
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.people.models import Person
from workflow.web.paging import Page, page_of

#: Cursor of the list: (at, id), latest first.
CURSOR: Final = (datetime, int)


@dataclass(frozen=True, slots=True)
class Opening:
    """One look at who complained, or at who saw it."""

    id: int
    reference: str
    title: str
    whose: str
    purpose: str
    at: datetime
    had_it: bool


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody with how many identities they opened, and of how many cases that were never theirs."""

    person_id: int
    name: str
    looks: int
    not_theirs: int


def of_person(
    actor: Actor, person_id: int, *, after: tuple[Any, ...] | None = None, limit: int = 50
) -> Page[Opening]:
    """What somebody opened of the cases this reader may see, latest first. One query."""
    query = (
        select(ContactReading, Case.reference, Case.title, Case.owner_id)
        .join(Case, Case.id == ContactReading.complaint_id)
        .where(ContactReading.person_id == person_id, sees(actor))
        .order_by(ContactReading.at.desc(), ContactReading.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        at, last = after
        earlier = and_(ContactReading.at == at, ContactReading.id < last)
        query = query.where(or_(ContactReading.at < at, earlier))
    rows = [
        Opening(
            row.id,
            reference,
            title,
            _whose(row),
            dict(WITNESS_PURPOSES if row.witness else PURPOSES).get(row.purpose, row.purpose),
            row.at,
            had_it=owner_id == person_id,
        )
        for row, reference, title, owner_id in session().execute(query)
    ]
    return page_of(rows, limit, lambda r: (r.at, r.id), cursor=after)


def _whose(row: ContactReading) -> str:
    if row.witness:
        return f"witness {row.witness}"
    return "the complainant" if row.earlier is None else "the complainant, an earlier contact"


def lookers(actor: Actor) -> list[Looker]:
    """Who opened identities of cases this reader may see, the most first. One query."""
    others = func.count(Case.id.distinct()).filter(
        or_(Case.owner_id.is_(None), Case.owner_id != ContactReading.person_id)
    )
    query = (
        select(Person.id, Person.name, func.count(ContactReading.id), others)
        .select_from(ContactReading)
        .join(Case, Case.id == ContactReading.complaint_id)
        .join(Person, Person.id == ContactReading.person_id)
        .where(sees(actor))
        .group_by(Person.id, Person.name)
        .order_by(func.count(ContactReading.id).desc(), Person.name, Person.id)
        .limit(200)
    )
    return [Looker(*row) for row in session().execute(query)]
