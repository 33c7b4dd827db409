"""Putting the demonstration together: offices, people, agencies, agreements, then two years of cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Final

from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.demo import agencies, complaints, inspections, lately, officers, people
from workflow.demo.walker import Walker
from workflow.people.office import claim
from workflow.people.office import office as known_office
from workflow.policy.service import ensure_standard
from workflow.register.service import ensure_offices

SEED: Final = 287
NAME: Final = "Office of Partnership Oversight (demonstration)"
ADDRESS: Final = "1 Plumb Street, Washington, DC"
CONTACT: Final = "(555) 010-0100"


def build(
    house: House, *, today: datetime, pepper: bytes, seed: int = SEED, echo: Callable[[str], None]
) -> None:
    """Make the demonstration office in an empty database. The same seed and day give the same office.

    Raises `Refused` in a database that holds a real office.
    """
    chance = Random(seed)  # noqa: S311 - made-up people, not secrets
    office = claim(is_demonstration=True, now=today)
    with transaction():
        office.address, office.contact = ADDRESS, CONTACT
    ensure_standard(now=today)
    echo("Hiring people for 25 offices …")
    offices = sorted(ensure_offices().values(), key=lambda o: o.name)
    cast = people.hire(offices, now=today, chance=chance)
    echo("Making up agencies and agreements …")
    signed = agencies.found(house, offices, cast, today=today, chance=chance)
    with transaction():
        asked = [next(a.agency_id for a in signed if a.model == model) for model in ("JEM", "WSO", "TFM")]
        cast = cast.and_also(people.invite_contact(asked, now=today))
    walker = Walker(house, cast.of, chance, today)
    inspections.qualify(cast, sorted({a.model for a in signed}), today=today)
    inspections.fill(walker, signed, echo=echo)
    complaints.fill(walker, signed, pepper=pepper, echo=echo)
    echo("Bringing in what came lately …")
    lately.fill(walker, signed, home=offices[0].id, pepper=pepper, echo=echo)
    officers.enrol(house, signed, today=today, chance=Random(seed))  # noqa: S311 - made-up people
    # The office gets its name when it is whole: `is_half_made` looks at that.
    with transaction():
        office.name = NAME


def is_half_made() -> bool:
    """Whether this database holds a demonstration whose making was interrupted."""
    here = known_office()
    return here is not None and here.is_demonstration and here.name != NAME
