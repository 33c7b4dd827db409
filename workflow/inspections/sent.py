"""What an agency's contact sees of an inspection: only what was sent. Never a note, a name, a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases.access import sees
from workflow.cases.calendars import calendar_of
from workflow.cases.handed_in import handed_in
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.tasks import open_tasks
from workflow.cases.told import Told, told
from workflow.db.session import session
from workflow.documents.queries import Shown
from workflow.engine.actors import Actor
from workflow.engine.machine import Offer, offers
from workflow.inspections import report_kept, sealed
from workflow.inspections.facts import MODES, REPORTED, State
from workflow.inspections.models import Finding, Inspection
from workflow.inspections.report_comments import Said, comments_of
from workflow.inspections.report_text import Text, text_of
from workflow.policy import queries as policy

#: Steps the agency is told of, with the answers that were meant for it.
TOLD: Final[dict[str, tuple[str, ...]]] = {
    "notify": ("letter", "documents"),
    "confirm_visit": ("reply", "words"),
    "request_documents": ("letter", "documents"),
    "receive_documents": ("received",),
    "postpone": ("new_on",),
    "schedule": (),
    "reschedule": (),
    "begin": (),
    "complete_fieldwork": (),
    "pass_review": (),
    "take_comments": ("comments",),
    "comments_lapsed": (),
    "issue_report": ("conclusion",),
    "request_correction": (),
    "close_clean": (),
    "close": ("letter",),
    "end_with_agreement": (),
    "cancel": (),
    "agency_wrote": ("words",),
    "agency_document": (),
}
#: Steps the agency takes itself; the office may take them for it.
BY_AGENCY: Final = frozenset(
    {"confirm_visit", "receive_documents", "take_comments", "agency_wrote", "agency_document"}
)
#: States in which the draft of the findings, then the report, lies with the agency.
_DRAFT: Final = frozenset({State.WITH_AGENCY, State.READY_TO_ISSUE})


@dataclass(frozen=True, slots=True)
class SentReport:
    """The agency's part of a report: its text, until when it may comment, what it said, what was issued.

    The text is shown as long as it is a draft; after that the issued PDF counts.
    """

    text: Text | None
    is_open: bool
    due_on: date | None
    comments: tuple[Said, ...]
    issued: int | None
    digest: str | None


@dataclass(frozen=True)
class Sent:
    """The agency's part of an inspection. `is_draft`: the findings are for comments on the facts.

    `evidence` is what each of the findings says, by its number; what the office noted for itself is not here.
    """

    reference: str
    title: str
    stage: str
    mode: str | None
    scheduled_on: date | None
    until_on: date | None
    told: tuple[Told, ...]
    documents: tuple[Shown, ...]
    can_write: bool
    findings: tuple[Finding, ...]
    evidence: Mapping[int, str | None]
    is_draft: bool
    rating: str | None
    report_issued_on: date | None
    offers: tuple[Offer[Any, Any], ...]
    report: SentReport
    zone: str


def sent(house: House, inspection: Inspection, actor: Actor, *, now: datetime) -> Sent:
    """What was sent to the agency of this inspection, since it was told of it."""
    kind = house.kind_of(inspection)
    state = State(inspection.state)
    is_issued = inspection.report_issued_on is not None and state in REPORTED | {State.CLOSED}
    written = inspection.findings if is_issued or state in _DRAFT else []
    shown = tuple(f for f in written if f.result != "met" and not f.is_withdrawn)
    return Sent(
        reference=inspection.reference,
        title=inspection.title,
        stage=kind.machine.stage(state).label,
        mode=dict(MODES).get(inspection.mode or ""),
        scheduled_on=inspection.scheduled_on,
        until_on=inspection.until_on,
        told=told(house, inspection, TOLD, BY_AGENCY),
        documents=tuple(handed_in(house, inspection)),
        can_write=inspection.closed_at is None,
        findings=shown,
        evidence={f.number: sealed.words_of(inspection, f, house.keyring).evidence for f in shown},
        is_draft=not is_issued,
        rating=_rating(inspection) if is_issued else None,
        report_issued_on=inspection.report_issued_on if is_issued else None,
        offers=offers(kind.machine, kind.facts_of(inspection, common(inspection)), actor, now),
        report=_report(house, inspection, is_issued=is_issued),
        zone=str(calendar_of(inspection.office_id).zone),
    )


def _report(house: House, inspection: Inspection, *, is_issued: bool) -> SentReport:
    """At most three queries."""
    row = report_kept.standing(inspection) if is_issued else None
    due = next((task.due_at for task in open_tasks(inspection, State.WITH_AGENCY)), None)
    return SentReport(
        text=text_of(house, inspection)[0] if inspection.state in _DRAFT else None,
        is_open=inspection.state == State.WITH_AGENCY,
        due_on=calendar_of(inspection.office_id).day_of(due) if due else None,
        comments=tuple(comments_of(house, inspection)),
        issued=row.number if row else None,
        digest=row.digest if row else None,
    )


def _rating(inspection: Inspection) -> str | None:
    if inspection.rating is None:
        return None
    scale = policy.book(inspection.policy_id).scale(inspection.rating_scale or "")
    return next((r.title for r in scale.ratings if r.code == inspection.rating), inspection.rating)


def sent_to(actor: Actor, *, limit: int = 200) -> Sequence[Inspection]:
    """The inspections of which something was sent to the actor's agencies, the latest first."""
    found = (
        select(Inspection)
        .where(sees(actor), Inspection.sent_to_agency_at.is_not(None))
        .order_by(Inspection.sent_to_agency_at.desc(), Inspection.id.desc())
        .limit(limit)
    )
    return session().scalars(found).all()
