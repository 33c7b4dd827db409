"""Citing deficiencies, and what other cases do to corrective actions. People take steps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.cases import tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.cases.perform import enter, react
from workflow.corrective.facts import CRITICAL, UNSETTLED, State
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.effects import Limit
from workflow.policy import queries as policy

ESCALATED: Final = Limit("corrective.escalated")
SENT_BACK_TWICE: Final = "Sent back twice: decide how it goes on"


@dataclass(frozen=True, slots=True)
class Deficiency:
    """One deficiency of an inspection, as plain values.

    `class_code` is the class it is cited with: for a repeat one higher than it was judged. The inspection
    that found the same before is `found_before_id`.
    """

    finding_id: int
    item: str
    clause: str
    evidence: str
    class_code: str
    repeat_of_finding_id: int | None = None
    found_before_id: int | None = None


def cite(
    house: House,
    source: Case,
    deficiency: Deficiency,
    *,
    now: datetime,
    cause: Event | None,
    actor: Actor = SYSTEM,
) -> CorrectiveAction | None:
    """Open the corrective action of a deficiency found by `source`; None when it has one already."""
    with transaction() as s, s.no_autoflush:
        if cited(deficiency.finding_id) is not None:
            return None
        earlier = deficiency.repeat_of_finding_id
        before = cited(earlier) if earlier is not None else None
        row = CorrectiveAction(
            title=f"{source.agency.name if source.agency else 'Agency'}, deficiency {deficiency.item}"[:200],
            finding_id=deficiency.finding_id,
            is_repeat=earlier is not None,
            repeat_of_id=before.id if before else None,
            found_before_id=deficiency.found_before_id,
            returns=0,
            caused_by_id=source.id,
            agreement_id=source.agreement_id,
            agency_id=source.agency_id,
            agency=source.agency,
            office_id=source.office_id,
            office=source.office,
            model=source.model,
            template=source.template,
        )
        answers = {
            "clause": deficiency.clause,
            "evidence": deficiency.evidence,
            "class": deficiency.class_code,
        }
        enter(house, row, "cite", actor, answers, now=now, cause=cause)
        s.flush()
        return row


def cited(finding_id: int) -> CorrectiveAction | None:
    """The corrective action of a finding."""
    found = select(CorrectiveAction).where(CorrectiveAction.finding_id == finding_id)
    return session().scalar(found)


def give_to_manager(corrective: CorrectiveAction) -> None:
    """The plan for a critical deficiency is a manager's to accept: hand the task over."""
    if corrective.tier != CRITICAL or corrective.state != State.PLAN_SUBMITTED:
        return
    for task in tasks.open_tasks(corrective, corrective.state):
        task.role = Role.MANAGER


def ask_headquarters(corrective: CorrectiveAction, *, now: datetime) -> None:
    """What was sent back twice is a programme manager's to decide: a task, while none is open."""
    if any(task.title == SENT_BACK_TWICE for task in tasks.open_tasks(corrective)):
        return
    calendar = calendar_of(corrective.office_id)
    book = policy.book(corrective.policy_id)
    tasks.add(
        corrective,
        kind="notice",
        title=SENT_BACK_TWICE,
        verb=None,
        role=Role.PROGRAMME_MANAGER,
        due_at=tasks.within(corrective, ESCALATED, book=book, calendar=calendar, at=now),
        calendar=calendar,
        at=now,
        actor_id=SYSTEM.id,
    )


def agreement_over(house: House, agreement_id: int, *, now: datetime, cause: Event) -> None:
    """Lapse every corrective action of an agreement that ended."""
    found = (
        select(CorrectiveAction)
        .where(CorrectiveAction.agreement_id == agreement_id, CorrectiveAction.state.in_(UNSETTLED))
        .order_by(CorrectiveAction.id)
        .with_for_update(of=Case)
    )
    for corrective in session().scalars(found).all():
        react(house, corrective, "lapse", now=now, cause=cause)
