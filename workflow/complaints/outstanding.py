"""What is owed from outside: referrals nobody answered, complainants to be asked again. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.cases.promises import FollowUp
from workflow.complaints.ages import Ages, ages_of
from workflow.complaints.due_bands import Narrowed, band
from workflow.complaints.facts import DESTINATIONS
from workflow.complaints.inquiry_facts import CHECK_IN
from workflow.complaints.inquiry_models import Referral
from workflow.db.session import session
from workflow.engine.actors import Actor

#: Rows of a list; the counts above it say how many there are.
LIMIT = 200
#: The ages referrals are counted by: up to so many days, and older.
STEPS = (30, 60, 90)
ALL = Narrowed()


@dataclass(frozen=True, slots=True)
class OpenReferral:
    """A referral that was not answered, with both ages of its complaint."""

    reference: str
    number: int
    title: str
    destination: str
    days: int
    acknowledged_at: datetime | None
    acknowledgement_due_at: datetime
    acknowledgement_is_late: bool
    outcome_due_at: datetime
    is_late: bool
    ages: Ages

    @property
    def next_due_at(self) -> datetime:
        """When the authority has to be heard of next; what is late already comes before what is not."""
        if self.acknowledged_at is not None:
            return self.outcome_due_at
        return min(self.acknowledgement_due_at, self.outcome_due_at)


def open_referrals(
    actor: Actor,
    destination: str | None,
    wanted: Narrowed = ALL,
    *,
    now: datetime,
    limit: int = LIMIT,
) -> list[OpenReferral]:
    """Those this person may see: late, due this week, later; in each never heard of first, then the oldest.

    Two queries, at most `limit` rows.
    """
    query = _open(actor, destination, wanted).options(contains_eager(Referral.complaint))
    heard = Referral.acknowledged_at.is_not(None)
    first = case(
        (Referral.acknowledgement_due_at < Referral.outcome_due_at, Referral.acknowledgement_due_at),
        else_=Referral.outcome_due_at,
    )
    due = band(case((heard, Referral.outcome_due_at), else_=first), now=now)
    rows = list(session().scalars(query.order_by(due, heard, Referral.sent_at, Referral.id).limit(limit)))
    ages = ages_of([row.complaint for row in rows], now=now)
    return [
        OpenReferral(
            reference=row.complaint.reference,
            number=row.number,
            title=row.complaint.title,
            destination=row.destination,
            days=(now - row.sent_at).days,
            acknowledged_at=row.acknowledged_at,
            acknowledgement_due_at=row.acknowledgement_due_at,
            acknowledgement_is_late=row.acknowledged_at is None and row.acknowledgement_due_at < now,
            outcome_due_at=row.outcome_due_at,
            is_late=row.outcome_due_at < now,
            ages=ages[row.complaint.id],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Destination:
    """How many open referrals an authority has, by age in days, and of how many nothing was ever heard."""

    code: str
    title: str
    by_age: tuple[int, ...]
    open: int
    never_heard: int


def by_destination(actor: Actor, wanted: Narrowed = ALL, *, now: datetime) -> list[Destination]:
    """Every destination with something open, in the order of the list. One query."""
    edges = [now - timedelta(days=days) for days in STEPS]
    newer = [func.count().filter(Referral.sent_at > edge) for edge in edges]
    heard = func.count().filter(Referral.acknowledged_at.is_(None))
    query = _open(actor, None, wanted).with_only_columns(Referral.destination, func.count(), heard, *newer)
    found = {row[0]: row[1:] for row in session().execute(query.group_by(Referral.destination))}
    return [
        Destination(code, title, _steps(found[code][2:], found[code][0]), found[code][0], found[code][1])
        for code, title in DESTINATIONS
        if code in found
    ]


def _steps(newer: tuple[int, ...], total: int) -> tuple[int, ...]:
    """From "sent less than 30, 60, 90 days ago" to how many lie in each span, and beyond."""
    edges = (0, *newer, total)
    return tuple(later - earlier for earlier, later in pairwise(edges))


def _open(actor: Actor, destination: str | None, wanted: Narrowed) -> Select[Referral]:
    query = select(Referral).join(Referral.complaint).where(sees(actor), Referral.ended_as.is_(None))
    query = query.where(*wanted.conditions(actor))
    return query.where(Referral.destination == destination) if destination else query


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A complainant who is asked again: which complaint, when. Never who."""

    reference: str
    number: int
    title: str
    state: str
    due_at: datetime
    is_late: bool

    @property
    def next_due_at(self) -> datetime:
        """When they are to be asked."""
        return self.due_at


def check_ins(actor: Actor, wanted: Narrowed = ALL, *, now: datetime, limit: int = LIMIT) -> list[ToAsk]:
    """Open check-ins of complaints this person may see, soonest first. One query, at most `limit` rows."""
    query = (
        select(Case.reference, FollowUp.number, Case.title, Case.state, FollowUp.due_at)
        .join(Case, Case.id == FollowUp.case_id)
        .where(sees(actor), FollowUp.kind == CHECK_IN, FollowUp.outcome.is_(None))
        .where(*wanted.conditions(actor))
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(limit)
    )
    return [ToAsk(*row, row.due_at < now) for row in session().execute(query)]


def checked(actor: Actor, wanted: Narrowed = ALL) -> dict[str, int]:
    """How many check-ins came to what, those still open under "open". One query."""
    query = (
        select(func.coalesce(FollowUp.result, "open"), func.count())
        .join(Case, Case.id == FollowUp.case_id)
        .where(sees(actor), FollowUp.kind == CHECK_IN, *wanted.conditions(actor))
        .group_by(FollowUp.result)
    )
    return {str(result): number for result, number in session().execute(query)}
