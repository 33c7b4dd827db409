"""Complaints as the substrate sees them: machine, table, the picture for rules, lists to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import Row, exists, or_, select

from workflow.cases import for_cause, tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.history import recused_from
from workflow.cases.kinds import CaseKind, Choices, Common, House
from workflow.cases.models import Case, Event
from workflow.complaints import matters
from workflow.complaints.definitions import is_catch_all
from workflow.complaints.delays import mail_address, queue_delays
from workflow.complaints.facts import ComplaintFacts, State
from workflow.complaints.inquiry_facts import NEVER_CANCELLED, PROMISES
from workflow.complaints.inquiry_models import InquiryEntry
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.models import Allegation, Complaint
from workflow.complaints.notes import ASKED_OF_US, MUST_BE_ANSWERED, NOTES
from workflow.complaints.visits import tidy
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.calendar import day_words
from workflow.engine.effects import Limit
from workflow.engine.machine import Ask
from workflow.people.queries import holding
from workflow.policy.queries import book, closed_channels
from workflow.register.models import Agency, Agreement
from workflow.register.queries import agreements_of, family

OIG_ANSWER: Final = Limit("complaint.oig_answer")
#: How many other complaints of an agency are offered to merge into, the latest first.
PARENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Beside:
    """What rules look at that stands in no row of the complaint and its allegations."""

    contact_tries: int = 0
    closed_channels: Mapping[str, tuple[date, str]] = field(default_factory=dict)
    parents: frozenset[str] = frozenset()
    oig_has_until: datetime | None = None


def facts_of(complaint: Complaint, common: Common) -> ComplaintFacts:
    """The picture of a complaint. One query more than the common, two if it can be merged or waits."""
    if not common["version"]:
        return picture(complaint, common, Beside(), [])
    is_triaged, rows = complaint.state == State.TRIAGED, complaint.allegations
    beside = Beside(
        contact_tries=contact_tries([complaint])[complaint.id] if rows else 0,
        closed_channels=closed_channels() if is_triaged else {},
        parents=frozenset(c.reference for c in parents(complaint)) if is_triaged else frozenset(),
        oig_has_until=oig_has_until([complaint]).get(complaint.id),
    )
    return picture(complaint, common, beside, rows)


def beside_of_many(complaints: Sequence[Complaint]) -> dict[int, Beside]:
    """The same of many by id, without what each could be merged into: that is never done to many.

    Three queries at most.
    """
    tries, closed, until = contact_tries(complaints), closed_channels(), oig_has_until(complaints)
    return {
        c.id: Beside(
            contact_tries=tries[c.id],
            closed_channels=closed if c.state == State.TRIAGED else {},
            oig_has_until=until.get(c.id),
        )
        for c in complaints
    }


def picture(
    complaint: Complaint, common: Common, beside: Beside, rows: Sequence[Allegation]
) -> ComplaintFacts:
    """The picture of a complaint from what was read of it. No query."""
    return ComplaintFacts(
        state=State(complaint.state),
        tier=complaint.tier,
        suggested_tier=complaint.suggested_tier,
        owner_id=complaint.owner_id,
        supervised_by_id=complaint.supervised_by_id,
        allegations=len(rows),
        undisposed=sum(not a.is_disposed for a in rows),
        unproposed=sum(not a.is_proposed for a in rows),
        catch_alls=sum(is_catch_all(a.code, a.disposition, a.closing_reason) for a in rows),
        contact_tries=beside.contact_tries if rows else 0,
        closed_channels=beside.closed_channels,
        contact_possible=bool(complaint.contact_possible),
        contact_emptied=bool(complaint.contact_emptied),
        parents=beside.parents,
        oig_has_until=beside.oig_has_until,
        **common,
    )


def contact_tries(complaints: Sequence[Complaint]) -> dict[int, int]:
    """On how many days it was tried to reach each complainant, by the log. One query.

    A line put right is no try, nor is a second one on the same day: whoever is in a hurry writes two at once.
    """
    days: dict[int, set[date]] = {c.id: set() for c in complaints}
    tries = select(InquiryEntry.complaint_id, InquiryEntry.at).where(
        InquiryEntry.complaint_id.in_(days),
        InquiryEntry.part == "complainant",
        InquiryEntry.corrects.is_(None),
    )
    offices = {c.id: c.office_id for c in complaints}
    for complaint_id, at in session().execute(tries):
        days[complaint_id].add(calendar_of(offices[complaint_id]).day_of(at))
    return {complaint_id: len(tried) for complaint_id, tried in days.items()}


def oig_has_until(complaints: Iterable[Complaint]) -> dict[int, datetime]:
    """Until when the inspector general has to answer, for each that waits, in the zone of its office.

    Undoing changes nothing. One query, none where nothing waits.
    """
    waiting = [c for c in complaints if c.state == State.AWAITING_OIG]
    if not waiting:
        return {}
    offered = (
        select(Event.case_id, Event.occurred_at)
        .where(Event.case_id.in_([c.id for c in waiting]), Event.verb == "offer_to_oig")
        .order_by(Event.version)
    )
    asked_at = {row.case_id: row.occurred_at for row in session().execute(offered)}
    return {c.id: _oig_until(c, asked_at.get(c.id, c.state_since)) for c in waiting}


def _oig_until(complaint: Complaint, asked_at: datetime) -> datetime:
    calendar, limits = calendar_of(complaint.office_id), book(complaint.policy_id)
    due = tasks.within(complaint, OIG_ANSWER, book=limits, calendar=calendar, at=asked_at)
    return due.astimezone(calendar.zone)


def parents(complaint: Complaint) -> Sequence[Row[str, datetime]]:
    """Complaints to merge into, the latest first: reference and receipt; at most `PARENTS`. One query.

    Those of the same agency, received no later, and open or with something sustained.
    A complaint must not disappear into one that was closed without anything, nor its time into a later one's:
    the earliest receipt rules the group because the earliest complaint carries it.
    """
    sustained = exists().where(Allegation.complaint_id == Complaint.id, Allegation.disposition == "sustained")
    found = (
        select(Complaint.reference, Complaint.received_at)
        .where(
            Complaint.id != complaint.id,
            Complaint.received_at <= complaint.received_at,
            Complaint.agency_id == complaint.agency_id
            if complaint.agency_id is not None
            else Complaint.agency_id.is_(None),
            Complaint.state.not_in((State.MERGED, State.VOIDED)),
            or_(Complaint.closed_at.is_(None), sustained),
        )
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
        .limit(PARENTS)
    )
    return session().execute(found).all()


def choices(case: Case | None, ask: Ask) -> Choices:
    """What can be chosen on this complaint."""
    if not isinstance(case, Complaint):
        return []
    match ask.name:
        case "type":
            return list(matters.titles().items())
        case "investigator":
            out = set(recused_from(case.id))
            return [(str(p.id), p.name) for p in holding(Role.REVIEWER) if p.id not in out]
        case "agreement":
            return agreement_options(case.agency_id)
        case "parent":
            return [
                (c.reference, f"{c.reference}, received {day_words(c.received_at.date())}")
                for c in parents(case)
            ]
    return _named(case) if ask.of == "named_agencies" else []


def _named(complaint: Complaint) -> Choices:
    """The agencies a complaint was said to be about, and none."""
    said = select(Event.codes["agency"].as_integer()).where(
        Event.case_id == complaint.id, Event.verb == "name_agency"
    )
    found = session().execute(select(Agency.id, Agency.name).where(Agency.id.in_(said)))
    return [("0", "not known"), *((str(key), name) for key, name in found)]


def agreement_options(agency_id: int | None) -> Choices:
    """The agreements a complaint about this agency can be about."""
    if agency_id is None:
        return []
    return [(str(a.id), _called(a)) for a in agreements_of(family(agency_id))]


def _called(agreement: Agreement) -> str:
    signed = f", signed {day_words(agreement.signed_on)}" if agreement.signed_on else ""
    ended = f", ended {day_words(agreement.ended_on)}" if agreement.ended_on else ""
    return f"{agreement.model}{signed}{ended}"


#: Who reads what was told and what was answered along the way: those who work on complaints.
READERS: Final = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON, Role.MANAGER})


def reads(actor: Actor, _complaint: Case) -> bool:
    """Supervisors, inspectors, auditors and headquarters follow a complaint without its words."""
    return bool(actor.roles & READERS)


#: Who speaks with whoever complained, beside the investigator of the complaint.
SPEAKS_WITH_THEM: Final = frozenset({Role.INTAKE, Role.REVIEWER})


def closed(actor: Actor, complaint: Case) -> frozenset[str]:
    """Whether they were in danger, and were heard through an interpreter, concerns who speaks with them."""
    speaks = actor.roles & SPEAKS_WITH_THEM or complaint.owner_id == actor.id
    return frozenset() if speaks else frozenset({"in_danger", "interpreter"})


def as_time_passes(house: House, now: datetime) -> int:
    """Say that it takes longer where it does, and erase what nobody sent. How many letters became due."""
    tidy(now=now)
    return queue_delays(house, now)


KIND: Final = CaseKind(
    machine=COMPLAINT,
    model=Complaint,
    facts_of=facts_of,
    letter="C",
    endpoint="complaints.show",
    choices=choices,
    notes=NOTES,
    reads=reads,
    closed=closed,
    promises={**PROMISES, **ASKED_OF_US, **for_cause.PROMISES},
    must_be_kept=NEVER_CANCELLED | MUST_BE_ANSWERED | {for_cause.COMPLAINT},
    as_time_passes=as_time_passes,
    mail_address=mail_address,
)
