"""What waits for an agency and what was sent to it, across kinds of case, as its contact sees it. Reads only.

Every row is one the contact sees: sent to this agency, and no other. Who in the office did what is not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, or_, select

from workflow.cases.access import sees
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock, Event, Task
from workflow.cases.told import called
from workflow.corrective import sent as of_corrections
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.inspections import sent as of_inspections
from workflow.inspections.facts import MODES
from workflow.inspections.models import Inspection
from workflow.register.models import Agency
from workflow.register.queries import surviving

#: What was asked for in writing, which no task of the agency stands for: the clock and the step that answers.
ASKED: Final = {"documents": ("Send the documents asked for", "receive_documents")}
#: By kind of case, the steps an agency is told of, and those it takes itself.
_TOLD: Final = {
    "inspection": (of_inspections.TOLD, of_inspections.BY_AGENCY),
    "corrective": (of_corrections.TOLD, of_corrections.BY_AGENCY),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing the office waits for: what, in which case, until when, and the step that answers it."""

    what: str
    reference: str
    title: str
    verb: str | None
    due_at: datetime | None
    due_words: str
    is_late: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection that has a day which is not over."""

    reference: str
    title: str
    on: date
    mode: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was sent to the agency, or received from it."""

    what: str
    by_agency: bool
    reference: str
    title: str
    at: datetime


def waiting(actor: Actor, *, now: datetime) -> list[Waiting]:
    """What the office waits for from the agency, what is due first on top. Two queries."""
    tasks = (
        select(Task)
        .join(Case, Task.case_id == Case.id)
        .where(Task.closed_at.is_(None), Task.role == Role.AGENCY_CONTACT, sees(actor))
        .order_by(Task.sort_at, Task.id)
    )
    rows = [
        _waiting(t.title, t.reference, t.case_title, t.verb, t.due_at, t.zone, now)
        for t in session().scalars(tasks)
    ]
    taken = {(row.reference, row.verb) for row in rows}
    asked = (
        select(Clock.name, Clock.due_at, Case)
        .join(Case, Clock.case_id == Case.id)
        .where(Clock.stopped_at.is_(None), Clock.name.in_(ASKED), Case.closed_at.is_(None), sees(actor))
    )
    for name, due_at, case in session().execute(asked):
        what, verb = ASKED[name]
        if (case.reference, verb) not in taken:
            zone = case.office.zone if case.office else HEADQUARTERS_ZONE
            rows.append(_waiting(what, case.reference, case.title, verb, due_at, zone, now))
    return sorted(rows, key=lambda row: (row.due_at is None, row.due_at or now))


def _waiting(
    what: str, reference: str, title: str, verb: str | None, due_at: datetime | None, zone: str, now: datetime
) -> Waiting:
    calendar = in_zone(zone)
    words = calendar.phrase(due_at, now) if due_at else "no date yet"
    return Waiting(
        what,
        reference,
        title,
        verb,
        due_at,
        words,
        due_at is not None and due_at < now,
        str(calendar.zone),
    )


def visits(actor: Actor, *, today: date) -> list[Visit]:
    """The inspections the agency was told of whose days are not over, the next first. One query."""
    found = (
        select(Inspection)
        .where(
            sees(actor),
            Inspection.closed_at.is_(None),
            or_(Inspection.scheduled_on >= today, Inspection.until_on >= today),
        )
        .order_by(Inspection.scheduled_on, Inspection.id)
    )
    return [
        Visit(i.reference, i.title, i.scheduled_on, dict(MODES).get(i.mode or ""))
        for i in session().scalars(found)
        if i.scheduled_on
    ]


def said_lately(house: House, actor: Actor, *, limit: int = 10) -> list[Said]:
    """What was sent and received, the latest first. One query."""
    told = or_(*(and_(Case.kind == k, Event.verb.in_(told)) for k, (told, _) in _TOLD.items()))
    found = (
        select(Case.kind, Event.verb, Case.reference, Case.title, Event.occurred_at)
        .join(Case, Event.case_id == Case.id)
        .where(sees(actor), Event.occurred_at >= Case.sent_to_agency_at, told)
        .order_by(Event.occurred_at.desc(), Event.id.desc())
        .limit(limit)
    )
    return [
        Said(called(house, kind, verb), verb in _TOLD[kind][1], reference, title, at)
        for kind, verb, reference, title, at in session().execute(found)
    ]


def choices(agency_ids: Iterable[int]) -> list[tuple[Agency, frozenset[int]]]:
    """The agencies somebody answers for, by name, each with the ids it stands for: records merged are one."""
    held = list(session().scalars(select(Agency).where(Agency.id.in_(list(agency_ids)))))
    by_root: defaultdict[int, set[int]] = defaultdict(set)
    roots = {}
    for agency in held:
        root = surviving(agency)
        roots[root.id] = root
        by_root[root.id].add(agency.id)
    ordered = sorted(roots.values(), key=lambda agency: (agency.name, agency.id))
    return [(agency, frozenset(by_root[agency.id])) for agency in ordered]
