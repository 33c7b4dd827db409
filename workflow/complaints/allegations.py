"""Writing allegations: added, changed, a finding proposed, disposed of. Each is an event of the complaint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from workflow.cases import tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.complaints import matters, sealed, word_index
from workflow.complaints.facts import (
    CLOSING_REASONS,
    DISPOSITIONS,
    STANDARDS_OF_PROOF,
    SUBJECTS,
    UNDECIDED,
    State,
    suggested_tier,
)
from workflow.complaints.models import Allegation, Complaint
from workflow.complaints.service import open_complaint
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

WRITERS: Final = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})
#: Who maps another authority's outcome on the allegations, beside the investigator.
REPORTERS: Final = frozenset({Role.REVIEWER, Role.LIAISON})
DECIDERS: Final = frozenset({Role.MANAGER})
#: Verbs whose actors must not dispose of what they found.
FOUND_BY: Final = ("submit_report", "record_outcome", "propose_finding")


@retried
def allege(
    house: House, reference: str, actor: Actor, code: str, subject: str, *, seen: int, now: datetime
) -> Done:
    """Add an allegation. Before triage a graver one makes the complaint more urgent."""
    with transaction() as s, s.no_autoflush:
        complaint = _undecided(reference, actor, WRITERS, seen)
        matters.check(code, now.date())
        _known(subject, SUBJECTS, "subject")
        add(house, complaint, actor, code, subject, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


def add(house: House, complaint: Complaint, actor: Actor, code: str, subject: str, *, now: datetime) -> None:
    """The same inside a transaction that has the complaint locked."""
    number = len(complaint.allegations) + 1
    complaint.allegations.append(Allegation(number=number, code=code, subject=subject))
    codes = {"allegation": number, "type": code, "subject": subject}
    suggest(complaint)
    note(house, complaint, "allege", actor, codes=codes, now=now)


@retried
def change_allegation(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    code: str,
    subject: str,
    *,
    seen: int,
    now: datetime,
) -> Done:
    """Say better what an allegation is about; what was proposed for the old meaning is taken back."""
    with transaction() as s, s.no_autoflush:
        complaint = _undecided(reference, actor, WRITERS, seen)
        allegation = of_number(complaint, number)
        matters.check(code, now.date(), kept=[allegation.code])
        _known(subject, SUBJECTS, "subject")
        if code != allegation.code:
            allegation.proposed = allegation.proposed_by_id = allegation.evidence = None
            _take_back(allegation)
        allegation.code, allegation.subject = code, subject
        suggest(complaint)
        codes = {"allegation": number, "type": code, "subject": subject}
        note(house, complaint, "change_allegation", actor, codes=codes, now=now)
        s.flush()
        word_index.index(complaint, house.keyring)
        return Done(complaint.reference, complaint.version)


@retried
def propose_finding(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    proposed: str,
    evidence: str,
    *,
    seen: int,
    now: datetime,
) -> Done:
    """What the investigator (or, by what another authority found, whoever follows it) proposes, and why.

    A disposition given to an earlier proposal is taken back.
    """
    with transaction() as s, s.no_autoflush:
        complaint = _undecided(reference, actor, REPORTERS, seen)
        if complaint.state == State.INVESTIGATING and complaint.owner_id != actor.id:
            raise Refused(Refusal("own_case", "Only the investigator of this complaint can do this."))
        if complaint.state not in (State.INVESTIGATING, State.REFERRED_OUT):
            raise Refused(Refusal("state", "Findings are proposed while it is investigated or referred out."))
        _known(proposed, DISPOSITIONS, "proposed")
        _needed(evidence, "evidence", "Say what the evidence is.")
        allegation = of_number(complaint, number)
        allegation.proposed, allegation.proposed_by_id = proposed, actor.id
        allegation.evidence = sealed.keep_text(complaint, allegation, "evidence", evidence, house.keyring)
        _take_back(allegation)
        codes = {"allegation": number, "proposed": proposed}
        note(house, complaint, "propose_finding", actor, codes=codes, words={"evidence": evidence}, now=now)
        s.flush()
        word_index.index(complaint, house.keyring)
        return Done(complaint.reference, complaint.version)


@retried
def dispose(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    disposition: str,
    standard_of_proof: str,
    rationale: str,
    *,
    closing_reason: str | None = None,
    seen: int,
    now: datetime,
) -> Done:
    """The disposition of one allegation, by a manager who neither investigated nor reported it."""
    with transaction() as s, s.no_autoflush:
        complaint = _undecided(reference, actor, DECIDERS, seen)
        if complaint.state != State.IN_REVIEW:
            raise Refused(Refusal("state", "Allegations are disposed of while the complaint is in review."))
        _known(disposition, DISPOSITIONS, "disposition")
        _known(standard_of_proof, STANDARDS_OF_PROOF, "standard_of_proof")
        _needed(rationale, "rationale", "Give the reasons.")
        if disposition == "no_finding":
            _known(closing_reason or "", CLOSING_REASONS, "closing_reason")
        elif standard_of_proof == "none":
            raise Refused(Refusal("standard", "A finding needs a standard of proof.", "standard_of_proof"))
        _must_not_have_found(complaint, actor)
        allegation = of_number(complaint, number)
        allegation.disposition, allegation.standard_of_proof = disposition, standard_of_proof
        allegation.disposed_by_id = actor.id
        allegation.closing_reason = closing_reason if disposition == "no_finding" else None
        allegation.rationale = sealed.keep_text(complaint, allegation, "rationale", rationale, house.keyring)
        codes: Mapping[str, Any] = {
            "allegation": number,
            "disposition": disposition,
            "standard_of_proof": standard_of_proof,
            **({"closing_reason": closing_reason} if allegation.closing_reason else {}),
        }
        note(house, complaint, "dispose", actor, codes=codes, words={"rationale": rationale}, now=now)
        s.flush()
        word_index.index(complaint, house.keyring)
        return Done(complaint.reference, complaint.version)


def of_number(complaint: Complaint, number: int) -> Allegation:
    """Raises `Refused` where the complaint has no such allegation."""
    found = next((a for a in complaint.allegations if a.number == number), None)
    if found is None:
        raise Refused(Refusal("allegation", "There is no such allegation on this complaint."))
    return found


def _undecided(reference: str, actor: Actor, roles: frozenset[Role], seen: int) -> Complaint:
    complaint = open_complaint(reference, actor, roles, seen)
    if complaint.state not in UNDECIDED:
        raise Refused(Refusal("state", "The complaint is decided; its allegations stay as they are."))
    return complaint


def _must_not_have_found(complaint: Complaint, actor: Actor) -> None:
    done_by = common(complaint)["done_by"]
    found = {complaint.owner_id} | {who for verb in FOUND_BY for who in done_by.get(verb, ())}
    if actor.id in found:
        raise Refused(Refusal("investigator", "Whoever investigated or recorded the outcome cannot decide."))


def suggest(complaint: Complaint) -> None:
    """Until triage the gravest allegation says how urgent it is; the date of triage only moves nearer."""
    if complaint.state != State.RECEIVED:
        return
    complaint.suggested_tier = complaint.tier = suggested_tier(
        (a.code for a in complaint.allegations), matters.tiers(), in_danger=bool(complaint.in_danger)
    )
    calendar, limits = calendar_of(complaint.office_id), book(complaint.policy_id)
    for task in tasks.open_tasks(complaint, State.RECEIVED):
        due = tasks.within(
            complaint,
            Limit("complaint.triage"),
            book=limits,
            calendar=calendar,
            at=complaint.state_since,
        )
        if task.due_at is None or due < task.due_at:
            task.due_at = task.original_due_at = due
            task.sort_at = tasks.sorts_at(complaint, due)
        tasks.mirror(complaint, task)


def _take_back(allegation: Allegation) -> None:
    allegation.disposition = allegation.standard_of_proof = allegation.closing_reason = None
    allegation.rationale = allegation.disposed_by_id = None


def _known(value: str, listed: tuple[tuple[str, str], ...], name: str) -> None:
    if value not in dict(listed):
        raise Refused(Refusal("unfit", "Choose one of the list.", name))


def _needed(text: str, name: str, says: str) -> None:
    if not text.strip():
        raise Refused(Refusal("required", says, name))
