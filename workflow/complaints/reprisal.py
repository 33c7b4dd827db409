"""Asking complainants again whether they suffer for having complained. Who they are is not read here.

Product rule 12: 30 and 90 days after a contact or the outcome, for whoever can be reached; never cancelled.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases import followups, recusing, tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.recusals import Recusal
from workflow.complaints import allegations, sealed, service
from workflow.complaints.facts import UNDECIDED
from workflow.complaints.inquiry_facts import CHECK_IN, CHECKED
from workflow.complaints.models import Complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

RETALIATION: Final = "retaliation"
#: Who asks: those who speak with complainants, and may look at the contact.
ASKS: Final = frozenset({Role.INTAKE})
SAME_DAY: Final = Limit("complaint.same_day")
AFTER: Final = (Limit("complaint.check_in_first"), Limit("complaint.check_in_second"))


def after_outcome(house: House, case: Any, _event: Event, now: datetime) -> None:
    """Two check-ins after the outcome was told: a reaction to `notify`."""
    assert isinstance(case, Complaint)
    if case.contact_possible:
        _promise(house, case, SYSTEM, now=now)


def after_contact(house: House, complaint: Complaint, actor: Actor, *, now: datetime) -> None:
    """The same after a contact, unless somebody will ask anyway. Inside the transaction of the contact."""
    if complaint.contact_possible and not followups.open_ones(complaint, CHECK_IN):
        _promise(house, complaint, actor, now=now)


def _promise(house: House, complaint: Complaint, by: Actor, *, now: datetime) -> None:
    rules, calendar = book(complaint.policy_id), calendar_of(complaint.office_id)
    step = complaint.version
    for due_at in (tasks.within(complaint, limit, book=rules, calendar=calendar, at=now) for limit in AFTER):
        followups.promise(
            house,
            complaint,
            CHECK_IN,
            "Ask whether the complainant suffered for it",
            Role.INTAKE,
            due_at=due_at,
            now=now,
            by=by,
            page="complaints.check_in",
            after=step,
        )


@retried
def check_in(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    result: str,
    words: str,
    *,
    seen: int,
    now: datetime,
) -> str:
    """Record what a complainant said. Reprisal opens an allegation, or a complaint where it is decided.

    Returns the reference of the complaint that now alleges it, or of this one.
    """
    with transaction() as s, s.no_autoflush:
        complaint = service.open_complaint(reference, actor, ASKS, seen)
        row = followups.waiting(actor, complaint, number, seen)
        if row.kind != CHECK_IN:
            raise Refused(Refusal("kind", "This is not a check-in."))
        if result not in dict(CHECKED):
            raise Refused(Refusal("unfit", "Choose one of the list.", "result"))
        if not words.strip():
            raise Refused(Refusal("required", "Say what they said, or how it was tried.", "words"))
        followups.end(house, row, complaint, actor, "kept", result, words, now=now)
        told = complaint.reference
        if result == "reprisal":
            told = _alleged(house, complaint, actor, words, now=now)
        s.flush()
        return told


def _alleged(house: House, complaint: Complaint, actor: Actor, words: str, *, now: datetime) -> str:
    """Retaliation as an allegation of its own: here while nothing is decided, else as a new complaint."""
    if complaint.state in UNDECIDED:
        complaint.fears_reprisal = True
        allegations.add(house, complaint, actor, RETALIATION, "unknown", now=now)
        _tell_reviewer(complaint, actor, now=now)
        return complaint.reference
    session().flush()
    told = service.Told(
        channel="check_in",
        words={"narrative": words},
        contact=sealed.contact_of(complaint, house.keyring),
        allegations=(RETALIATION,),
        agency_id=complaint.agency_id,
        agreement_ids=(complaint.agreement_id,) if complaint.agreement_id else (),
        fears_reprisal=True,
    )
    new = service.take_in(house, told, actor, now=now, cause=complaint.events[-1])
    new.is_protected = complaint.is_protected
    _keep_out(house, complaint, new, actor, now=now)
    return new.reference


def _keep_out(house: House, complaint: Complaint, new: Complaint, actor: Actor, *, now: datetime) -> None:
    """Whoever must not touch a complaint must not touch what came of it either."""
    stands = select(Recusal).where(Recusal.case_id == complaint.id, Recusal.withdrawn_at.is_(None))
    for row in session().scalars(stands.order_by(Recusal.id)).all():
        recusing.keep_out(house, new, row.person_id, row.reason, actor, now=now)


def _tell_reviewer(complaint: Complaint, actor: Actor, *, now: datetime) -> None:
    """Retaliation is of tier 1 by its kind; a person decides, the same day."""
    rules, calendar = book(complaint.policy_id), calendar_of(complaint.office_id)
    tasks.add(
        complaint,
        kind="notice",
        title="Retaliation was alleged: look at the tier",
        verb=None,
        role=Role.REVIEWER,
        due_at=tasks.within(complaint, SAME_DAY, book=rules, calendar=calendar, at=now),
        calendar=calendar,
        at=now,
        actor_id=actor.id,
    )
