"""Reading recusals: those of one case, the list of all, how many for which reason. It writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.cases.recusals import NEVER_LET_IN, REASONS, LetIn, Recusal
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.people.models import Person
from workflow.web.paging import Page, page_of

#: Cursor of the list: (at, id), latest first.
CURSOR: Final = (datetime, int)


@dataclass(frozen=True, slots=True)
class Row:
    """One recusal in words; `until` is set while its person is let in all the same."""

    id: int
    reference: str
    title: str
    person_id: int
    person: str
    reason: str
    declared_by: str
    is_own: bool
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    until: datetime | None
    let_in_by: str | None
    can_be_let_in: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand now, by reason, and how many people are let in all the same."""

    by_reason: list[tuple[str, int]]
    standing: int
    withdrawn: int
    let_in: int


def of_case(case: Case, *, now: datetime) -> list[Row]:
    """Everybody who must not touch a case, or did not have to, latest first. One query."""
    return _rows(_select(now).where(Recusal.case_id == case.id).limit(200))


def listed(
    actor: Actor, *, now: datetime, after: tuple[Any, ...] | None = None, limit: int = 50
) -> Page[Row]:
    """Recusals of cases this person may see, latest first. One query, at most `limit` rows."""
    query = _select(now).where(sees(actor))
    if after is not None:
        at, last = after
        query = query.where(or_(Recusal.at < at, and_(Recusal.at == at, Recusal.id < last)))
    return page_of(_rows(query.limit(limit + 1)), limit, lambda r: (r.at, r.id), cursor=after)


def counts(actor: Actor, *, now: datetime) -> Counts:
    """The same, counted. Two queries."""
    mine = select(Recusal.reason, Recusal.withdrawn_at.is_(None), func.count()).join(
        Case, Case.id == Recusal.case_id
    )
    rows = (
        session()
        .execute(mine.where(sees(actor)).group_by(Recusal.reason, Recusal.withdrawn_at.is_(None)))
        .all()
    )
    stand = {reason: number for reason, stands, number in rows if stands}
    running = select(func.count()).select_from(LetIn).join(Case, Case.id == LetIn.case_id)
    let_in = session().scalar(running.where(sees(actor), LetIn.ended_at.is_(None), LetIn.until_at > now))
    return Counts(
        [(words, stand.get(code, 0)) for code, words in REASONS],
        sum(stand.values()),
        sum(number for _, stands, number in rows if not stands),
        let_in or 0,
    )


def _select(now: datetime) -> Any:
    who, declared, withdrew, granted = (aliased(Person) for _ in range(4))
    running = and_(
        LetIn.case_id == Recusal.case_id,
        LetIn.person_id == Recusal.person_id,
        LetIn.ended_at.is_(None),
        LetIn.until_at > now,
        Recusal.withdrawn_at.is_(None),
    )
    return (
        select(
            Recusal,
            Case.reference,
            Case.title,
            who.name,
            declared.name,
            withdrew.name,
            LetIn.until_at,
            granted.name,
        )
        .join(Case, Case.id == Recusal.case_id)
        .join(who, who.id == Recusal.person_id)
        .join(declared, declared.id == Recusal.declared_by_id)
        .outerjoin(withdrew, withdrew.id == Recusal.withdrawn_by_id)
        .outerjoin(LetIn, running)
        .outerjoin(granted, granted.id == LetIn.granted_by_id)
        .order_by(Recusal.at.desc(), Recusal.id.desc())
    )


def _rows(query: Any) -> list[Row]:
    words = dict(REASONS)
    return [
        Row(
            id=row.id,
            reference=reference,
            title=title,
            person_id=row.person_id,
            person=person,
            reason=words.get(row.reason, row.reason),
            declared_by=declared,
            is_own=row.declared_by_id == row.person_id,
            at=row.at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=withdrew,
            until=until,
            let_in_by=granted,
            can_be_let_in=row.withdrawn_at is None and row.reason not in NEVER_LET_IN,
        )
        for row, reference, title, person, declared, withdrew, until, granted in session().execute(query)
    ]
