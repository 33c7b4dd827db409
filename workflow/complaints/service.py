"""Taking a complaint in at any door, naming its agency, the complainant's contact. No step is taken here.

Allegations are written in `allegations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from workflow.cases import clocks, tasks
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.enclosures import enclose
from workflow.cases.idempotency import claim, remember
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import Done, enter, note
from workflow.cases.recusing import is_recused
from workflow.complaints import floods, matters, receipt, sealed, word_index
from workflow.complaints.facts import UNDECIDED, suggested_tier
from workflow.complaints.models import (
    Allegation,
    ComplainantContact,
    Complaint,
    ComplaintAgreement,
    ReceiptCode,
)
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import RecomputeClock
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.policy.queries import book
from workflow.register.models import Agency, Agreement

#: Who may look at the complainant's contact, for a purpose.
READS_CONTACT: Final = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})
#: Who names the agency a complaint is about.
PLACES: Final = frozenset({Role.INTAKE, Role.REVIEWER})
UNKNOWN_AGENCY: Final = "Complaint, agency not yet known"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody told at a door. `contact` is sealed apart: empty if anonymous.

    `words` are the complainant's own (narrative, when, where, agency, remedy, language), sealed as well.
    """

    channel: str
    words: dict[str, str]
    contact: dict[str, str] = field(default_factory=dict)
    allegations: tuple[str, ...] = ()
    agency_id: int | None = None
    #: None, one or several; the first leads and decides office, queue and rules.
    agreement_ids: tuple[int, ...] = ()
    occurred_on: date | None = None
    #: `month` or `year` where no more than that is known of the day.
    occurred_about: str | None = None
    agency_knew_at: datetime | None = None
    fears_reprisal: bool = False
    in_danger: bool | None = None
    interpreter: str | None = None
    own_inquiry: str | None = None
    #: Tokens of files that were staged at this door (`documents.staging`), and by whom.
    documents: tuple[str, ...] = ()
    holder: str = ""
    #: Why it is set apart from others that came in, if it came in a flood (`floods`).
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What a door answers. The code is kept nowhere; only the same form sent again gives it again."""

    reference: str
    code: str
    #: When the form was carried out: the first time, if it was sent twice.
    at: datetime
    repeated: bool = False


@retried
def receive(
    house: House,
    told: Told,
    actor: Actor,
    *,
    pepper: bytes,
    form_key: str,
    now: datetime,
    received_at: datetime | None = None,
    gives_code: bool = True,
) -> Received:
    """Take a complaint in: the one way through every door, so that clocks and checks are the same.

    `form_key` is unguessable and makes a form count once; the receipt's code follows from it, so it is
    stored as a fingerprint only, and not at all where whoever sends the form is not to come back with it.
    Raises `Refused` for a moment in the future.
    """
    code = receipt.code_for(form_key, pepper)
    key = receipt.fingerprint(f"form:{form_key}", pepper)
    with transaction() as s, s.no_autoflush:
        if known := claim(key, actor):
            return Received(known.reference, code, known.at, repeated=True)
        complaint = take_in(house, told, actor, now=now, received_at=received_at)
        if gives_code:
            s.add(ReceiptCode(complaint_id=complaint.id, fingerprint=receipt.fingerprint(code, pepper)))
        remember(key, actor, complaint, now=now)
        s.flush()
        return Received(complaint.reference, code, now)


def take_in(
    house: House,
    told: Told,
    actor: Actor,
    *,
    now: datetime,
    received_at: datetime | None = None,
    cause: Event | None = None,
) -> Complaint:
    """The same without a receipt, inside a running transaction: for what another case starts."""
    s = session()
    complaint = _fresh(told)
    complaint.caused_by_id = cause.case_id if cause else None
    answers = {"channel": told.channel}
    enter(house, complaint, "receive", actor, answers, now=now, occurred_at=received_at, cause=cause)
    s.flush()
    _lead(complaint, told.agreement_ids)
    for number, kind in enumerate(dict.fromkeys(told.allegations), start=1):
        complaint.allegations.append(Allegation(number=number, code=kind, subject="unknown"))
        note(house, complaint, "allege", actor, codes={"allegation": number, "type": kind}, now=now)
    asked = {"in_danger": told.in_danger, "interpreter": told.interpreter}
    if codes := {name: said for name, said in asked.items() if said is not None}:
        note(house, complaint, "circumstances", actor, codes=codes, now=now)
    s.add(sealed.keep_words(complaint, told.words, house.keyring))
    word_index.put(complaint.id, word_index.told_in(told.words), house.keyring)
    if told.documents:
        enclose(house, complaint, told.documents, holder=told.holder, by=actor, now=now)
    floods.set_apart(house, complaint, told.apart, now=now)
    if contact := {name: said for name, said in told.contact.items() if said}:
        kept = sealed.keep_contact(complaint, contact, house.keyring)
        s.add(ComplainantContact(complaint_id=complaint.id, sealed=kept))
    return complaint


def _fresh(told: Told) -> Complaint:
    agency = session().get(Agency, told.agency_id) if told.agency_id else None
    suggested = suggested_tier(told.allegations, matters.tiers(), in_danger=bool(told.in_danger))
    # Known before the first clock starts: until an agreement is, the strictest template counts.
    lead = _lead_of(told.agreement_ids, told.agency_id)
    agreement = session().get(Agreement, lead) if lead else None
    return Complaint(
        title=title_of(agency),
        agency_id=agency.id if agency else None,
        agency=agency,
        office_id=agency.office_id if agency else None,
        model=agreement.model if agreement else None,
        template=agreement.template if agreement else None,
        suggested_tier=suggested,
        tier=suggested,
        occurred_on=told.occurred_on,
        occurred_about=told.occurred_about,
        agency_knew_at=told.agency_knew_at,
        fears_reprisal=told.fears_reprisal,
        in_danger=told.in_danger,
        interpreter=told.interpreter,
        own_inquiry=told.own_inquiry,
        contact_possible=is_reachable(told.contact),
        is_protected=False,
    )


def is_reachable(contact: Mapping[str, str]) -> bool:
    """Whether there is a way to answer; a name alone is none."""
    return bool(contact.get("reach"))


def title_of(agency: Agency | None) -> str:
    """What lists call a complaint: the agency, never a person or what was told."""
    return f"Complaint about {agency.name}"[:200] if agency else UNKNOWN_AGENCY


def _lead(complaint: Complaint, known: tuple[int, ...] = ()) -> None:
    """The agreement it is about until triage says else: the first known, or the agency's only living one."""
    lead = _lead_of(known, complaint.agency_id)
    if lead is None:
        return
    complaint.lead_agreement_id = lead
    for other in dict.fromkeys(known):
        if other != lead:
            complaint.agreements.append(ComplaintAgreement(agreement_id=other, is_lead=False))
    for task in tasks.open_tasks(complaint):
        tasks.mirror(complaint, task)


