"""Entering agreements that are in force already: the record, and the life that begins in `register`.

For lists of any length and for the demonstration office; whoever calls opens the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from workflow.agreements.facts import State
from workflow.agreements.kind import KIND
from workflow.agreements.models import AgreementLife
from workflow.agreements.record import OFFICE_TASK
from workflow.cases import tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import enter
from workflow.cases.references import mint
from workflow.db.session import transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.effects import Limit
from workflow.policy.queries import book
from workflow.register.models import Agency, Agreement, FieldOffice

OFFICE_WITHIN: Final = Limit("agreement.office")


@dataclass(frozen=True, slots=True)
class Entry:
    """One agreement to enter. `inferred`: its template follows from model and date, no document was seen."""

    agency: Agency
    model: str
    template: str
    signed_on: date
    office: FieldOffice | None
    source: str
    county: str | None = None
    inferred: bool = True
    moa_url: str | None = None
    moa_pending: bool = False
    listed_on: date | None = None
    vanished_on: date | None = None


def enter_all(
    house: House, entries: Sequence[Entry], *, policy_id: int, now: datetime, actor: Actor = SYSTEM
) -> Iterator[AgreementLife]:
    """Make record and life of each entry. The records are written first, at once, so that lives know them."""
    with transaction() as s, s.no_autoflush:
        records = [_record(entry, now) for entry in entries]
        s.add_all(records)
        s.flush()
        for entry, record in zip(entries, records, strict=True):
            yield _life(house, entry, record, actor, policy_id=policy_id, now=now)
        s.flush()


def _record(entry: Entry, now: datetime) -> Agreement:
    return Agreement(
        reference=mint(KIND.letter, now.year),
        agency=entry.agency,
        model=entry.model,
        template=entry.template,
        template_inferred=entry.inferred,
        signed_on=entry.signed_on,
        office=entry.office,
        county=entry.county,
        moa_url=entry.moa_url,
        moa_pending=entry.moa_pending,
        status=State.ACTIVE,
        listed_first_on=entry.listed_on,
        listed_last_on=entry.listed_on,
        vanished_on=entry.vanished_on,
    )


def _life(
    house: House, entry: Entry, record: Agreement, actor: Actor, *, policy_id: int, now: datetime
) -> AgreementLife:
    calendar = calendar_of(record.office_id)
    life = AgreementLife(
        reference=record.reference,
        title=title_of(entry.agency.name, entry.model),
        received_at=min(now, datetime.combine(entry.signed_on, time(12), calendar.zone)),
        agreement_id=record.id,
        agency_id=record.agency_id,
        agency=entry.agency,
        office_id=record.office_id,
        office=entry.office,
        model=entry.model,
        template=entry.template,
        policy_id=policy_id,
    )
    answers = {"signed_on": entry.signed_on, "template": entry.template, "source": entry.source}
    if entry.inferred:
        answers["inferred"] = True
    enter(house, life, "register", actor, answers, now=now)
    if entry.office is None:
        tasks.add(
            life,
            kind="notice",
            title=OFFICE_TASK,
            verb="assign_office",
            role=Role.PROGRAMME_MANAGER,
            due_at=tasks.within(life, OFFICE_WITHIN, book=book(policy_id), calendar=calendar, at=now),
            calendar=calendar,
            at=now,
            actor_id=actor.id,
        )
    return life


def title_of(agency: str, model: str) -> str:
    """What lists call the life of an agreement."""
    return f"{agency}: {model} agreement"[-200:]
