"""What is known of an agency across kinds of case, as far as this person may see it. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from workflow.cases.access import sees, visible
from workflow.cases.models import VOIDED, Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.register.names import Called, looks_like_respelling
from workflow.register.service import why_not_one
from workflow.web.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list of agencies."""

    words: str = ""
    state: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One agency of the list; `models` are those of agreements this person may see."""

    id: int
    slug: str
    name: str
    state: str
    county: str | None
    office: str | None
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement of an agency."""

    id: int
    reference: str
    model: str
    template: str
    template_inferred: bool
    status: str
    signed_on: date | None
    office: str | None
    vanished_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases of a kind there are, and how many are open: only of those this person may see."""

    kind: str
    total: int
    open: int


def listed(
    actor: Actor, wanted: Wanted, *, after: tuple[str, int] | None = None, limit: int = 50
) -> Page[Line]:
    """Agencies by name, merged ones left out. Two queries, at most `limit` rows and one."""
    query = _filtered(
        select(Agency.id, Agency.slug, Agency.name, Agency.state, Agency.county, FieldOffice.name)
        .join(FieldOffice, Agency.office_id == FieldOffice.id, isouter=True)
        .where(Agency.merged_into_id.is_(None)),
        wanted,
    )
    if after is not None:
        name, agency_id = after
        query = query.where(or_(Agency.name > name, and_(Agency.name == name, Agency.id > agency_id)))
    rows = session().execute(query.order_by(Agency.name, Agency.id).limit(limit + 1)).all()
    models = _models(actor, [row[0] for row in rows])
    lines = [replace(Line(*row), models=models.get(row[0], ())) for row in rows]
    return page_of(lines, limit, lambda line: (line.name, line.id), cursor=after)


def _filtered(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    if wanted.words:
        query = query.where(Agency.name.icontains(wanted.words, autoescape=True))
    if wanted.state:
        query = query.where(Agency.state == wanted.state)
    if wanted.office:
        none = wanted.office == "none"
        query = query.where(Agency.office_id.is_(None) if none else FieldOffice.code == wanted.office)
    return query


def _lives() -> Any:
    """An agreement is seen through its life, so that access has one rule."""
    return and_(Case.agreement_id == Agreement.id, Case.kind == "agreement")


def _models(actor: Actor, agency_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found = (
        select(Agreement.agency_id, Agreement.model)
        .join(Case, _lives())
        .where(Agreement.agency_id.in_(agency_ids), Case.closed_at.is_(None), sees(actor))
        .order_by(Agreement.model)
    )
    by_agency: defaultdict[int, list[str]] = defaultdict(list)
    for agency_id, model in session().execute(found):
        by_agency[agency_id].append(model)
    return {agency_id: tuple(models) for agency_id, models in by_agency.items()}


def agreements_seen(actor: Actor, agency_ids: Iterable[int]) -> list[AgreementLine]:
    """The agreements of an agency's family this person may see, those in force first. One query."""
    found = (
        select(
            Agreement.id,
            Agreement.reference,
            Agreement.model,
            Agreement.template,
            Agreement.template_inferred,
            Agreement.status,
            Agreement.signed_on,
            FieldOffice.name,
            Agreement.vanished_on,
        )
        .join(Case, _lives())
        .join(FieldOffice, Agreement.office_id == FieldOffice.id, isouter=True)
        .where(Agreement.agency_id.in_(list(agency_ids)), sees(actor))
        .order_by(Case.closed_at.is_not(None), Agreement.model, Agreement.signed_on, Agreement.id)
    )
    return [AgreementLine(*row) for row in session().execute(found)]


def _about(agency_ids: Iterable[int]) -> Iterable[Any]:
    """What belongs to an agency's family beside its agreements; what was voided never was."""
    return Case.agency_id.in_(list(agency_ids)), Case.kind != "agreement", Case.state != VOIDED


def counts(actor: Actor, agency_ids: Iterable[int]) -> list[Count]:
    """Cases of an agency's family by kind, of those this person may see. One query."""
    found = (
        select(Case.kind, func.count(), func.count().filter(Case.closed_at.is_(None)))
        .where(*_about(agency_ids), sees(actor))
        .group_by(Case.kind)
        .order_by(Case.kind)
    )
    return [Count(*row) for row in session().execute(found)]


def latest(actor: Actor, agency_ids: Iterable[int], *, limit: int = 20) -> Sequence[Case]:
    """The latest cases of an agency's family this person may see. One query."""
    found = (
        visible(actor)
        .where(*_about(agency_ids))
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(limit)
    )
    return session().scalars(found).all()


def could_be_one(agency: Agency) -> list[tuple[Agency, bool]]:
    """Agencies an agency could be one with, and whether the names look alike; those first. One query."""
    others = session().scalars(
        select(Agency)
        .where(Agency.state == agency.state, Agency.id != agency.id, Agency.merged_into_id.is_(None))
        .order_by(Agency.name, Agency.id)
    )
    here = _called(agency)
    possible = [
        (o, looks_like_respelling(here, _called(o))) for o in others if why_not_one(agency, o) is None
    ]
    return sorted(possible, key=lambda pair: not pair[1])


def _called(agency: Agency) -> Called:
    return Called(agency.name, agency.state, agency.county)


def states() -> Sequence[str]:
    """The states in which there are agencies."""
    return session().scalars(select(Agency.state).distinct().order_by(Agency.state)).all()
