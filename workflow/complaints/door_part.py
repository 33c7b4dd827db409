"""How a complaint was told, as a part of its page: circumstances, earlier wordings, the agency's notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.complaints import sealed
from workflow.complaints.facts import INTERPRETER, OWN_INQUIRY, UNDECIDED
from workflow.complaints.kind import KIND
from workflow.complaints.models import Complaint, ComplaintAgreement, Witness
from workflow.complaints.notice import Notice, notice_of
from workflow.complaints.service import READS_CONTACT
from workflow.complaints.telling import TAKERS, Wording, earlier
from workflow.complaints.witnesses import witnesses_of
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.register.models import Agreement


@dataclass(frozen=True, slots=True)
class Named:
    """An agreement a complaint is about."""

    reference: str
    called: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class HowTold:
    """What the page shows of how a complaint came in. No words, for who does not read them.

    Neither danger nor interpreter for who does not speak with whoever complained.
    """

    words: dict[str, str]
    in_danger: bool | None
    interpreter: str | None
    own_inquiry: str | None
    entered_on: date | None
    wordings: list[Wording]
    agreements: list[Named]
    notice: Notice | None
    can_tell: bool
    #: Empty for who opens no identity.
    witnesses: list[Witness]


def how_told(house: House, complaint: Complaint, actor: Actor, *, reads: bool) -> HowTold:
    """Five queries, one more for a complaint from an agency."""
    calendar = calendar_of(complaint.office_id)
    entered_on = calendar.day_of(complaint.opened_at)
    is_late_entry = entered_on != calendar.day_of(complaint.received_at)
    tellings = list(sealed.tellings_of(complaint, house.keyring).values()) if reads else []
    closed = KIND.closed(actor, complaint)
    return HowTold(
        words=sealed.latest(tellings),
        in_danger=None if "in_danger" in closed else complaint.in_danger,
        interpreter=None if "interpreter" in closed else dict(INTERPRETER).get(complaint.interpreter or ""),
        own_inquiry=dict(OWN_INQUIRY).get(complaint.own_inquiry or ""),
        entered_on=entered_on if is_late_entry else None,
        wordings=earlier(tellings),
        agreements=_agreements(complaint),
        notice=notice_of(complaint),
        witnesses=witnesses_of(complaint) if actor.roles & READS_CONTACT else [],
        can_tell=bool(actor.roles & TAKERS) and complaint.state in UNDECIDED,
    )


def _agreements(complaint: Complaint) -> list[Named]:
    """The agreements it is about, the leading one first. One query."""
    found = (
        select(Agreement, ComplaintAgreement.is_lead)
        .join(ComplaintAgreement, ComplaintAgreement.agreement_id == Agreement.id)
        .where(ComplaintAgreement.complaint_id == complaint.id)
        .order_by(ComplaintAgreement.is_lead.desc(), Agreement.id)
    )
    return [
        Named(a.reference, f"{a.model}, signed {day_words(a.signed_on)}" if a.signed_on else a.model, lead)
        for a, lead in session().execute(found)
    ]
