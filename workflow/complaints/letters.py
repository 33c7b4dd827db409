"""Writing letters of a complaint: put together, sent as exactly the bytes that were shown, posted, set aside.

Which letters wait stands in the outbox, written by the step that asked for them. Reading lists of them is
`letter_lists`; what they say is `messages.wording` and `letter_values`.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from workflow.cases import letters
from workflow.cases.access import NotThere
from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import writing_key
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.complaints import letter_checks, mailbox, sealed, word_index
from workflow.complaints.contacts import read_contact
from workflow.complaints.delays import mail_of
from workflow.complaints.letter_kinds import BY_HAND, OWED, PLACES, SAYS_SOMETHING, wording_for
from workflow.complaints.letter_lists import can_reach, letter_of, wanted
from workflow.complaints.letter_values import values_of
from workflow.complaints.models import Complaint, ContactReading
from workflow.complaints.safe_ways import may_post
from workflow.complaints.service import READS_CONTACT, open_complaint
from workflow.complaints.witnesses import identities_of
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.messages import paper
from workflow.messages.models import Outbox, SentLetter
from workflow.messages.wording import language_of

#: Who writes and sends letters.
WRITES: Final = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})
assert WRITES <= READS_CONTACT
#: What the window of an envelope shows.
WINDOW: Final = (5, 42)
CHANGED: Final = (
    "What would be sent now is not what this page showed. Nothing was sent; read it below, then send it."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person who sends a letter decides about it. `address` is for the window of an envelope."""

    language: str
    paragraph: str = ""
    address: tuple[str, ...] = ()


def compose(
    house: House, complaint: Complaint, row: Outbox, chosen: Chosen, *, base_url: str, now: datetime
) -> tuple[paper.Printed, str]:
    """The letter as it would go out, and the version of its wording. Nothing is written.

    Raises `Refused` where a place of the wording stays open, or the letter cannot be printed.
    """
    if row.name in SAYS_SOMETHING and not chosen.paragraph.strip():
        raise Refused(Refusal("empty", "This letter says nothing yet: write what you ask for.", "paragraph"))
    name = wording_for(row.name, row.recipient, (a.disposition for a in complaint.allegations))
    return letters.put_together(
        name,
        chosen.language,
        values_of(house, complaint, chosen.language, chosen.paragraph, base_url=base_url, now=now),
        allowed=PLACES[row.recipient],
        reference=complaint.reference,
        on=calendar_of(complaint.office_id).day_of(now),
        address=chosen.address,
    )


def address_of(house: House, complaint: Complaint, actor: Actor, *, now: datetime) -> tuple[str, ...]:
    """Name and address the complainant left, for the window. The look is recorded. Raises `Refused`."""
    return _window(read_contact(house, complaint.reference, actor, "tell", now=now))


def _window(contact: dict[str, str]) -> tuple[str, ...]:
    most, wide = WINDOW
    given = f"{contact.get('name', '')}\n{contact.get('reach', '')}".splitlines()
    lines = [line for each in given for line in textwrap.wrap(each, wide)]
    if not contact.get("reach"):
        raise Refused(Refusal("address", "No address was left.", "addressed"))
    if not may_post(contact):
        says = "The complainant did not say that letters are safe. Use a way that is."
        raise Refused(Refusal("unsafe", says, "addressed"))
    if len(lines) > most:
        says = f"Name and address take {len(lines)} lines; the window of an envelope shows {most}."
        raise Refused(
            Refusal("address", f"{says} Send it without, and write the envelope by hand.", "addressed")
        )
    return tuple(lines)


@retried
def send(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    chosen: Chosen,
    *,
    seen: int,
    shown: str,
    base_url: str,
    now: datetime,
) -> int:
    """Freeze a letter as exactly the bytes whose digest is `shown`, and hand it over where it can be.

    Answers its number. Raises `NotThere`, `Stale`, and `Refused` when it reads otherwise by now, holds what
    it must not, was sent or was set aside.
    """
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, WRITES, seen)
        row = _waiting(complaint, number)
        key = writing_key(complaint, house.keyring)
        made, version = compose(house, complaint, row, chosen, base_url=base_url, now=now)
        contacts = list(sealed.contacts_of(complaint, house.keyring).values())
        told = sealed.words_of(complaint, house.keyring)
        people = [*contacts, *identities_of(complaint, house.keyring)]
        if made.digest != shown:
            raise Refused(Refusal("changed", CHANGED))
        if wrong := letter_checks.faults(row.recipient, chosen.paragraph, made.text, people, told):
            raise Refused(*wrong)
        letter = letters.frozen(
            complaint,
            row,
            number,
            made,
            version,
            key,
            actor,
            language=chosen.language,
            is_addressed=bool(chosen.address),
            now=now,
        )
        s.add(letter)
        row.state, row.done_at = "sent", now
        if chosen.address:
            s.add(ContactReading(complaint_id=complaint.id, person_id=actor.id, purpose="tell", at=now))
        on_page = row.recipient == "complainant" and mailbox.has_mailbox(complaint)
        letter.on_page_at = now if on_page else None
        s.flush()
        codes = {**_codes(number, row), "language": chosen.language, "digest": letter.digest}
        note(house, complaint, "send_letter", actor, codes=codes, now=now)
        if on_page:
            mailbox.deliver(house, complaint, letter.id, made.text, by=actor, now=now)
            _send_word(complaint, letter, contacts[-1] if contacts else {}, now=now)
        elif row.recipient == "complainant":
            word_index.index(complaint, house.keyring)
        s.flush()
        return number


