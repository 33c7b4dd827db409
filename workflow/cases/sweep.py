"""What time has done: steps the system takes when a task falls due. Safe to run twice, or late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow.cases.access import case_for, visible
from workflow.cases.kinds import House
from workflow.cases.models import Case, Task
from workflow.cases.perform import perform
from workflow.cases.recusing import close_what_is_over
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.machine import Refused, Stale
from workflow.messages.delivery import AddressOf, MayHear
from workflow.messages.models import Outbox
from workflow.people.models import Person


@dataclass(frozen=True, slots=True)
class Swept:
    """How many steps time has taken, and how many of those it looked at it could not take yet."""

    taken: int
    left: int
    #: What kinds of case did beside their steps, such as letters that became due.
    beside: int = 0


def sweep(house: House, *, now: datetime) -> Swept:
    """Take every timed step whose task is past due, close every door that was open for a time only.

    Each in a transaction of its own.
    """
    close_what_is_over(house, now=now)
    taken = left = 0
    for reference, verb in _due(house, now):
        case = case_for(SYSTEM, reference)
        try:
            perform(house, reference, verb, SYSTEM, seen=case.version, now=now)
        except (Refused, Stale):
            left += 1
        else:
            taken += 1
    beside = sum(kind.as_time_passes(house, now) for kind in house.kinds.values() if kind.as_time_passes)
    return Swept(taken, left, beside)


def addresses(house: House) -> AddressOf:
    """Where word goes that a letter waits, as the kind of its case knows it."""

    def address_of(row: Outbox) -> str | None:
        look_up = house.kinds[row.codes["kind"]].mail_address
        return look_up(house, row.reference) if look_up else None

    return address_of


def hearers(*, now: datetime) -> MayHear:
    """Who may hear of a case: who may see it at that moment, so nobody who is recused from it."""

    def may_hear(row: Outbox, person: Person) -> bool:
        seen = visible(person.actor_at(now=now)).where(Case.reference == row.reference)
        return session().scalar(seen.with_only_columns(Case.id)) is not None

    return may_hear


def _due(house: House, now: datetime) -> list[tuple[str, str]]:
    """The references whose present state has a timed step, and that step. One query."""
    timed = {
        (kind, state.value): step.verb
        for kind, slice_ in house.kinds.items()
        for step in slice_.machine.transitions
        if step.timed
        for state in step.sources
    }
    due = (
        select(Task.reference, Task.case_kind, Task.kind)
        .where(Task.closed_at.is_(None), Task.sort_at < now, Task.kind.in_({s for _, s in timed}))
        .order_by(Task.sort_at, Task.id)
    )
    return [
        (reference, timed[kind, state])
        for reference, kind, state in session().execute(due)
        if (kind, state) in timed
    ]
