"""Undoing the last step of a case by a compensating one. What all corrections share is in `mistakes`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.cases import approvals, clocks, followups, tasks
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.mistakes import check, events_of, may_touch, propose, record
from workflow.cases.models import Case, Event, StageInterval
from workflow.cases.perform import Done, carry_on
from workflow.cases.promises import is_follow_up
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.messages.models import Outbox
from workflow.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last step of a case, if it can be undone."""

    version: int
    verb: str
    source: str
    changes_figure: bool


def undoable(house: House, case: Case) -> Undoable | None:
    """The last change of state, unless it made the case, was undone, or other cases followed from it."""
    events = events_of(case)
    voided = {e.codes["voids"] for e in events if e.verb == "void"}
    last = next((e for e in reversed(events) if _is_step(house, case, e) and e.version not in voided), None)
    if last is None or last.source is None or last.source == last.target or last.target != case.state:
        return None
    if session().scalar(select(Event.id).where(Event.cause_id == last.id).limit(1)) is not None:
        return None
    final = house.kind_of(case).machine.final
    return Undoable(last.version, last.verb, last.source, bool({last.source, last.target} & final))


@retried
def undo(house: House, reference: str, actor: Actor, *, reason: str, seen: int, now: datetime) -> Done:
    """Undo the last step by a compensating one: the state before, its task and clocks restored.

    Where the undone step closed or reopened the case, a figure changes: it is stored until a manager
    other than the actor agrees. Raises `Refused`, `Stale`, `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        check(case, actor, reason, seen)
        step = undoable(house, case)
        if step is None:
            raise Refused(Refusal("nothing_to_undo", "The last step of this case cannot be undone."))
        may_touch(house, case, step.verb, actor)
        if step.changes_figure:
            body = {"version": step.version, "reason": reason}
            return propose(house, case, "void", "Undo the last step", body, actor, now=now)
        return undo_now(house, case, step, actor, None, reason, now=now)


def undo_now(
    house: House,
    case: Case,
    step: Undoable,
    actor: Actor,
    second: Actor | None,
    reason: str,
    *,
    now: datetime,
) -> Done:
    before = case.state
    _restore(house, case, step, actor, now=now)
    codes = {"voids": step.version, "undone": step.verb}
    event = record(house, case, "void", before, actor, second, codes=codes, words={"reason": reason}, now=now)
    carry_on(house, case, event, now=now)
    return Done(case.reference, case.version)


def _restore(house: House, case: Case, step: Undoable, actor: Actor, *, now: datetime) -> None:
    machine = house.kind_of(case).machine
    book, calendar = policy.book(case.policy_id), calendar_of(case.office_id)
    followups.undo_promises(house, case, step.version, actor, now=now)
    _take_back_letters(case, step.version, now=now)
    case.version += 1
    approvals.lapse(case, now=now)
    for interval in case.intervals:
        if interval.left_at is None:
            interval.left_at, interval.left_version = now, case.version
    for task in (t for t in tasks.open_tasks(case) if not is_follow_up(t)):
        tasks.settle(task, at=now, actor_id=actor.id, verb="cancel", target="cancelled")
    case.state, case.state_since = step.source, now
    case.closed_at = now if step.source in machine.final else None
    case.intervals.append(
        StageInterval(kind=case.kind, state=step.source, entered_at=now, entered_version=case.version)
    )
    _wind_back(case, step.version)
    for clock in case.clocks:
        if clocks.events_of(clock):
            clocks.refresh(clock, calendar)
        else:
            clock.stopped_at = now
    _reopen_task(case, machine.stage(step.source).work, book=book, calendar=calendar, now=now, actor=actor)
    session().flush()


def _take_back_letters(case: Case, version: int, *, now: datetime) -> None:
    """What the undone step asked to be written and nobody has sent yet is not written."""
    waiting = select(Outbox).where(
        Outbox.reference == case.reference,
        Outbox.state == "queued",
        Outbox.dedupe_key.startswith(f"{case.reference}:{version}:", autoescape=True),
    )
    for row in session().scalars(waiting):
        row.state, row.done_at = "cancelled", now


def _wind_back(case: Case, version: int) -> None:
    """What the undone step did to the clocks no longer counts."""
    for clock in case.clocks:
        for row in clock.events:
            if row.case_version == version and row.voided_by_version is None:
                row.voided_by_version = case.version


def _reopen_task(case: Case, work: Any, *, book: Any, calendar: Any, now: datetime, actor: Actor) -> None:
    """The task of the state before, with the due date it had."""
    if work is None:
        return
    before = next((t for t in reversed(case.tasks) if t.kind == case.state), None)
    task = tasks.open_work(case, work, book=book, calendar=calendar, at=now, actor_id=actor.id)
    if before is not None:
        task.due_at, task.original_due_at = before.due_at, before.original_due_at
        task.sort_at = before.sort_at
        task.holder_id = before.holder_id
        task.state = "assigned" if task.holder_id else "open"


def _is_step(house: House, case: Case, event: Event) -> bool:
    return house.kind_of(case).machine.step(event.verb) is not None
