"""Writing what is not a step: taking a complaint in at any door, and its allegations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.cases.access import case_for
from workflow.cases.chronicle import key_of
from workflow.cases.idempotency import claim, remember
from workflow.cases.kinds import House
from workflow.cases.perform import Done, enter, note
from workflow.complaints.facts import UNDECIDED, State, suggested_tier
from workflow.complaints.models import (
    Allegation,
    ComplainantContact,
    Complaint,
    ComplaintWords,
    ReceiptCode,
)
from workflow.complaints.receipt import code_for, fingerprint, read_code
from workflow.db.retry import retried
from workflow.db.seal import seal, unseal
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.register.models import Agency


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody told at a door. `contact` says how to reach them; empty for the anonymous.

    `words` are the complainant's own, by name (what happened, when, which agency, what they wish).
    """

    channel: str
    words: dict[str, str]
    agency_id: int | None = None
    allegations: tuple[str, ...] = ()
    fears_reprisal: bool = False
    contact: dict[str, str] | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a door answers; the code is kept nowhere and cannot be shown again."""

    done: Done
    code: str


@retried
def receive(
    house: House,
    told: Told,
    actor: Actor,
    *,
    form_key: str,
    pepper: bytes,
    now: datetime,
    received_at: datetime | None = None,
) -> Taken:
    """Take a complaint in: the one function behind every door, so that clocks and checks are the same.

    The same form twice is one complaint with one code. Raises `Refused` for a moment in the future.
    """
    code = code_for(form_key, pepper)
    idempotency_key = fingerprint(code, pepper)
    with transaction() as s, s.no_autoflush:
        if known := claim(idempotency_key, actor):
            return Taken(Done(known.reference, known.version, repeated=True), code)
        complaint = _fresh(told)
        answers = {"channel": told.channel}
        enter(house, complaint, "receive", actor, answers, now=now, occurred_at=received_at)
        s.flush()
        _children(house, complaint, told)
        bare = read_code(code) or code
        s.add(ReceiptCode(complaint_id=complaint.id, fingerprint=fingerprint(bare, pepper)))
        remember(idempotency_key, actor, complaint, now=now)
        return Taken(Done(complaint.reference, complaint.version), code)


def _fresh(told: Told) -> Complaint:
    agency = session().get(Agency, told.agency_id) if told.agency_id else None
    codes = (*told.allegations, *(("retaliation",) if told.fears_reprisal else ()))
    return Complaint(
        title=f"Complaint about {agency.name}"[:200] if agency else "Complaint, agency not yet known",
        channel=told.channel,
        language=told.language,
        fears_reprisal=told.fears_reprisal,
        contact_possible=bool(told.contact),
        suggested_tier=suggested_tier(codes),
        # Until a person has decided, the suggestion rules the clocks.
        tier=suggested_tier(codes) or 4,
        agency_id=agency.id if agency else None,
        office_id=agency.office_id if agency else None,
    )


def _children(house: House, complaint: Complaint, told: Told) -> None:
    codes = dict.fromkeys((*told.allegations, *(("retaliation",) if told.fears_reprisal else ())))
    for number, code in enumerate(codes, start=1):
        complaint.allegations.append(Allegation(number=number, code=code))
    session().add(
        ComplaintWords(complaint_id=complaint.id, sealed=_sealed(house, complaint, "words", told.words))
    )
    if told.contact:
        sealed = _sealed(house, complaint, "contact", told.contact)
        session().add(ComplainantContact(complaint_id=complaint.id, sealed=sealed))


def _sealed(house: House, complaint: Complaint, what: str, value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
    return seal(key_of(complaint, house.keyring), text, f"complaint_{what}:{complaint.reference}")


def words_of(house: House, complaint: Complaint) -> dict[str, str]:
    """What the complainant told, opened. Raises `Erased` once the key is gone."""
    sealed = session().scalar(
        select(ComplaintWords.sealed).where(ComplaintWords.complaint_id == complaint.id)
    )
    if sealed is None:
        return {}
    opened = unseal(key_of(complaint, house.keyring), sealed, f"complaint_words:{complaint.reference}")
    found: dict[str, str] = json.loads(opened)
    return found


def complaint_by_code(typed: str, pepper: bytes) -> Complaint | None:
    """The complaint of a receipt code; None for a wrong one. One query for hit and miss alike."""
    wanted = fingerprint(read_code(typed) or "-", pepper)
    found = select(Complaint).join(ReceiptCode, ReceiptCode.complaint_id == Complaint.id)
    return session().scalar(found.where(ReceiptCode.fingerprint == wanted))


# --- allegations ------------------------------------------------------------------------------


@retried
def add_allegation(
    house: House, reference: str, actor: Actor, *, code: str, subject: str, seen: int, now: datetime
) -> Done:
    """Record one more allegation. Raises `Refused` once the complaint is decided, `Stale`, `NotThere`."""
    with transaction() as s, s.no_autoflush:
        complaint = _writable(reference, actor, seen)
        number = len(complaint.allegations) + 1
        codes = {"number": number, "code": code, "subject": subject}
        note(house, complaint, "allegation_added", actor, codes=codes, now=now)
        complaint.allegations.append(Allegation(number=number, code=code, subject=subject))
        return Done(complaint.reference, complaint.version)


@retried
def propose_finding(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    *,
    proposed: str,
    evidence: str,
    seen: int,
    now: datetime,
) -> Done:
    """The investigator's proposal on one allegation; kept beside what is decided later."""
    with transaction() as s, s.no_autoflush:
        complaint = _writable(reference, actor, seen)
        if complaint.owner_id != actor.id:
            raise Refused(Refusal("own_case", "Only the investigator proposes findings."))
        row = _allegation(complaint, number)
        row.proposed = proposed
        row.evidence = _sealed(house, complaint, f"evidence:{number}", evidence)
        codes = {"number": number, "proposed": proposed}
        note(house, complaint, "finding_proposed", actor, codes=codes, words={"evidence": evidence}, now=now)
        return Done(complaint.reference, complaint.version)


