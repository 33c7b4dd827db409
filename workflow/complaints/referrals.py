"""What other authorities were sent: due dates, chasers, what came. Steps are taken elsewhere.

A step that refers opens a row, one that records an outcome ends it: reactions, so that no step can forget.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases import followups, tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import Done, note
from workflow.complaints import sealed
from workflow.complaints.inquiry_facts import CHASED, CHASER, REQUEST
from workflow.complaints.inquiry_models import Referral
from workflow.complaints.models import Complaint
from workflow.complaints.service import open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

FOLLOWERS: Final = frozenset({Role.REVIEWER, Role.LIAISON})
ACKNOWLEDGEMENT: Final = Limit("complaint.referral_ack")
OUTCOME: Final = Limit("complaint.referral_outcome")
AGENCY_RESULT: Final = Limit("complaint.agency_result")
OIG_ANSWER: Final = Limit("complaint.oig_answer")
CHASERS: Final = tuple(Limit(f"complaint.chaser_{n}") for n in ("first", "second", "third"))
#: How a step ends the open referral.
ENDS: Final = {
    "record_outcome": "outcome",
    "take_back": "taken_back",
    "oig_declines": "declined",
    "oig_silent": "silent",
}
OPENS: Final = frozenset({"offer_to_oig", "refer_out"})


# --- reactions ----------------------------------------------------------------------------------


def sent(house: House, case: Any, event: Event, now: datetime) -> None:
    """A complaint was offered or referred: a row, and for a referral its chasers."""
    assert isinstance(case, Complaint)
    offered = event.verb == "offer_to_oig"
    at = event.occurred_at
    row = Referral(
        complaint_id=case.id,
        number=len(of_complaint(case)) + 1,
        destination="oig" if offered else str(event.codes["destination"]),
        sent_at=at,
        sent_by_id=event.actor_id,
        acknowledgement_due_at=_due(case, OIG_ANSWER if offered else ACKNOWLEDGEMENT, at),
        outcome_due_at=_due(case, OUTCOME, at),
    )
    session().add(row)
    session().flush()
    if not offered:
        _chase(house, case, row, event, now=now)


def retained(house: House, case: Any, event: Event, now: datetime) -> None:
    """The inspector general keeps what it was offered: that acknowledges it, and it is chased from now on."""
    assert isinstance(case, Complaint)
    row = _open(case)
    if row is not None:
        row.acknowledged_at = event.occurred_at
        row.outcome_due_at = _due(case, OUTCOME, event.occurred_at)
        _chase(house, case, row, event, now=now)


def ended(house: House, case: Any, event: Event, now: datetime) -> None:
    """An outcome was recorded, or it was taken back: nobody chases it any more."""
    assert isinstance(case, Complaint)
    row = _open(case)
    if row is not None:
        row.ended_as, row.ended_at = ENDS[event.verb], event.occurred_at
        followups.settle(house, case, CHASER, row.number, SYSTEM, row.ended_as, now=now)


def undone(house: House, case: Any, event: Event, now: datetime) -> None:
    """A step that referred or ended a referral was undone: the row follows it, and is chased again."""
    assert isinstance(case, Complaint)
    verb = str(event.codes.get("undone"))
    rows = of_complaint(case)
    if verb in OPENS and (row := _open(case)) is not None:
        row.ended_as, row.ended_at = "undone", now
        # Those of the step itself are taken back with it; one that followed another is not.
        followups.settle(house, case, CHASER, row.number, SYSTEM, "undone", now=now)
    elif verb == "oig_retains" and (row := _open(case)) is not None:
        row.acknowledged_at = None
    elif verb in ENDS and rows:
        row = rows[-1]
        row.ended_as = row.ended_at = None
        if case.state == "referred_out":
            _chase(house, case, row, event, now=now)


def _chase(house: House, case: Complaint, row: Referral, event: Event, *, now: datetime) -> None:
    """Ask again after 30, 60 and 90 days from when it was sent; what is past already, at once."""
    moments = [_due(case, limit, event.occurred_at) for limit in CHASERS]
    first, *later = moments
    followups.promise(
        house,
        case,
        CHASER,
        "Ask the other authority again",
        Role.LIAISON,
        due_at=first,
        now=now,
        page="complaints.chase",
        about=row.number,
        later=later,
    )


# --- what the liaison records -------------------------------------------------------------------


@retried
def acknowledged(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    *,
    on: date,
    their_reference: str,
    resolved_on: date | None = None,
    seen: int,
    now: datetime,
) -> Done:
    """The authority has answered that it has it. An agency's result is due so long after its own inquiry.

    Memoranda of agreement, Jail Enforcement Model: within 30 days of the resolution.
    """
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, FOLLOWERS, seen)
        row = _numbered(complaint, number)
        calendar = calendar_of(complaint.office_id)
        first, today = calendar.day_of(row.sent_at), calendar.day_of(now)
        if not first <= on <= today:
            raise Refused(Refusal("day", "It lies between the day it was sent and today.", "on"))
        if resolved_on is not None:
            if row.destination != "agency":
                raise Refused(Refusal("agency", "Only an agency's own inquiry is meant.", "resolved_on"))
            if not first <= resolved_on <= today:
                says = "It lies between the day it was sent and today."
                raise Refused(Refusal("day", says, "resolved_on"))
            row.resolved_on = resolved_on
            row.outcome_due_at = _due(complaint, AGENCY_RESULT, calendar.end_of(resolved_on))
        row.acknowledged_at = row.acknowledged_at or min(calendar.end_of(on), now)
        if their_reference.strip():
            row.their_reference = sealed.keep_row(
                complaint, row, "their_reference", their_reference, house.keyring
            )
        said = {"on": on, "resolved_on": resolved_on, "their_reference": their_reference.strip()}
        words = {name: value for name, value in said.items() if value}
        note(house, complaint, "acknowledged", actor, codes={"referral": number}, words=words, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


@retried
def chase(
    house: House, reference: str, actor: Actor, number: int, words: str, *, seen: int, now: datetime
) -> Done:
    """They were asked again and nothing has come; after the last time, they are asked 30 days on."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, FOLLOWERS, seen)
        row = followups.waiting(actor, complaint, number, seen)
        if row.kind not in (CHASER, REQUEST):
            raise Refused(Refusal("kind", "There is nobody to ask again."))
        if not words.strip():
            raise Refused(Refusal("required", "Say how they were asked, and what they said.", "words"))
        is_last = not row.later
        followups.end(house, row, complaint, actor, "kept", CHASED[0][0], words, now=now)
        if is_last:
            followups.promise(
                house,
                complaint,
                row.kind,
                row.task.title,
                Role(row.task.role),
                due_at=_due(complaint, CHASERS[0], now),
                now=now,
                by=actor,
                holder_id=row.task.holder_id,
                page=row.page,
                about=row.about,
            )
        s.flush()
        return Done(complaint.reference, complaint.version)


# --- reading one complaint's --------------------------------------------------------------------


def of_complaint(complaint: Complaint) -> list[Referral]:
    """Its referrals, first to last. One query."""
    found = select(Referral).where(Referral.complaint_id == complaint.id)
    return list(session().scalars(found.order_by(Referral.number)))


def _open(complaint: Complaint) -> Referral | None:
    return next((r for r in reversed(of_complaint(complaint)) if r.ended_as is None), None)


def _numbered(complaint: Complaint, number: int) -> Referral:
    row = next((r for r in of_complaint(complaint) if r.number == number), None)
    if row is None or row.ended_as is not None:
        raise Refused(Refusal("unknown", "There is no open referral of this number."))
    return row


def _due(complaint: Complaint, limit: Limit, at: datetime) -> datetime:
    rules, calendar = book(complaint.policy_id), calendar_of(complaint.office_id)
    return tasks.within(complaint, limit, book=rules, calendar=calendar, at=at)
