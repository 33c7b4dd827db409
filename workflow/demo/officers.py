"""Rosters of the demonstration's agreements: most officers current, some due, a few lapsed or in training."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from workflow.agreements.kind import life_of
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.db.session import transaction
from workflow.demo.agencies import Signed
from workflow.demo.names import FAMILY, GIVEN
from workflow.engine.actors import SYSTEM
from workflow.register.models import Officer, Training

#: So many officers serve under one agreement.
FEWEST, MOST = 2, 5
#: Days between being nominated and cleared, trained, certified, authorised.
_STEPS: Final = (("cleared_on", 20), ("training_from", 25), ("certified_on", 28), ("authorised_on", 9))


def enrol(house: House, signed: Sequence[Signed], *, today: datetime, chance: Random) -> None:
    """Put officers on the roster of every agreement, each agreement in one transaction."""
    for agreement in signed:
        life = life_of(agreement.id)
        if life is None:
            continue
        with transaction() as s, s.no_autoflush:
            locked = case_for(SYSTEM, life.reference, lock=True)
            for number in range(1, chance.randint(FEWEST, MOST) + 1):
                officer = _officer(agreement, number, today.date(), chance)
                s.add(officer)
                s.flush()
                codes = {"officer": officer.id, "source": "the agency's roster"}
                note(house, locked, "import_officer", SYSTEM, codes=codes, now=today)


def _officer(agreement: Signed, number: int, today: date, chance: Random) -> Officer:
    """One made-up officer; the last of some rosters is still on the way."""
    officer = Officer(
        agreement_id=agreement.id,
        number=f"{100 + number}",
        name=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
        nominated_on=min(agreement.signed_on + timedelta(days=chance.randint(0, 60)), today),
    )
    on, trainings = officer.nominated_on or today, []
    for name, days in _STEPS:
        on += timedelta(days=days)
        if on > today:
            break
        setattr(officer, name, on)
    if officer.authorised_on is not None:
        trainings = _yearly(officer, agreement.model, today, chance)
    officer.trainings = trainings
    return officer


def _yearly(officer: Officer, model: str, today: date, chance: Random) -> list[Training]:
    """A training about every eleven months; one officer in twelve missed the last one."""
    assert officer.certified_on is not None
    missed = chance.random() < 1 / 12
    found, on = [], officer.certified_on + timedelta(days=chance.randint(300, 360))
    while on <= today and not (missed and (today - on).days < 365):
        found.append(Training(kind="annual", passed_on=on))
        if model == "JEM" and len(found) % 3 == 2:
            found.append(Training(kind="refresher", passed_on=on))
        on += timedelta(days=chance.randint(320, 360))
    return found
