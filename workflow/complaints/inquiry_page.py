"""What the page of a complaint shows of its investigation, referrals and follow-ups. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflow.cases import followups
from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.complaints import inquiry, interim, referrals, sealed
from workflow.complaints.ages import Ages, ages_of
from workflow.complaints.facts import DESTINATIONS, UNDECIDED
from workflow.complaints.inquiry_facts import (
    ANSWERS,
    DECISIONS,
    ENTRY_KINDS,
    INTERIM,
    PARTS,
    PLAN,
    PROMISES,
    REFERRAL_ENDS,
    REQUESTED,
    STATEMENTS,
    WAYS,
)
from workflow.complaints.inquiry_models import AgencyRequest, InquiryEntry, InterimAction, Referral
from workflow.complaints.kind import KIND
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.engine.machine import Ask, AskKind
from workflow.people.queries import names

#: What makes a plan: the step, and putting another in its place.
PLANNED: Final = ("begin", "replan")


@dataclass(frozen=True, slots=True)
class Line:
    """One child row in the words it is shown with."""

    number: int
    what: str
    facts: str
    said: str
    at: datetime
    by: str
    #: Whom it was with by name, where somebody wrote it down; it stays inside.
    named: str = ""
    #: The part they have in it, as a code.
    part: str = ""
    corrects: int | None = None
    due_on: date | None = None
    ended: str = ""
    answer: str = ""
    is_late: bool = False
    #: Still to be answered or decided, by this reader.
    can_end: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """A follow-up: due when, and what came of it."""

    number: int
    what: str
    due_at: datetime
    came: str
    said: str
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All of it. Log, requests and proposals are empty for those who do not read the words of a complaint."""

    ages: Ages
    plan: tuple[tuple[str, str], ...]
    log: tuple[Line, ...]
    requests: tuple[Line, ...]
    interims: tuple[Line, ...]
    referrals: tuple[Line, ...]
    promises: tuple[Promised, ...]
    can_log: bool
    can_ask: bool
    can_work: bool
    can_follow: bool

    @property
    def is_empty(self) -> bool:
        return not (self.plan or self.log or self.requests or self.interims or self.can_log or self.can_ask)


def inquiry_of(
    house: House,
    complaint: Complaint,
    actor: Actor,
    *,
    events: Sequence[Event] | None = None,
    now: datetime,
) -> Inquiry:
    """Read it all. Eight queries at most, whatever its length; seven where its events were read before."""
    reads = KIND.reads(actor, complaint)
    works = complaint.owner_id == actor.id and complaint.state in inquiry.AT_WORK
    open_still = complaint.state in UNDECIDED
    page = _Page(house, complaint, actor, now, reads)
    return Inquiry(
        ages=ages_of([complaint], now=now)[complaint.id],
        plan=page.plan(events) if reads else (),
        log=page.log() if reads else (),
        requests=page.requests() if reads else (),
        interims=page.interims() if reads else (),
        referrals=page.referrals(),
        promises=page.promises(),
        can_log=reads and bool(actor.roles & inquiry.LOGGERS),
        can_ask=reads and open_still and bool(actor.roles & inquiry.ASKERS),
        can_work=works and bool(actor.roles & inquiry.INVESTIGATORS),
        can_follow=bool(actor.roles & referrals.FOLLOWERS),
    )


