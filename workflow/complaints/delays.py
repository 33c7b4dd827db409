"""What time asks of letters: saying that it takes longer, and where word of one goes. No step is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, exists, select

from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.clocks import span_for
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.complaints import sealed
from workflow.complaints.facts import UNDECIDED, State
from workflow.complaints.models import Complaint
from workflow.complaints.safe_ways import may_mail
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM
from workflow.engine.effects import Limit
from workflow.engine.spans import CalendarDays
from workflow.messages.models import Outbox
from workflow.policy.book import Unresolved
from workflow.policy.queries import book

#: After so long, and again after as long each time, a complainant is told that it takes longer.
EVERY: Final = Limit("complaint.delay_letter")
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: While nobody has told them anything that ends it.
UNTOLD: Final = (*UNDECIDED, State.DECIDED)


def queue_delays(house: House, now: datetime) -> int:
    """Ask for the letter of each complaint that has become so old again: once for each time. How many.

    Of times that went by without a sweep only the last is told. Nothing is asked for complaints from
    another system, nor where nobody can be answered. Two queries, and a transaction for each letter.
    """
    asked = select(Outbox.dedupe_key).where(
        Outbox.kind == "letter", Outbox.name == "delay", Outbox.reference.in_(_slow(Complaint.reference))
    )
    known = set(session().scalars(asked))
    due = [c.reference for c in session().scalars(_slow(Complaint)) if _key(c, now) not in {None, *known}]
    return sum(_queue(reference, now) for reference in due)


def mail_address(house: House, reference: str) -> str | None:
    """Where word goes that a letter waits: as the contact is now, not as it was."""
    complaint = case_for(SYSTEM, reference)
    assert isinstance(complaint, Complaint)
    return mail_of(sealed.contact_of(complaint, house.keyring))


def mail_of(contact: Mapping[str, str]) -> str | None:
    """The one mailbox that a complainant left and said is safe."""
    found = set(_MAIL.findall(contact.get("reach", ""))) if may_mail(contact) else set()
    return found.pop() if len(found) == 1 else None


def _slow(what: Any) -> Select[Any]:
    """Of complaints whose complainant could be told that it takes longer: the row, or a column."""
    received = exists().where(Event.case_id == Complaint.id, Event.version == 1, Event.verb == "receive")
    return select(what).where(
        Complaint.closed_at.is_(None), Complaint.state.in_(UNTOLD), Complaint.contact_possible, received
    )


def _key(complaint: Complaint, now: datetime) -> str | None:
    """What names the time it became so old for the last time; None if it never did, or no rule says when."""
    try:
        span = span_for(complaint, book(complaint.policy_id), EVERY)
    except Unresolved:
        return None
    assert isinstance(span, CalendarDays)
    calendar = calendar_of(complaint.office_id)
    age = (calendar.day_of(now) - calendar.day_of(complaint.received_at)).days
    time = (age - 1) // span.n
    return f"{complaint.reference}:delay:{time}" if time >= 1 else None


def _queue(reference: str, now: datetime) -> bool:
    with transaction() as s:
        complaint = case_for(SYSTEM, reference, lock=True)
        key = _key(complaint, now) if isinstance(complaint, Complaint) else None
        again = s.scalar(_slow(Complaint.id).where(Complaint.reference == reference))
        if key is None or again is None or s.scalar(select(Outbox.id).where(Outbox.dedupe_key == key)):
            return False
        s.add(
            Outbox(
                dedupe_key=key,
                kind="letter",
                name="delay",
                recipient="complainant",
                reference=reference,
                office_id=complaint.office_id,
                codes={"kind": complaint.kind, "verb": "sweep"},
                next_at=now,
                made_at=now,
            )
        )
        return True
