"""Writing findings. Every change is an event of the inspection; what was cited is not changed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from workflow.cases.enclosures import enclose
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import Done, note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.inspections import sealed
from workflow.inspections.answers import writable
from workflow.inspections.facts import CLASSES, RESULTS, WRITING
from workflow.inspections.kind import items_of
from workflow.inspections.machine import MACHINE
from workflow.inspections.models import Finding, Inspection

#: The longest evidence or comment.
LONGEST: Final = 10_000
#: What is noted at a visit while somebody writes a finding, and changes none.
BESIDE: Final = (
    "answer_items",
    "sample_file",
    "interview",
    "propose_difference",
    "decline_difference",
    "add_document",
)
#: How many earlier inspections a repeat is looked for in.
CYCLES: Final = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding as somebody writes it. Clause, evidence and class may still be missing."""

    item: str
    result: str
    clause: str | None = None
    class_code: str | None = None
    evidence: str | None = None
    comment: str | None = None


@retried
def record_finding(
    house: House, reference: str, actor: Actor, draft: Draft, *, seen: int, now: datetime
) -> int:
    """Write a new finding; returns its number. A critical deficiency is cited at once, by reaction."""
    with transaction() as s, s.no_autoflush:
        inspection = _open(actor, reference, draft, seen)
        finding = Finding(number=len(inspection.findings) + 1, is_urgent=False, is_cited=False)
        finding.is_withdrawn = False
        inspection.findings.append(finding)
        _fill(house, inspection, finding, draft)
        _note(house, inspection, finding, draft, "record_finding", actor, now=now)
        s.flush()
        return finding.number


@retried
def change_finding(
    house: House, reference: str, number: int, actor: Actor, draft: Draft, *, seen: int, now: datetime
) -> Done:
    """Write a finding anew. Raises `Refused` once a corrective action was opened for it."""
    with transaction() as s, s.no_autoflush:
        inspection = _open(actor, reference, draft, seen)
        finding = of_number(inspection, number)
        if finding.is_cited:
            raise Refused(
                Refusal("cited", "A corrective action was opened for this finding: it is not changed here.")
            )
        _fill(house, inspection, finding, draft)
        _note(house, inspection, finding, draft, "change_finding", actor, now=now)
        s.flush()
        return Done(inspection.reference, inspection.version)


@retried
def attach_to(
    house: House,
    reference: str,
    number: int,
    actor: Actor,
    tokens: Sequence[str],
    *,
    holder: str,
    now: datetime,
) -> None:
    """Give staged photographs to the inspection and name them as evidence of a finding."""
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if inspection.state not in WRITING:
            raise Refused(Refusal("state", "Photographs are added until the findings are drafted."))
        attached = enclose(house, inspection, tokens, holder=holder, by=actor, now=now)
        finding = of_number(inspection, number)
        finding.documents = sorted({*(finding.documents or ()), *(a.number for a in attached)})
        s.flush()


def of_number(inspection: Inspection, number: int) -> Finding:
    """Raises `LookupError` for a number there is not."""
    found = next((f for f in inspection.findings if f.number == number), None)
    if found is None:
        raise LookupError(number)
    return found


def mark_cited(
    finding_id: int,
    *,
    correction: str | None = None,
    plan_by: date | None = None,
    correct_by: date | None = None,
) -> None:
    """A corrective action was opened for it, with the days by which a plan and the correction are due."""
    finding = session().get_one(Finding, finding_id)
    finding.is_cited = True
    finding.correction, finding.plan_by, finding.correct_by = correction, plan_by, correct_by


def mark_withdrawn(finding_id: int) -> None:
    """A dispute took the finding back."""
    session().get_one(Finding, finding_id).is_withdrawn = True


def repeat_of(inspection: Inspection, item: str) -> Finding | None:
    """The same requirement deficient in one of the agreement's last two inspections, the latest first."""
    cycles = select(Inspection.id, Inspection.fieldwork_completed_on).where(
        Inspection.agreement_id == inspection.agreement_id,
        Inspection.id != inspection.id,
        Inspection.fieldwork_completed_on.is_not(None),
    )
    latest = cycles.order_by(Inspection.fieldwork_completed_on.desc(), Inspection.id.desc()).limit(CYCLES)
    ids = [row.id for row in session().execute(latest)]
    found = session().scalars(
        select(Finding).where(
            Finding.inspection_id.in_(ids),
            Finding.item == item,
            Finding.result == "deficiency",
            Finding.is_withdrawn.is_(False),
        )
    )
    return min(found, key=lambda f: ids.index(f.inspection_id), default=None)


