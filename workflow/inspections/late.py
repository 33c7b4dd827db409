"""Corrections that do not come: past their original due date by the span of the policy they give cause.

Computed afresh at every sweep, from what every case has: one that did not run loses nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from workflow.cases import for_cause
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock
from workflow.cases.promises import FollowUp
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM
from workflow.inspections.facts import STUCK
from workflow.policy.duties import OWING
from workflow.policy.queries import book
from workflow.register.models import Agreement


def propose_for_late_corrections(house: House, now: datetime) -> int:
    """Propose an inspection for each correction that is late by so much, once; how many. Each by itself."""
    return sum(_propose(house, reference, now=now) for reference in _late(now))


def _late(now: datetime) -> list[str]:
    """Corrections past their original due date, not in dispute and not proposed from. One query.

    A suspension holds the office up, not the agency; what is late is proposed once it is over.
    """
    asked = exists().where(
        FollowUp.case_id == Case.id,
        FollowUp.kind == for_cause.LATE,
        or_(FollowUp.result.is_(None), FollowUp.result != "undone"),
    )
    found = (
        select(Case.reference)
        .join(Clock, and_(Clock.case_id == Case.id, Clock.name == "correct"))
        .join(Agreement, Agreement.id == Case.agreement_id)
        .where(
            Case.kind == "corrective",
            Case.closed_at.is_(None),
            Clock.stopped_at.is_(None),
            Clock.paused_at.is_(None),
            Clock.original_due_at < now,
            Agreement.status.in_(OWING),
            ~asked,
        )
        .order_by(Clock.original_due_at, Case.id)
    )
    return list(session().scalars(found))


@retried
def _propose(house: House, reference: str, *, now: datetime) -> bool:
    with transaction() as s, s.no_autoflush:
        case = case_for(SYSTEM, reference, lock=True)
        calendar = calendar_of(case.office_id)
        owed = next((c.original_due_at for c in case.clocks if c.name == "correct"), None)
        span = span_for(case, book(case.policy_id), STUCK)
        is_late = case.closed_at is None and owed is not None and calendar.due(owed, span) < now
        made = for_cause.propose(house, case, for_cause.LATE, now=now) if is_late else None
        s.flush()
        return made is not None
