"""Keeps the register's record of an agreement in step with its life, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from workflow.agreements import contacts, waivers
from workflow.agreements.facts import State
from workflow.agreements.machine import MACHINE
from workflow.agreements.models import AgreementLife
from workflow.cases import tasks
from workflow.cases.kinds import House, Reaction
from workflow.cases.models import Event
from workflow.db.session import session
from workflow.register.models import Agency, Agreement, FieldOffice

#: The title of the task that waits for a field office to be named.
OFFICE_TASK: Final = "Name the field office of this agreement"


def keep_record(_house: House, life: Any, event: Event, now: datetime) -> None:
    """Copy what a step (or its undoing) left on the life to the record that lists read."""
    assert isinstance(life, AgreementLife)
    record = session().get_one(Agreement, life.agreement_id)
    record.status = life.state
    record.signed_on = life.signed_on or record.signed_on
    record.operational_on = life.operational_on or record.operational_on
    record.ended_on = _ended_on(life)
    record.supervisor_id = life.owner_id
    if event.codes.get("template"):
        record.template, record.template_inferred = event.codes["template"], False
    if event.verb == "assign_office":
        _move_to_office(life, record, now=now)


def _ended_on(life: AgreementLife) -> date | None:
    match State(life.state):
        case State.TERMINATED:
            return life.effective_on
        case State.SUPERSEDED:
            return life.ended_on
        case _:
            return None


def _move_to_office(life: AgreementLife, record: Agreement, *, now: datetime) -> None:
    """The office that was named, on the life, the record, its tasks, and an agency that had none."""
    office = session().scalars(select(FieldOffice).where(FieldOffice.code == life.office_code)).one()
    life.office = office
    life.office_id = record.office_id = office.id
    agency = session().get_one(Agency, record.agency_id)
    agency.office_id = agency.office_id or office.id
    for task in tasks.open_tasks(life):
        task.zone = office.zone
        tasks.mirror(life, task)
        if task.title == OFFICE_TASK:
            tasks.settle(task, at=now, actor_id=life.events[-1].actor_id)


#: Steps that leave a row of their own.
_LEAVES: Final[Mapping[str, tuple[Reaction, ...]]] = {
    "record_contact": (contacts.recorded,),
    "correct_contact": (contacts.corrected,),
    "waive_duty": (waivers.waived,),
    "end_waiver": (waivers.ended,),
}
#: For the factory: runs after every step of an agreement, and after one was undone. The two entries make
#: their record themselves, at once for a whole list.
REACTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = MappingProxyType(
    {
        (MACHINE.kind, verb): (keep_record, *_LEAVES.get(verb, ()))
        for verb in (*(t.verb for t in MACHINE.transitions if not t.is_entry), "void")
    }
)
