"""Messages between the office and whoever has the code of a complaint, sealed under the case's key.

Every message is an event; its words are in none. The pages are `mailbox_views` and `status_views`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select

from workflow.cases import followups, sealed, tasks
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.enclosures import enclose
from workflow.cases.idempotency import claim, remember
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.cases.recusing import is_recused
from workflow.complaints import word_index
from workflow.complaints.contacts import put_contact
from workflow.complaints.kind import READERS
from workflow.complaints.mailbox_models import MailboxMessage, MailboxReading, place_of
from workflow.complaints.models import Complaint, ReceiptCode
from workflow.complaints.service import READS_CONTACT, keep_apart, open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.documents.service import Attached
from workflow.engine.actors import PUBLIC, SYSTEM, Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

#: Who writes to the complainant; whoever reads what was told reads the messages as well.
CORRESPONDS: Final = READS_CONTACT
#: What a message is, beside plain words: what a complainant asks for, or a letter handed over here.
MESSAGE, WITHDRAWAL, REVIEW, LETTER = "message", "withdrawal", "review", "letter"
#: What a message of the complainant asks of the office: the work, and whose.
ASKS: Final = {
    MESSAGE: ("Read the message of the complainant", Role.REVIEWER),
    WITHDRAWAL: ("The complainant wants to withdraw: ask whether freely", Role.INTAKE),
    REVIEW: ("The complainant asks for a review: take or refuse the appeal", Role.INTAKE),
}
ANSWER_WITHIN: Final = Limit("complaint.notify")


@dataclass(frozen=True, slots=True)
class Message:
    """A message as both sides see it."""

    number: int
    kind: str
    text: str
    at: datetime
    from_office: bool
    is_read: bool


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The messages of a complaint as a part of its page."""

    messages: list[Message]
    unread: int


def part_of(
    complaint: Complaint, actor: Actor, house: House, *, recused: Collection[int] | None = None
) -> Mailbox | None:
    """What the page of a complaint shows of its messages; None for whoever does not read them.

    One query, and one for who is `recused` where that was not read before.
    """
    if not actor.roles & READERS:
        return None
    if is_recused(complaint, actor.id) if recused is None else actor.id in recused:
        return None
    found = messages_of(complaint, house)
    return Mailbox(found, sum(not message.is_read for message in found))


def messages_of(complaint: Complaint, house: House) -> list[Message]:
    """Every message of a complaint, oldest first. One query."""
    query = (
        select(MailboxMessage, MailboxReading.at)
        .outerjoin(MailboxReading, MailboxReading.message_id == MailboxMessage.id)
        .where(MailboxMessage.complaint_id == complaint.id)
        .order_by(MailboxMessage.number)
    )
    return [
        Message(
            number=row.number,
            kind=row.kind,
            text=sealed.read(complaint, place_of(complaint, row.number), row.sealed, house.keyring) or "",
            at=row.at,
            from_office=row.person_id != PUBLIC.id,
            is_read=row.person_id != PUBLIC.id or read_at is not None,
        )
        for row, read_at in session().execute(query)
    ]


def has_mailbox(complaint: Complaint) -> bool:
    """Whether anybody has a code to read messages with. One query."""
    found = select(exists().where(ReceiptCode.complaint_id == complaint.id))
    return bool(session().scalar(found))


def write(
    house: House,
    complaint: Complaint,
    text: str,
    *,
    by: Actor,
    now: datetime,
    kind: str = MESSAGE,
    letter_id: int | None = None,
) -> MailboxMessage:
    """Put a message into the mailbox, inside a transaction that has the complaint locked."""
    taken = select(func.max(MailboxMessage.number)).where(MailboxMessage.complaint_id == complaint.id)
    number = (session().scalar(taken) or 0) + 1
    row = MailboxMessage(
        complaint_id=complaint.id,
        number=number,
        kind=kind,
        person_id=by.id,
        at=now,
        letter_id=letter_id,
        sealed=sealed.keep(complaint, place_of(complaint, number), text, house.keyring),
    )
    session().add(row)
    verb = "take_message" if by.id == PUBLIC.id else "write_message"
    note(house, complaint, verb, by, codes={"message": number, "what": kind}, now=now)
    word_index.index(complaint, house.keyring)
    return row


