"""Officers of another system's roster, brought in with what happened to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.agreements.kind import life_of
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.imports.batches import Thing
from workflow.imports.commands import import_command
from workflow.imports.listing import AGREEMENT, REFERENCE, Column, Holds, Line, Listing, Objection
from workflow.imports.models import ImportedThing
from workflow.imports.register import Agreements
from workflow.register.models import Officer, Training
from workflow.register.training import COURSES, SAID, wrong_order

_DAYS: Final = {
    "nominated_on": ("nominated", "nominationdate"),
    "cleared_on": ("cleared", "backgroundcleared"),
    "training_from": ("trainingfrom", "trainingstart", "trainingbegan"),
    "certified_on": ("certified", "certificationdate", "graduated"),
    "authorised_on": ("authorised", "authorized", "authorizationdate", "credentialed"),
    "revoked_on": ("revoked", "revocationdate"),
    "left_on": ("left", "separated", "departed"),
}
_COURSES: Final = {f"{kind}_on": kind for kind, _ in COURSES}


def _days(line: Line) -> dict[str, date]:
    return {name: day for name in _DAYS if (day := line.day(name)) is not None}


def _objections(line: Line) -> Iterator[Objection]:
    yield from wrong_order(_days(line))
    certified = line.day("certified_on")
    for column in _COURSES:
        day = line.day(column)
        if day and (certified is None or day < certified):
            yield column, "Nobody repeats a training before the first certificate."
    until, authorised = line.day("authorised_until"), line.day("authorised_on")
    if until and (authorised is None or until <= authorised):
        yield "authorised_until", "An authorisation ends after it began."


LISTING: Final = Listing(
    "officers",
    "officer",
    (
        REFERENCE,
        *AGREEMENT,
        Column(
            "number",
            "the number on the roster",
            called=("rosternumber", "badge", "officernumber"),
            longest=20,
        ),
        Column(
            "name",
            "the officer's name",
            needed=True,
            called=("name", "officer", "officername"),
            longest=120,
            personal=True,
        ),
        *(
            Column(name, f"the day they were {SAID[name]}", Holds.DAY, called=called)
            for name, called in _DAYS.items()
        ),
        Column(
            "authorised_until",
            "the day the authorisation ends",
            Holds.DAY,
            called=("expires",),
            may_come=True,
        ),
        Column("annual_on", "the last annual training", Holds.DAY, called=("annual", "annualtraining")),
        Column("refresher_on", "the last refresher", Holds.DAY, called=("refresher",)),
    ),
    _objections,
)


class Entering:
    """Enters officers under the agreements they serve under."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._agreements = Agreements()
        self._meant: dict[str, int] = {}
        taken = select(Officer.agreement_id, Officer.number).where(Officer.voided_at.is_(None))
        self._taken = {(row.agreement_id, row.number) for row in session().execute(taken)}

    def objection(self, line: Line) -> Objection | None:
        if "nominated_on" not in _days(line):
            return ("nominated_on", "An officer is nominated first: say when that was.")
        meant = self._agreements.meant(line)
        if not isinstance(meant, int):
            return meant
        if (meant, _number(line)) in self._taken:
            return ("number", "An officer of this number is on the roster of the agreement already.")
        self._taken.add((meant, _number(line)))
        self._meant[line.reference] = meant
        return None

    def enter(self, line: Line, *, source: str, now: datetime) -> Thing:
        officer = Officer(
            agreement_id=self._meant[line.reference],
            number=_number(line),
            name=line.text("name"),
            authorised_until=line.day("authorised_until"),
            **_days(line),
        )
        trainings = [(kind, line.day(column)) for column, kind in _COURSES.items()]
        officer.trainings = [Training(kind=kind, passed_on=day) for kind, day in trainings if day]
        session().add(officer)
        session().flush()
        life = life_of(officer.agreement_id)
        if life is not None:
            locked = case_for(SYSTEM, life.reference, lock=True)
            codes: dict[str, Any] = {"officer": officer.id, "source": source}
            note(self._house, locked, "import_officer", SYSTEM, codes=codes, now=now)
        return Thing(row_id=officer.id)

    def said(self) -> Sequence[str]:
        return ()


def _number(line: Line) -> str:
    return (line.text("number") or line.reference)[:20].upper()


def take_back(house: House, why: str, now: datetime) -> Callable[[ImportedThing], str | None]:
    """Takes an imported officer off the roster, unless somebody recorded more of them since."""

    def off_the_roster(row: ImportedThing) -> str | None:
        officer = session().get_one(Officer, row.row_id)
        life = life_of(officer.agreement_id)
        if life is None:
            officer.voided_at = now
            return None
        locked = case_for(SYSTEM, life.reference, lock=True)
        if any(e.verb == "record_officer" and e.codes.get("officer") == officer.id for e in locked.events):
            return f"{life.reference}, officer {officer.number}"
        officer.voided_at = now
        note(
            house,
            locked,
            "void_officer",
            SYSTEM,
            codes={"officer": officer.id},
            words={"reason": why},
            now=now,
        )
        return None

    return off_the_roster


import_officers_command: Final = import_command(
    LISTING, Entering, take_back, says="Bring the rosters of designated officers in, with their training."
)