def _send_word(complaint: Complaint, letter: SentLetter, contact: dict[str, str], *, now: datetime) -> None:
    """Let word go out that something lies on the secure page, where mail is safe."""
    if mail_of(contact):
        session().add(
            Outbox(
                dedupe_key=f"{complaint.reference}:mail:{letter.number}",
                kind="mail",
                name="letter_waits",
                recipient="complainant",
                reference=complaint.reference,
                office_id=complaint.office_id,
                codes={"kind": complaint.kind, "letter": letter.number, "language": letter.language},
                next_at=now,
                made_at=now,
            )
        )


@retried
def ask_for(house: House, reference: str, actor: Actor, name: str, *, seen: int, now: datetime) -> int:
    """Put a letter to the complainant into the outbox that no step asks for; its number."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, WRITES, seen)
        if name not in dict(BY_HAND):
            raise Refused(Refusal("letter", "Choose from the list.", "name"))
        if complaint.closed_at is not None:
            raise Refused(Refusal("closed", "This complaint is closed."))
        row = Outbox(
            dedupe_key=f"{complaint.reference}:{complaint.version + 1}:letter:{name}:complainant",
            kind="letter",
            name=name,
            recipient="complainant",
            reference=complaint.reference,
            office_id=complaint.office_id,
            codes={"kind": complaint.kind, "verb": "ask_letter"},
            next_at=now,
            made_at=now,
        )
        s.add(row)
        s.flush()
        number = [each.id for each in wanted(complaint)].index(row.id) + 1
        note(house, complaint, "ask_letter", actor, codes=_codes(number, row), now=now)
        return number


@retried
def record_posting(
    house: House, reference: str, actor: Actor, number: int, on: date, *, seen: int, now: datetime
) -> None:
    """Say on which day a letter was printed and posted by hand; once. Raises `Refused`."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, WRITES, seen)
        letter = letter_of(complaint, number)
        if letter is None:
            raise NotThere(f"{reference}/{number}")
        calendar = calendar_of(complaint.office_id)
        if letter.posted_on is not None:
            raise Refused(Refusal("posted", "That it was posted is recorded already."))
        if not calendar.day_of(letter.sent_at) <= on <= calendar.day_of(now):
            says = "A letter is posted on the day it was sent or later, and not in the future."
            raise Refused(Refusal("day", says, "posted_on"))
        letter.posted_on, letter.posted_by_id = on, actor.id
        codes = {"letter": number, "posted_on": on.isoformat()}
        note(house, complaint, "post_letter", actor, codes=codes, now=now)
        s.flush()


@retried
def set_aside(
    house: House, reference: str, actor: Actor, number: int, reason: str, *, seen: int, now: datetime
) -> None:
    """Leave a letter unsent, with the reason. An answer that is owed is left only where there is no way."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, WRITES, seen)
        row = _waiting(complaint, number)
        if row.recipient == "complainant" and row.name in OWED and can_reach(complaint):
            raise Refused(Refusal("owed", "The complainant is owed this letter, and it can reach them."))
        row.state, row.done_at = "cancelled", now
        note(
            house,
            complaint,
            "set_letter_aside",
            actor,
            codes=_codes(number, row),
            words={"reason": reason},
            now=now,
        )
        s.flush()


def _waiting(complaint: Complaint, number: int) -> Outbox:
    """A letter that nobody has sent yet. Raises `NotThere` for none, `Refused` for one that is done."""
    rows = wanted(complaint)
    if not 1 <= number <= len(rows):
        raise NotThere(f"{complaint.reference}/{number}")
    row = rows[number - 1]
    if row.state != "queued":
        raise Refused(Refusal("done", "This letter was sent or set aside already."))
    return row


def _codes(number: int, row: Outbox) -> dict[str, str | int]:
    return {"letter": number, "name": row.name, "to": row.recipient}


def default_language(house: House, complaint: Complaint, row: Outbox) -> str:
    """The complainant's own language in letters to them; English to everybody else."""
    if row.recipient != "complainant":
        return "en"
    return language_of(sealed.words_of(complaint, house.keyring).get("language"))
