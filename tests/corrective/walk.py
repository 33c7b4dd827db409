"""Corrective actions brought to a state by real steps of real people. No test lives here, no invented row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from tests.cast import ALDER, CARL, IRIS, IVAN, MAX, MONA, MONDAY, PAM, PETE, SAM, SUE
from tests.inspections import walk
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import Done, confirm, perform, start
from workflow.cases.story import pending
from workflow.corrective.facts import State
from workflow.corrective.models import CorrectiveAction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Ask, AskKind
from workflow.inspections.facts import State as Inspection

_PLAN: Final = ("submit_plan", "accept_plan")
#: The steps after citing that lead to a state, as a corrective action usually goes.
WAYS: Final[dict[State, tuple[str, ...]]] = {
    State.OPEN: (),
    State.DISPUTED: ("dispute",),
    State.PLAN_SUBMITTED: _PLAN[:1],
    State.PLAN_ACCEPTED: _PLAN,
    State.CORRECTED: (*_PLAN, "claim_corrected"),
    State.VERIFIED: (*_PLAN, "claim_corrected", "verify"),
    State.WITHDRAWN: ("dispute", "withdraw_finding"),
    State.RISK_ACCEPTED: ("accept_risk",),
}
#: Who usually takes a step. Max issues the report, so Mona decides a dispute about it.
BY: Final[dict[str, Actor]] = {
    "cite": IRIS,
    "interim_fix": CARL,
    "submit_plan": CARL,
    "return_plan": SAM,
    "accept_plan": SAM,
    "dispute": CARL,
    "uphold_finding": MONA,
    "withdraw_finding": MONA,
    "correct_on_site": IRIS,
    "claim_corrected": CARL,
    "reject_unplanned": SUE,
    "reject_correction": SUE,
    "verify": IVAN,
    "extend": MAX,
    "accept_risk": PAM,
    "risk_ended": SYSTEM,
    "lapse": SYSTEM,
    "void_import": PAM,
    "void_batch": SYSTEM,
    "void_open_batch": SYSTEM,
}
ANSWERS: Final[dict[str, Any]] = {
    "position": "agree",
    "class": "major",
    "action": "Six posters in two languages.",
    "responsible": "The captain of the jail",
    "note": "Send a photograph when they hang.",
    "target_on": date(2026, 2, 2),
    "risk_until_on": date(2026, 9, 30),
}


def corrective_at(
    house: House, state: State, *, class_code: str = "major", now: datetime = MONDAY, **more: Any
) -> str:
    """A corrective action brought to `state`, cited from the report of an inspection; its reference."""
    if state is State.VOIDED:
        reference = imported(house, now=now)
        go(house, reference, "void_import", now=now)
        return reference
    if state is State.LAPSED:
        raise LookupError("a corrective action lapses with its agreement")
    source = walk.inspection_at(
        house, Inspection.CORRECTIVE_ACTION, deficiencies=(class_code,), now=now, **more
    )
    [case] = walk.corrections(source)
    go(house, case.reference, *WAYS[state], now=now)
    return case.reference


def imported(house: House, *, now: datetime = MONDAY) -> str:
    """A corrective action from another system, verified long ago."""
    answers = {"provenance": "the old list", "clause": "Posters", "class": "minor"}
    return start(house, _of_long_ago(house), "import_as_verified", SYSTEM, answers, now=now).reference


def imported_open(house: House, *, now: datetime = MONDAY) -> str:
    """A corrective action from another system that is not settled yet."""
    answers = {"provenance": "the old list", "clause": "Posters", "class": "minor"}
    return start(house, _of_long_ago(house), "import_as_open", SYSTEM, answers, now=now).reference


def _of_long_ago(house: House) -> CorrectiveAction:
    return CorrectiveAction(
        title="Deficiency of long ago",
        agreement_id=walk.agreement(house),
        agency_id=ALDER,
        office_id=1,
        model="WSO",
        template="2025",
        is_repeat=False,
        returns=0,
    )


def corrective(reference: str) -> CorrectiveAction:
    found = case_for(SYSTEM, reference)
    assert isinstance(found, CorrectiveAction)
    return found


def go(house: House, reference: str, *verbs: str, now: datetime = MONDAY, **answers: Any) -> Done:
    """Take these steps one after the other, each by whoever may, seconded where it has to be."""
    done = Done(reference, corrective(reference).version)
    for verb in verbs:
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
    case = corrective(reference)
    step = house.step("corrective", verb)
    given = {a.name: answer(a) for a in step.asks if a.required} | {
        k: v for k, v in answers.items() if k in {a.name for a in step.asks}
    }
    actor = by or who(case, verb)
    return perform(house, reference, verb, actor, given, seen=case.version, now=now)


def who(case: CorrectiveAction, verb: str) -> Actor:
    """Who of the cast usually takes a step; the plan for a critical one is a manager's to accept."""
    return MAX if verb == "accept_plan" and case.tier == 1 else BY[verb]


def agree(house: House, reference: str, verb: str, *, by: Actor = PETE, now: datetime = MONDAY) -> Done:
    """Confirm what was asked for, exactly as it was asked for."""
    case = corrective(reference)
    approval = pending(case, verb)
    assert approval is not None
    return confirm(house, approval.id, by, seen=case.version, payload_hash=approval.payload_hash, now=now)


def answer(asked: Ask) -> Any:
    """Something that can be answered to a question."""
    if asked.name in ANSWERS:
        return ANSWERS[asked.name]
    return {AskKind.TEXT: "As it was.", AskKind.LINE: "As it was"}[asked.kind]
