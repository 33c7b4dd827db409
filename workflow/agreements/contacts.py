"""Contacts kept with agreements: rows that are written once, and those that count. No page and no rule here.

A step records one and a step corrects one (`oversight`); each leaves a row, in the same transaction. What
comes in from another system is written by `write` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from workflow.agreements.facts import CONTACTS
from workflow.agreements.models import AgreementContact, AgreementLife
from workflow.cases import sealed
from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.people.queries import names
from workflow.policy.duties import met_by
from workflow.policy.queries import in_force

KINDS: Final = dict(CONTACTS)


@dataclass(frozen=True, slots=True)
class Kept:
    """A contact as it was kept: what took place, when, by whom, what was covered."""

    kind: str
    held_on: date
    covered: str | None
    held_by_id: int | None = None
    #: The list of another system it came in with.
    source: str | None = None
    corrects: AgreementContact | None = None
    took_place: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A contact on the page of its agreement. What was covered is None for whoever does not read it."""

    number: int
    kind: str
    held_on: date
    by: str
    covered: str | None
    took_place: bool
    corrects: int | None
    corrected_by: int | None


def write(
    life: AgreementLife, kept: Kept, keyring: Keyring, *, recorded_by_id: int, now: datetime
) -> AgreementContact:
    """Leave a row, with the duties it discharges by the policy in force. Inside a transaction."""
    known = select(func.max(AgreementContact.number)).where(
        AgreementContact.agreement_id == life.agreement_id
    )
    number = (session().scalar(known) or 0) + 1
    book = in_force(now.date())[1]
    met = met_by(book, kept.kind, life.model or "") if kept.took_place else ()
    row = AgreementContact(
        agreement_id=life.agreement_id,
        number=number,
        kind=kept.kind,
        held_on=kept.held_on,
        held_by_id=kept.held_by_id,
        recorded_by_id=recorded_by_id,
        recorded_at=now,
        covered=sealed.keep(life, _place(life, number), kept.covered, keyring) if kept.covered else None,
        discharges=" ".join(met),
        corrects_id=kept.corrects.id if kept.corrects else None,
        took_place=kept.took_place,
        source=kept.source,
    )
    session().add(row)
    return row


def recorded(house: House, life: Any, event: Event, now: datetime) -> None:
    """The row of a contact that was just recorded."""
    assert isinstance(life, AgreementLife)
    said = words_of(event, life, house.keyring)
    kept = Kept(
        kind=event.codes["contact_kind"],
        held_on=date.fromisoformat(said["held_on"]),
        covered=said["outcome"],
        held_by_id=event.codes.get("held_by") or event.actor_id,
    )
    write(life, kept, house.keyring, recorded_by_id=event.actor_id, now=now)


def corrected(house: House, life: Any, event: Event, now: datetime) -> None:
    """The row that counts from now on instead of another. What is not answered stays as it was."""
    assert isinstance(life, AgreementLife)
    said = words_of(event, life, house.keyring)
    number = int(event.codes["contact"])
    wrong = next(row for row in counting(life.agreement_id) if row.number == number)
    held_on = said.get("held_on")
    kept = Kept(
        kind=event.codes.get("contact_kind") or wrong.kind,
        held_on=date.fromisoformat(held_on) if held_on else wrong.held_on,
        covered=said.get("outcome") or _covered(life, wrong, house.keyring),
        held_by_id=wrong.held_by_id,
        corrects=wrong,
        took_place=not event.codes.get("never"),
    )
    write(life, kept, house.keyring, recorded_by_id=event.actor_id, now=now)


def corrected_as_never(
    life: AgreementLife, wrong: AgreementContact, keyring: Keyring, *, now: datetime
) -> bool:
    """Let an imported contact count no more; False where a row stands for it already."""
    if wrong.number not in {row.number for row in counting(life.agreement_id)}:
        return False
    kept = Kept(wrong.kind, wrong.held_on, _covered(life, wrong, keyring), corrects=wrong, took_place=False)
    write(life, kept, keyring, recorded_by_id=SYSTEM.id, now=now)
    session().flush()
    return True


# --- reading --------------------------------------------------------------------------------------


def stands() -> ColumnElement[bool]:
    """Whether a row counts: it took place, and no later row stands for it."""
    later = aliased(AgreementContact)
    return (
        AgreementContact.took_place
        & ~select(later.id).where(later.corrects_id == AgreementContact.id).exists()
    )


def counting(agreement_id: int | None) -> Sequence[AgreementContact]:
    """The contacts of an agreement that count, latest first. One query."""
    found = (
        select(AgreementContact)
        .where(AgreementContact.agreement_id == agreement_id, stands())
        .order_by(AgreementContact.held_on.desc(), AgreementContact.number.desc())
    )
    return session().scalars(found).all()


def discharged(as_of: date, agreement_id: int | None = None) -> dict[int, dict[str, date]]:
    """When each duty was last met by a contact, as known on a day, by agreement and duty. One query."""
    found = (
        select(
            AgreementContact.agreement_id,
            AgreementContact.discharges,
            func.max(AgreementContact.held_on),
        )
        .where(stands(), AgreementContact.held_on <= as_of)
        .group_by(AgreementContact.agreement_id, AgreementContact.discharges)
    )
    if agreement_id is not None:
        found = found.where(AgreementContact.agreement_id == agreement_id)
    last: dict[int, dict[str, date]] = {}
    for agreement, discharges, held_on in session().execute(found):
        met = last.setdefault(agreement, {})
        for duty in discharges.split():
            met[duty] = max(held_on, met.get(duty, held_on))
    return last


def lines(life: AgreementLife, keyring: Keyring, *, reads: bool) -> list[Line]:
    """Every row of an agreement, latest contact first, with what stands for what. Two queries."""
    rows = session().scalars(
        select(AgreementContact)
        .where(AgreementContact.agreement_id == life.agreement_id)
        .order_by(AgreementContact.held_on.desc(), AgreementContact.number.desc())
    )
    found = rows.all()
    numbers = {row.id: row.number for row in found}
    later = {row.corrects_id: row.number for row in found}
    people = names({row.held_by_id for row in found if row.held_by_id})
    return [
        Line(
            number=row.number,
            kind=KINDS.get(row.kind, row.kind),
            held_on=row.held_on,
            by=people.get(row.held_by_id or 0, "not said"),
            covered=_covered(life, row, keyring) if reads else None,
            took_place=row.took_place,
            corrects=numbers.get(row.corrects_id or 0),
            corrected_by=later.get(row.id),
        )
        for row in found
    ]


def _covered(life: AgreementLife, row: AgreementContact, keyring: Keyring) -> str | None:
    return sealed.read(life, _place(life, row.number), row.covered, keyring)


def _place(life: AgreementLife, number: int) -> str:
    return f"agreement_contact:{life.reference}:{number}:covered"