def deliver(
    house: House, complaint: Complaint, letter_id: int, text: str, *, by: Actor, now: datetime
) -> MailboxMessage:
    """Hand a letter over on the secure page, word for word, with the complaint locked."""
    return write(house, complaint, text, by=by, now=now, kind=LETTER, letter_id=letter_id)


@retried
def write_to_complainant(
    house: House, reference: str, actor: Actor, text: str, *, seen: int, key: str | None, now: datetime
) -> None:
    """Write to whoever has the code. Raises `NotThere`, `Stale`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        if claim(key, actor):
            return
        complaint = open_complaint(reference, actor, CORRESPONDS, seen)
        keep_apart(complaint, actor)
        if not has_mailbox(complaint):
            raise Refused(Refusal("mailbox", "Nobody has a code for this complaint. Write a letter instead."))
        write(house, complaint, text, by=actor, now=now)
        remember(key, actor, complaint, now=now)


@retried
def answer(
    house: House, reference: str, text: str, *, kind: str = MESSAGE, key: str | None, now: datetime
) -> bool:
    """Take a message of the complainant, and open the work it asks for. Whether it is a new one.

    `reference` is the one the code opened. One piece of work of a kind is open at a time.
    """
    with transaction() as s, s.no_autoflush:
        if claim(key, PUBLIC):
            return False
        complaint = case_for(SYSTEM, reference, lock=True)
        assert isinstance(complaint, Complaint)
        write(house, complaint, text, by=PUBLIC, now=now, kind=kind)
        ask(house, complaint, kind, now=now)
        remember(key, PUBLIC, complaint, now=now)
        return True


@retried
def change_contact(
    house: House, reference: str, contact: dict[str, str], *, key: str | None, now: datetime
) -> bool:
    """Put the complainant's own new way of reaching them in the place of the old one; empty takes it away."""
    with transaction() as s, s.no_autoflush:
        if claim(key, PUBLIC):
            return False
        complaint = case_for(SYSTEM, reference, lock=True)
        assert isinstance(complaint, Complaint)
        put_contact(house, complaint, contact, PUBLIC, now=now)
        remember(key, PUBLIC, complaint, now=now)
        return True


@retried
def add_documents(
    house: House, reference: str, tokens: Iterable[str], *, holder: str, now: datetime
) -> tuple[Attached, ...]:
    """Give files the complainant staged to the complaint, and have somebody look. Raises `Refused`."""
    with transaction() as s, s.no_autoflush:
        complaint = case_for(SYSTEM, reference, lock=True)
        assert isinstance(complaint, Complaint)
        attached = enclose(house, complaint, list(tokens), holder=holder, by=PUBLIC, now=now)
        ask(house, complaint, MESSAGE, now=now)
        return attached


def ask(house: House, complaint: Complaint, kind: str, *, now: datetime) -> None:
    """Open the work that a message of this kind asks for, unless it is open, inside a transaction."""
    if followups.open_ones(complaint, kind):
        return
    title, role = ASKS[kind]
    calendar = calendar_of(complaint.office_id)
    due = tasks.within(complaint, ANSWER_WITHIN, book=book(complaint.policy_id), calendar=calendar, at=now)
    holder = complaint.owner_id if role is Role.REVIEWER else None
    page = "complaints.messages" if kind == MESSAGE else None
    followups.promise(
        house, complaint, kind, title, role, due_at=due, now=now, by=PUBLIC, holder_id=holder, page=page
    )


@retried
def mark_read(house: House, reference: str, actor: Actor, *, seen: int, now: datetime) -> int:
    """Mark what the complainant wrote as read; the work of reading it is done then. How many were new."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, CORRESPONDS, seen)
        keep_apart(complaint, actor)
        unread = (
            select(MailboxMessage.id)
            .outerjoin(MailboxReading, MailboxReading.message_id == MailboxMessage.id)
            .where(
                MailboxMessage.complaint_id == complaint.id,
                MailboxMessage.person_id == PUBLIC.id,
                MailboxReading.message_id.is_(None),
            )
        )
        ids = list(s.scalars(unread))
        s.add_all(MailboxReading(message_id=each, person_id=actor.id, at=now) for each in ids)
        if ids:
            note(house, complaint, "read_messages", actor, codes={"messages": len(ids)}, now=now)
            followups.settle(house, complaint, MESSAGE, None, actor, "done", now=now)
        return len(ids)
