"""Opening inspections, and what other cases do to them. Steps a person takes go through `perform`.

Findings are written in `findings`, the checklist in `answers`. Everything here may run inside a
transaction that is open already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from workflow.cases import tasks
from workflow.cases.access import NotThere, sees
from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.cases.perform import enter, react
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import rules
from workflow.inspections.facts import (
    CAUSE_TIER,
    FOR_CAUSE,
    REPORTED,
    ROUTINE,
    UNDER_WAY,
    UNREPORTED,
    State,
)
from workflow.inspections.machine import MACHINE
from workflow.inspections.models import Inspection
from workflow.policy import queries as policy
from workflow.policy.duties import OWING
from workflow.register.models import Agreement

SCHEDULE_FOR_CAUSE: Final = Limit("inspection.for_cause")


@retried
def plan(
    house: House,
    agreement_id: int,
    *,
    due_on: date,
    basis: str,
    kind_of: str = ROUTINE,
    actor: Actor = SYSTEM,
    now: datetime,
    cause: Event | None = None,
) -> Inspection:
    """Plan an inspection that is owed on a day; `basis` says why then.

    Raises `Refused` while another routine one is planned or under way, and `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        row = _row(_agreement(agreement_id, actor), kind_of, now=now)
        answers = {"due_on": due_on, "basis": basis}
        enter(house, row, "plan", actor, answers, now=now, cause=cause)
        _settle_in()
        return row


@retried
def open_for_cause(
    house: House,
    agreement_id: int,
    *,
    trigger: str,
    explanation: str,
    actor: Actor,
    now: datetime,
    cause: Event | None = None,
) -> Inspection:
    """Open an inspection for cause. It is due when it has to be scheduled."""
    with transaction() as s, s.no_autoflush:
        row = _row(_agreement(agreement_id, actor), FOR_CAUSE, now=now)
        row.tier = CAUSE_TIER
        row.policy_id, book = policy.in_force(now.date())
        calendar = calendar_of(row.office_id)
        row.due_on = calendar.day_of(calendar.due(now, span_for(row, book, SCHEDULE_FOR_CAUSE)))
        row.basis = "for cause"
        answers = {"trigger": trigger, "explanation": explanation}
        enter(house, row, "open_for_cause", actor, answers, now=now, cause=cause)
        _settle_in()
        return row


def _agreement(agreement_id: int, actor: Actor) -> Agreement:
    found = (
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(joinedload(Agreement.agency), joinedload(Agreement.office))
    )
    if actor is not SYSTEM:
        life = select(Case.agreement_id).where(Case.kind == "agreement", sees(actor))
        found = found.where(Agreement.id.in_(life))
    agreement = session().scalar(found)
    if agreement is None:
        raise NotThere(str(agreement_id))
    return agreement


def _row(agreement: Agreement, kind_of: str, *, now: datetime) -> Inspection:
    return Inspection(
        title=f"{agreement.agency.name}, {agreement.model} inspection"[:200],
        kind_of=kind_of,
        agreement_id=agreement.id,
        agency_id=agreement.agency_id,
        agency=agreement.agency,
        office_id=agreement.office_id,
        office=agreement.office,
        model=agreement.model,
        template=agreement.template,
        received_at=now,
        unannounced=False,
        postponements=0,
        occupies_agreement_id=agreement.id if kind_of == ROUTINE else None,
    )


def _settle_in() -> None:
    """Write it down; what another planner did meanwhile is met here at the latest."""
    try:
        session().flush()
    except IntegrityError as taken:
        if "occupies_agreement_id" not in str(taken.orig):
            raise
        rule = rules.none_under_way
        raise Refused(Refusal(rule.name, rule.says)) from taken


# --- what other cases do to an inspection -------------------------------------------------------


def corrections_changed(house: House, inspection_id: int, *, now: datetime, cause: Event) -> None:
    """Look at an inspection after one of its corrections moved.

    Settles it once none is open, escalates it once one was sent back twice, and brings the due date of
    its own follow-up in line.
    """
    inspection = session().get_one(Inspection, inspection_id)
    if inspection.state not in (State.CORRECTIVE_ACTION, State.ESCALATED):
        return
    session().flush()
    if react(house, inspection, "all_settled", now=now, cause=cause) is not None:
        return
    if inspection.state == State.CORRECTIVE_ACTION and cause.verb in _SENT_BACK:
        react(house, inspection, "escalate", now=now, cause=cause)
    tasks.follow(
        inspection,
        MACHINE,
        book=policy.book(inspection.policy_id),
        calendar=calendar_of(inspection.office_id),
        at=now,
    )


#: Steps of a correction after which it may have been sent back twice. That one is late is for the sweep.
_SENT_BACK: Final = frozenset({"return_plan", "reject_correction", "reject_unplanned"})


def agreement_over(house: House, agreement_id: int, *, now: datetime, cause: Event) -> None:
    """End every open inspection of an agreement that ended: cancelled before its report, else closed."""
    for inspection in open_of(agreement_id):
        verb = "lapse" if inspection.state in UNREPORTED else "end_with_agreement"
        react(house, inspection, verb, now=now, cause=cause)


def agreement_suspended(
    house: House, agreement_id: int, *, until: date | None, now: datetime, cause: Event
) -> None:
    """Postpone what is scheduled until the suspension of the agreement ends; what has begun goes on."""
    for inspection in open_of(agreement_id):
        if until is not None and inspection.state in (State.SCHEDULED, State.NOTIFIED):
            answers = {"reason": "The agreement is suspended.", "new_on": until}
            react(house, inspection, "postpone", answers, now=now, cause=cause)


def keep_place(inspection: Inspection) -> None:
    """After a step was undone: whether it holds its agreement again, and whether fieldwork is completed."""
    if inspection.state in UNDER_WAY:
        inspection.fieldwork_completed_on = None
    holds = inspection.state in UNDER_WAY and inspection.kind_of == ROUTINE
    inspection.occupies_agreement_id = inspection.agreement_id if holds else None


def replace_cancelled(house: House, inspection: Inspection, *, now: datetime, cause: Event) -> None:
    """Plan a cancelled routine inspection again for the day it was due; a cancellation gains no time."""
    if inspection.kind_of != ROUTINE or inspection.due_on is None or inspection.agreement_id is None:
        return
    plan_if_owed(
        house,
        inspection.agreement_id,
        due_on=inspection.due_on,
        # Without its reference: whoever is recused from that one may see this one.
        basis=f"{inspection.basis or 'due then'}; replaces one that was cancelled"[:200],
        now=now,
        cause=cause,
    )


def plan_if_owed(
    house: House, agreement_id: int, *, due_on: date, basis: str, now: datetime, cause: Event
) -> Inspection | None:
    """Plan the next routine inspection, unless the agreement owes none now or has one already."""
    agreement = _agreement(agreement_id, SYSTEM)
    is_taken = select(Inspection.id).where(
        Inspection.agreement_id == agreement_id,
        Inspection.kind_of == ROUTINE,
        Inspection.state.in_(UNDER_WAY),
    )
    if agreement.status not in OWING or session().scalar(is_taken.limit(1)) is not None:
        return None
    return plan(house, agreement_id, due_on=due_on, basis=basis, now=now, cause=cause)


def open_of(agreement_id: int) -> Sequence[Inspection]:
    """The inspections of an agreement that are not at an end, locked."""
    found = (
        select(Inspection)
        .where(Inspection.agreement_id == agreement_id, Inspection.state.in_(UNREPORTED | REPORTED))
        .order_by(Inspection.id)
        .with_for_update(of=Case)
    )
    return session().scalars(found).all()
