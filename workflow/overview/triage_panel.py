"""What is known beside a new complaint: its agency, its inspections, what was said before. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from workflow.cases.access import sees, visible
from workflow.cases.models import VOIDED, Case
from workflow.complaints.likeness import Near, near
from workflow.complaints.models import Complaint
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.inspections.models import Inspection
from workflow.overview.agency_queries import AgreementLine, Count, agreements_seen, counts
from workflow.policy.queries import book
from workflow.register.queries import family

FEW: Final = 6


@dataclass(frozen=True, slots=True)
class Rating:
    """How the last inspection with a report ended."""

    reference: str
    title: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The next inspection: the day it is planned for, or by which it is due."""

    reference: str
    on: date
    is_planned: bool


@dataclass(frozen=True)
class Panel:
    """Everything beside the text, as far as the reader may see it."""

    agreements: Sequence[AgreementLine]
    counts: Sequence[Count]
    open_cases: Sequence[Case]
    rating: Rating | None
    next_visit: NextVisit | None
    earlier: Sequence[Case]
    alike: Sequence[Near]


def panel(complaint: Complaint, actor: Actor, keyring: Keyring, words: Mapping[str, str]) -> Panel:
    """The panel of a complaint that tells this; while its agency is not known, only what reads alike."""
    ids = frozenset[int]() if complaint.agency_id is None else family(complaint.agency_id)
    alike = near(complaint, actor, keyring, words=words, kin=ids, most=FEW)
    if not ids:
        return Panel((), (), (), None, None, (), alike)
    return Panel(
        agreements=agreements_seen(actor, ids),
        counts=counts(actor, ids),
        open_cases=_open_cases(complaint, ids, actor),
        rating=_rating(ids, actor),
        next_visit=_next_visit(ids, actor),
        earlier=_earlier(complaint, ids, actor),
        alike=alike,
    )


def _open_cases(complaint: Complaint, ids: frozenset[int], actor: Actor) -> Sequence[Case]:
    """What is open about the agency beside its complaints, the latest first."""
    found = (
        visible(actor)
        .where(
            Case.agency_id.in_(ids), Case.closed_at.is_(None), Case.kind.not_in(("agreement", "complaint"))
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(FEW)
    )
    return session().scalars(found).all()


def _rating(ids: frozenset[int], actor: Actor) -> Rating | None:
    """The rating of the last report; the scale is the one it was given on."""
    found = session().scalar(
        select(Inspection)
        .where(
            sees(actor),
            Inspection.agency_id.in_(ids),
            Inspection.report_issued_on.is_not(None),
            Inspection.rating.is_not(None),
        )
        .order_by(Inspection.report_issued_on.desc(), Inspection.id.desc())
        .limit(1)
    )
    if found is None or found.report_issued_on is None:
        return None
    scales = (s for s in book(found.policy_id).scales if s.name == found.rating_scale)
    titles = {r.code: r.title for scale in scales for r in scale.ratings}
    title = titles.get(found.rating or "", found.rating or "")
    return Rating(found.reference, title, found.report_issued_on)


def _next_visit(ids: frozenset[int], actor: Actor) -> NextVisit | None:
    """The open inspection that comes first, before its fieldwork is over."""
    on = func.coalesce(Inspection.scheduled_on, Inspection.due_on)
    found = session().scalar(
        select(Inspection)
        .where(
            sees(actor),
            Inspection.agency_id.in_(ids),
            Inspection.closed_at.is_(None),
            Inspection.fieldwork_completed_on.is_(None),
            on.is_not(None),
        )
        .order_by(on, Inspection.id)
        .limit(1)
    )
    if found is None:
        return None
    planned = found.scheduled_on or found.due_on
    assert planned is not None
    return NextVisit(found.reference, planned, found.scheduled_on is not None)


def _earlier(complaint: Complaint, ids: frozenset[int], actor: Actor) -> Sequence[Case]:
    """Complaints about the agency that were received before this one, the latest first."""
    found = (
        visible(actor)
        .where(
            Case.kind == "complaint",
            Case.agency_id.in_(ids),
            Case.id != complaint.id,
            Case.state != VOIDED,
            Case.received_at <= complaint.received_at,
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(FEW)
    )
    return session().scalars(found).all()
