"""Inspections of another system, brought in as closed: what is due next is counted from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import enter
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.imports.batches import Thing, void_case
from workflow.imports.commands import import_command
from workflow.imports.days import midday_of
from workflow.imports.listing import AGREEMENT, REFERENCE, Column, Holds, Line, Listing, Objection
from workflow.imports.models import ImportedThing
from workflow.imports.register import Agreements, agreement_of
from workflow.inspections.checklist_standard import STANDARD
from workflow.inspections.facts import CLASSES, KINDS, MODES, ROUTINE
from workflow.inspections.findings import repeat_of
from workflow.inspections.models import Finding, Inspection
from workflow.policy.queries import in_force

#: What was inspected long ago is said in the questions of the delivered checklist.
_ITEMS: Final = tuple((i.code, i.words) for i in STANDARD.items if not i.of_file)


def _objections(line: Line) -> Iterator[Objection]:
    done, reported = line.day("fieldwork_on"), line.day("reported_on")
    opened, closed = line.day("opened_on"), line.day("closed_on")
    if done and opened and opened > done:
        yield "opened_on", "It would have been opened after its fieldwork ended."
    if done and reported and reported < done:
        yield "reported_on", "The report would have been issued before the fieldwork ended."
    if closed and closed < (reported or done or closed):
        yield "closed_on", "It would have been closed before its report, or before its fieldwork ended."
    if line.text("rating") and not line.text("scale"):
        yield "rating", "A rating means nothing without its scale: name the scale as well."
    if any(part and "class" not in part for part in line.parts):
        yield "class", "A deficiency needs its class: critical, major or minor."


LISTING: Final = Listing(
    "inspections",
    "inspection",
    (
        REFERENCE,
        *AGREEMENT,
        Column(
            "fieldwork_on",
            "the day its fieldwork was completed",
            Holds.DAY,
            needed=True,
            called=("fieldworkcompleted", "inspectiondate", "inspectedon", "inspected", "enddate"),
        ),
        Column("due_on", "the day it was due", Holds.DAY, called=("due", "duedate"), may_come=True),
        Column("opened_on", "the day it was opened", Holds.DAY, called=("opened", "start", "startdate")),
        Column("reported_on", "the day of its report", Holds.DAY, called=("report", "reportdate", "issued")),
        Column("closed_on", "the day it was closed", Holds.DAY, called=("closed", "dateclosed")),
        Column(
            "kind",
            "routine, follow-up or for cause",
            Holds.CODE,
            called=("kind", "type", "inspectiontype"),
            codes=KINDS,
            unmapped="taken as routine",
        ),
        Column("mode", "how it was held", Holds.CODE, called=("mode", "how"), codes=MODES),
        Column("rating", "the rating in its own words", called=("rating", "result"), longest=60),
        Column("scale", "the scale of the rating", called=("scale", "ratingscale"), longest=60),
        Column(
            "item",
            "the item of our checklist a deficiency was about",
            Holds.CODE,
            called=("item", "standard"),
            codes=_ITEMS,
            unmapped="the deficiency is kept, but no repeat of it is noticed",
        ),
        Column("clause", "the provision it was about", called=("clause", "deficiency", "provision")),
        Column("class", "critical, major or minor", Holds.CODE, called=("class", "severity"), codes=CLASSES),
    ),
    _objections,
    parts=("item", "clause", "class"),
)


class Entering:
    """Enters inspections of the past under the agreements they were of."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._agreements = Agreements()
        self._meant: dict[str, int] = {}

    def objection(self, line: Line) -> Objection | None:
        meant = self._agreements.meant(line)
        if not isinstance(meant, int):
            return meant
        self._meant[line.reference] = meant
        return None

    def enter(self, line: Line, *, source: str, now: datetime) -> Thing:
        agreement = agreement_of(self._meant[line.reference])
        done = line.day("fieldwork_on")
        assert done is not None
        zone = calendar_of(agreement.office_id).zone
        inspection = Inspection(
            title=f"{agreement.agency.name}, {agreement.model} inspection"[:200],
            kind_of=line.text("kind") or ROUTINE,
            agreement_id=agreement.id,
            agency_id=agreement.agency_id,
            agency=agreement.agency,
            office_id=agreement.office_id,
            office=agreement.office,
            model=agreement.model,
            template=agreement.template,
            policy_id=in_force(now.date())[0],
            received_at=midday_of(line.day("opened_on") or done, zone, now=now),
            due_on=line.day("due_on"),
            basis=f"as {source} had it" if line.day("due_on") else None,
            mode=line.text("mode") or None,
            report_issued_on=line.day("reported_on"),
            unannounced=False,
            postponements=0,
        )
        answers = {
            "provenance": f"{source} {line.reference}",
            "fieldwork_on": done,
            **{name: line.text(name) for name in ("rating", "scale") if line.text(name)},
        }
        closed = line.day("closed_on") or line.day("reported_on") or done
        at = midday_of(closed, zone, now=now)
        enter(self._house, inspection, "import_as_closed", SYSTEM, answers, now=now, occurred_at=at)
        _find(inspection, line)
        session().flush()
        return Thing(case_id=inspection.id)

    def said(self) -> Sequence[str]:
        return ()


def _find(inspection: Inspection, line: Line) -> None:
    """The deficiencies of the past; those of a known item are looked for when one is found again."""
    for number, part in enumerate(line.parts, start=1):
        item = part.get("item", "")
        earlier = repeat_of(inspection, item) if item else None
        inspection.findings.append(
            Finding(
                number=number,
                item=item,
                clause=part.get("clause"),
                result="deficiency",
                class_code=part["class"],
                repeat_of_id=earlier.id if earlier else None,
                is_urgent=False,
                is_cited=True,
                is_withdrawn=False,
            )
        )


def take_back(house: House, why: str, now: datetime) -> Callable[[ImportedThing], str | None]:
    """Takes an imported inspection back, where nobody has touched it."""

    def verb_of(_case: Case) -> str:
        return "void_batch"

    return void_case(house, verb_of, why, now=now)


import_inspections_command: Final = import_command(
    LISTING, Entering, take_back, says="Bring inspections of another system in, as closed."
)
