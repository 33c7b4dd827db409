"""Inspections as the substrate sees them: machine, table, the picture for rules, lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from workflow.cases import for_cause
from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import CaseKind, Choices, Common, House, oversees
from workflow.cases.models import Case, Clock, Event
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Ask
from workflow.engine.spans import Span
from workflow.inspections.appointments import PROMISES, chase_documents
from workflow.inspections.checklist import Item
from workflow.inspections.checklists import checklist_of
from workflow.inspections.facts import (
    BY_COMPLAINT,
    MEASURED,
    ROUTINE,
    SCALE,
    UNDER_WAY,
    Correction,
    InspectionFacts,
    State,
)
from workflow.inspections.late import propose_for_late_corrections
from workflow.inspections.leads import (
    READERS,
    Candidates,
    agreement_of,
    candidates,
    eligible,
    readers,
    supervisor_of,
    working,
)
from workflow.inspections.machine import MACHINE
from workflow.inspections.models import Inspection
from workflow.inspections.notes import NOTES
from workflow.inspections.report_rows import latest_text, unanswered
from workflow.policy import queries as policy
from workflow.policy.book import Book

#: States in which a lead is chosen, so that everybody who might be one is read.
_CHOOSING: Final = frozenset({State.PLANNED, State.POSTPONED})
#: Steps of a corrective action that send it back.
REJECTIONS: Final = ("return_plan", "reject_correction", "reject_unplanned")


def facts_of(inspection: Inspection, common: Common) -> InspectionFacts:
    """The picture of an inspection. At most eight queries more than the common ones."""
    state, book = State(inspection.state), policy.book(inspection.policy_id)
    agreement = agreement_of(inspection)
    is_new = not common["version"]
    found = Candidates() if is_new or state not in _CHOOSING else candidates(inspection)
    here = working(inspection.office_id, READERS) if state is State.FIELDWORK_COMPLETE else {}
    return InspectionFacts(
        state=state,
        calendar=calendar_of(inspection.office_id),
        spans=_spans(inspection, book),
        kind_of=inspection.kind_of or ROUTINE,
        owner_id=inspection.owner_id,
        second_reader_id=inspection.second_reader_id,
        supervisor_id=agreement.supervisor_id if agreement else None,
        agreement_status=agreement.status if agreement else None,
        unannounced=bool(inspection.unannounced),
        documents_open=any(c.name == "documents" and c.stopped_at is None for c in inspection.clocks),
        due_on=inspection.due_on,
        scheduled_on=inspection.scheduled_on,
        others_under_way=_others_under_way(inspection) if is_new else 0,
        staff=found.staff,
        readers=frozenset(here),
        trained=found.trained,
        last_leads=found.last_leads,
        taken=found.taken,
        ratings=frozenset(r.code for r in book.scale(SCALE).ratings),
        corrections=() if is_new else open_corrections(inspection.id),
        has_summary=state is State.FIELDWORK_COMPLETE and latest_text(inspection) is not None,
        open_comments=unanswered(inspection) if state is State.READY_TO_ISSUE else 0,
        **_fieldwork(inspection, is_new=is_new),
        **common,
    )


def _fieldwork(inspection: Inspection, *, is_new: bool) -> dict[str, Any]:
    """What the checklist and the findings come to."""
    if is_new or inspection.checklist is None:
        return {}
    answers = {a.item: a.answer for a in inspection.answers}
    found = {f.item for f in inspection.findings if f.result != "met"}
    deficiencies = [f for f in inspection.findings if f.is_deficiency]
    classes = [f.cited_class for f in deficiencies]
    return {
        "unanswered": sum(i.code not in answers for i in items_of(inspection)),
        "disputed": sum(a.is_disputed for a in inspection.answers),
        "unfound": sum(answer == "no" and item not in found for item, answer in answers.items()),
        "unfinished": sum(not f.is_whole for f in deficiencies),
        "deficiencies": len(deficiencies),
        "criticals": classes.count("critical"),
        "majors": classes.count("major"),
        "urgent_open": frozenset(str(f.number) for f in inspection.findings if not f.is_urgent),
    }


def _spans(inspection: Inspection, book: Book) -> Mapping[str, Span]:
    return {limit.name: span_for(inspection, book, limit) for limit in MEASURED}


def items_of(inspection: Inspection) -> tuple[Item, ...]:
    """The items of the checklist that apply to this inspection; none before it was begun."""
    if inspection.checklist is None:
        return ()
    return checklist_of(inspection.checklist).applicable(inspection.model, inspection.template)


def _others_under_way(inspection: Inspection) -> int:
    found = (
        select(func.count())
        .select_from(Inspection)
        .where(
            Inspection.agreement_id == inspection.agreement_id,
            Inspection.kind_of == ROUTINE,
            Inspection.state.in_(UNDER_WAY),
        )
    )
    return session().scalar(found) or 0


def open_corrections(inspection_id: int) -> tuple[Correction, ...]:
    """The corrective actions of an inspection that are not settled, read from what every case has.

    Sending back does not count where it was undone.
    """
    undoing = aliased(Event)
    undone = exists().where(
        undoing.case_id == Event.case_id,
        undoing.verb == "void",
        undoing.codes["voids"].as_integer() == Event.version,
    )
    rejected = (
        select(func.count(Event.id))
        .where(Event.case_id == Case.id, Event.verb.in_(REJECTIONS), ~undone)
        .correlate(Case)
        .scalar_subquery()
    )
    found = (
        select(Clock.original_due_at, rejected)
        .select_from(Case)
        .outerjoin(Clock, (Clock.case_id == Case.id) & (Clock.name == "correct"))
        .where(Case.caused_by_id == inspection_id, Case.kind == "corrective", Case.closed_at.is_(None))
        .order_by(Case.id)
    )
    rows: list[tuple[datetime | None, int]] = [(due, n) for due, n in session().execute(found)]
    return tuple(Correction(due, n) for due, n in rows)


def choices(case: Case | None, ask: Ask) -> Choices:
    """What can be chosen on this inspection."""
    if not isinstance(case, Inspection):
        return []
    match ask.of:
        case "leads":
            return [(str(person), name) for person, name in eligible(case)]
        case "readers":
            return [(str(person), name) for person, name in readers(case)]
        case "urgent":
            return [(str(f.number), f"{f.number}: {f.item}") for f in case.findings if not f.is_urgent]
        case "ratings":
            return [(r.code, r.title) for r in policy.book(case.policy_id).scale(SCALE).ratings]
    return []


def reads(actor: Actor, inspection: Inspection) -> bool:
    """Who supervises the agreement learns of no complaint behind an inspection: it may be about them."""
    follows_complaint = inspection.trigger == BY_COMPLAINT
    return oversees(actor, inspection) and not (follows_complaint and supervisor_of(inspection) == actor.id)


def as_time_passes(house: House, now: datetime) -> int:
    """Ask again for documents, and propose inspections where corrections do not come."""
    return chase_documents(house, now) + propose_for_late_corrections(house, now)


KIND: Final = CaseKind(
    machine=MACHINE,
    model=Inspection,
    facts_of=facts_of,
    letter="I",
    endpoint="inspections.show",
    choices=choices,
    notes=NOTES,
    reads=reads,
    promises={**PROMISES, **for_cause.PROMISES},
    must_be_kept=frozenset(for_cause.CAUSES),
    pages=dict.fromkeys(("notify", "request_documents"), "inspections.write_letter"),
    as_time_passes=as_time_passes,
)
