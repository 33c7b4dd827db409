"""Who may conduct an inspection or read its findings: read for rules, lists to choose from and pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select

from workflow.cases.history import recused_from
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.inspections.bookings import taken_days
from workflow.inspections.models import Inspection, ModelQualification
from workflow.people.models import Person, PersonOffice, PersonRole
from workflow.register.models import Agreement, FieldOffice

LEADERS: Final = (Role.INSPECTOR, Role.FIELD_SUPERVISOR)
READERS: Final = (Role.INSPECTOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who works in an office and until when (None: no end), who knows the model, who led the last times."""

    staff: dict[int, date | None] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    trained: frozenset[int] = frozenset()
    last_leads: tuple[int, ...] = ()
    taken: dict[int, frozenset[date]] = field(default_factory=dict)


def candidates(inspection: Inspection) -> Candidates:
    """Everybody of whom the rules have to know to judge a lead. Five queries."""
    staff = working(inspection.office_id, LEADERS)
    trained = select(ModelQualification.person_id).where(ModelQualification.model == inspection.model)
    return Candidates(
        staff=staff,
        names=_names(staff),
        trained=frozenset(session().scalars(trained)),
        last_leads=last_leads(inspection),
        taken=taken_days(staff, besides=inspection.id),
    )


def eligible(inspection: Inspection) -> list[tuple[int, str]]:
    """Who may lead this inspection, by name. Absences and workload are for planning."""
    found = candidates(inspection)
    out = set(recused_from(inspection.id))
    supervisor = supervisor_of(inspection)
    third = set(found.last_leads[:2]) if len(found.last_leads) >= 2 else set()
    if len(third) == 1:
        out |= third
    return [
        (person, name)
        for person, name in found.names.items()
        if person in found.trained and person not in out and person != supervisor
    ]


def readers(inspection: Inspection) -> list[tuple[int, str]]:
    """Who may read the findings a second time: inspectors and managers of the office but the lead."""
    here = working(inspection.office_id, READERS)
    return [(person, name) for person, name in _names(here).items() if person != inspection.owner_id]


def working(office_id: int | None, roles: tuple[Role, ...]) -> dict[int, date | None]:
    """Who holds one of the roles in an office, by name or as cover until a day; None: at headquarters."""
    # Whoever works in no office has no row to join.
    place: ColumnElement[bool] = PersonOffice.id.is_(None)
    if office_id is not None:
        neighbour = select(FieldOffice.covered_by_id).where(FieldOffice.id == office_id).scalar_subquery()
        headquarters = exists().where(
            FieldOffice.id == office_id, FieldOffice.covered_by_headquarters.is_(True)
        )
        place = or_(
            PersonOffice.office_id == office_id,
            and_(PersonOffice.kind == "home", PersonOffice.office_id == neighbour),
            and_(PersonOffice.id.is_(None), headquarters),
        )
    found = (
        select(Person.id, PersonOffice.until)
        .outerjoin(PersonOffice, PersonOffice.person_id == Person.id)
        .where(
            Person.active.is_(True),
            place,
            exists().where(
                PersonRole.person_id == Person.id,
                PersonRole.role.in_(roles),
                PersonRole.ended_at.is_(None),
            ),
        )
    )
    return {row[0]: row[1] for row in session().execute(found)}


def _names(ids: dict[int, date | None]) -> dict[int, str]:
    named = select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.name, Person.id)
    return {row[0]: row[1] for row in session().execute(named)}


def last_leads(inspection: Inspection) -> tuple[int, ...]:
    """Who led the latest two inspections of the agreement whose fieldwork was completed, newest first.

    Nought stands for one of which the lead is not known.
    """
    latest = (
        select(Inspection.owner_id)
        .where(
            Inspection.agreement_id == inspection.agreement_id,
            Inspection.id != inspection.id,
            Inspection.fieldwork_completed_on.is_not(None),
        )
        .order_by(Inspection.fieldwork_completed_on.desc(), Inspection.id.desc())
        .limit(2)
    )
    return tuple(lead or 0 for lead in session().scalars(latest))


def agreement_of(inspection: Inspection) -> Agreement | None:
    return session().get(Agreement, inspection.agreement_id) if inspection.agreement_id else None


def supervisor_of(inspection: Inspection) -> int | None:
    agreement = agreement_of(inspection)
    return agreement.supervisor_id if agreement else None
