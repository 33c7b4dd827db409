"""What is known beside a new complaint: its agency, its inspections, what was said before. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from workflow.cases.access import sees, visible
from workflow.cases.models import Case
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.inspections.models import Inspection
from workflow.overview.agency_queries import AgreementLine, Count, agreements_seen, counts
from workflow.policy.queries import book
from workflow.register.queries import family

#: Complaints that came so near in time to another about the same agency are looked at together.
NEAR_IN_TIME: Final = timedelta(days=30)
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


@dataclass(frozen=True, slots=True)
class Alike:
    """Another complaint that may be about the same, and why."""

    reference: str
    why: str


@dataclass(frozen=True)
class Panel:
    """Everything beside the text, as far as the reader may see it."""

    agreements: Sequence[AgreementLine]
    counts: Sequence[Count]
    open_cases: Sequence[Case]
    rating: Rating | None
    next_visit: NextVisit | None
    earlier: Sequence[Case]
    alike: Sequence[Alike]


def panel(complaint: Complaint, actor: Actor) -> Panel:
    """The panel of a complaint; empty, without a query, while its agency is not known. Else nine queries."""
    if complaint.agency_id is None:
        return Panel((), (), (), None, None, (), ())
    ids = family(complaint.agency_id)
    return Panel(
        agreements=agreements_seen(actor, ids),
        counts=counts(actor, ids),
        open_cases=_open_cases(complaint, ids, actor),
        rating=_rating(ids, actor),
        next_visit=_next_visit(ids, actor),
        earlier=_earlier(complaint, ids, actor),
        alike=_alike(complaint, ids, actor),
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
            Case.received_at <= complaint.received_at,
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(FEW)
    )
    return session().scalars(found).all()


def _alike(complaint: Complaint, ids: frozenset[int], actor: Actor) -> list[Alike]:
    """Complaints about the same agency that came at about the same time or say the same day."""
    own = Complaint.__table__.alias()
    near = Case.received_at.between(
        complaint.received_at - NEAR_IN_TIME, complaint.received_at + NEAR_IN_TIME
    )
    same_day = own.c.occurred_on == complaint.occurred_on if complaint.occurred_on else None
    found = (
        select(Case.reference, Case.received_at, own.c.occurred_on)
        .join(own, own.c.id == Case.id)
        .where(
            sees(actor),
            Case.agency_id.in_(ids),
            Case.id != complaint.id,
            Case.state.not_in(("merged", "voided")),
            near if same_day is None else or_(near, same_day),
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(FEW)
    )
    return [
        Alike(reference, _why(complaint, received.date(), occurred))
        for reference, received, occurred in session().execute(found)
    ]


def _why(complaint: Complaint, received: date, occurred: date | None) -> str:
    if occurred is not None and occurred == complaint.occurred_on:
        return f"same agency, about the same day ({day_words(occurred)})"
    return f"same agency, received {day_words(received)}"
