"""Who acts: the roles, and the actor a rule is asked about. Accounts live in `people`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may do. A person holds one or more."""

    #: Receives complaints, sends letters; the voice on the telephone.
    INTAKE = "intake"
    #: Triages, investigates and reports on complaints.
    REVIEWER = "reviewer"
    #: Oversees the agreements of an area; plans inspections, accepts corrective plans.
    FIELD_SUPERVISOR = "field_supervisor"
    #: Conducts inspections and verifies corrections.
    INSPECTOR = "inspector"
    #: Signs what needs a second person; watches closure times.
    MANAGER = "manager"
    #: Headquarters: owns the rules and the agreements' life.
    PROGRAMME_MANAGER = "programme_manager"
    #: Speaks with the inspector general, professional responsibility and civil rights.
    LIAISON = "liaison"
    #: Outside, invited: sees only what was formally sent to the agency.
    AGENCY_CONTACT = "agency_contact"
    #: Reads everything allowed, changes nothing.
    AUDITOR = "auditor"
    #: Accounts, policy, health; no cases.
    ADMINISTRATOR = "administrator"
    #: A complainant at a door.
    PUBLIC = "public"
    #: Timers and reactions; the event says what caused it.
    SYSTEM = "system"


#: Roles a person inside the office can hold.
STAFF = frozenset(Role) - {Role.AGENCY_CONTACT, Role.PUBLIC, Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system, or the public door) on whose behalf something is done.

    `offices` are the home office and those covered by name; `agencies` are an agency contact's own. `at` is
    the moment all this is known for: what ends by the clock counts for nobody without one.
    """

    id: int
    name: str
    roles: frozenset[Role]
    offices: frozenset[int] = frozenset()
    agencies: frozenset[int] = frozenset()
    at: datetime | None = field(default=None, compare=False)


#: The first migration puts these two accounts into every database under the same ids.
SYSTEM = Actor(1, "Plumbline", frozenset({Role.SYSTEM}))
PUBLIC = Actor(2, "Public door", frozenset({Role.PUBLIC}))
