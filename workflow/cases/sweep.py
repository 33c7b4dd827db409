"""What time has done: steps the system takes when a task falls due. Safe to run twice, or late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.cases.perform import perform
from workflow.cases.recusing import close_what_is_over
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.machine import Refused, Stale


@dataclass(frozen=True, slots=True)
class Swept:
    """How many steps time has taken, and how many of those it looked at it could not take yet."""

    taken: int
    left: int


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
    return Swept(taken, left)


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
