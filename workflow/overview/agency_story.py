"""The story of an agency: inspections with their ratings, what is open to correct, documents. Reads only.

As everywhere, of each kind of case only what this person may see; what is not seen is not counted either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from workflow.cases.access import sees
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import OVERSEERS, House
from workflow.cases.models import VOIDED, Case, Clock
from workflow.complaints.kind import READERS
from workflow.complaints.models import Allegation
from workflow.corrective.facts import CLASSES
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session
from workflow.documents.kinds import KINDS
from workflow.documents.models import Document
from workflow.engine.actors import Actor, Role
from workflow.inspections.models import Inspection
from workflow.policy.queries import book

#: A page shows so many of each; the lists of the rooms have the rest.
MOST: Final = 12
CITED: Final = dict(CLASSES)


@dataclass(frozen=True, slots=True)
class Rated:
    """One inspection in the row of those of an agency; `on` is the report's day, else of the visit or due."""

    reference: str
    model: str | None
    kind_of: str
    state: str
    on: date | None
    rating: str | None


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """One corrective action that is open."""

    reference: str
    title: str
    class_label: str | None
    state: str
    is_repeat: bool
    due_words: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """One document of an inspection or a corrective action; its name stays on its own page."""

    reference: str
    title: str
    number: int
    label: str
    received_at: datetime


def inspections(actor: Actor, agency_ids: Iterable[int]) -> list[Rated]:
    """The inspections of an agency's family, the latest first, with the rating of each report. One query."""
    on = func.coalesce(Inspection.report_issued_on, Inspection.scheduled_on, Inspection.due_on)
    found = (
        select(
            Inspection.reference,
            Inspection.model,
            Inspection.kind_of,
            Inspection.state,
            on,
            Inspection.rating,
            Inspection.rating_scale,
            Inspection.policy_id,
            Inspection.report_issued_on,
        )
        .where(Inspection.agency_id.in_(list(agency_ids)), Inspection.state != VOIDED, sees(actor))
        .order_by(on.desc(), Inspection.id.desc())
        .limit(MOST)
    )
    return [
        Rated(*row[:4], _day(row[4]), _rating(*row[5:8]) if row[8] else None)
        for row in session().execute(found)
    ]


def _day(value: date | str | None) -> date | None:
    """SQLite says a day that went through a function as it keeps it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _rating(code: str | None, scale: str | None, policy_id: int) -> str | None:
    """The words of a rating by the scale it was given on; a scale of another system says what it says."""
    if code is None:
        return None
    scales = {s.name: s for s in book(policy_id).scales}
    ratings = scales[scale].ratings if scale in scales else ()
    return next((r.title for r in ratings if r.code == code), code)


def to_correct(actor: Actor, agency_ids: Iterable[int], *, now: datetime) -> list[ToCorrect]:
    """The open corrective actions of an agency's family, what is due first on top. One query."""
    found = (
        select(CorrectiveAction, Clock.due_at)
        .outerjoin(Clock, (Clock.case_id == CorrectiveAction.id) & (Clock.name == "correct"))
        .where(
            CorrectiveAction.agency_id.in_(list(agency_ids)),
            CorrectiveAction.closed_at.is_(None),
            sees(actor),
        )
        .order_by(Clock.due_at.is_(None), Clock.due_at, CorrectiveAction.id)
        .limit(MOST)
    )
    return [
        ToCorrect(
            case.reference,
            case.title,
            CITED.get(case.class_code or ""),
            case.state,
            case.is_repeat,
            calendar_of(case.office_id).phrase(due, now) if due else "",
            due is not None and due < now,
        )
        for case, due in session().execute(found)
    ]


def sustained(actor: Actor, agency_ids: Iterable[int]) -> int | None:
    """How many complaints, of those this person may see, have an allegation that was sustained.

    None for whoever follows complaints without their words and does not look over all of them. One query.
    """
    if not actor.roles & (READERS | {Role.PROGRAMME_MANAGER, Role.AUDITOR}):
        return None
    found = (
        select(func.count(Allegation.complaint_id.distinct()))
        .join(Case, Allegation.complaint_id == Case.id)
        .where(
            Case.agency_id.in_(list(agency_ids)),
            Case.state != VOIDED,
            Allegation.disposition == "sustained",
            sees(actor),
        )
    )
    return session().scalar(found) or 0


def documents(house: House, actor: Actor, agency_ids: Iterable[int]) -> list[Kept]:
    """The latest documents of inspections and corrective actions, for whoever reads those cases.

    One query, and one more for each inspection for cause among them.
    """
    if not actor.roles & OVERSEERS:
        return []
    found = (
        select(Document.number, Document.kind, Document.received_at, Case)
        .join(Case, Document.case_id == Case.id)
        .where(
            Case.agency_id.in_(list(agency_ids)),
            Case.kind.in_(("inspection", "corrective")),
            Case.state != VOIDED,
            sees(actor),
        )
        .order_by(Document.received_at.desc(), Document.id.desc())
        .limit(MOST)
    )
    return [
        Kept(case.reference, case.title, number or 0, KINDS[kind].label, at)
        for number, kind, at, case in session().execute(found)
        if house.kind_of(case).reads(actor, case)
    ]
