"""What an agency's contact sees of an inspection: only what was sent. Never a note, a name, a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflow.cases import chronicle
from workflow.cases.access import sees
from workflow.cases.calendars import calendar_of
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Offer, offers
from workflow.inspections import sealed
from workflow.inspections.facts import MODES, REPORTED, State
from workflow.inspections.models import Finding, Inspection
from workflow.policy import queries as policy

#: Steps the agency is told of, with the answers that were meant for it.
TOLD: Final[dict[str, tuple[str, ...]]] = {
    "notify": ("letter", "documents"),
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
}
#: Steps the agency takes itself; the office may take them for it.
BY_AGENCY: Final = frozenset({"receive_documents", "take_comments"})
#: States in which the draft of the findings, then the report, lies with the agency.
_DRAFT: Final = frozenset({State.WITH_AGENCY, State.READY_TO_ISSUE})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was sent or received: when, what, by which side, in which words."""

    at: datetime
    what: str
    by: str
    words: tuple[tuple[str, str], ...]


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
    findings: tuple[Finding, ...]
    evidence: Mapping[int, str | None]
    is_draft: bool
    rating: str | None
    report_issued_on: date | None
    offers: tuple[Offer[Any, Any], ...]
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
        told=tuple(_told(house, inspection)),
        findings=shown,
        evidence={f.number: sealed.words_of(inspection, f, house.keyring).evidence for f in shown},
        is_draft=not is_issued,
        rating=_rating(inspection) if is_issued else None,
        report_issued_on=inspection.report_issued_on if is_issued else None,
        offers=offers(kind.machine, kind.facts_of(inspection, common(inspection)), actor, now),
        zone=str(calendar_of(inspection.office_id).zone),
    )


def _told(house: House, inspection: Inspection) -> list[Told]:
    since = inspection.sent_to_agency_at
    found = (
        select(Event)
        .where(Event.case_id == inspection.id, Event.verb.in_(TOLD))
        .order_by(Event.version.desc())
        .options(selectinload(Event.answers))
    )
    machine = house.kind_of(inspection).machine
    told = []
    for event in session().scalars(found):
        if since is None or event.occurred_at < since:
            continue
        step = machine.step(event.verb)
        assert step is not None
        words = chronicle.words_of(event, inspection, house.keyring)
        labels = {ask.name: ask.label for ask in step.asks}
        by = "the agency" if event.verb in BY_AGENCY else "the office"
        shown = tuple((labels[n], words[n]) for n in TOLD[event.verb] if n in words)
        told.append(Told(event.occurred_at, step.label, by, shown))
    return told


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
