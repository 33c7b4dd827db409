"""The people everybody in the tests remembers, and the day they work on. No fixture lives here."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask_security.utils import hash_password
from sqlalchemy import text

from workflow.db.session import session, transaction
from workflow.engine.actors import PUBLIC, SYSTEM, Actor, Role
from workflow.people.models import Office, Person, PersonAgency, PersonOffice, PersonRole
from workflow.policy.service import ensure_standard
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency, FieldOffice

#: Monday 5 January 2026, 09:00 UTC; early in the morning in every office.
MONDAY = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
PASSWORD = "a plumb line hangs straight"

#: Offices and agencies of the tests, by id.
ATLANTA, BOSTON = 1, 3
ALDER, BIRCH = 1, 2

ANN = Actor(101, "Ann Intake", frozenset({Role.INTAKE}))
RUTH = Actor(102, "Ruth Reviewer", frozenset({Role.REVIEWER}))
RAY = Actor(103, "Ray Reviewer", frozenset({Role.REVIEWER}))
SAM = Actor(104, "Sam Supervisor", frozenset({Role.FIELD_SUPERVISOR}), frozenset({ATLANTA}))
SUE = Actor(105, "Sue Supervisor", frozenset({Role.FIELD_SUPERVISOR}), frozenset({ATLANTA}))
IRIS = Actor(106, "Iris Inspector", frozenset({Role.INSPECTOR}), frozenset({ATLANTA}))
IVAN = Actor(107, "Ivan Inspector", frozenset({Role.INSPECTOR}), frozenset({ATLANTA}))
MAX = Actor(108, "Max Manager", frozenset({Role.MANAGER}), frozenset({ATLANTA}))
MONA = Actor(109, "Mona Manager", frozenset({Role.MANAGER}), frozenset({ATLANTA}))
PAM = Actor(110, "Pam Programme", frozenset({Role.PROGRAMME_MANAGER}))
PETE = Actor(111, "Pete Programme", frozenset({Role.PROGRAMME_MANAGER}))
LEO = Actor(112, "Leo Liaison", frozenset({Role.LIAISON}))
AUDRA = Actor(113, "Audra Auditor", frozenset({Role.AUDITOR}))
ADA = Actor(114, "Ada Administrator", frozenset({Role.ADMINISTRATOR}))
AXEL = Actor(115, "Axel Administrator", frozenset({Role.ADMINISTRATOR}))
CARL = Actor(116, "Carl Contact", frozenset({Role.AGENCY_CONTACT}), frozenset(), frozenset({ALDER}))
BOB = Actor(117, "Bob of Boston", frozenset({Role.FIELD_SUPERVISOR}), frozenset({BOSTON}))
HAL = Actor(118, "Hal Headquarters", frozenset({Role.MANAGER}))
HEDY = Actor(119, "Hedy Headquarters", frozenset({Role.MANAGER}))

#: In the order in which a test looks for somebody of a role.
CAST = (
    ANN, RUTH, RAY, SAM, SUE, IRIS, IVAN, MAX, MONA, PAM, PETE, LEO, AUDRA, ADA, AXEL, CARL, BOB, HAL, HEDY,
)  # fmt: skip


def of_role(role: Role, *, but: frozenset[int] = frozenset()) -> Actor:
    """Somebody of the cast (or the system, or the public) with a role, other than those named."""
    if role in (Role.SYSTEM, Role.PUBLIC):
        return SYSTEM if role is Role.SYSTEM else PUBLIC
    return next(a for a in CAST if role in a.roles and a.id not in but)


def email_of(person: Actor) -> str:
    return f"{person.name.split()[0].lower()}@office.test"


def accounts_of_nobody(now: datetime) -> list[Person]:
    """The two accounts that a migration makes: of the system, and of whoever does not sign in."""
    return [
        Person(id=a.id, email=f"{n}@plumbline", name=a.name, fs_uniquifier=n, created_at=now, active=False)
        for a, n in ((SYSTEM, "system"), (PUBLIC, "public"))
    ]


def people_the_office(*, now: datetime) -> None:
    """A real office with the cast, the 25 field offices, two made-up agencies and the policy as delivered."""
    with transaction() as s:
        s.add(
            Office(
                id=1,
                name="Office of the tests",
                address="1 Plumb Street",
                zone="America/New_York",
                contact="(555) 010-0100",
                is_demonstration=False,
                created_at=now,
            )
        )
        s.add_all(accounts_of_nobody(now))
        s.add_all(
            FieldOffice(id=number, code=o.code, name=o.name, zone=o.zone)
            for number, o in enumerate(FIELD_OFFICES, start=1)
        )
        s.flush()
        s.add_all(
            Agency(
                id=number,
                slug=f"{name.split()[0].lower()}-county-ga",
                name=f"{name} Sheriff's Office",
                comparable=f"{name.lower()} sheriff's office",
                state="Georgia",
                county=name,
                type="County",
                office_id=ATLANTA,
            )
            for number, name in ((ALDER, "Alder County"), (BIRCH, "Birch County"))
        )
        s.flush()
        hashed = hash_password(PASSWORD)
        for actor in CAST:
            s.add(_person(actor, hashed, now))
        s.flush()
        past_the_given_ids()
    ensure_standard(now=now)


def _person(actor: Actor, hashed: str, now: datetime) -> Person:
    person = Person(
        id=actor.id,
        email=email_of(actor),
        name=actor.name,
        password=hashed,
        fs_uniquifier=secrets.token_hex(16),
        created_at=now,
        active=True,
    )
    person.grants = [PersonRole(role=r, granted_by_id=SYSTEM.id, at=now) for r in sorted(actor.roles)]
    person.offices = [PersonOffice(office_id=o, kind="home") for o in sorted(actor.offices)]
    person.agencies = [PersonAgency(agency_id=a) for a in sorted(actor.agencies)]
    return person


def past_the_given_ids() -> None:
    """PostgreSQL's sequences do not know of ids that were given. Inside a transaction."""
    if session().get_bind().dialect.name != "postgresql":
        return
    for table in ("person", "field_office", "agency"):
        session().execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)"))
