"""Who complained: opened for a purpose, changed with the earlier ones kept, and by whom each was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import Done, note
from workflow.complaints import sealed
from workflow.complaints.facts import PURPOSES
from workflow.complaints.models import ComplainantContact, Complaint, ContactChange, ContactReading
from workflow.complaints.service import READS_CONTACT, is_reachable, keep_apart, open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import PUBLIC, Actor
from workflow.engine.machine import Refusal, Refused
from workflow.people.queries import names


@dataclass(frozen=True, slots=True)
class Written:
    """A contact that was written once, still sealed."""

    version: int
    at: datetime
    by: str


def earlier(complaint: Complaint) -> list[Written]:
    """Those that rule no more, latest first. Two queries."""
    changed = exists().where(
        ContactChange.complaint_id == complaint.id, ContactChange.version == Event.version
    )
    left = exists().where(ComplainantContact.complaint_id == complaint.id)
    found = (
        select(Event.version, Event.recorded_at, Event.actor_id)
        .where(Event.case_id == complaint.id, or_(changed, (Event.version == 1) & left))
        .order_by(Event.version.desc())
    )
    rows = session().execute(found).all()
    people = names({row.actor_id for row in rows}) | {PUBLIC.id: "the complainant"}
    return [
        # What was left first came with the first event, and is the contact of version 0.
        Written(0 if row.version == 1 else row.version, row.recorded_at, people.get(row.actor_id, "somebody"))
        for row in rows[1:]
    ]


@retried
def read_contact(
    house: House, reference: str, actor: Actor, purpose: str, *, earlier: int | None = None, now: datetime
) -> dict[str, str]:
    """Who complained and how to reach them safely; who looked, when and what for is kept first.

    `earlier` is the version of a contact that rules no more.
    """
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, READS_CONTACT, None)
        keep_apart(complaint, actor)
        if purpose not in dict(PURPOSES):
            raise Refused(Refusal("purpose", "Say what you need the contact for.", "purpose"))
        known = sealed.contacts_of(complaint, house.keyring)
        if earlier is not None and earlier not in known:
            raise Refused(Refusal("version", "There was no such contact.", "version"))
        s.add(
            ContactReading(
                complaint_id=complaint.id, person_id=actor.id, earlier=earlier, purpose=purpose, at=now
            )
        )
        s.flush()
        return known[max(known) if earlier is None else earlier] if known else {}


@retried
def change_contact(
    house: House, reference: str, actor: Actor, contact: dict[str, str], *, seen: int, now: datetime
) -> Done:
    """Let another contact rule; the one before stays. The event says only that it was changed."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, READS_CONTACT, seen)
        put_contact(house, complaint, contact, actor, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


def put_contact(
    house: House, complaint: Complaint, contact: Mapping[str, str], actor: Actor, *, now: datetime
) -> None:
    """The same inside a running transaction, on a locked complaint."""
    keep_apart(complaint, actor)
    was_possible, complaint.contact_possible = complaint.contact_possible, is_reachable(contact)
    if complaint.contact_possible or actor.id == PUBLIC.id:
        complaint.contact_emptied = False
    elif was_possible:
        complaint.contact_emptied = True
    codes = {"possible": complaint.contact_possible}
    note(house, complaint, "change_contact", actor, codes=codes, now=now)
    session().add(sealed.keep_contact_change(complaint, contact, house.keyring))
