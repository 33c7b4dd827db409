"""Inspections brought to a state by real steps of real people. No test lives here, and no invented row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from tests.cast import ALDER, CARL, IRIS, IVAN, MAX, MONA, MONDAY, PAM, PETE, SAM, SUE
from workflow.agreements.service import register_by_hand
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import Done, confirm, perform, start
from workflow.cases.story import pending
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import Ask, AskKind
from workflow.inspections import service
from workflow.inspections.answers import Given, answer_items, base_of
from workflow.inspections.facts import State
from workflow.inspections.findings import Draft, record_finding
from workflow.inspections.kind import items_of
from workflow.inspections.models import Inspection, ModelQualification
from workflow.inspections.report_rows import latest_text
from workflow.register.models import Agreement

TODAY: Final = date(2026, 1, 5)
DUE: Final = date(2026, 3, 3)
BASIS: Final = "12 months after it was signed (3 March 2025)"

_VISIT: Final = ("schedule", "notify", "begin", "complete_fieldwork")
_REPORT: Final = ("draft_findings", "pass_review", "take_comments", "issue_report")
#: The steps after planning that lead to a state, as an inspection usually goes.
WAYS: Final[dict[State, tuple[str, ...]]] = {
    State.PLANNED: (),
    State.SCHEDULED: _VISIT[:1],
    State.NOTIFIED: _VISIT[:2],
    State.POSTPONED: ("schedule", "postpone"),
    State.IN_PROGRESS: _VISIT[:3],
    State.FIELDWORK_COMPLETE: _VISIT,
    State.FINDINGS_DRAFTED: (*_VISIT, *_REPORT[:1]),
    State.WITH_AGENCY: (*_VISIT, *_REPORT[:2]),
    State.READY_TO_ISSUE: (*_VISIT, *_REPORT[:3]),
    State.REPORT_ISSUED: (*_VISIT, *_REPORT),
    State.CORRECTIVE_ACTION: (*_VISIT, *_REPORT, "request_correction"),
    State.ESCALATED: (*_VISIT, *_REPORT, "request_correction"),
    State.VERIFIED: (*_VISIT, *_REPORT, "request_correction"),
    State.CLOSED: (*_VISIT, *_REPORT, "close_clean"),
    State.CANCELLED: ("cancel",),
}
#: States in which something is left to correct, or was.
NEEDS_DEFICIENCY: Final = frozenset({State.CORRECTIVE_ACTION, State.ESCALATED, State.VERIFIED})
#: Who usually takes a step.
BY: Final[dict[str, Actor]] = {
    "plan": PAM,
    "schedule": SAM,
    "reschedule": SAM,
    "receive_documents": CARL,
    "take_comments": CARL,
    "pass_review": IVAN,
    "send_back": IVAN,
    "request_correction": SAM,
    "all_settled": SUE,
    "return_to_correction": PAM,
}
BY_ROLE: Final = {
    Role.INSPECTOR: IRIS,
    Role.MANAGER: MAX,
    Role.PROGRAMME_MANAGER: PAM,
    Role.SYSTEM: SYSTEM,
}
ANSWERS: Final[dict[str, Any]] = {
    "lead": IRIS.id,
    "scheduled_on": TODAY,
    "until_on": date(2026, 1, 7),
    "mode": "remote",
    "new_on": date(2026, 1, 20),
    "attempt": "nobody_present",
    "reply": "confirmed",
    "trigger": "access_refused",
    "finding": "1",
    "unannounced": True,
    "second_reader": IVAN.id,
    "note": "The findings beside their evidence.",
    "reason": "It does not come.",
}


def agreement(house: House, model: str = "WSO", *, agency_id: int = ALDER) -> int:
    """An agreement of Alder County under a model, supervised by Sam, with trained inspectors; its id."""
    known = select(Agreement.id).where(Agreement.agency_id == agency_id, Agreement.model == model)
    if (found := session().scalar(known)) is not None:
        return found
    life = register_by_hand(
        house,
        agency_id=agency_id,
        model=model,
        signed_on=date(2025, 3, 3),
        template=None,
        source="The memorandum",
        actor=PAM,
        now=MONDAY,
    )
    assert life.agreement_id is not None
    with transaction() as s:
        s.get_one(Agreement, life.agreement_id).supervisor_id = SAM.id
        s.add_all(
            ModelQualification(person_id=p.id, model=model, since=date(2025, 1, 6))
            for p in (IRIS, IVAN, SAM, SUE)
            if p.id not in _trained(model)
        )
    return life.agreement_id


def _trained(model: str) -> set[int]:
    known = select(ModelQualification.person_id).where(ModelQualification.model == model)
    return set(session().scalars(known))


def planned(
    house: House, *, model: str = "WSO", agency_id: int = ALDER, now: datetime = MONDAY, **more: Any
) -> str:
    """An inspection owed on 3 March 2026; its reference."""
    given = {"due_on": DUE, "basis": BASIS, "actor": PAM, **more}
    under = agreement(house, model, agency_id=agency_id)
    return service.plan(house, under, now=now, **given).reference


def for_cause(house: House, *, now: datetime = MONDAY, actor: Actor = MAX) -> str:
    return service.open_for_cause(
        house,
        agreement(house),
        trigger="access_refused",
        explanation="The jail let nobody in.",
        actor=actor,
        now=now,
    ).reference


def imported(house: House, *, fieldwork_on: date = date(2024, 5, 6), now: datetime = MONDAY) -> str:
    """An inspection from another system, closed long ago."""
    agreement_id = agreement(house)
    row = Inspection(
        title="WSO inspection, long ago",
        kind_of="routine",
        agreement_id=agreement_id,
        agency_id=ALDER,
        office_id=1,
        model="WSO",
        template="2025",
        postponements=0,
        unannounced=False,
    )
    answers = {"provenance": "the old list", "fieldwork_on": fieldwork_on, "rating": "Good", "scale": "old"}
    return start(house, row, "import_as_closed", SYSTEM, answers, now=now).reference


def inspection_at(
    house: House, state: State, *, deficiencies: tuple[str, ...] = (), now: datetime = MONDAY, **more: Any
) -> str:
    """An inspection brought to `state`, with every event, task and clock in place; its reference.

    `deficiencies` are the classes of what is found.
    """
    if state is State.VOIDED:
        reference = imported(house, now=now)
        go(house, reference, "void_import", now=now)
        return reference
    reference = planned(house, now=now, **more)
    found = deficiencies or (("major",) if state in NEEDS_DEFICIENCY else ())
    for verb in WAYS[state]:
        go(house, reference, verb, now=now)
        if verb == "begin":
            for number, class_code in enumerate(found):
                find(house, reference, ("G1", "D1", "H1")[number], class_code, now=now)
    if state is State.ESCALATED:
        go(house, reference, "escalate", now=now.replace(year=now.year + 1))
    if state is State.VERIFIED:
        settle(house, reference, now=now)
    return reference


def settle(house: House, reference: str, *, now: datetime = MONDAY) -> None:
    """Have every correction of an inspection made and verified; the last one settles the inspection."""
    for case in corrections(reference):
        for verb, actor, answers in (
            ("correct_on_site", IRIS, {"evidence": "A photograph of the poster."}),
            ("verify", IVAN, {"checked": "The poster hangs."}),
        ):
            seen = case_for(SYSTEM, case.reference).version
            perform(house, case.reference, verb, actor, answers, seen=seen, now=now)


def corrections(reference: str) -> list[Case]:
    return list(
        session().scalars(
            select(Case)
            .where(Case.caused_by_id == inspection(reference).id, Case.kind == "corrective")
            .order_by(Case.id)
        )
    )


def inspection(reference: str) -> Inspection:
    found = case_for(SYSTEM, reference)
    assert isinstance(found, Inspection)
    return found


def go(house: House, reference: str, *verbs: str, now: datetime = MONDAY, **answers: Any) -> Done:
    """Take these steps one after the other, each by whoever may, seconded where it has to be."""
    done = Done(reference, inspection(reference).version)
    for verb in verbs:
        if verb == "complete_fieldwork":
            answer_all(house, reference, now=now)
        done = ask(house, reference, verb, now=now, **answers)
        if done.awaits_second:
            done = agree(house, reference, verb, now=now)
    return done


def ask(
    house: House,
    reference: str,
    verb: str,
    *,
    by: Actor | None = None,
    now: datetime = MONDAY,
    **answers: Any,
) -> Done:
    """Take one step, or ask for it where a second person is needed."""
    case = inspection(reference)
    step = house.step("inspection", verb)
    given = {a.name: answer(case, a) for a in step.asks if a.required} | {
        k: v for k, v in answers.items() if k in {a.name for a in step.asks}
    }
    if verb == "escalate" and "reason" not in given:
        given["reason"] = "It does not come."
    if verb == "draft_findings" and not latest_text(case):
        given.setdefault("summary", "As it was.")
    actor = by or who(house, verb)
    if actor is CARL and case.agency_id != ALDER:
        actor = IRIS
    return perform(house, reference, verb, actor, given, seen=case.version, now=now)


def who(house: House, verb: str) -> Actor:
    """Who of the cast usually takes a step."""
    by = house.step("inspection", verb).by
    return BY.get(verb) or next(actor for role, actor in BY_ROLE.items() if role in by)


def agree(
    house: House, reference: str, verb: str, *, by: Actor | None = None, now: datetime = MONDAY
) -> Done:
    """Confirm what was asked for, exactly as it was asked for."""
    case = inspection(reference)
    approval = pending(case, verb)
    assert approval is not None
    other = by or (MONA if approval.requested_by_id == MAX.id else PETE)
    return confirm(house, approval.id, other, seen=case.version, payload_hash=approval.payload_hash, now=now)


def answer(case: Inspection, asked: Ask) -> Any:
    """Something that can be answered to a question."""
    if asked.name == "rating":
        return fitting_rating(case)
    if asked.name in ANSWERS:
        return ANSWERS[asked.name]
    return {AskKind.TEXT: "As it was.", AskKind.LINE: "As it was", AskKind.DAY: TODAY}[asked.kind]


def fitting_rating(case: Inspection) -> str:
    classes = [f.cited_class for f in case.findings if f.is_deficiency]
    if not classes:
        return "compliant"
    grave = "critical" in classes or classes.count("major") >= 3
    return "not_compliant" if grave else "compliant_with_deficiencies"


def answer_all(house: House, reference: str, *, by: Actor = IRIS, now: datetime = MONDAY) -> None:
    """Answer every item that applies with yes, those with a finding with no."""
    case = inspection(reference)
    failed = {f.item for f in case.findings}
    known = {a.item: base_of(a.heads) for a in case.answers}
    given = {
        item.code: Given("no" if item.code in failed else "yes", base=known.get(item.code, ()))
        for item in items_of(case)
    }
    answer_items(house, reference, by, given, now=now)


def standing(reference: str, item: str) -> tuple[int, ...]:
    """The operations on an item that a page drawn now would show."""
    return next((base_of(a.heads) for a in inspection(reference).answers if a.item == item), ())


def find(
    house: House,
    reference: str,
    item: str = "G1",
    class_code: str | None = "major",
    *,
    by: Actor = IRIS,
    now: datetime = MONDAY,
    **more: Any,
) -> int:
    """Write a deficiency; its number."""
    given = {
        "item": item,
        "result": "deficiency",
        "class_code": class_code,
        "evidence": "No poster hangs in the booking area.",
        **more,
    }
    seen = inspection(reference).version
    return record_finding(house, reference, by, Draft(**given), seen=seen, now=now)