class _Page:
    """One complaint being read for somebody: what the parts need in common."""

    def __init__(self, house: House, complaint: Complaint, actor: Actor, now: datetime, reads: bool) -> None:
        self.house, self.complaint, self.actor, self.now, self.reads = house, complaint, actor, now, reads
        self.calendar = calendar_of(complaint.office_id)

    def plan(self, events: Sequence[Event] | None) -> tuple[tuple[str, str], ...]:
        """The plan that holds now: of the step, or what replaced it."""
        if events is None:
            found = select(Event).where(Event.case_id == self.complaint.id, Event.verb.in_(PLANNED))
            found = found.order_by(Event.version).options(selectinload(Event.answers))
            events = session().scalars(found).all()
        made = [event for event in events if event.verb in PLANNED]
        if not made:
            return ()
        latest = made[-1]
        said = words_of(latest, self.complaint, self.house.keyring)
        return tuple((ask.label, _in_words(ask, said[ask.name])) for ask in PLAN if ask.name in said)

    def log(self) -> tuple[Line, ...]:
        rows = (
            session()
            .scalars(
                select(InquiryEntry)
                .where(InquiryEntry.complaint_id == self.complaint.id)
                .order_by(InquiryEntry.at, InquiryEntry.number)
            )
            .all()
        )
        who = names({row.by_id for row in rows})
        return tuple(self._entry(row, who) for row in rows)

    def _entry(self, row: InquiryEntry, who: dict[int, str]) -> Line:
        kind = dict(ENTRY_KINDS)[row.kind].partition(":")[0]
        statement = dict(STATEMENTS)[row.statement] if row.statement != "none" else ""
        facts = [dict(PARTS)[row.part], dict(WAYS)[row.way].lower(), statement]
        return Line(
            number=row.number,
            what=kind if row.reached else f"{kind}, tried: nobody reached",
            facts=", ".join(filter(None, facts)),
            said=self._words(row, "said"),
            at=row.at,
            by=who.get(row.by_id, "somebody"),
            named=self._words(row, "who"),
            part=row.part,
            corrects=row.corrects,
        )

    def requests(self) -> tuple[Line, ...]:
        rows = (
            session()
            .scalars(
                select(AgencyRequest)
                .where(AgencyRequest.complaint_id == self.complaint.id)
                .order_by(AgencyRequest.number)
            )
            .all()
        )
        who = names({row.by_id for row in rows})
        return tuple(
            Line(
                number=row.number,
                what=dict(REQUESTED)[row.what],
                facts="",
                said=self._words(row, "asked"),
                at=row.sent_at,
                by=who.get(row.by_id, "somebody"),
                due_on=row.due_on,
                ended=dict(ANSWERS)[row.outcome].partition(":")[0] if row.outcome else "",
                answer=self._words(row, "answer"),
                is_late=row.outcome is None and row.due_on < self.calendar.day_of(self.now),
                can_end=row.outcome is None and bool(self.actor.roles & inquiry.ASKERS),
            )
            for row in rows
        )

    def interims(self) -> tuple[Line, ...]:
        rows = (
            session()
            .scalars(
                select(InterimAction)
                .where(InterimAction.complaint_id == self.complaint.id)
                .order_by(InterimAction.number)
            )
            .all()
        )
        who = names({row.proposed_by_id for row in rows} | {i for r in rows if (i := r.decided_by_id)})
        return tuple(
            Line(
                number=row.number,
                what=dict(INTERIM)[row.action],
                facts="",
                said=self._words(row, "why"),
                at=row.proposed_at,
                by=who.get(row.proposed_by_id, "somebody"),
                ended=f"{dict(DECISIONS)[row.decision]} by {who.get(row.decided_by_id or 0, 'somebody')}"
                if row.decision
                else "",
                answer=self._words(row, "reasons"),
                can_end=row.decision is None
                and bool(self.actor.roles & interim.DECIDERS)
                and self.actor.id not in (row.proposed_by_id, self.complaint.owner_id),
            )
            for row in rows
        )

    def referrals(self) -> tuple[Line, ...]:
        rows = referrals.of_complaint(self.complaint)
        who = names({row.sent_by_id for row in rows})
        return tuple(self._referral(row, who) for row in rows)

    def _referral(self, row: Referral, who: dict[int, str]) -> Line:
        is_open = row.ended_as is None
        return Line(
            number=row.number,
            what=dict(DESTINATIONS)[row.destination],
            facts="acknowledged" if row.acknowledged_at else "not acknowledged",
            said=self._words(row, "their_reference") if self.reads else "",
            at=row.sent_at,
            by=who.get(row.sent_by_id, "somebody"),
            due_on=self.calendar.day_of(row.outcome_due_at),
            ended=dict(REFERRAL_ENDS)[row.ended_as] if row.ended_as else "",
            is_late=is_open and row.outcome_due_at < self.now,
            can_end=is_open and bool(self.actor.roles & referrals.FOLLOWERS),
        )

    def promises(self) -> tuple[Promised, ...]:
        ring = self.house
        return tuple(
            Promised(
                number=row.number,
                what=PROMISES.get(row.kind, row.kind.replace("_", " ").capitalize()),
                due_at=row.due_at,
                came=PROMISES.get(row.result or "", (row.result or "").replace("_", " ")),
                said=(followups.words_of(ring, self.complaint, row) or "") if self.reads else "",
                is_open=row.outcome is None,
                is_late=row.outcome is None and row.due_at < self.now,
            )
            for row in followups.of_case(self.complaint)
        )

    def _words(self, row: object, column: str) -> str:
        return sealed.row_text(self.complaint, row, column, self.house.keyring)


def _in_words(ask: Ask, said: str) -> str:
    """A day as the office writes it; what was erased, or mended to something else, as it is."""
    try:
        return day_words(date.fromisoformat(said)) if ask.kind is AskKind.DAY else said
    except ValueError:
        return said
