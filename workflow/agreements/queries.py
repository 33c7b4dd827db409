"""Reading agreements: the list, and what its own page shows beside the case. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select

from workflow.agreements.models import AgreementLife
from workflow.cases.access import sees, visible
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.spans import words
from workflow.policy.book import Book, TemplateRule
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.web.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; an empty one lets everything pass."""

    model: str = ""
    office: str = ""
    state: str = ""
    status: str = ""
    vanished: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement of the list."""

    id: int
    reference: str
    agency: str
    slug: str
    state: str
    model: str
    template: str
    template_inferred: bool
    office: str | None
    status: str
    signed_on: date | None
    vanished_on: date | None


def listed(
    actor: Actor, wanted: Wanted, *, after: tuple[str, int] | None = None, limit: int = 50
) -> Page[Line]:
    """The agreements this person may see, by agency. One query, at most `limit` rows and one."""
    query = _filtered(_lines().where(sees(actor)), wanted)
    if after is not None:
        name, agreement_id = after
        query = query.where(or_(Agency.name > name, and_(Agency.name == name, Agreement.id > agreement_id)))
    found = session().execute(query.order_by(Agency.name, Agreement.id).limit(limit + 1)).all()
    return page_of([Line(*row) for row in found], limit, lambda line: (line.agency, line.id), cursor=after)


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Agreement.id,
            Agreement.reference,
            Agency.name,
            Agency.slug,
            Agency.state,
            Agreement.model,
            Agreement.template,
            Agreement.template_inferred,
            FieldOffice.name,
            Agreement.status,
            Agreement.signed_on,
            Agreement.vanished_on,
        )
        .join(Agency, Agreement.agency_id == Agency.id)
        .join(Case, and_(Case.agreement_id == Agreement.id, Case.kind == "agreement"))
        .join(FieldOffice, Agreement.office_id == FieldOffice.id, isouter=True)
    )


def _filtered(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    if wanted.model:
        query = query.where(Agreement.model == wanted.model)
    if wanted.office:
        none = wanted.office == "none"
        query = query.where(Agreement.office_id.is_(None) if none else FieldOffice.code == wanted.office)
    if wanted.state:
        query = query.where(Agency.state == wanted.state)
    if wanted.status:
        query = query.where(Agreement.status == wanted.status)
    if wanted.vanished:
        query = query.where(Agreement.vanished_on.is_not(None))
    if wanted.words:
        query = query.where(Agency.name.icontains(wanted.words, autoescape=True))
    return query


def record_of(life: AgreementLife) -> Agreement:
    """The register's record of a life."""
    return session().get_one(Agreement, life.agreement_id)


def inferred_from(book: Book, record: Agreement) -> TemplateRule | None:
    """The row of the policy from which a template was inferred; None where a document says it."""
    if not record.template_inferred:
        return None
    rule = book.template_for(record.model, record.signed_on)
    return rule if rule is not None and rule.revision == record.template else None


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty of the programme towards an agreement, and its rhythm in words with where that is from."""

    title: str
    rhythm: str
    source: str
    is_missing: bool = False


def duties(book: Book, record: Agreement) -> list[Owed]:
    """What an agreement of this model is owed by the policy; a duty without a rhythm is said to have none."""
    found = []
    for duty in book.duties:
        rule = book.cadence(duty.name, record.model)
        if record.model in duty.exempt_models:
            found.append(Owed(duty.title, f"exempt: {duty.why_exempt}", duty.source))
        elif rule is None:
            found.append(
                Owed(duty.title, f"no rhythm is set for {record.model}", duty.source, is_missing=True)
            )
        else:
            rhythm = f"first after {words(rule.first)}, then every {words(rule.every)}"
            found.append(Owed(duty.title, rhythm, rule.source))
    return found


def under(life: AgreementLife, actor: Actor, *, limit: int = 20) -> Sequence[Case]:
    """Inspections and corrections of this agreement this person may see, latest first. One query."""
    found = (
        visible(actor)
        .where(Case.agreement_id == life.agreement_id, Case.kind.in_(("inspection", "corrective")))
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(limit)
    )
    return session().scalars(found).all()


def states() -> Sequence[str]:
    """The states in which there are agencies."""
    return session().scalars(select(Agency.state).distinct().order_by(Agency.state)).all()
