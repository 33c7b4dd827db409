"""Groups of complaints about one thing: put together and taken apart, each an event of the complaint.

Grouping changes no state, no date and no answer: every member stays findable and is answered by itself. The
earliest receipt rules: by it the members stand in triage and in the queue, and its date is that of the group.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update

from workflow.cases import tasks
from workflow.cases.access import sees
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock
from workflow.cases.perform import Done, note
from workflow.complaints.facts import UNDECIDED
from workflow.complaints.models import Complaint, ComplaintGroup
from workflow.complaints.service import open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused

GROUPS: Final = frozenset({Role.REVIEWER})
#: How many complaints are acted on, or shown, at once.
MOST: Final = 200


@retried
def join(
    house: House, reference: str, actor: Actor, group_id: int | None, reason: str, *, seen: int, now: datetime
) -> Done:
    """Put a complaint into a group; None makes a new one. Raises `Stale`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, GROUPS, seen)
        if why := why_not(complaint):
            raise Refused(Refusal("group", why))
        if not reason.strip():
            raise Refused(Refusal("required", "Say why these belong together.", "reason"))
        if group_id is None:
            made = ComplaintGroup(made_by_id=actor.id, at=now)
            s.add(made)
            s.flush()
            group_id = made.id
        complaint.group_id = group_id
        note(house, complaint, "group", actor, codes={"group": group_id}, words={"reason": reason}, now=now)
        s.flush()
        _put_in_order(_ids_of(group_id))
        return Done(complaint.reference, complaint.version)


@retried
def leave(house: House, reference: str, actor: Actor, reason: str, *, seen: int, now: datetime) -> Done:
    """Take a complaint out of its group; nothing else of it changes."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, GROUPS, seen)
        if complaint.group_id is None:
            raise Refused(Refusal("group", "It is in no group."))
        codes, left = {"group": complaint.group_id}, complaint.group_id
        complaint.group_id = None
        note(house, complaint, "ungroup", actor, codes=codes, words={"reason": reason}, now=now)
        s.flush()
        _put_in_order([complaint.id])
        _put_in_order(_ids_of(left))
        return Done(complaint.reference, complaint.version)


def _ids_of(group_id: int) -> list[int]:
    own = Complaint.__table__.c
    return list(session().scalars(select(own.id).where(own.group_id == group_id)))


def _put_in_order(ids: list[int]) -> None:
    """Let the earliest receipt of these decide where each stands in triage and in the queue.

    What nobody sees moves too: where a complaint stands says of the others no more than that it is early.
    """
    s = session()
    cases = list(s.scalars(select(Case).where(Case.id.in_(ids)).execution_options(populate_existing=True)))
    earliest = min((case.received_at for case in cases), default=None)
    moved = [case for case in cases if case.counts_from != earliest]
    # The rows of others are not locked for a step: only these two columns are written, and no version.
    s.execute(update(Case).where(Case.id.in_([c.id for c in moved])).values(counts_from=earliest))
    for case in moved:
        for task in tasks.open_tasks(case):
            task.sort_at = tasks.sorts_at(case, task.due_at)
    s.flush()


def why_not(complaint: Complaint) -> str:
    """Why a complaint cannot be put into a group, in words; empty if it can."""
    if complaint.state not in UNDECIDED:
        return "It is decided, merged or voided."
    return "It is in a group already: take it out of that one first." if complaint.group_id else ""


def members(complaint: Complaint, actor: Actor) -> list[Complaint]:
    """The complaints of its group this person may see, the earliest receipt first. One query, none alone."""
    if complaint.group_id is None:
        return []
    found = select(Complaint).where(sees(actor), Complaint.group_id == complaint.group_id)
    return list(session().scalars(found.order_by(Case.received_at, Case.id).limit(MOST)))


def due_of(complaint: Complaint, actor: Actor) -> datetime | None:
    """When the group has to be resolved: the earliest date of its open members that this person sees."""
    own = Complaint.__table__.alias()
    due = (
        select(func.min(Clock.due_at))
        .join(Case, Clock.case_id == Case.id)
        .join(own, own.c.id == Case.id)
        .where(
            sees(actor),
            own.c.group_id == complaint.group_id,
            Case.closed_at.is_(None),
            Clock.name == "resolve",
            Clock.stopped_at.is_(None),
        )
    )
    return session().scalar(due) if complaint.group_id is not None else None
