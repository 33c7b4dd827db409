"""Corrective actions of another system: verified ones stay on record, open ones are worked on here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import enter
from workflow.corrective.facts import CLASSES, State
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.imports.batches import Thing, void_case
from workflow.imports.commands import import_command
from workflow.imports.days import midday_of
from workflow.imports.listing import AGREEMENT, REFERENCE, Column, Holds, Line, Listing, Objection
from workflow.imports.models import ImportedThing
from workflow.imports.register import Agreements, agreement_of
from workflow.policy.queries import in_force


def _objections(line: Line) -> Iterator[Objection]:
    cited, verified = line.day("cited_on"), line.day("verified_on")
    if cited and verified and verified < cited:
        yield "verified_on", "It would have been verified before it was cited."


LISTING: Final = Listing(
    "corrective",
    "corrective action",
    (
        REFERENCE,
        *AGREEMENT,
        Column(
            "cited_on",
            "the day the deficiency was cited",
            Holds.DAY,
            needed=True,
            called=("cited", "citedon", "reportdate", "opened", "date"),
        ),
        Column(
            "verified_on",
            "the day its correction was verified; empty while it is open",
            Holds.DAY,
            called=("verified", "closed", "corrected", "dateclosed"),
        ),
        Column(
            "clause",
            "the provision it is about",
            needed=True,
            called=("clause", "provision", "standard", "deficiency"),
        ),
        Column(
            "class",
            "critical, major or minor",
            Holds.CODE,
            needed=True,
            called=("class", "severity", "priority"),
            codes=CLASSES,
        ),
        Column(
            "evidence",
            "what was found, without a name of anybody arrested",
            Holds.WORDS,
            called=("evidence", "description", "finding"),
            longest=10_000,
            personal=True,
        ),
    ),
    _objections,
)


class Entering:
    """Enters corrective actions of the past under the agreements they were of."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._agreements = Agreements()
        self._meant: dict[str, int] = {}

    def objection(self, line: Line) -> Objection | None:
        if not line.text("class"):
            return ("class", "The class has no translation in the mapping; a deficiency needs one.")
        meant = self._agreements.meant(line)
        if not isinstance(meant, int):
            return meant
        self._meant[line.reference] = meant
        return None

    def enter(self, line: Line, *, source: str, now: datetime) -> Thing:
        agreement = agreement_of(self._meant[line.reference])
        cited, verified = line.day("cited_on"), line.day("verified_on")
        assert cited is not None
        zone = calendar_of(agreement.office_id).zone
        row = CorrectiveAction(
            title=f"{agreement.agency.name}, {line.text('clause')}"[:200],
            agreement_id=agreement.id,
            agency_id=agreement.agency_id,
            agency=agreement.agency,
            office_id=agreement.office_id,
            office=agreement.office,
            model=agreement.model,
            template=agreement.template,
            policy_id=in_force(now.date())[0],
            received_at=midday_of(cited, zone, now=now),
            is_repeat=False,
            returns=0,
        )
        answers: dict[str, Any] = {
            "provenance": f"{source} {line.reference}",
            "clause": line.text("clause"),
            "class": line.text("class"),
        }
        if verified is None and line.text("evidence"):
            answers["evidence"] = line.text("evidence")
        verb = "import_as_open" if verified is None else "import_as_verified"
        at = midday_of(verified or cited, zone, now=now)
        enter(self._house, row, verb, SYSTEM, answers, now=now, occurred_at=at)
        session().flush()
        return Thing(case_id=row.id)

    def said(self) -> Sequence[str]:
        return ()


def take_back(house: House, why: str, now: datetime) -> Callable[[ImportedThing], str | None]:
    """Takes an imported corrective action back, where nobody has touched it."""

    def verb_of(case: Case) -> str:
        return "void_open_batch" if case.state == State.OPEN else "void_batch"

    return void_case(house, verb_of, why, now=now)


import_corrective_command: Final = import_command(
    LISTING,
    Entering,
    take_back,
    says="Bring corrective actions of another system in, open and verified ones.",
)
