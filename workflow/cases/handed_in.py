"""What an agency's contact writes to the office or hands in on a case that was sent to it. No page here.

Files go through the same quarantine and checks as everybody's. Nothing of it changes a state: it is noted,
sealed under the key of the case, and a task asks somebody of the office to look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.cases import idempotency, tasks
from workflow.cases.access import SENT_KINDS, NotThere, case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.enclosures import OVER, enclose, key_or_none
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.documents import queries
from workflow.documents.service import Attached
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

WROTE, ADDED = "agency_wrote", "agency_document"
TO_READ: Final = "Read what the agency sent"
READ: Final = Limit("task.read_agency")
#: Who of the office looks at it, unless somebody has the case.
_READERS: Final = {"inspection": Role.INSPECTOR, "corrective": Role.FIELD_SUPERVISOR}


def sent_case(actor: Actor, reference: str, *, lock: bool = False) -> Case:
    """A case that was sent to the contact's agency. Raises `NotThere` for every other."""
    case = case_for(actor, reference, lock=lock)
    if Role.AGENCY_CONTACT not in actor.roles or case.kind not in SENT_KINDS:
        raise NotThere(reference)
    return case


@retried
def hand_in(
    house: House,
    reference: str,
    actor: Actor,
    *,
    words: str,
    tokens: Sequence[str],
    holder: str,
    form_key: str | None,
    now: datetime,
) -> tuple[Attached, ...]:
    """Take what a contact writes, and files it staged. Pressing twice writes once.

    Raises `NotThere`, and `Refused` for a closed case, for nothing at all, or when a file is no longer there.
    """
    with transaction() as s, s.no_autoflush:
        case = sent_case(actor, reference, lock=True)
        if idempotency.claim(form_key, actor) is not None:
            return ()
        if case.closed_at is not None:
            raise Refused(Refusal("closed", OVER, "words"))
        if not words and not tokens:
            raise Refused(Refusal("nothing", "Write something, or choose a file.", "words"))
        if words:
            note(house, case, WROTE, actor, codes={}, words={"words": words}, now=now)
        attached: tuple[Attached, ...] = ()
        if tokens:
            attached = enclose(house, case, tokens, holder=holder, by=actor, now=now, verb=ADDED)
        _ask_to_read(case, actor, now=now)
        idempotency.remember(form_key, actor, case, now=now)
        return attached


def _ask_to_read(case: Case, actor: Actor, *, now: datetime) -> None:
    """One open task, however often the agency writes before somebody looked."""
    if any(task.title == TO_READ for task in tasks.open_tasks(case, "notice")):
        return
    calendar = calendar_of(case.office_id)
    tasks.add(
        case,
        kind="notice",
        title=TO_READ,
        verb=None,
        role=_READERS[case.kind],
        holder_id=case.owner_id,
        due_at=tasks.within(case, READ, book=book(case.policy_id), calendar=calendar, at=now),
        calendar=calendar,
        at=now,
        actor_id=actor.id,
    )


def handed_in(house: House, case: Case) -> list[queries.Shown]:
    """The documents an agency handed in itself: no other document of the case is its. Two queries."""
    added = select(Event.codes).where(Event.case_id == case.id, Event.verb == ADDED)
    numbers = {codes["document"] for codes in session().scalars(added)}
    if not numbers:
        return []
    found = queries.documents_of(case.id, key=key_or_none(house, case))
    return [document for document in found if document.number in numbers]
