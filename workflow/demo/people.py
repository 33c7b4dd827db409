"""The people of the demonstration office: somebody for every role, with one printed password for all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from flask_security.utils import hash_password

from workflow.db.session import transaction
from workflow.demo.names import FAMILY, GIVEN
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.people.models import Person, PersonAgency, PersonOffice, PersonRole
from workflow.people.signing import DemonstrationAccount
from workflow.register.models import FieldOffice

#: Of made-up accounts in a database that says so on every page; the addresses are of a reserved domain.
PASSWORD: Final = "plumb-line-demo"  # noqa: S105 - printed for everybody
DOMAIN: Final = "demo.example"

#: One account of each role is easy to remember, and printed.
LEADING: Final = (
    (Role.FIELD_SUPERVISOR, "supervisor", "Field supervisor"),
    (Role.INSPECTOR, "inspector", "Inspector"),
    (Role.REVIEWER, "reviewer", "Complaint reviewer"),
    (Role.INTAKE, "intake", "Intake"),
    (Role.MANAGER, "manager", "Manager"),
    (Role.PROGRAMME_MANAGER, "programme", "Programme manager"),
    (Role.LIAISON, "liaison", "Liaison"),
    (Role.AUDITOR, "auditor", "Auditor"),
    (Role.ADMINISTRATOR, "administrator", "Administrator"),
    (Role.AGENCY_CONTACT, "contact", "Agency contact"),
)
#: How many work at headquarters in each role.
HEADQUARTERS: Final = {
    Role.INTAKE: 4,
    Role.REVIEWER: 8,
    Role.LIAISON: 2,
    Role.PROGRAMME_MANAGER: 3,
    Role.MANAGER: 3,
    Role.AUDITOR: 1,
    Role.ADMINISTRATOR: 2,
}
#: How many work in each field office; managers cover five offices each.
LOCAL: Final = {Role.FIELD_SUPERVISOR: 2, Role.INSPECTOR: 2}
REGION: Final = 5
MANAGERS_OF_A_REGION: Final = 3


@dataclass(frozen=True)
class Cast:
    """Who works where: at headquarters by role, and in each office by role."""

    everybody: tuple[Actor, ...]

    def of(self, role: Role, office_id: int | None) -> list[Actor]:
        """Who could act in a role for an office: those who reach it, else headquarters' own."""
        found = [a for a in self.everybody if role in a.roles]
        return [a for a in found if office_id in a.offices] or [a for a in found if not a.offices]

    def and_also(self, person: Person) -> Cast:
        """The same people and one more."""
        return Cast((*self.everybody, person.actor))


def hire(offices: Sequence[FieldOffice], *, now: datetime, chance: Random) -> Cast:
    """Give every office its people. The first of each role has the address that is printed."""
    names = _names(chance)
    hashed = hash_password(PASSWORD)
    leading = {role: local for role, local, _ in LEADING}
    people: list[Person] = []

    def add(role: Role, places: Sequence[FieldOffice] = (), *, leads: bool = False) -> None:
        name = next(names)
        address = leading[role] if leads else name.lower().replace(" ", ".").replace("'", "")
        people.append(_person(name, f"{address}@{DOMAIN}", role, places, hashed, now))

    for role, number in HEADQUARTERS.items():
        for n in range(number):
            add(role, leads=n == 0 and role is not Role.MANAGER)
    for first in range(0, len(offices), REGION):
        for n in range(MANAGERS_OF_A_REGION):
            add(Role.MANAGER, offices[first : first + REGION], leads=first == 0 and n == 0)
    for place, office in enumerate(offices):
        for role, number in LOCAL.items():
            for n in range(number):
                add(role, [office], leads=place == 0 and n == 0)
    with transaction() as s:
        s.add_all(people)
        s.flush()
        return Cast(tuple(person.actor for person in people))


def invite_contact(agency_ids: Sequence[int], *, now: datetime) -> Person:
    """The printed agency contact, who answers for the agencies given."""
    person = _person(
        "Casey Contact", f"contact@{DOMAIN}", Role.AGENCY_CONTACT, (), hash_password(PASSWORD), now
    )
    person.agencies = [PersonAgency(agency_id=agency_id) for agency_id in dict.fromkeys(agency_ids)]
    with transaction() as s:
        s.add(person)
        s.flush()
    return person


def accounts() -> list[DemonstrationAccount]:
    """The printed ways in."""
    return [
        DemonstrationAccount(name=title, roles=title, email=f"{local}@{DOMAIN}", password=PASSWORD)
        for _, local, title in LEADING
    ]


def _person(
    name: str, email: str, role: Role, places: Sequence[FieldOffice], hashed: str, now: datetime
) -> Person:
    person = Person(
        email=email, name=name, password=hashed, fs_uniquifier=secrets.token_hex(16), created_at=now
    )
    person.grants = [PersonRole(role=role, granted_by_id=SYSTEM.id, at=now)]
    person.offices = [
        PersonOffice(office_id=office.id, kind="cover" if n else "home") for n, office in enumerate(places)
    ]
    return person


def _names(chance: Random) -> Iterator[str]:
    pairs = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    chance.shuffle(pairs)
    return iter(pairs)
