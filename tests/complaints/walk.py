"""Complaints brought to a state by real steps of real people. No test lives here, and no invented row."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any, Final

from tests.cast import ALDER, ANN, BIRCH, LEO, MAX, MONA, MONDAY, RAY, RUTH
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Approval
from workflow.cases.perform import Done, confirm, perform, start
from workflow.cases.story import pending
from workflow.complaints import allegations, service
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import Ask, AskKind

PEPPER: Final = bytes(range(32))
CONTACT: Final = {"name": "Dolores Canary", "reach": "555 0142", "safe": "after six"}
WORDS: Final = {"narrative": "They would not let her see an interpreter.", "occurred": "about Easter"}

#: The steps after receipt that lead to a state, as a complaint usually goes.
WAYS: Final[dict[State, tuple[str, ...]]] = {
    State.RECEIVED: (),
    State.TRIAGED: ("triage",),
    State.AWAITING_OIG: ("triage", "offer_to_oig"),
    State.REFERRED_OUT: ("triage", "refer_out"),
    State.ASSIGNED: ("triage", "assign"),
    State.INVESTIGATING: ("triage", "assign", "begin"),
    State.ON_HOLD: ("triage", "assign", "begin", "hold"),
    State.IN_REVIEW: ("triage", "assign", "begin", "submit_report"),
    State.DECIDED: ("triage", "assign", "begin", "submit_report", "decide"),
    State.NOTIFIED: ("triage", "assign", "begin", "submit_report", "decide", "notify"),
    State.CLOSED: ("triage", "assign", "begin", "submit_report", "decide", "notify", "close"),
    State.APPEALED: ("triage", "assign", "begin", "submit_report", "decide", "notify", "close", "appeal"),
    State.MERGED: ("triage", "merge"),
}
#: Who usually takes a step of their role; the investigator takes what is the investigator's.
BY_ROLE: Final = {
    Role.REVIEWER: RUTH,
    Role.MANAGER: MAX,
    Role.INTAKE: ANN,
    Role.LIAISON: LEO,
    Role.SYSTEM: SYSTEM,
}
#: Steps that only the investigator may take; steps that need a manager who was not involved before.
INVESTIGATORS: Final = frozenset({"begin", "refer_new_matter", "submit_report"})
UNINVOLVED: Final = frozenset({"affirm", "remand"})
ANSWERS: Final[dict[str, Any]] = {
    "tier": "3",
    "investigator": RAY.id,
    "destination": "opr",
    "closing_reason": "administrative",
    "channel": "telephone",
    "subject": "designated_officer",
    "tier_reasons": "As the table of tiers has it.",
}

#: Answered although they may stay open: a tier of the tests is rarely the one that is suggested.
ALWAYS: Final = frozenset({"tier_reasons"})

_forms = count(1)


def received(house: House, *, now: datetime = MONDAY, by: Actor = ANN, **told: Any) -> str:
    """A new complaint about Alder County, by telephone, from somebody who can be answered; its reference."""
    said = {
        "channel": "telephone",
        "words": WORDS,
        "contact": CONTACT,
        "allegations": ("interpreter",),
        "agency_id": ALDER,
        **told,
    }
    form_key = f"form-of-a-test-{next(_forms)}"
    return service.receive(
        house, service.Told(**said), by, pepper=PEPPER, form_key=form_key, now=now
    ).reference


def complaint_at(house: House, state: State, *, now: datetime = MONDAY, **told: Any) -> str:
    """A complaint brought to `state`, with every event, task and clock in place; its reference."""
    if state is State.VOIDED:
        reference = imported(house, "received", now=now)
        go(house, reference, "void_import", now=now)
        return reference
    reference = received(house, now=now, **told)
    go(house, reference, *WAYS[state], now=now)
    return reference


def imported(house: House, state: str, *, now: datetime = MONDAY) -> str:
    """A complaint from another system, as the importer brings it in."""
    row = Complaint(
        title="Complaint about Alder County Sheriff's Office", office_id=1, agency_id=ALDER, tier=3
    )
    return start(house, row, f"import_as_{state}", SYSTEM, {"provenance": "the old list"}, now=now).reference


def complaint(reference: str) -> Complaint:
    found = case_for(SYSTEM, reference)
    assert isinstance(found, Complaint)
    return found


def go(house: House, reference: str, *verbs: str, now: datetime = MONDAY, **answers: Any) -> Done:
    """Take these steps one after the other, each by whoever may, seconded where it has to be."""
    done = Done(reference, complaint(reference).version)
    for verb in verbs:
        prepare(house, reference, verb, now=now)
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
    case = complaint(reference)
    step = house.step("complaint", verb)
    given = {a.name: answer(house, case, a) for a in step.asks if a.required or a.name in ALWAYS} | {
        k: v for k, v in answers.items() if k in {a.name for a in step.asks}
    }
    return perform(
        house, reference, verb, by or actor_for(house, case, verb), given, seen=case.version, now=now
    )


def agree(house: House, reference: str, verb: str, *, by: Actor = MONA, now: datetime = MONDAY) -> Done:
    """Confirm what was asked for, exactly as it was asked for."""
    approval = waiting(reference, verb)
    return confirm(
        house,
        approval.id,
        by,
        seen=complaint(reference).version,
        payload_hash=approval.payload_hash,
        now=now,
    )


def waiting(reference: str, verb: str) -> Approval:
    found = pending(complaint(reference), verb)
    assert found is not None
    return found


def actor_for(house: House, case: Complaint, verb: str) -> Actor:
    """Who of the cast takes a step of this complaint."""
    if verb in INVESTIGATORS:
        return RUTH if case.owner_id == RUTH.id else RAY
    if verb in UNINVOLVED:
        return MONA
    by = house.step("complaint", verb).by
    return next(actor for role, actor in BY_ROLE.items() if role in by)


def answer(house: House, case: Complaint, asked: Ask) -> Any:
    """Something that can be answered to a question."""
    if asked.name in ANSWERS:
        return ANSWERS[asked.name]
    if asked.name == "parent":
        return received(house, agency_id=case.agency_id or BIRCH)
    return {
        AskKind.TEXT: "As it was.",
        AskKind.LINE: "As it was",
        AskKind.YES: True,
        AskKind.NUMBER: 2,
        AskKind.DAY: date(2026, 1, 5),
    }[asked.kind]


def prepare(house: House, reference: str, verb: str, *, now: datetime = MONDAY) -> None:
    """Write on the allegations what a step needs there."""
    for number in range(1, len(complaint(reference).allegations) + 1):
        if verb == "submit_report":
            propose(house, reference, number, now=now)
        if verb == "record_outcome" and not complaint(reference).allegations[number - 1].is_proposed:
            propose(house, reference, number, by=LEO, now=now)
        if verb == "decide":
            dispose(house, reference, number, now=now)


def propose(
    house: House, reference: str, number: int = 1, *, by: Actor | None = None, now: datetime = MONDAY
) -> None:
    case = complaint(reference)
    allegations.propose_finding(
        house,
        reference,
        by or actor_for(house, case, "submit_report"),
        number,
        "sustained",
        "The log of the night.",
        seen=case.version,
        now=now,
    )


def dispose(
    house: House, reference: str, number: int = 1, *, by: Actor = MAX, now: datetime = MONDAY
) -> None:
    allegations.dispose(
        house,
        reference,
        by,
        number,
        "sustained",
        "preponderance",
        "The log and two witnesses agree.",
        seen=complaint(reference).version,
        now=now,
    )
