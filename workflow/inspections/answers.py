"""Answering the checklist, a section at a time. Every save is an event of the inspection.

Two people may answer one inspection: an answer is refused only where somebody else changed that very item
after the page was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import sealed
from workflow.inspections.facts import ANSWERING, ANSWERS
from workflow.inspections.kind import items_of
from workflow.inspections.leads import supervisor_of
from workflow.inspections.models import ChecklistAnswer, Inspection
from workflow.inspections.steps import CONDUCTS

WORDS: Final = dict(ANSWERS)
#: The longest remark on one item.
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to an item: the code and a remark. `was` is the answer the page had shown."""

    answer: str
    comment: str | None = None
    was: str | None = None


@retried
def answer_items(
    house: House, reference: str, actor: Actor, given: Mapping[str, Given], *, now: datetime
) -> Done:
    """Save the answers of a section; those that did not change are left as they are.

    Raises `Refused` with a refusal for every item somebody else changed meanwhile, and `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if inspection.state not in ANSWERING:
            raise Refused(Refusal("state", "The checklist is answered while the inspection is in progress."))
        known = {row.item: row for row in inspection.answers}
        remarks = sealed.remarks(inspection, house.keyring)
        refusals = [r for item, one in given.items() for r in _wrong(inspection, item, one, known.get(item))]
        if refusals:
            raise Refused(*refusals)
        before = {item: (row.answer, remarks.get(item)) for item, row in known.items()}
        changed = {
            item: one for item, one in given.items() if before.get(item) != (one.answer, one.comment or None)
        }
        if not changed:
            return Done(inspection.reference, inspection.version)
        for item, one in changed.items():
            _write(house, inspection, item, one, known.get(item), actor, now)
        note(
            house,
            inspection,
            "answer_items",
            actor,
            codes={"answers": ", ".join(f"{item} {one.answer}" for item, one in sorted(changed.items()))},
            words={item: one.comment for item, one in changed.items() if one.comment},
            now=now,
        )
        s.flush()
        return Done(inspection.reference, inspection.version)


def writable(actor: Actor, reference: str) -> Inspection:
    """The inspection, locked, for somebody who conducts it: not the supervisor of its agreement."""
    case = case_for(actor, reference, lock=True)
    if not isinstance(case, Inspection):
        raise NotThere(reference)
    if not actor.roles & CONDUCTS:
        raise Refused(Refusal("role", "Your role does not allow this."))
    if actor.id == supervisor_of(case):
        raise Refused(
            Refusal("lead_not_supervisor", "Whoever supervises this agreement does not inspect it.")
        )
    return case


def _wrong(inspection: Inspection, item: str, one: Given, known: ChecklistAnswer | None) -> list[Refusal]:
    if item not in {i.code for i in items_of(inspection)}:
        return [Refusal("unknown", "This item is not on the checklist of this inspection.", item)]
    if one.answer not in WORDS:
        return [Refusal("unfit", "Choose one of the answers.", item)]
    if len(one.comment or "") > LONGEST:
        return [Refusal("unfit", f"At most {LONGEST:,} characters fit here.", item)]
    now_there = known.answer if known else None
    if now_there not in (one.was, one.answer):
        words = WORDS.get(now_there or "", "nothing")
        return [Refusal("conflict", f"Somebody else answered “{words}” meanwhile. Look again.", item)]
    return []


def _write(
    house: House,
    inspection: Inspection,
    item: str,
    one: Given,
    known: ChecklistAnswer | None,
    actor: Actor,
    now: datetime,
) -> None:
    if known is None:
        known = ChecklistAnswer(item=item)
        inspection.answers.append(known)
    known.answer = one.answer
    known.comment = sealed.keep(inspection, known, "comment", one.comment, house.keyring)
    known.answered_by_id, known.answered_at = actor.id, now
