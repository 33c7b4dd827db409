"""Corrective actions as the substrate sees them: machine, table, the picture for rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import CaseKind, Common
from workflow.cases.models import Event
from workflow.corrective.facts import MEASURED, CorrectiveFacts, State
from workflow.corrective.machine import MACHINE
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.spans import Span
from workflow.policy import queries as policy
from workflow.register.models import Agreement


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
        issued_by=issued_by(corrective) if common["version"] else frozenset(),
        agreement_status=agreement.status if agreement else None,
        **common,
    )


def issued_by(corrective: CorrectiveAction) -> frozenset[int]:
    """Whoever took the step (or the entry) from which the deficiency was cited: the report's issuer."""
    cause = aliased(Event)
    found = (
        select(cause.actor_id, cause.second_id)
        .join(Event, Event.cause_id == cause.id)
        .where(Event.case_id == corrective.id, Event.verb == "cite")
    )
    people = {person for row in session().execute(found) for person in row}
    return frozenset(person for person in people if person is not None and person != SYSTEM.id)


KIND: Final = CaseKind(
    machine=MACHINE,
    model=CorrectiveAction,
    facts_of=facts_of,
    letter="A",
    endpoint="corrective.show",
)
