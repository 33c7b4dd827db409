"""What a case page shows of any kind of case: how far it is, its clocks, what can be done, what was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.cases.access import visible
from workflow.cases.calendars import calendar_of
from workflow.cases.entries import Entry, entries, events_in, persons_in
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.models import VOIDED, Approval, Case, Clock, Event, Task
from workflow.cases.promises import is_follow_up
from workflow.cases.worklist import due_words
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.calendar import OfficeCalendar, day_words
from workflow.engine.machine import SAME, Machine, Offer, offers
from workflow.people.queries import names


@dataclass(frozen=True, slots=True)
class Stop:
    """One stage on the way: done, current, or possible next. `returned` counts comings back."""

    label: str
    status: str
    returned: int


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock in words, with the original due date beside the current one."""

    name: str
    label: str
    words: str
    due_at: datetime | None
    original_due_at: datetime | None
    is_late: bool
    is_moved: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    number: int
    title: str
    holder: str | None
    role: str
    due_words: str
    is_late: bool
    is_mine: bool
    verb: str | None
    confirms: str | None
    #: A follow-up this person can keep.
    is_follow_up: bool


@dataclass(frozen=True)
class Page:
    """Everything of a case page that does not depend on its kind."""

    case: Case
    stage: str
    stops: tuple[Stop, ...]
    clocks: tuple[ClockView, ...]
    offers: tuple[Offer[Any, Any], ...]
    tasks: tuple[TaskView, ...]
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]
    #: Who is recused, let in or not.
    recused: frozenset[int]
    related: tuple[Case, ...]
    owner: str | None
    zone: str
    #: Whether words that were written on the way are shown: `CaseKind.reads`.
    reads: bool


def page(house: House, case: Case, actor: Actor, *, now: datetime) -> Page:
    """Read a case page. About a dozen queries, whatever the length of the history."""
    kind, reads = house.kind_of(case), house.kind_of(case).reads(actor, case)
    events = events_in(case)
    tasks = [t for t in case.tasks if t.closed_at is None]
    holders = {i for i in (case.owner_id, *(t.holder_id for t in tasks)) if i is not None}
    people = names(persons_in(events) | holders)
    calendar, shared = calendar_of(case.office_id), common(case, events)
    return Page(
        case=case,
        stage=kind.machine.stage(case.state).label,
        stops=stops(kind.machine, case),
        clocks=tuple(clock_view(kind.machine, c, calendar, now=now) for c in case.clocks),
        offers=offers(kind.machine, kind.facts_of(case, shared), actor, now),
        tasks=tuple(_task(t, kind.machine, actor, people, reads=reads, now=now) for t in tasks),
        entries=tuple(entries(house, case, events, people, actor, zone=calendar.zone, reads=reads)),
        events=tuple(events),
        recused=shared["recused"],
        related=related(case, actor),
        owner=people.get(case.owner_id) if case.owner_id else None,
        zone=str(calendar.zone),
        reads=reads,
    )


def stops(machine: Machine[Any, Any], case: Case) -> tuple[Stop, ...]:
    """The stages a case has been in, in order of the first coming, where it is, and where it can go next."""
    been = Counter(interval.state for interval in case.intervals)
    done = [state for state in dict.fromkeys(i.state for i in case.intervals) if state != case.state]
    ahead = dict.fromkeys(
        step.target
        for step in machine.leaving(machine.states(case.state))
        if step.target is not SAME and not step.escape and step.target not in been
    )
    return (
        *(Stop(machine.stage(s).label, "done", been[s] - 1) for s in done),
        Stop(machine.stage(case.state).label, "current", been[case.state] - 1),
        *(Stop(machine.stage(s).label, "ahead", 0) for s in ahead),
    )


def clock_view(
    machine: Machine[Any, Any], clock: Clock, calendar: OfficeCalendar, *, now: datetime
) -> ClockView:
    """One clock in words."""
    late = clock.due_at is not None and clock.stopped_at is None and clock.due_at < now
    return ClockView(
        name=clock.name,
        label=machine.clock(clock.name).label,
        words=_clock_words(clock, calendar, now),
        due_at=clock.due_at,
        original_due_at=clock.original_due_at,
        is_late=late,
        is_moved=clock.due_at is not None and clock.due_at != clock.original_due_at,
    )


def _clock_words(clock: Clock, calendar: OfficeCalendar, now: datetime) -> str:
    if clock.stopped_at is not None:
        stopped = f"stopped {day_words(calendar.day_of(clock.stopped_at))}"
        if clock.original_due_at is None:
            return stopped
        return f"{stopped}, {'on time' if clock.stopped_at <= clock.original_due_at else 'late'}"
    if clock.paused_at is not None:
        return f"paused since {day_words(calendar.day_of(clock.paused_at))}"
    if clock.due_at is None:
        return f"running since {day_words(calendar.day_of(clock.started_at))}"
    return calendar.phrase(clock.due_at, now)


def related(case: Case, actor: Actor, *, limit: int = 8) -> tuple[Case, ...]:
    """Other cases of the same agency this person may see, latest first. One query."""
    if case.agency_id is None:
        return ()
    found = (
        visible(actor)
        .where(
            Case.agency_id == case.agency_id,
            Case.id != case.id,
            Case.kind != "agreement",
            Case.state != VOIDED,
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(limit)
    )
    return tuple(session().scalars(found))


def _task(
    task: Task,
    machine: Machine[Any, Any],
    actor: Actor,
    people: dict[int, str],
    *,
    reads: bool,
    now: datetime,
) -> TaskView:
    return TaskView(
        number=task.number,
        title=task.title,
        holder=people.get(task.holder_id) if task.holder_id else None,
        role=Role(task.role).value.replace("_", " "),
        due_words=when_due(task, machine, actor, reads=reads, now=now),
        is_late=task.due_at is not None and task.due_at < now,
        is_mine=task.holder_id == actor.id,
        verb=task.verb,
        confirms=task.kind.partition(":")[2] if task.approval_id else None,
        is_follow_up=is_follow_up(task) and _can_keep(task, actor),
    )


def _can_keep(task: Task, actor: Actor) -> bool:
    return task.holder_id == actor.id if task.holder_id else task.role in actor.roles


def when_due(task: Task, machine: Machine[Any, Any], actor: Actor, *, reads: bool, now: datetime) -> str:
    """When a task is due; whom it waits for only as the machine says it, unless this person reads words."""
    declared = {work.waiting_for for stage in machine.stages if stage.work for work in stage.work.both}
    says_who = reads or task.holder_id == actor.id or task.waiting_for in declared
    return due_words(task, now=now, says_who=says_who)


def pending(case: Case, verb: str) -> Approval | None:
    """The proposal of a step that waits for a second person."""
    waiting = select(Approval).where(
        Approval.case_id == case.id, Approval.verb == verb, Approval.outcome.is_(None)
    )
    return session().scalar(waiting)
