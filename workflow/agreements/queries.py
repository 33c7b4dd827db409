"""Reading agreements: the list, and what its own page shows beside the case. Nothing here writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select

from workflow.agreements import waivers
from workflow.agreements.models import AgreementLife
from workflow.cases.access import sees, visible
from workflow.cases.models import Case
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.people.queries import names
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
    """A duty towards an agreement: its rhythm in words and where that is from, last met, next due."""

    title: str
    rhythm: str
    source: str
    is_missing: bool = False
    is_exempt: bool = False
    last_on: date | None = None
    due_on: date | None = None
    #: None where nothing is on record here: "overdue" would be a guess.
    overdue_days: int | None = None
    has_history: bool = False
    #: It was owed once, and met.
    is_met: bool = False
    #: The agreement is suspended or not in force.
    is_postponed: bool = False
    waived_until: date | None = None


#: What an agreement is owed is worked out a floor above, from rows of other slices; the factory says by whom.
duty_cards: list[Callable[[Book, Agreement, date], list[Owed]]] = []


def duties(book: Book, record: Agreement, as_of: date) -> list[Owed]:
    """The duty card of an agreement as of a day."""
    return [line for card in duty_cards for line in card(book, record, as_of)]


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that runs: of which duty, until when, by which two people; reasons for whoever reads them."""

    title: str
    until_on: date
    by: str
    confirmed_by: str
    reasons: str | None


def waivers_of(book: Book, life: AgreementLife, on: date, keyring: Keyring, *, reads: bool) -> list[Waived]:
    """The waivers of an agreement that run on a day. Two queries, one where there are none."""
    rows = waivers.running(on, life.agreement_id)
    titles = {duty.name: duty.title for duty in book.duties}
    people = names({person for row in rows for person in (row.waived_by_id, row.confirmed_by_id)})
    return [
        Waived(
            titles.get(row.duty, row.duty),
            row.until_on,
            people[row.waived_by_id],
            people[row.confirmed_by_id],
            waivers.why(life, row, keyring) if reads else None,
        )
        for row in rows
    ]


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