def _lead_of(known: tuple[int, ...], agency_id: int | None) -> int | None:
    if known:
        return known[0]
    living = _living(agency_id)
    return living[0] if len(living) == 1 else None


def _living(agency_id: int | None) -> list[int]:
    """The agreements of an agency that have not ended; of many, two."""
    living = select(Agreement.id).where(Agreement.agency_id == agency_id, Agreement.ended_on.is_(None))
    return [] if agency_id is None else list(session().scalars(living.limit(2)))


@retried
def name_agency(
    house: House, reference: str, actor: Actor, agency_id: int | None, *, seen: int, now: datetime
) -> Done:
    """Say which agency it is about, or that this is not known after all; office and title follow."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, PLACES, seen)
        if complaint.state not in UNDECIDED:
            raise Refused(Refusal("state", "The complaint is decided; its agency stays as it is."))
        agency = s.get(Agency, agency_id) if agency_id else None
        if agency_id and agency is None:
            raise Refused(Refusal("agency", "There is no such agency.", "agency"))
        place(house, complaint, actor, agency, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


def place(house: House, complaint: Complaint, actor: Actor, agency: Agency | None, *, now: datetime) -> None:
    """The same inside a running transaction, on a locked complaint that is not decided."""
    before = (complaint.model, complaint.template)
    complaint.agency_id, complaint.agency = (agency.id if agency else None), agency
    complaint.title = title_of(agency)
    complaint.agreement_id = complaint.model = complaint.template = None
    for link in complaint.agreements:
        link.is_lead = False
    complaint.place(agency.office_id if agency else None)
    _lead(complaint)
    note(house, complaint, "name_agency", actor, codes={"agency": agency.id if agency else 0}, now=now)
    if before != (complaint.model, complaint.template):
        reckon(house, complaint, now=now)
    for task in tasks.open_tasks(complaint):
        tasks.mirror(complaint, task)


def reckon(house: House, complaint: Complaint, *, now: datetime) -> None:
    """Count the dates anew from receipt, under the rules of the agreement it is about now.

    The event that was just noted says why; each clock keeps the date it had before.
    """
    machine = house.kind_of(complaint).machine
    calendar, limits = calendar_of(complaint.office_id), book(complaint.policy_id)
    for name in ("ack", "resolve"):
        clocks.turn(complaint, machine, RecomputeClock(name), book=limits, calendar=calendar, at=now)
    tasks.follow(complaint, machine, book=limits, calendar=calendar, at=now)


def keep_apart(complaint: Complaint, actor: Actor) -> None:
    """Whoever is recused and let in acts without coming near who complained. Raises `Refused`."""
    if is_recused(complaint, actor.id):
        raise Refused(Refusal("recused", "You were let in to act, not to learn who complained."))


def open_complaint(reference: str, actor: Actor, roles: frozenset[Role], seen: int | None) -> Complaint:
    """The complaint, locked for a change that is not a step. Raises `NotThere`, `Stale`, `Refused`."""
    complaint = case_for(actor, reference, lock=True)
    if not isinstance(complaint, Complaint):
        raise Refused(Refusal("kind", "This is not a complaint."))
    if seen is not None and seen != complaint.version:
        raise Stale(f"version {seen} seen, {complaint.version} found")
    if not actor.roles & roles:
        raise Refused(Refusal("role", "Your role does not allow this."))
    return complaint
