"""Opening and settling the tasks that states own. Claims and hand-overs are `task_moves`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from workflow.cases.clocks import span_for
from workflow.cases.models import Approval, Case, Task, TaskMove
from workflow.engine.actors import Role
from workflow.engine.calendar import OfficeCalendar, months_after
from workflow.engine.effects import Before, ByClock, Due, Limit, On, Within, Work
from workflow.engine.machine import Machine
from workflow.engine.spans import BusinessDays, CalendarDays, Hours, HoursSkippingWeekends, Months, Span
from workflow.policy.book import Book

#: Where tasks without a due moment stand in a queue: last.
NO_DATE: Final = datetime(9999, 12, 31, tzinfo=UTC)


def open_work(
    case: Case, work: Work, *, book: Book, calendar: OfficeCalendar, at: datetime, actor_id: int
) -> Task:
    """Open the one task of the state the case is in now."""
    work = work.of(case)
    holder = getattr(case, work.holder) if work.holder else None
    due = due_of(case, work.due, book=book, calendar=calendar, at=at)
    return add(
        case,
        kind=case.state,
        title=work.title,
        verb=work.verb,
        role=work.role,
        holder_id=holder,
        due_at=due,
        waiting_for=work.waiting_for,
        calendar=calendar,
        at=at,
        actor_id=actor_id,
    )


def add(
    case: Case,
    *,
    kind: str,
    title: str,
    verb: str | None,
    role: Role,
    due_at: datetime | None,
    calendar: OfficeCalendar,
    at: datetime,
    actor_id: int,
    holder_id: int | None = None,
    waiting_for: str | None = None,
    approval: Approval | None = None,
) -> Task:
    """Put one task on the case, with what its queue row shows copied from the case."""
    task = Task(
        kind=kind,
        title=title,
        verb=verb,
        state="assigned" if holder_id else "open",
        role=role,
        holder_id=holder_id,
        opened_at=at,
        due_at=due_at,
        original_due_at=due_at,
        sort_at=sorts_at(case, due_at),
        number=len(case.tasks) + 1,
        waiting_for=waiting_for,
        waiting_since=at if waiting_for else None,
        approval_id=approval.id if approval else None,
        zone=str(calendar.zone),
        hand_overs=0,
        move_count=1,
    )
    mirror(case, task)
    task.moves.append(
        TaskMove(verb="create", source=None, target=task.state, actor_id=actor_id, holder_id=holder_id, at=at)
    )
    case.tasks.append(task)
    return task


def sorts_at(case: Case, due_at: datetime | None) -> datetime:
    """Where a task stands in the queue: sooner by as much as the group of its case came earlier."""
    since: datetime | None = case.counts_from  # none yet while a new case is being written
    if due_at is None:
        return NO_DATE
    return due_at if since is None else due_at - (case.received_at - since)


def mirror(case: Case, task: Task) -> None:
    """Copy from the case what a queue row shows."""
    task.reference = case.reference
    task.case_kind = case.kind
    task.case_title = case.title
    task.office_id = case.office_id
    task.office_name = case.office.name if case.office else None
    task.agency_id = case.agency_id
    task.agency_name = case.agency.name if case.agency else None
    task.model = case.model
    task.tier = case.tier
    task.supervised_by_id = case.supervised_by_id


def settle(task: Task, *, at: datetime, actor_id: int, verb: str = "settle", target: str = "done") -> None:
    """Close a task because its case moved on."""
    task.moves.append(
        TaskMove(
            verb=verb, source=task.state, target=target, actor_id=actor_id, holder_id=task.holder_id, at=at
        )
    )
    task.move_count += 1
    task.state = target
    task.closed_at = at


def open_tasks(case: Case, kind: str | None = None) -> list[Task]:
    return [t for t in case.tasks if t.closed_at is None and kind in (None, t.kind)]


def follow(
    case: Case, machine: Machine[Any, Any], *, book: Book, calendar: OfficeCalendar, at: datetime
) -> None:
    """Bring the open tasks of a case up to date after a step that stayed in its state."""
    stated = machine.stage(case.state).work
    for task in open_tasks(case):
        mirror(case, task)
        if stated is None or task.kind != case.state:
            continue
        work = stated.of(case)
        holder = getattr(case, work.holder) if work.holder else task.holder_id
        if holder != task.holder_id:
            task.holder_id, task.state = holder, "assigned" if holder else "open"
        if not isinstance(work.due, Within):
            task.due_at = due_of(case, work.due, book=book, calendar=calendar, at=at)
            task.original_due_at = task.original_due_at or task.due_at
            task.sort_at = sorts_at(case, task.due_at)


def due_of(case: Case, due: Due, *, book: Book, calendar: OfficeCalendar, at: datetime) -> datetime | None:
    """When the task of a state is due; None while the date it hangs on is not known."""
    match due:
        case Within(limit=limit):
            return within(case, limit, book=book, calendar=calendar, at=at)
        case Before(column=column, limit=limit):
            day = _day(case, column, calendar)
            return (
                None if day is None else calendar.end_of(_ahead(day, span_for(case, book, limit), calendar))
            )
        case On(column=column):
            day = _day(case, column, calendar)
            return None if day is None else calendar.end_of(day)
        case ByClock(clock=name):
            return next((c.due_at for c in case.clocks if c.name == name), None)


def within(case: Case, limit: Limit, *, book: Book, calendar: OfficeCalendar, at: datetime) -> datetime:
    return calendar.due(at, span_for(case, book, limit))


def _ahead(day: date, span: Span, calendar: OfficeCalendar) -> date:
    """The day that lies a span before another; business days skip closed ones on the way back."""
    match span:
        case BusinessDays(n):
            while n:
                day -= timedelta(days=1)
                n -= calendar.is_working(day)
            return day
        case Months(n):
            return months_after(day, -n)
        case CalendarDays(n):
            return day - timedelta(days=n)
        case Hours(n) | HoursSkippingWeekends(n):
            return day - timedelta(days=-(-n // 24))


def _day(case: Case, column: str, calendar: OfficeCalendar) -> date | None:
    value = getattr(case, column)
    return calendar.day_of(value) if isinstance(value, datetime) else value
