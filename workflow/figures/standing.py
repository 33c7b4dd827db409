"""What is open and what is late, by office and model, and what has been open longest. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, func, or_, select

from workflow.cases.access import sees, visible
from workflow.cases.models import Case, Clock, Task
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.register.models import FieldOffice


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases of one kind, office and model; `late` of them have something open past its due date.

    What was extended is late by its first date: more time does not make it on time.
    """

    kind: str
    office: str | None
    model: str | None
    open: int
    late: int


#: Kinds that are worked on; an agreement's own life is not a backlog.
KINDS = ("complaint", "inspection", "corrective")


def standing(actor: Actor, *, now: datetime) -> list[Standing]:
    """Open and late cases this person may see, by kind, office and model. One query."""
    behind_task = exists().where(Task.case_id == Case.id, Task.closed_at.is_(None), Task.due_at < now)
    extended = exists().where(
        Clock.case_id == Case.id,
        Clock.stopped_at.is_(None),
        Clock.paused_at.is_(None),
        Clock.original_due_at < now,
        Clock.original_due_at < Clock.due_at,
    )
    late = or_(behind_task, extended)
    rows = session().execute(
        select(Case.kind, FieldOffice.name, Case.model, func.count(), func.count(case((late, 1))))
        .outerjoin(FieldOffice, FieldOffice.id == Case.office_id)
        .where(sees(actor), Case.closed_at.is_(None), Case.kind.in_(KINDS))
        .group_by(Case.kind, FieldOffice.name, Case.model)
    )
    found = [Standing(kind, office, model, total, behind) for kind, office, model, total, behind in rows]
    # Databases disagree on where the unknown stands: here it is last.
    return sorted(found, key=lambda s: (s.kind, s.office is None, s.office, s.model is None, s.model))


def oldest(actor: Actor, *, limit: int = 10) -> Sequence[Case]:
    """The cases that have been open longest. One query."""
    found = (
        visible(actor)
        .where(Case.closed_at.is_(None), Case.kind.in_(KINDS))
        .order_by(Case.received_at, Case.id)
        .limit(limit)
    )
    return session().scalars(found).all()
