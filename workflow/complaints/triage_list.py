"""The list triage works through: what is new, most urgent first, and where somebody is in it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from workflow.cases.access import sees
from workflow.cases.models import VOIDED, Case, Task
from workflow.cases.worklist import due_words
from workflow.complaints.facts import State
from workflow.complaints.floods import is_apart
from workflow.complaints.models import Complaint, ComplaintSeen
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.register.models import Agency
from workflow.web.paging import Page, page_of

CAP: Final = 1000
#: Where a complaint stands in the list: how urgent, since when, its id.
Place: TypeAlias = tuple[int, datetime, int]
#: Cursor of the list, a `Place`.
CURSOR: Final = (int, datetime, int)
#: What nobody has given a tier yet could be anything: it comes behind what is known to be grave.
NO_TIER: Final = 25
STAGES: Final = (State.RECEIVED, State.TRIAGED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. `office`, `tier` and `agency` may be "none": not known."""

    stage: str = State.RECEIVED
    office: str = ""
    tier: str = ""
    channel: str = ""
    agency: str = ""
    unread: bool = False
    #: Those that came in a flood and are set apart, instead of all others that are new.
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One complaint of the list; `earlier` counts others about the same agency."""

    complaint: Complaint
    due_words: str
    is_late: bool
    earlier: int
    is_unread: bool


def rows(
    actor: Actor,
    wanted: Wanted,
    *,
    now: datetime,
    after: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> Page[Row]:
    """Complaints to triage, by tier, then the oldest (or its group). Four queries, at most `limit` rows."""
    query = _open_to(actor, wanted).add_columns(_is_seen_by(actor))
    if after is not None:
        query = query.where(_beyond(after))
    listed_ids = session().execute(query.order_by(*_ORDER).limit(limit + 1))
    seen = {row[0]: bool(row[1]) for row in listed_ids}
    found, work = _read(seen), _tasks_of(seen, wanted.stage)
    about = _counted(actor, {c.agency_id for c in found if c.agency_id is not None})
    listed = [
        Row(
            complaint,
            due_words=due_words(task, now=now) if task else "",
            is_late=task is not None and task.due_at is not None and task.due_at < now,
            earlier=max(0, about.get(complaint.agency_id or 0, 0) - 1),
            is_unread=not seen[complaint.id],
        )
        for complaint in found
        for task in (work.get(complaint.id),)
    ]
    return page_of(listed, limit, lambda row: place_of(row.complaint), cursor=after)


def how_many(actor: Actor, wanted: Wanted) -> int:
    """How many the list has, counted up to `CAP + 1`. One query."""
    return _count(_open_to(actor, wanted))


def how_many_and_apart(actor: Actor, wanted: Wanted) -> tuple[int, int]:
    """The same, and how many are set apart altogether, counted up to `CAP + 1`. One query."""
    listed, apart = (
        select(func.count()).select_from(_open_to(actor, each).limit(CAP + 1).subquery()).scalar_subquery()
        for each in (wanted, Wanted(apart=True))
    )
    total, beside = session().execute(select(listed, apart)).one()
    return int(total), int(beside)


def before(actor: Actor, wanted: Wanted, place: tuple[Any, ...]) -> int:
    """How many of the list come before a place, counted up to `CAP + 1`. One query."""
    return _count(_open_to(actor, wanted).where(_ahead_of(place)))


def neighbour(actor: Actor, wanted: Wanted, place: tuple[Any, ...], *, back: bool = False) -> str | None:
    """The complaint after a place (or before it), whether or not one stands there now. One query."""
    query = _open_to(actor, wanted).with_only_columns(Case.reference)
    if back:
        order = [column.desc() for column in _ORDER]
        return session().scalar(query.where(_ahead_of(place)).order_by(*order).limit(1))
    return session().scalar(query.where(_beyond(place)).order_by(*_ORDER).limit(1))


def place_of(complaint: Complaint) -> Place:
    """Where a complaint stands in the list."""
    rank = NO_TIER if complaint.tier is None else complaint.tier * 10
    return (rank, complaint.counts_from, complaint.id)


# --- what the queries are made of -------------------------------------------------------------

_RANK: Final[ColumnElement[int]] = case((Case.tier.is_(None), NO_TIER), else_=Case.tier * 10)
_ORDER: Final[tuple[Any, ...]] = (_RANK, Case.counts_from, Case.id)


def _beyond(place: tuple[Any, ...]) -> ColumnElement[bool]:
    rank, moment, last = place
    later = or_(Case.counts_from > moment, and_(Case.counts_from == moment, Case.id > last))
    return or_(rank < _RANK, and_(rank == _RANK, later))


def _ahead_of(place: tuple[Any, ...]) -> ColumnElement[bool]:
    rank, moment, last = place
    sooner = or_(Case.counts_from < moment, and_(Case.counts_from == moment, Case.id < last))
    return or_(rank > _RANK, and_(rank == _RANK, sooner))


def _open_to(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The ids of what the list has; of a complaint only what the case holds is read."""
    query = select(Case.id).where(sees(actor), Case.kind == "complaint", Case.state == wanted.stage)
    return query.where(*_narrowing(actor, wanted))


def _narrowing(actor: Actor, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    own = Complaint.__table__.alias()
    if wanted.stage == State.RECEIVED:
        yield is_apart() if wanted.apart else ~is_apart()
    if wanted.office:
        none = wanted.office == "none"
        yield Case.office_id.is_(None) if none else Case.office_id == int(wanted.office)
    if wanted.tier:
        yield Case.tier.is_(None) if wanted.tier == "none" else Case.tier == int(wanted.tier)
    if wanted.channel:
        yield exists().where(own.c.id == Case.id, own.c.channel == wanted.channel)
    if wanted.agency == "none":
        yield Case.agency_id.is_(None)
    elif wanted.agency:
        yield Case.agency_id.in_(select(Agency.id).where(Agency.slug == wanted.agency))
    if wanted.unread:
        yield ~_is_seen_by(actor)


def _count(query: Select[Any]) -> int:
    return session().scalar(select(func.count()).select_from(query.limit(CAP + 1).subquery())) or 0


def _read(ids: Iterable[int]) -> list[Complaint]:
    """The complaints of these ids with what is alleged, in their order."""
    query = select(Complaint).where(Complaint.id.in_(list(ids))).options(joinedload(Complaint.allegations))
    found = {c.id: c for c in session().scalars(query).unique()}
    return [found[i] for i in ids]


def _tasks_of(ids: Iterable[int], stage: str) -> dict[int, Task]:
    """The open task of the stage of each."""
    query = select(Task).where(Task.case_id.in_(list(ids)), Task.kind == stage, Task.closed_at.is_(None))
    return {task.case_id: task for task in session().scalars(query)}


def _is_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Whether this person has looked at a complaint."""
    return exists().where(ComplaintSeen.complaint_id == Case.id, ComplaintSeen.person_id == actor.id)


def _counted(actor: Actor, agency_ids: set[int]) -> dict[int, int]:
    """How many complaints about each of these agencies this person may see."""
    query = (
        select(Case.agency_id, func.count())
        .where(sees(actor), Case.kind == "complaint", Case.state != VOIDED, Case.agency_id.in_(agency_ids))
        .group_by(Case.agency_id)
    )
    return {agency_id: number for agency_id, number in session().execute(query) if agency_id is not None}
