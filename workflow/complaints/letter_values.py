"""What is put into the places of a letter: facts of the complaint, in the words of a language. Reads only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from workflow.cases import chronicle
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.complaints.models import Allegation, Complaint
from workflow.complaints.rules import APPEAL_WITHIN
from workflow.db.session import session
from workflow.messages.wording import Value, day, month, words
from workflow.policy.queries import allegation_types

#: What is told of a point nobody disposed of, where a complaint ended without a finding.
NO_FINDING: Final = "no_finding"


def values_of(
    house: House, complaint: Complaint, language: str, paragraph: str, *, base_url: str, now: datetime
) -> dict[str, Value]:
    """Every place any letter of a complaint can have; what is not known is empty, and stops its letter."""
    known = allegation_types()
    about = [(a, known[a.code].said_in(language)) for a in complaint.allegations]
    said, calendar = words(language), calendar_of(complaint.office_id)
    received, today = calendar.day_of(complaint.received_at), calendar.day_of(now)
    decided = calendar.day_of(complaint.decided_at) if complaint.decided_at else None
    expected = _expected(complaint, today)
    return {
        "reference": complaint.reference,
        "agency": complaint.agency.name if complaint.agency else said["some_agency"],
        "received_on": day(received, language),
        "received_month": month(received, language),
        "decided_month": month(decided, language) if decided else "",
        "days_open": str((today - received).days),
        "expected_by": said["by"].format(day=day(expected, language)) if expected else said["soon"],
        "allegations": tuple(kind for _, kind in about) or (said["none"],),
        "outcomes": tuple(_outcome(a, kind, language) for a, kind in about)
        or (said["dispositions"][NO_FINDING],),
        "closing_reason": said["closing"].get(complaint.closing_reason, ""),
        "referred_to": said["destinations"].get(complaint.referred_to, ""),
        "where_instead": _where_instead(house, complaint),
        "review_days": str(APPEAL_WITHIN // timedelta(days=1)),
        "status_page": f"{base_url}/report/status",
        "paragraph": paragraph,
    }


def _outcome(allegation: Allegation, kind: str, language: str) -> str:
    said = words(language)
    found: str = said["dispositions"][allegation.disposition or NO_FINDING]
    return f"{kind[:1].upper()}{kind[1:]}: {found}"


def _expected(complaint: Complaint, today: date) -> date | None:
    """By when it is to be resolved, as the clock has it; None once that is over or nothing runs."""
    clock = next((c for c in complaint.clocks if c.name == "resolve"), None)
    if clock is None or clock.due_at is None or clock.stopped_at is not None:
        return None
    due = calendar_of(complaint.office_id).day_of(clock.due_at)
    return due if due >= today else None


def _where_instead(house: House, complaint: Complaint) -> str:
    """Where a complainant was told to go, when it was found not to be ours."""
    found = select(Event).where(Event.case_id == complaint.id, Event.verb == "reject_no_jurisdiction")
    event = session().scalar(found.order_by(Event.version.desc()).limit(1))
    said = chronicle.words_of(event, complaint, house.keyring) if event else {}
    return said.get("where_instead", "")
