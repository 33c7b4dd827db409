"""Reading inspections: the list, what belongs to one. The month is in `month`. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from workflow.cases.access import sees, visible
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.inspections.facts import FOR_CAUSE, UNDER_WAY, State
from workflow.inspections.machine import MACHINE
from workflow.inspections.models import Finding, Inspection, ModelQualification
from workflow.people.queries import names
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.web.paging import Page, page_of

#: Counting stops here: nobody needs to know how many more there are.
CAP: Final = 1000
#: Where inspections without a due date stand in the list: last.
_NEVER: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; an empty one lets everything pass. `standing` is open, late or closed."""

    model: str = ""
    office: str = ""
    state: str = ""
    kind: str = ""
    standing: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One inspection of a list or a month."""

    id: int
    reference: str
    agency: str | None
    model: str | None
    office: str | None
    state: str
    kind_of: str
    mode: str | None
    due_on: date | None
    scheduled_on: date | None
    until_on: date | None
    fieldwork_completed_on: date | None
    owner_id: int | None
    received_at: datetime

    def is_late(self, today: date) -> bool:
        """Whether it should have been held by now. Postponing does not help."""
        return self.is_due and self.due_on is not None and self.due_on < today

    @property
    def is_due(self) -> bool:
        """Whether its due date still counts: until fieldwork ends; one for cause, until it is scheduled."""
        return self.state == State.PLANNED or (self.state in UNDER_WAY and self.kind_of != FOR_CAUSE)

    @property
    def label(self) -> str:
        return MACHINE.stage(self.state).label

    @property
    def sort_on(self) -> date:
        return self.due_on or _NEVER


def listed(
    actor: Actor, wanted: Wanted, *, today: date, after: tuple[date, int] | None = None, limit: int = 50
) -> Page[Line]:
    """The inspections this person may see, what is due first on top. One query."""
    on = func.coalesce(Inspection.due_on, _NEVER)
    query = _filtered(lines().where(sees(actor)), actor, wanted, today)
    if after is not None:
        query = query.where(or_(on > after[0], and_(on == after[0], Inspection.id > after[1])))
    found = session().execute(query.order_by(on, Inspection.id).limit(limit + 1)).all()
    return page_of([Line(*row) for row in found], limit, lambda line: (line.sort_on, line.id), cursor=after)


def counted(actor: Actor, wanted: Wanted, *, today: date) -> int:
    """How many the list has; beyond `CAP` one more than that. One query."""
    query = _filtered(lines().where(sees(actor)), actor, wanted, today)
    some = query.with_only_columns(Inspection.id).limit(CAP + 1).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def lines() -> Select[*tuple[Any, ...]]:
    """What a `Line` is made of, for statements that say which."""
    return (
        select(
            Inspection.id,
            Inspection.reference,
            Agency.name,
            Inspection.model,
            FieldOffice.name,
            Inspection.state,
            Inspection.kind_of,
            Inspection.mode,
            Inspection.due_on,
            Inspection.scheduled_on,
            Inspection.until_on,
            Inspection.fieldwork_completed_on,
            Inspection.owner_id,
            Inspection.received_at,
        )
        .outerjoin(Agency, Inspection.agency_id == Agency.id)
        .outerjoin(FieldOffice, Inspection.office_id == FieldOffice.id)
    )


def _filtered(
    query: Select[*tuple[Any, ...]], actor: Actor, wanted: Wanted, today: date
) -> Select[*tuple[Any, ...]]:
    if wanted.model:
        query = query.where(Inspection.model == wanted.model)
    if wanted.office:
        none = wanted.office == "none"
        query = query.where(Inspection.office_id.is_(None) if none else FieldOffice.code == wanted.office)
    if wanted.state:
        query = query.where(Inspection.state == wanted.state)
    if wanted.kind:
        query = query.where(Inspection.kind_of == wanted.kind)
    if wanted.lead == "me":
        query = query.where(Inspection.owner_id == actor.id)
    if wanted.standing:
        query = query.where(_standing(wanted.standing, today))
    return query


def _standing(wanted: str, today: date) -> ColumnElement[bool]:
    match wanted:
        case "open":
            return Inspection.closed_at.is_(None)
        case "closed":
            return Inspection.closed_at.is_not(None)
        case "late":
            return and_(is_due(), Inspection.due_on < today)
        case _:
            return false()


def is_due() -> ColumnElement[bool]:
    """The same as `Line.is_due`, for the database."""
    held = and_(Inspection.state.in_(UNDER_WAY), Inspection.kind_of != FOR_CAUSE)
    return or_(Inspection.state == State.PLANNED, held)


def leads_of(lines: Sequence[Line]) -> dict[int, str]:
    """Who leads the inspections of a page. One query."""
    return names({line.owner_id for line in lines if line.owner_id is not None})


def corrections_of(inspection: Inspection, actor: Actor) -> Sequence[Case]:
    """The corrective actions of an inspection which this person may see, in the order of citing."""
    found = visible(actor).where(Case.caused_by_id == inspection.id, Case.kind == "corrective")
    return session().scalars(found.order_by(Case.id)).all()


def found_before(inspection: Inspection, actor: Actor) -> dict[int, Case]:
    """The earlier inspection of each repeat, by the number of its finding, where this person may see it."""
    repeats = {f.number: f.repeat_of_id for f in inspection.findings if f.repeat_of_id is not None}
    if not repeats:
        return {}
    of = select(Finding.id, Finding.inspection_id).where(Finding.id.in_(repeats.values()))
    places = {row.id: row.inspection_id for row in session().execute(of)}
    seen = {case.id: case for case in session().scalars(visible(actor).where(Case.id.in_(places.values())))}
    return {n: seen[places[earlier]] for n, earlier in repeats.items() if places[earlier] in seen}


def agreement_seen(inspection: Inspection, actor: Actor) -> Agreement | None:
    """The agreement of an inspection, if this person may see it: their offices can differ. One query."""
    life = select(Case.agreement_id).where(Case.kind == "agreement", sees(actor))
    return session().scalar(
        select(Agreement).where(Agreement.id == inspection.agreement_id, Agreement.id.in_(life))
    )


def last_fieldwork(as_of: date) -> dict[int, date]:
    """The day of the last completed fieldwork of each agreement, as known on a day. One query.

    Imported inspections count; cancelled and voided ones do not.
    """
    done = (
        select(Inspection.agreement_id, func.max(Inspection.fieldwork_completed_on))
        .where(
            Inspection.fieldwork_completed_on <= as_of,
            Inspection.agreement_id.is_not(None),
            Inspection.state != "voided",
        )
        .group_by(Inspection.agreement_id)
    )
    return {agreement: day for agreement, day in session().execute(done) if agreement and day}


def qualified(person_id: int) -> dict[str, date]:
    """The models somebody is trained to inspect, and since when."""
    found = select(ModelQualification.model, ModelQualification.since).where(
        ModelQualification.person_id == person_id
    )
    return {row[0]: row[1] for row in session().execute(found.order_by(ModelQualification.model))}
