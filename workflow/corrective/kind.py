"""Corrective actions as the substrate sees them: machine, table, the picture for rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from workflow.cases import for_cause
from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import CaseKind, Common
from workflow.cases.models import Event
from workflow.cases.notes import ENCLOSED, FROM_AGENCY, Note
from workflow.corrective.facts import MEASURED, CorrectiveFacts, State
from workflow.corrective.machine import MACHINE
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.risks import end_what_is_over
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.spans import Span
from workflow.policy import queries as policy
from workflow.register.models import Agreement

#: Steps and entries of an inspection by which somebody has a hand in what it found.
REPORTING: Final = frozenset(
    {
        "record_finding",
        "change_finding",
        "escalate_urgent",
        "draft_findings",
        "send_back",
        "pass_review",
        "issue_report",
    }
)
#: What a corrective action has beside its steps: documents, as evidence.
NOTES: Final[Mapping[str, Note]] = {**ENCLOSED, **FROM_AGENCY}


def facts_of(corrective: CorrectiveAction, common: Common) -> CorrectiveFacts:
    """The picture of a corrective action. Two queries more than the common ones."""
    book = policy.book(corrective.policy_id)
    spans: Mapping[str, Span] = {limit.name: span_for(corrective, book, limit) for limit in MEASURED}
    agreement = session().get(Agreement, corrective.agreement_id) if corrective.agreement_id else None
    return CorrectiveFacts(
        state=State(corrective.state),
        calendar=calendar_of(corrective.office_id),
        spans=spans,
        tier=corrective.tier,
        is_repeat=bool(corrective.is_repeat),
        cited_at=corrective.received_at,
        issued_by=issued_by(corrective),
        evidence_by=evidence_by(corrective) if "add_document" in common["times"] else frozenset(),
        risk_until_on=corrective.risk_until_on,
        agreement_status=agreement.status if agreement else None,
        **common,
    )


def issued_by(corrective: CorrectiveAction) -> frozenset[int]:
    """Whoever had a hand in what the inspection found: wrote it down, read it again, issued its report."""
    if corrective.caused_by_id is None:
        return frozenset()
    found = select(Event.actor_id, Event.second_id).where(
        Event.case_id == corrective.caused_by_id, Event.verb.in_(REPORTING)
    )
    people = {person for row in session().execute(found) for person in row}
    return frozenset(person for person in people if person is not None and person != SYSTEM.id)


def evidence_by(corrective: CorrectiveAction) -> frozenset[int]:
    """Whoever added a document before the correction was there to be verified."""
    added = select(Event.actor_id).where(
        Event.case_id == corrective.id, Event.verb == "add_document", Event.source != State.CORRECTED
    )
    return frozenset(session().scalars(added))


KIND: Final = CaseKind(
    machine=MACHINE,
    model=CorrectiveAction,
    facts_of=facts_of,
    letter="A",
    endpoint="corrective.show",
    notes=NOTES,
    promises=for_cause.PROMISES,
    must_be_kept=frozenset(for_cause.CAUSES),
    pages={"submit_plan": "plans.submit", "accept_plan": "plans.review", "claim_corrected": "plans.claim"},
    as_time_passes=end_what_is_over,
)
