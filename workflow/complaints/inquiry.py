"""Writing an investigation: its plan, its log, what agencies are asked for.

Each is an event of the complaint. What is proposed meanwhile is `interim`, referrals are `referrals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import func, select

from workflow.cases import followups
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.cases.tasks import within
from workflow.complaints import reprisal, sealed
from workflow.complaints.facts import UNDECIDED, State
from workflow.complaints.inquiry_facts import (
    ANSWERS,
    ENTRY_KINDS,
    PARTS,
    PLAN,
    REQUEST,
    REQUESTED,
    STATEMENTS,
    WAYS,
)
from workflow.complaints.inquiry_models import AgencyRequest, InquiryEntry, InterimAction
from workflow.complaints.models import Complaint
from workflow.complaints.service import open_complaint
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused
from workflow.policy.queries import book

#: Who speaks with people about a complaint, and asks agencies.
LOGGERS: Final = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})
INVESTIGATORS: Final = frozenset({Role.REVIEWER})
ASKERS: Final = frozenset({Role.REVIEWER, Role.LIAISON})
#: While somebody investigates.
AT_WORK: Final = frozenset({State.ASSIGNED, State.INVESTIGATING, State.ON_HOLD})
REMIND: Final = Limit("complaint.request_reminder")

Row = TypeVar("Row", InquiryEntry, AgencyRequest, InterimAction)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One line for the log, as it was typed."""

    kind: str
    part: str
    way: str
    at: datetime
    reached: bool
    statement: str = "none"
    who: str = ""
    said: str = ""
    corrects: int | None = None


@retried
def replan(
    house: House, reference: str, actor: Actor, plan: Mapping[str, Any], *, seen: int, now: datetime
) -> Done:
    """Put another plan in the place of the one it was begun with; both stay in the history."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, INVESTIGATORS, seen)
        at_work(complaint, actor)
        needed(plan.get("questions"), "questions", "Say what has to be found out.")
        words = {name: plan[name] for name in (ask.name for ask in PLAN) if plan.get(name)}
        note(house, complaint, "replan", actor, codes={}, words=words, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


@retried
def log(house: House, reference: str, actor: Actor, heard: Heard, *, seen: int, now: datetime) -> Done:
    """Write one line of the log. Once a complainant was reached, they are asked again about reprisal.

    An interview is written by the investigator; a contact by whoever works on complaints.
    """
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, LOGGERS, seen)
        if heard.kind == "interview":
            at_work(complaint, actor)
        _check(complaint, heard, now=now)
        row = InquiryEntry(
            complaint_id=complaint.id,
            number=count_of(InquiryEntry, complaint) + 1,
            kind=heard.kind,
            part=heard.part,
            way=heard.way,
            at=heard.at,
            reached=heard.reached,
            statement=heard.statement,
            corrects=heard.corrects,
            by_id=actor.id,
            recorded_at=now,
        )
        row.who = sealed.keep_row(complaint, row, "who", heard.who, house.keyring)
        row.said = sealed.keep_row(complaint, row, "said", heard.said, house.keyring)
        s.add(row)
        codes = {"line": row.number, "kind": heard.kind, "part": heard.part, "reached": heard.reached}
        note(house, complaint, "log", actor, codes=codes, now=now, occurred_at=heard.at)
        if heard.part == "complainant" and heard.reached:
            reprisal.after_contact(house, complaint, actor, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


@retried
def ask_agency(
    house: House,
    reference: str,
    actor: Actor,
    what: str,
    asked: str,
    due_on: date,
    *,
    seen: int,
    now: datetime,
) -> Done:
    """Record what an agency was asked for; it is asked again when the day has passed."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, ASKERS, seen)
        _undecided(complaint)
        known(what, REQUESTED, "what")
        needed(asked, "asked", "Say what is asked for.")
        calendar = calendar_of(complaint.office_id)
        if due_on <= calendar.day_of(now):
            raise Refused(Refusal("past", "Give the agency a day that is still to come.", "due_on"))
        row = AgencyRequest(
            complaint_id=complaint.id,
            number=count_of(AgencyRequest, complaint) + 1,
            what=what,
            sent_at=now,
            due_on=due_on,
            by_id=actor.id,
        )
        kept = sealed.keep_row(complaint, row, "asked", asked, house.keyring)
        assert kept is not None
        row.asked = kept
        s.add(row)
        codes = {"request": row.number, "kind": what}
        note(house, complaint, "ask_agency", actor, codes=codes, words={"due_on": due_on}, now=now)
        due = calendar.end_of(due_on)
        followups.promise(
            house,
            complaint,
            REQUEST,
            "Ask the agency again for what it owes",
            Role.REVIEWER,
            due_at=due,
            now=now,
            by=actor,
            holder_id=complaint.owner_id,
            page="complaints.chase",
            about=row.number,
            later=(within(complaint, REMIND, book=book(complaint.policy_id), calendar=calendar, at=due),),
        )
        s.flush()
        return Done(complaint.reference, complaint.version)


