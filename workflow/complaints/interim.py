"""Writing what is proposed until a complaint is decided, such as suspending an authority; and deciding it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from workflow.cases import followups
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.cases.tasks import within
from workflow.complaints import sealed
from workflow.complaints.inquiry import INVESTIGATORS, at_work, count_of, known, needed, row_of
from workflow.complaints.inquiry_facts import DECISIONS, INTERIM, INTERIM_ACTION
from workflow.complaints.inquiry_models import InterimAction
from workflow.complaints.service import open_complaint
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

DECIDERS: Final = frozenset({Role.MANAGER})
DECIDE_INTERIM: Final = Limit("complaint.interim")


@retried
def propose_interim(
    house: House, reference: str, actor: Actor, action: str, why: str, *, seen: int, now: datetime
) -> Done:
    """Propose what should happen until it is decided, such as suspending an authority."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, INVESTIGATORS, seen)
        at_work(complaint, actor)
        known(action, INTERIM, "action")
        needed(why, "why", "Say why it cannot wait.")
        row = InterimAction(
            complaint_id=complaint.id,
            number=count_of(InterimAction, complaint) + 1,
            action=action,
            proposed_by_id=actor.id,
            proposed_at=now,
        )
        kept = sealed.keep_row(complaint, row, "why", why, house.keyring)
        assert kept is not None
        row.why = kept
        s.add(row)
        codes = {"interim": row.number, "action": action}
        note(house, complaint, "propose_interim", actor, codes=codes, now=now)
        rules, calendar = book(complaint.policy_id), calendar_of(complaint.office_id)
        followups.promise(
            house,
            complaint,
            INTERIM_ACTION,
            "Decide on an interim action",
            Role.MANAGER,
            due_at=within(complaint, DECIDE_INTERIM, book=rules, calendar=calendar, at=now),
            now=now,
            by=actor,
            page="complaints.decide_interim",
            about=row.number,
        )
        s.flush()
        return Done(complaint.reference, complaint.version)


@retried
def decide_interim(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    decision: str,
    reasons: str,
    *,
    seen: int,
    now: datetime,
) -> Done:
    """Agree or decline, by a manager who did not propose it. What follows is done by the agency."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, DECIDERS, seen)
        row = row_of(InterimAction, complaint, number)
        if row.decision is not None:
            raise Refused(Refusal("decided", "This was decided already."))
        if row.proposed_by_id == actor.id or complaint.owner_id == actor.id:
            raise Refused(Refusal("two_people", "Whoever proposed or investigates it does not decide it."))
        known(decision, DECISIONS, "decision")
        needed(reasons, "reasons", "Give the reasons.")
        row.decision, row.decided_by_id, row.decided_at = decision, actor.id, now
        row.reasons = sealed.keep_row(complaint, row, "reasons", reasons, house.keyring)
        codes = {"interim": number, "action": row.action, "decision": decision}
        note(house, complaint, "decide_interim", actor, codes=codes, now=now)
        followups.settle(house, complaint, INTERIM_ACTION, number, actor, decision, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)
