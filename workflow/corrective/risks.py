"""Accepted risks that are accepted no longer: they come back at the first sweep after their last day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.corrective.facts import ENDED, State
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.machine import Refused, Stale
from workflow.register.models import Agreement


def end_what_is_over(house: House, now: datetime) -> int:
    """Open every corrective action again whose risk is accepted no longer; how many.

    What is asked is where each stands, not what happened since the last sweep: one that was missed, or
    run twice, changes nothing. Each in a transaction of its own.
    """
    ended = 0
    for reference in _over(now):
        case = case_for(SYSTEM, reference)
        try:
            perform(house, reference, "risk_ended", SYSTEM, seen=case.version, now=now)
        except (Refused, Stale):
            continue
        ended += 1
    return ended


def _over(now: datetime) -> list[str]:
    """Accepted risks whose last day may have passed; the rule looks at the calendar of each office."""
    found = (
        select(CorrectiveAction.reference)
        .outerjoin(Agreement, CorrectiveAction.agreement_id == Agreement.id)
        .where(
            CorrectiveAction.state == State.RISK_ACCEPTED,
            CorrectiveAction.risk_until_on <= now.date(),
            or_(Agreement.id.is_(None), Agreement.status.not_in(ENDED)),
        )
        .order_by(CorrectiveAction.risk_until_on, CorrectiveAction.id)
    )
    return list(session().scalars(found))