@retried
def dispose(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    *,
    disposition: str,
    standard_of_proof: str,
    rationale: str,
    seen: int,
    now: datetime,
) -> Done:
    """The disposition of one allegation, in review, by a person who did not investigate it."""
    with transaction() as s, s.no_autoflush:
        complaint = _writable(reference, actor, seen)
        if complaint.owner_id == actor.id:
            raise Refused(Refusal("investigator", "The investigator cannot dispose of an allegation."))
        if complaint.state != State.IN_REVIEW:
            raise Refused(Refusal("state", "Allegations are disposed of while the complaint is in review."))
        row = _allegation(complaint, number)
        row.disposition, row.standard_of_proof = disposition, standard_of_proof
        row.rationale = _sealed(house, complaint, f"rationale:{number}", rationale)
        codes = {"number": number, "disposition": disposition, "standard_of_proof": standard_of_proof}
        words = {"rationale": rationale}
        note(house, complaint, "allegation_disposed", actor, codes=codes, words=words, now=now)
        return Done(complaint.reference, complaint.version)


def _writable(reference: str, actor: Actor, seen: int) -> Complaint:
    complaint = case_for(actor, reference, lock=True)
    if not isinstance(complaint, Complaint):
        raise Refused(Refusal("kind", "This is not a complaint."))
    if seen != complaint.version:
        raise Stale(f"version {seen} seen, {complaint.version} found")
    if complaint.state not in UNDECIDED:
        raise Refused(Refusal("state", "The complaint is decided; its allegations stay as they are."))
    return complaint


def _allegation(complaint: Complaint, number: int) -> Allegation:
    found = next((a for a in complaint.allegations if a.number == number), None)
    if found is None:
        raise Refused(Refusal("allegation", "There is no such allegation on this complaint."))
    return found