@retried
def answer_request(
    house: House,
    reference: str,
    actor: Actor,
    number: int,
    outcome: str,
    answer: str,
    *,
    seen: int,
    now: datetime,
) -> Done:
    """Record what the agency answered, or that it refused; nobody asks again then."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, ASKERS, seen)
        row = row_of(AgencyRequest, complaint, number)
        if row.outcome is not None:
            raise Refused(Refusal("answered", "This was answered already."))
        known(outcome, ANSWERS, "outcome")
        needed(answer, "answer", "Say what came, or why it was refused.")
        row.outcome, row.ended_at, row.ended_by_id = outcome, now, actor.id
        row.answer = sealed.keep_row(complaint, row, "answer", answer, house.keyring)
        codes = {"request": number, "outcome": outcome}
        note(house, complaint, "answer_request", actor, codes=codes, now=now)
        followups.settle(house, complaint, REQUEST, number, actor, outcome, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


# --- what they have in common -------------------------------------------------------------------


def count_of(table: type[Row], complaint: Complaint) -> int:
    found = select(func.count()).select_from(table).where(table.complaint_id == complaint.id)
    return session().scalar(found) or 0


def row_of(table: type[Row], complaint: Complaint, number: int) -> Row:
    """Raises `Refused` for a number the complaint does not have."""
    found = session().scalar(select(table).where(table.complaint_id == complaint.id, table.number == number))
    if found is None:
        raise Refused(Refusal("unknown", "There is nothing of this number."))
    return found


def _check(complaint: Complaint, heard: Heard, *, now: datetime) -> None:
    known(heard.kind, ENTRY_KINDS, "kind")
    known(heard.part, PARTS, "part")
    known(heard.way, WAYS, "way")
    known(heard.statement, STATEMENTS, "statement")
    if not complaint.received_at <= heard.at <= now:
        raise Refused(Refusal("moment", "It lies between the receipt of the complaint and now.", "at"))
    if heard.reached:
        needed(heard.said, "said", "Say what was said, in short.")
    elif heard.statement != "none":
        raise Refused(Refusal("statement", "Who was not reached made no statement.", "statement"))
    if heard.corrects is not None and not 1 <= heard.corrects <= count_of(InquiryEntry, complaint):
        raise Refused(Refusal("corrects", "There is no such line in the log.", "corrects"))


def at_work(complaint: Complaint, actor: Actor) -> None:
    if complaint.state not in AT_WORK:
        raise Refused(Refusal("state", "This is written while somebody investigates."))
    if complaint.owner_id != actor.id:
        raise Refused(Refusal("own_case", "Only the investigator of this complaint can do this."))


def _undecided(complaint: Complaint) -> None:
    if complaint.state not in UNDECIDED:
        raise Refused(Refusal("state", "The complaint is decided; nothing is asked for any more."))


def known(value: str, listed: tuple[tuple[str, str], ...], name: str) -> None:
    if value not in dict(listed):
        raise Refused(Refusal("unfit", "Choose one of the list.", name))


def needed(text: str | None, name: str, says: str) -> None:
    if not (text or "").strip():
        raise Refused(Refusal("required", says, name))