def repeats_since(agreement_id: int, inspection_id: int) -> int:
    """How many cited deficiencies of the agreement's later inspections had been found before. One query."""
    found = (
        select(func.count(Finding.id))
        .join(Inspection, Finding.inspection_id == Inspection.id)
        .where(
            Inspection.agreement_id == agreement_id,
            Inspection.id > inspection_id,
            Finding.repeat_of_id.is_not(None),
            Finding.is_cited.is_(True),
            Finding.is_withdrawn.is_(False),
        )
    )
    return session().scalar(found) or 0


def _open(actor: Actor, reference: str, draft: Draft, seen: int) -> Inspection:
    inspection = writable(actor, reference)
    if inspection.state not in WRITING:
        label = MACHINE.stage(inspection.state).label.lower()
        raise Refused(Refusal("state", f"Findings are not written while the inspection is {label}."))
    if _is_overtaken(inspection, seen):
        raise Stale(f"version {seen} seen, {inspection.version} found")
    refusals = list(_wrong(inspection, draft))
    if refusals:
        raise Refused(*refusals)
    return inspection


def _is_overtaken(inspection: Inspection, seen: int) -> bool:
    """Whether more happened since a page was drawn than is noted beside findings: a colleague's answers."""
    if seen == inspection.version:
        return False
    later = select(Event.id).where(
        Event.case_id == inspection.id, Event.version > seen, Event.verb.not_in(BESIDE)
    )
    return seen > inspection.version or session().scalar(later.limit(1)) is not None


def _wrong(inspection: Inspection, draft: Draft) -> list[Refusal]:
    found = []
    if draft.item not in {i.code for i in items_of(inspection)}:
        found.append(Refusal("unknown", "This item is not on the checklist of this inspection.", "item"))
    if draft.result not in dict(RESULTS):
        found.append(Refusal("unfit", "Choose what was established.", "result"))
    if draft.class_code is not None and draft.class_code not in dict(CLASSES):
        found.append(Refusal("unfit", "Choose one of the classes.", "class_code"))
    if draft.result == "deficiency" and draft.class_code is None:
        found.append(Refusal("required", "Class: a deficiency needs one.", "class_code"))
    if draft.class_code == "critical" and not (draft.evidence or "").strip():
        found.append(Refusal("required", "Evidence: a critical deficiency is cited at once.", "evidence"))
    found.extend(
        Refusal("unfit", f"At most {LONGEST:,} characters fit here.", name)
        for name in ("evidence", "comment")
        if len(getattr(draft, name) or "") > LONGEST
    )
    return found


def _fill(house: House, inspection: Inspection, finding: Finding, draft: Draft) -> None:
    item = next(i for i in items_of(inspection) if i.code == draft.item)
    is_deficiency = draft.result == "deficiency"
    finding.item, finding.result = draft.item, draft.result
    finding.clause = (draft.clause or item.clause)[:200]
    finding.class_code = draft.class_code if is_deficiency else None
    finding.evidence = sealed.keep(inspection, finding, "evidence", draft.evidence, house.keyring)
    finding.comment = sealed.keep(inspection, finding, "comment", draft.comment, house.keyring)
    earlier = repeat_of(inspection, draft.item) if is_deficiency else None
    finding.repeat_of_id = earlier.id if earlier else None


def _note(
    house: House,
    inspection: Inspection,
    finding: Finding,
    draft: Draft,
    verb: str,
    actor: Actor,
    *,
    now: datetime,
) -> None:
    written = {"clause": finding.clause, "evidence": draft.evidence, "comment": draft.comment}
    words = {name: said for name, said in written.items() if said}
    codes: dict[str, Any] = {"finding": finding.number, "item": finding.item, "result": finding.result}
    if finding.class_code is not None:
        codes["class"] = finding.class_code
    if finding.repeat_of_id is not None:
        codes["repeat_of"] = finding.repeat_of_id
    event = note(house, inspection, verb, actor, codes=codes, words=words, now=now)
    for reaction in house.reactions.get((inspection.kind, verb), ()):
        session().flush()
        reaction(house, inspection, event, now)
