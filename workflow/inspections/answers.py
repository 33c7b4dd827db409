"""Answering the checklist: every answer is an operation that is kept, every save an event.

An operation names what its author saw. Two people on one inspection merge item by item; where both answer
one item differently from the same base, both answers stand side by side until somebody chooses. What comes
of the operations on an item is `folding`; its result stands in `ChecklistAnswer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import func, or_, select

from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import sealed
from workflow.inspections.facts import ANSWERING, ANSWERS
from workflow.inspections.folding import Operation, fold
from workflow.inspections.kind import items_of
from workflow.inspections.leads import supervisor_of
from workflow.inspections.models import ChecklistAnswer, ChecklistOperation, Inspection
from workflow.inspections.steps import CONDUCTS

WORDS: Final = dict(ANSWERS)
#: The longest remark on one item, and the longest name of an operation.
LONGEST: Final = 2000
NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to an item: the code and a remark. `base` are the operations the page had shown.

    `operation` names it, so that it can be sent twice and counts once; without a name it gets a new one.
    """

    answer: str
    comment: str | None = None
    base: tuple[int, ...] = ()
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Answers that were noted on paper: on which day, and the document that holds the scan."""

    noted_on: date
    document: int | None = None


@retried
def answer_items(
    house: House,
    reference: str,
    actor: Actor,
    given: Mapping[str, Given],
    *,
    now: datetime,
    checklist: str | None = None,
    paper: Paper | None = None,
) -> Done:
    """Keep the answers that are new; those that change nothing are left as they are.

    `checklist` is the version the page was drawn for. Raises `Refused`, with nothing kept, and `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if refusals := closed(inspection, checklist) or _unfit(inspection, given):
            raise Refused(*refusals)
        known = _operations(inspection, given)
        fresh = {
            item: one
            for item, one in given.items()
            if not _is_known(house, inspection, item, one, known)
            and not _says_the_same(house, inspection, item, one, known)
        }
        if refusals := [r for item, one in fresh.items() for r in _unfounded(item, one, known)]:
            raise Refused(*refusals)
        if not fresh:
            return Done(inspection.reference, inspection.version, repeated=True)
        disputed = _write(house, inspection, fresh, known, actor, now=now, paper=paper)
        _note(house, inspection, fresh, disputed, actor, now=now, paper=paper)
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


def operations_on(house: House, inspection: Inspection, items: Sequence[str]) -> dict[str, list[Operation]]:
    """Every operation on some items, opened, in order. One query."""
    found = (
        select(ChecklistOperation)
        .where(ChecklistOperation.inspection_id == inspection.id, ChecklistOperation.item.in_(items))
        .order_by(ChecklistOperation.number)
    )
    opened: dict[str, list[Operation]] = {}
    for row in session().scalars(found):
        opened.setdefault(row.item, []).append(_opened(house, inspection, row))
    return opened


def base_of(heads: str) -> tuple[int, ...]:
    """The operations a page had shown, from what stands in its form; nothing for anything else."""
    parts = [part for part in heads.split(",") if part]
    return (
        tuple(int(p) for p in parts) if all(p.isascii() and p.isdigit() and len(p) < 9 for p in parts) else ()
    )


def closed(inspection: Inspection, checklist: str | None) -> list[Refusal]:
    """Why this inspection takes no answers now, or not for this version."""
    if inspection.state not in ANSWERING:
        return [Refusal("state", "The checklist is answered while the inspection is in progress.")]
    if checklist is not None and checklist != inspection.checklist:
        said = f"This inspection is answered on checklist {inspection.checklist}, not on {checklist}"
        return [Refusal("version", f"{said}. Nothing was saved; what you wrote is still here.")]
    return []


def _unfit(inspection: Inspection, given: Mapping[str, Given]) -> list[Refusal]:
    asked = {i.code for i in items_of(inspection)}
    found = []
    for item, one in given.items():
        if item not in asked:
            found.append(Refusal("unknown", "This item is not on the checklist of this inspection.", item))
        elif one.answer not in WORDS:
            found.append(Refusal("unfit", "Choose one of the answers.", item))
        elif len(one.comment or "") > LONGEST or len(one.operation or "") > NAME:
            found.append(Refusal("unfit", f"At most {LONGEST:,} characters fit here.", item))
    return found


def _operations(inspection: Inspection, given: Mapping[str, Given]) -> list[ChecklistOperation]:
    """What was done to these items, and whatever bears the name of one of these operations."""
    names = [one.operation for one in given.values() if one.operation]
    found = select(ChecklistOperation).where(
        ChecklistOperation.inspection_id == inspection.id,
        or_(ChecklistOperation.item.in_(given), ChecklistOperation.operation.in_(names)),
    )
    return list(session().scalars(found.order_by(ChecklistOperation.number)))


def _is_known(
    house: House, inspection: Inspection, item: str, one: Given, known: Sequence[ChecklistOperation]
) -> bool:
    """Whether this very operation was kept before. Raises `Refused` where its name stands for another one."""
    same = next((o for o in known if one.operation is not None and o.operation == one.operation), None)
    if same is None:
        return False
    remark = sealed.remark_of(inspection, same, house.keyring)
    if (same.item, same.answer, remark) != (item, one.answer, one.comment or None):
        said = "This was saved before, with another answer. Look at what stands, then answer again."
        raise Refused(Refusal("operation", said, item))
    return True


def _says_the_same(
    house: House, inspection: Inspection, item: str, one: Given, known: Sequence[ChecklistOperation]
) -> bool:
    """Whether nobody disagrees and what stands is this answer with this remark."""
    of_item = [_opened(house, inspection, o) for o in known if o.item == item]
    came = fold(of_item)
    return (
        bool(of_item)
        and not came.is_disputed
        and (came.shown.answer, came.remark)
        == (
            one.answer,
            one.comment or None,
        )
    )


def _unfounded(item: str, one: Given, known: Sequence[ChecklistOperation]) -> list[Refusal]:
    numbers = {o.number for o in known if o.item == item}
    if set(one.base) <= numbers:
        return []
    return [Refusal("base", "This answer builds on one that is not on record. Open the page anew.", item)]


def _write(
    house: House,
    inspection: Inspection,
    fresh: Mapping[str, Given],
    known: Sequence[ChecklistOperation],
    actor: Actor,
    *,
    now: datetime,
    paper: Paper | None,
) -> list[str]:
    """Keep the operations and what comes of them; the items on which two people disagree now."""
    latest = select(func.max(ChecklistOperation.number)).where(
        ChecklistOperation.inspection_id == inspection.id
    )
    number = session().scalar(latest) or 0
    standing = {answer.item: answer for answer in inspection.answers}
    disputed = []
    for item, one in fresh.items():
        number += 1
        row = ChecklistOperation(
            inspection_id=inspection.id,
            number=number,
            operation=one.operation or token_hex(16),
            item=item,
            base=list(one.base),
            answer=one.answer,
            by_id=actor.id,
            at=now,
            noted_on=paper.noted_on if paper else None,
            document=paper.document if paper else None,
        )
        row.comment = sealed.keep(inspection, row, "comment", one.comment, house.keyring)
        session().add(row)
        of_item = [_opened(house, inspection, o) for o in (*known, row) if o.item == item]
        if _settle(house, inspection, item, of_item, standing.get(item)):
            disputed.append(item)
    return disputed


def _settle(
    house: House,
    inspection: Inspection,
    item: str,
    operations: Sequence[Operation],
    standing: ChecklistAnswer | None,
) -> bool:
    """Write what the operations on an item come to; whether two people disagree."""
    if standing is None:
        standing = ChecklistAnswer(item=item)
        inspection.answers.append(standing)
    came = fold(operations)
    standing.answer = came.shown.answer
    standing.comment = sealed.keep(inspection, standing, "comment", came.remark, house.keyring)
    standing.answered_by_id, standing.answered_at = came.shown.by_id, came.shown.at
    standing.heads = ",".join(str(n) for n in came.numbers)
    standing.is_disputed = came.is_disputed
    return came.is_disputed


def _opened(house: House, inspection: Inspection, row: ChecklistOperation) -> Operation:
    remark = sealed.remark_of(inspection, row, house.keyring)
    return Operation(row.number, tuple(row.base), row.answer, remark, row.by_id, row.at)


def _note(
    house: House,
    inspection: Inspection,
    fresh: Mapping[str, Given],
    disputed: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    paper: Paper | None,
) -> None:
    codes: dict[str, Any] = {
        "answers": ", ".join(f"{item} {one.answer}" for item, one in sorted(fresh.items()))
    }
    if disputed:
        codes["disputed"] = ", ".join(sorted(disputed))
    if paper is not None:
        codes["noted_on"] = paper.noted_on.isoformat()
        if paper.document is not None:
            codes["document"] = paper.document
    words = {item: one.comment for item, one in fresh.items() if one.comment}
    note(house, inspection, "answer_items", actor, codes=codes, words=words, now=now)
