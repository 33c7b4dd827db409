"""Waivers of duties: rows written when two people let an agreement off one, and those that run on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from workflow.agreements.models import AgreementLife, DutyWaiver
from workflow.cases import sealed
from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.db.seal import Keyring
from workflow.db.session import session


def waived(house: House, life: Any, event: Event, now: datetime) -> None:
    """The row of a waiver that was just confirmed by a second person."""
    assert isinstance(life, AgreementLife)
    assert event.second_id is not None
    said = words_of(event, life, house.keyring)
    known = select(func.max(DutyWaiver.number)).where(DutyWaiver.agreement_id == life.agreement_id)
    number = (session().scalar(known) or 0) + 1
    session().add(
        DutyWaiver(
            agreement_id=life.agreement_id,
            number=number,
            duty=event.codes["duty"],
            from_on=calendar_of(life.office_id).day_of(now),
            until_on=date.fromisoformat(said["until_on"]),
            waived_by_id=event.actor_id,
            confirmed_by_id=event.second_id,
            supervisor_id=life.owner_id,
            reasons=sealed.keep(life, _place(life, number), said["reasons"], house.keyring),
            at=now,
        )
    )


def ended(_house: House, life: Any, event: Event, now: datetime) -> None:
    """End a waiver before its day."""
    assert isinstance(life, AgreementLife)
    row = session().scalars(
        select(DutyWaiver).where(
            DutyWaiver.agreement_id == life.agreement_id, DutyWaiver.number == int(event.codes["waiver"])
        )
    )
    found = row.one()
    found.ended_at, found.ended_by_id = now, event.actor_id


# --- reading --------------------------------------------------------------------------------------


def running(as_of: date, agreement_id: int | None = None) -> Sequence[DutyWaiver]:
    """The waivers that run on a day, the longest last. One query.

    One that was ended early ran until the day before.
    """
    found = (
        select(DutyWaiver)
        .where(DutyWaiver.from_on <= as_of, DutyWaiver.until_on >= as_of)
        .order_by(DutyWaiver.until_on, DutyWaiver.id)
    )
    if agreement_id is not None:
        found = found.where(DutyWaiver.agreement_id == agreement_id)
    rows = session().scalars(found).all()
    return [row for row in rows if row.ended_at is None or row.ended_at.date() > as_of]


def not_ended(agreement_id: int | None) -> Sequence[DutyWaiver]:
    """The waivers of an agreement that nobody has ended, those past their day too. One query."""
    found = select(DutyWaiver).where(DutyWaiver.agreement_id == agreement_id, DutyWaiver.ended_at.is_(None))
    return session().scalars(found.order_by(DutyWaiver.number)).all()


def why(life: AgreementLife, row: DutyWaiver, keyring: Keyring) -> str:
    """The reasons of a waiver, opened."""
    return sealed.read(life, _place(life, row.number), row.reasons, keyring) or ""


def _place(life: AgreementLife, number: int) -> str:
    return f"duty_waiver:{life.reference}:{number}:reasons"
