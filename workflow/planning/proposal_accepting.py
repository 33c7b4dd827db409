"""Accepting rows of a proposal: each is a step of its own, taken or refused on its own.

Its lead is locked first and looked at again. Two planners at once come one after the other:
the second one's row is refused, in words, and the rest of theirs is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from workflow.cases.access import NotThere
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.inspections.facts import State
from workflow.inspections.service import plan as open_inspection
from workflow.people.models import Person
from workflow.planning.proposal import Diary, Lead, run_of
from workflow.planning.proposal_leads import days_of, last_day, leads_of
from workflow.planning.proposal_reading import About
from workflow.planning.quarters import quarter_of
from workflow.policy.queries import in_force

GONE: Final = "It is not to be scheduled any more, or it was changed meanwhile: look at it again."


@dataclass(frozen=True, slots=True)
class Row:
    """What a planner accepts: a visit in the version they saw, its lead, its first day."""

    about: About | None
    key: str
    seen: int
    lead: int
    begins: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the number of its inspection, or why it was refused."""

    key: str
    agency: str
    reference: str | None
    refused: tuple[str, ...] = ()


def accept(
    house: House, actor: Actor, office_id: int, rows: Sequence[Row], *, now: datetime
) -> list[Outcome]:
    """Schedule each row, one after the other; a refused one leaves nothing behind."""
    return [_outcome(house, actor, office_id, row, now=now) for row in rows]


def _outcome(house: House, actor: Actor, office_id: int, row: Row, *, now: datetime) -> Outcome:
    about = row.about
    if about is None:
        return Outcome(row.key, "", None, (GONE,))
    try:
        reference = schedule(house, actor, office_id, row, about, now=now)
    except Refused as refused:
        return Outcome(row.key, about.agency, None, tuple(r.text for r in refused.refusals))
    except (Stale, NotThere):
        return Outcome(row.key, about.agency, None, (GONE,))
    return Outcome(row.key, about.agency, reference)


@retried
def schedule(house: House, actor: Actor, office_id: int, row: Row, about: About, *, now: datetime) -> str:
    """One row, whole or not at all. Raises `Refused`, `Stale`, `NotThere`."""
    with transaction() as writing:
        # Not its key: other rows may go on naming this person while the lock is held.
        writing.execute(select(Person.id).where(Person.id == row.lead).with_for_update(key_share=True))
        _look_again(office_id, row, about, now=now)
        reference, seen, verb = about.key, row.seen, "schedule"
        if about.case_id is None:
            opened = open_inspection(
                house, about.agreement_id, due_on=about.due_on, basis=about.basis[:200], now=now
            )
            reference, seen = opened.reference, opened.version
        elif about.state == State.POSTPONED:
            verb = "reschedule"
        calendar = calendar_of(office_id)
        _, book = in_force(calendar.day_of(now))
        answers = {
            "lead": row.lead,
            "scheduled_on": row.begins,
            "until_on": last_day(calendar, book, about.mode, about.model, row.begins),
            "mode": about.mode,
        }
        return perform(house, reference, verb, actor, answers, seen=seen, now=now).reference


def _look_again(office_id: int, row: Row, about: About, *, now: datetime) -> None:
    """Whether the lead has these days, on what is on record now. Raises `Refused`."""
    calendar = calendar_of(office_id)
    _, book = in_force(calendar.day_of(now))
    quarter = quarter_of(row.begins)
    leads: tuple[Lead, ...] = leads_of(office_id, quarter, book, calendar, only=row.lead)
    if not leads:
        raise Refused(Refusal("lead_works_here", "This person does not lead inspections of this office."))
    (lead,) = leads
    days = run_of(row.begins, days_of(book, about.model))
    closed = frozenset(day for day in days if not calendar.is_working(day))
    if (why := Diary([lead], closed).why_full(lead, days)) is not None:
        raise Refused(Refusal("lead_free", f"{why[0].upper()}{why[1:]}."))
