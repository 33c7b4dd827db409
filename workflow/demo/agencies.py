"""Made-up agencies and their agreements: at least two in every area, in about the real shares of models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from workflow.agreements.entering import Entry, enter_all
from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.demo.names import COUNTIES, JAIL, POLICE, SHERIFF
from workflow.demo.people import Cast
from workflow.engine.actors import Role
from workflow.policy.queries import in_force
from workflow.register.field_offices import SPLIT_STATES, WHOLE_STATES
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.register.queries import directory
from workflow.register.service import record_agency

#: Shares of the models on ICE's list of 18 May 2026: 182, 499 and 1,162 of 1,843.
SHARES: Final = {"JEM": 182, "WSO": 499, "TFM": 1162}
AGREEMENTS: Final = 210
_SOURCE: Final = "demonstration"


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement as the other rooms of the demonstration need it."""

    id: int
    agency_id: int
    office_id: int
    model: str
    signed_on: date
    supervisor_id: int


def found(
    house: House, offices: Sequence[FieldOffice], cast: Cast, *, today: datetime, chance: Random
) -> list[Signed]:
    """Make the agencies of every area and their agreements, each with a supervisor who oversees it."""
    now = today - timedelta(days=1)
    policy_id, book = in_force(today.date())
    with transaction() as s, s.no_autoflush:
        known = directory()
        by_name = {office.name: office for office in offices}
        entries: list[Entry] = []
        models = _models(chance)
        for number, model in enumerate(models):
            office = offices[number % len(offices)]
            agency = _agency(number, office, model, known, by_name, chance)
            signed = _signed(model, today.date(), chance)
            template = book.template_for(model, signed)
            assert template is not None
            entries.append(
                Entry(agency, model, template.revision, signed, office, _SOURCE, county=agency.county)
            )
        s.flush()
        lives = list(enter_all(house, entries, policy_id=policy_id, now=now))
        records = [s.get_one(Agreement, life.agreement_id) for life in lives]
        for record, life in zip(records, lives, strict=True):
            supervisor = chance.choice(cast.of(Role.FIELD_SUPERVISOR, record.office_id))
            record.supervisor_id = supervisor.id
            record.operational_on = record.signed_on + timedelta(days=45) if record.signed_on else None
            life.owner_id, life.operational_on = supervisor.id, record.operational_on
        return [_signed_one(record) for record in records]


def _signed_one(record: Agreement) -> Signed:
    assert record.office_id
    assert record.signed_on
    assert record.supervisor_id
    return Signed(
        record.id, record.agency_id, record.office_id, record.model, record.signed_on, record.supervisor_id
    )


def _models(chance: Random) -> list[str]:
    """The models of all agreements in their real shares, every office having more than one kind."""
    total = sum(SHARES.values())
    found = [m for m, share in SHARES.items() for _ in range(round(AGREEMENTS * share / total))]
    chance.shuffle(found)
    return found


def _agency(
    number: int,
    office: FieldOffice,
    model: str,
    known: object,
    by_name: dict[str, FieldOffice],
    chance: Random,
) -> Agency:
    county = COUNTIES[number % len(COUNTIES)]
    pattern = POLICE if model == "TFM" and chance.random() < 0.5 else chance.choice((SHERIFF, JAIL))
    split = [state for state, areas in SPLIT_STATES.items() if office.name in areas]
    whole = [state for state, area in WHOLE_STATES.items() if area == office.name]
    state = chance.choice(whole or split)
    agency = record_agency(
        name=pattern.format(county),
        state=state,
        county=county if whole else None,
        kind="Municipality" if pattern is POLICE else "County",
        known=known,  # type: ignore[arg-type]
        offices=by_name,
    )
    agency.county, agency.office = county, office
    return agency


def _signed(model: str, today: date, chance: Random) -> date:
    """A day on which such an agreement could have been signed."""
    first = date(2025, 2, 20) if model == "TFM" else date(2019, 9, 1)
    return first + timedelta(days=chance.randint(0, max(1, (today - first).days - 200)))
