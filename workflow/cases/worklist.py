"""The queue: open tasks of a person, what is due first on top. Read from `task` alone, without joins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from workflow.cases.access import workable
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.models import Task
from workflow.cases.promises import is_follow_up
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.web.paging import Page, page_of

#: Counting stops here: nobody needs to know how many more there are.
CAP = 1000


class DueFilter(StrEnum):
    """When what is shown is due."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


class HolderFilter(StrEnum):
    """Whose tasks are shown."""

    MINE = "mine"
    UNCLAIMED = "unclaimed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a queue is narrowed to."""

    kind: str | None = None
    model: str | None = None
    office_id: int | None = None
    due: DueFilter | None = None
    holder: HolderFilter | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One row of a queue, in the words it is shown with."""

    id: int
    number: int
    reference: str
    case_kind: str
    case_title: str
    title: str
    verb: str | None
    #: The step that waits for a second person, for a task to confirm one.
    confirms: str | None
    #: Work that is no state's: its own page says what came of it.
    is_follow_up: bool
    agency: str | None
    model: str | None
    office: str | None
    tier: int | None
    due_at: datetime | None
    due_words: str
    is_late: bool
    is_waiting: bool
    is_mine: bool
    hand_overs: int
    sort_at: datetime
    #: How many moves the task has seen; a claim says so, to notice somebody quicker.
    moves: int


def worklist(
    actor: Actor,
    wanted: Wanted,
    *,
    now: datetime,
    after: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> Page[WorkItem]:
    """What this person can work on, what is due first on top, undated tasks last.

    One query, at most `limit` rows; `after` is the (sort_at, id) of the last row already seen.
    """
    query = _open_to(actor, wanted, now)
    if after is not None:
        moment, last = after
        query = query.where(or_(Task.sort_at > moment, and_(Task.sort_at == moment, Task.id > last)))
    rows = session().scalars(query.order_by(Task.sort_at, Task.id).limit(limit + 1)).all()
    items = [_item(task, actor, now) for task in rows]
    return page_of(items, limit, lambda item: (item.sort_at, item.id), cursor=after)


def counts(actor: Actor, wanted: Wanted, *, now: datetime) -> dict[str, int]:
    """How many are late, due today, this week and later: the first `CAP` of them counted. One query."""
    due = Wanted(wanted.kind, wanted.model, wanted.office_id, None, wanted.holder)
    earliest = _open_to(actor, due, now).with_only_columns(Task.sort_at).order_by(Task.sort_at, Task.id)
    base = earliest.limit(CAP).subquery()
    ends = edges(now)
    late = func.count().filter(base.c.sort_at < now)
    today = func.count().filter(base.c.sort_at >= now, base.c.sort_at < ends[0])
    week = func.count().filter(base.c.sort_at >= ends[0], base.c.sort_at < ends[1])
    later = func.count().filter(base.c.sort_at >= ends[1])
    row = session().execute(select(late, today, week, later)).one()
    return dict(zip(("late", "today", "week", "later"), row, strict=True))


def next_due(actor: Actor, *, now: datetime) -> WorkItem | None:
    """The first task that is not late yet, for an empty queue that informs."""
    query = _open_to(actor, Wanted(), now).where(Task.sort_at >= now).order_by(Task.sort_at, Task.id).limit(1)
    found = session().scalar(query)
    return _item(found, actor, now) if found else None


def _open_to(actor: Actor, wanted: Wanted, now: datetime) -> Select[Task]:
    return select(Task).where(workable(actor), *_narrowing(actor, wanted, now))


def _narrowing(actor: Actor, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    end_of_today, end_of_week = edges(now)
    due: dict[DueFilter, ColumnElement[bool]] = {
        DueFilter.LATE: Task.sort_at < now,
        DueFilter.TODAY: and_(Task.sort_at >= now, Task.sort_at < end_of_today),
        DueFilter.WEEK: and_(Task.sort_at >= end_of_today, Task.sort_at < end_of_week),
        DueFilter.LATER: Task.sort_at >= end_of_week,
    }
    holder: dict[HolderFilter, ColumnElement[bool]] = {
        HolderFilter.MINE: Task.holder_id == actor.id,
        HolderFilter.UNCLAIMED: Task.holder_id.is_(None),
    }
    return [
        Task.case_kind == wanted.kind if wanted.kind else true(),
        Task.model == wanted.model if wanted.model else true(),
        Task.office_id == wanted.office_id if wanted.office_id else true(),
        due[wanted.due] if wanted.due else true(),
        holder[wanted.holder] if wanted.holder else true(),
    ]


def edges(now: datetime) -> tuple[datetime, datetime]:
    """The end of today and of the seventh day from today, in the zone of headquarters."""
    calendar = in_zone(HEADQUARTERS_ZONE)
    today = calendar.day_of(now)
    return calendar.start_of(today + timedelta(days=1)), calendar.start_of(today + timedelta(days=8))


def _item(task: Task, actor: Actor, now: datetime) -> WorkItem:
    late = task.due_at is not None and task.sort_at < now
    return WorkItem(
        id=task.id,
        number=task.number,
        reference=task.reference,
        case_kind=task.case_kind,
        case_title=task.case_title,
        title=task.title,
        verb=task.verb,
        confirms=task.kind.partition(":")[2] if task.approval_id is not None else None,
        is_follow_up=is_follow_up(task),
        agency=task.agency_name,
        model=task.model,
        office=task.office_name,
        tier=task.tier,
        due_at=task.due_at,
        due_words=due_words(task, now=now),
        is_late=late,
        is_waiting=task.waiting_for is not None,
        is_mine=task.holder_id == actor.id,
        hand_overs=task.hand_overs,
        sort_at=task.sort_at,
        moves=task.move_count,
    )


def due_words(task: Task, *, now: datetime, says_who: bool = True) -> str:
    """When a task is due, in business time: "due Thursday", "2 days late", and whom it waits for."""
    calendar = in_zone(task.zone)
    words = calendar.phrase(task.due_at, now) if task.due_at else "no date yet"
    if task.due_at and task.sort_at < task.due_at:
        words = f"{words}; its group came earlier"
    if task.waiting_for and task.waiting_since:
        since = day_words(calendar.day_of(task.waiting_since), year=False)
        return f"{words}; waiting for {task.waiting_for if says_who else 'somebody'} since {since}"
    return words
