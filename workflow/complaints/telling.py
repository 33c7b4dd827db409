"""What is told after the first save: added, said better, read back. Nothing that was told is overwritten.

The first save is `service.receive`, at every door.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.complaints import receipt, sealed, word_index
from workflow.complaints.allegations import suggest
from workflow.complaints.contacts import put_contact
from workflow.complaints.facts import TOLD, UNDECIDED, State
from workflow.complaints.models import Allegation, Complaint, ReceiptCode
from workflow.complaints.service import PLACES, Told, keep_apart, open_complaint, place
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.register.models import Agency

#: Who takes down what somebody tells.
TAKERS: Final = frozenset({Role.INTAKE, Role.LIAISON, Role.REVIEWER})


@dataclass(frozen=True, slots=True)
class Wording:
    """What stood under a heading before it was said otherwise."""

    heading: str
    said: str


@retried
def tell_more(
    house: House, reference: str, actor: Actor, told: Told, *, seen: int | None, now: datetime
) -> Done:
    """Write down what is told by now; what did not change is not written again, and nothing is lost.

    An empty contact leaves the one on record. Without any change there is no event. Raises `NotThere`,
    `Stale`, `Refused`.
    """
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, TAKERS, seen)
        if complaint.state not in UNDECIDED:
            raise Refused(Refusal("state", "The complaint is decided: nothing is added to what was told."))
        _words(house, complaint, actor, told, now=now)
        _contact(house, complaint, actor, told.contact, now=now)
        _circumstances(house, complaint, actor, told, now=now)
        _allegations(house, complaint, actor, told.allegations, now=now)
        agency = s.get(Agency, told.agency_id) if told.agency_id else None
        # Once triaged, only who names agencies moves a complaint to another one.
        may_place = complaint.state == State.RECEIVED or bool(actor.roles & PLACES)
        if agency is not None and agency.id != complaint.agency_id and may_place:
            place(house, complaint, actor, agency, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


def _words(house: House, complaint: Complaint, actor: Actor, told: Told, *, now: datetime) -> None:
    before = sealed.words_of(complaint, house.keyring)
    changed = {
        name: told.words.get(name, "") for name in TOLD if told.words.get(name, "") != before.get(name, "")
    }
    if changed:
        parts = ", ".join(TOLD[name] for name in changed)
        note(house, complaint, "tell_more", actor, codes={"parts": parts}, now=now)
        session().add(sealed.keep_telling(complaint, changed, house.keyring))
        word_index.index(complaint, house.keyring)


def _contact(
    house: House, complaint: Complaint, actor: Actor, given: dict[str, str], *, now: datetime
) -> None:
    if not given:
        return
    keep_apart(complaint, actor)
    before = sealed.contact_of(complaint, house.keyring)
    after = {name: said for name, said in {**before, **given}.items() if said}
    if after == before:
        return
    put_contact(house, complaint, after, actor, now=now)


def _circumstances(house: House, complaint: Complaint, actor: Actor, told: Told, *, now: datetime) -> None:
    """Danger, interpreter, fear: what was not asked leaves what is known."""
    said = {"in_danger": told.in_danger, "interpreter": told.interpreter}
    if told.fears_reprisal:
        said["fears_reprisal"] = True
    codes = {k: v for k, v in said.items() if v is not None and v != getattr(complaint, k)}
    if not codes:
        return
    for column, value in codes.items():
        setattr(complaint, column, value)
    if "in_danger" in codes:
        suggest(complaint)
    note(house, complaint, "circumstances", actor, codes=codes, now=now)


def _allegations(
    house: House, complaint: Complaint, actor: Actor, kinds: tuple[str, ...], *, now: datetime
) -> None:
    """Kinds that are not alleged yet; what was alleged by mistake is changed on the complaint's page."""
    known = {a.code for a in complaint.allegations}
    for kind in dict.fromkeys(kinds):
        if kind in known:
            continue
        number = len(complaint.allegations) + 1
        complaint.allegations.append(Allegation(number=number, code=kind, subject="unknown"))
        suggest(complaint)
        note(house, complaint, "allege", actor, codes={"allegation": number, "type": kind}, now=now)


@retried
def confirm_read_back(
    house: House, reference: str, actor: Actor, *, corrected: bool, seen: int, now: datetime
) -> Done:
    """Say that what is written was read back to whoever told it, and is right now."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, TAKERS, seen)
        if complaint.state not in UNDECIDED:
            raise Refused(Refusal("state", "The complaint is decided: reading back comes too late."))
        complaint.read_back_at = now
        note(house, complaint, "read_back", actor, codes={"corrected": corrected}, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


def code_of(complaint: Complaint, form_key: str, *, pepper: bytes) -> str | None:
    """The receipt's code, for who still has the form it came from; it is kept nowhere and in no cookie."""
    row = session().get(ReceiptCode, complaint.id)
    code = receipt.code_for(form_key, pepper)
    return code if row is not None and row.fingerprint == receipt.fingerprint(code, pepper) else None


def earlier(tellings: Iterable[Mapping[str, str]]) -> list[Wording]:
    """What stood there before it was said otherwise, the oldest first. Pure.

    What was only added to stands in the later wording, and is not repeated.
    """
    tellings = list(tellings)
    found: list[Wording] = []
    for name, heading in TOLD.items():
        said = [words[name] for words in tellings if name in words]
        found += [
            Wording(heading, before)
            for before, after in pairwise(said)
            if before and not after.startswith(before)
        ]
    return found
