"""Reading letters of complaints: those that wait, those of one complaint, what became of each. No writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer

from workflow.cases import letters
from workflow.cases.access import sees
from workflow.cases.kinds import House
from workflow.complaints.due_bands import Narrowed
from workflow.complaints.letter_kinds import LETTERS, PARTIES
from workflow.complaints.models import Complaint, ReceiptCode
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.calendar import day_words
from workflow.messages.models import Outbox, SentLetter

#: How many letters that wait are listed, and counted.
SHOWN: Final = 100
CAP: Final = 1000
ALL: Final = Narrowed()
#: A letter that waits for longer is shown apart: nothing says by when it has to be sent.
LONG: Final = timedelta(days=7)
_MAILED: Final = {
    "queued": "e-mail waits",
    "sent": "e-mail sent",
    "written": "e-mail sent",
    "failed": "e-mail failed",
    "cancelled": "no e-mail: the address is gone",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in a list: what it is, to whom, and what became of it, in words."""

    number: int
    label: str
    party: str
    made_at: datetime
    is_waiting: bool
    is_sent: bool
    standing: str


@dataclass(frozen=True, slots=True)
class Part:
    """The letters of a complaint as a part of its page."""

    lines: tuple[Line, ...]
    can_write: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits, in the list of all."""

    complaint: Complaint
    number: int
    label: str
    party: str
    made_at: datetime


#: The same for every kind of case.
wanted, letter_of, text_of, pdf_of = letters.wanted, letters.letter_of, letters.text_of, letters.pdf_of


def _told(complaint: Complaint) -> list[Outbox]:
    """Letters, and mails that say that one lies on the page, as they were asked for. One query."""
    found = select(Outbox).where(Outbox.reference == complaint.reference, Outbox.kind.in_(("letter", "mail")))
    return list(session().scalars(found.order_by(Outbox.made_at, Outbox.id)))


def can_reach(complaint: Complaint) -> bool:
    """Whether a letter can come to the complainant at all: by the code of a receipt, or by a contact."""
    return complaint.contact_possible or session().get(ReceiptCode, complaint.id) is not None


def part_of(house: House, complaint: Complaint, actor: Actor, writers: frozenset[Role]) -> Part | None:
    """What the page of a complaint shows of its letters; None for whoever does not read it."""
    if not house.kind_of(complaint).reads(actor, complaint):
        return None
    return Part(lines_of(complaint), can_write=bool(actor.roles & writers))


def lines_of(complaint: Complaint) -> tuple[Line, ...]:
    """The letters of a complaint, first to last. At most three queries."""
    told = _told(complaint)
    rows = [row for row in told if row.kind == "letter"]
    if not rows:
        return ()
    found = select(SentLetter).where(SentLetter.case_id == complaint.id)
    found = found.options(defer(SentLetter.text), defer(SentLetter.pdf))
    sent = {each.number: each for each in session().scalars(found)}
    mails = {each.codes["letter"]: each.state for each in told if each.kind == "mail"}
    reachable = can_reach(complaint)
    return tuple(
        Line(
            number,
            dict(LETTERS).get(row.name, row.name),
            dict(PARTIES).get(row.recipient, row.recipient),
            row.made_at,
            is_waiting=row.state == "queued",
            is_sent=number in sent,
            standing=_standing(row, sent.get(number), mails.get(number), reachable=reachable),
        )
        for number, row in enumerate(rows, start=1)
    )


def _standing(row: Outbox, letter: SentLetter | None, mail: str | None, *, reachable: bool) -> str:
    """What became of a letter, in words."""
    lost = row.recipient == "complainant" and not reachable
    if letter is None:
        if row.state == "written":
            return "went out on paper before letters were kept here"
        waits = "cannot be delivered: no contact and no code" if lost else "waits to be sent"
        return "not sent" if row.state == "cancelled" else waits
    said = [
        "on the secure page" if letter.on_page_at else "",
        _MAILED.get(mail or "", ""),
        f"posted by hand on {day_words(letter.posted_on)}" if letter.posted_on else "",
    ]
    nothing = "cannot be delivered: no contact and no code" if lost else "frozen, to be printed and posted"
    return ", ".join(each for each in said if each) or nothing


# --- all that waits -------------------------------------------------------------------------------


def waiting(actor: Actor, wanted: Narrowed = ALL, *, limit: int = SHOWN) -> list[Waiting]:
    """Letters that wait on complaints this person may see, longest first. One query, at most `limit` rows."""
    numbered = (
        select(
            Outbox.id,
            func.row_number()
            .over(partition_by=Outbox.reference, order_by=(Outbox.made_at, Outbox.id))
            .label("number"),
        )
        .where(
            Outbox.kind == "letter",
            Outbox.reference.in_(_waiting(actor, wanted).with_only_columns(Outbox.reference)),
        )
        .subquery()
    )
    found = (
        _waiting(actor, wanted)
        .join(numbered, numbered.c.id == Outbox.id)
        .with_only_columns(Complaint, Outbox, numbered.c.number)
        .order_by(Outbox.made_at, Outbox.id)
        .limit(limit)
    )
    labels, parties = dict(LETTERS), dict(PARTIES)
    return [
        Waiting(
            complaint,
            number,
            labels.get(row.name, row.name),
            parties.get(row.recipient, row.recipient),
            row.made_at,
        )
        for complaint, row, number in session().execute(found)
    ]


def by_wait(rows: list[Waiting], *, now: datetime) -> list[tuple[str, list[Waiting]]]:
    """Those that wait for more than a week, then the others; a group without any is left out."""
    long = [row for row in rows if row.made_at < now - LONG]
    groups = (("For more than a week", long), ("For a week or less", rows[len(long) :]))
    return [(name, each) for name, each in groups if each]


def how_many_wait(actor: Actor, wanted: Narrowed = ALL) -> int:
    """How many there are, counted up to `CAP + 1`. One query."""
    found = _waiting(actor, wanted).with_only_columns(Outbox.id).limit(CAP + 1)
    return session().scalar(select(func.count()).select_from(found.subquery())) or 0


def _waiting(actor: Actor, wanted: Narrowed) -> Select[Outbox]:
    return (
        select(Outbox)
        .join(Complaint, Complaint.reference == Outbox.reference)
        .where(sees(actor), Outbox.kind == "letter", Outbox.state == "queued")
        .where(*wanted.conditions(actor))
    )


# --- what was sent --------------------------------------------------------------------------------


def texts_of(complaint: Complaint, keyring: Keyring) -> dict[int, str]:
    """What each sent letter of a complaint says, by its number; erased ones are left out. One query."""
    found = select(SentLetter).where(SentLetter.case_id == complaint.id).options(defer(SentLetter.pdf))
    texts = {each.number: text_of(complaint, each, keyring) for each in session().scalars(found)}
    return {number: text for number, text in texts.items() if text is not None}
