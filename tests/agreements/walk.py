"""Agreements brought to a state by real steps of real people. No test lives here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from tests.cast import ALDER, MAX, MONDAY, PAM, PETE, SAM, SUE
from workflow.agreements.facts import State
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import file_application, register_by_hand
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import Done, confirm, perform
from workflow.cases.story import pending
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.register.models import Agreement

TODAY: Final = date(2026, 1, 5)
_SIGNED: Final = ("vet", "recommend", "sign")
_ACTIVE: Final = (*_SIGNED, "certify_first_class")
#: The steps after applying that lead to a state, as an agreement usually goes.
WAYS: Final[dict[State, tuple[str, ...]]] = {
    State.APPLIED: (),
    State.UNDER_REVIEW: _SIGNED[:1],
    State.APPROVED: _SIGNED[:2],
    State.SIGNED: _SIGNED,
    State.ACTIVE: _ACTIVE,
    State.SUSPENDED: (*_ACTIVE, "suspend"),
    State.TERMINATING: (*_ACTIVE, "give_notice"),
    State.TERMINATING_SUSPENDED: (*_ACTIVE, "suspend", "give_notice_suspended"),
}
#: Who usually takes a step that is not the programme manager's.
BY: Final[dict[str, Actor]] = {
    "certify_first_class": SAM,
    "record_contact": SAM,
    "assign_supervisor": MAX,
    "end": SYSTEM,
}


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


#: Answers that fit, by question, where words do not. The template is not the one an application begins with.
ANSWERS: Final[dict[str, Any]] = {
    "capacity": "with_conditions",
    "declined_for": "capacity",
    "both": True,
    "template": "2020",
    "signed_on": days(-30),
    "operational_on": days(-2),
    "officers": 2,
    "next_on": days(200),
    "contact_kind": "visit",
    "held_on": days(-1),
    "held_by": SUE.id,
    "contact": "1",
    "never": True,
    "duty": "oversight_contact",
    "waiver": "1",
    "office": "BOS",
    "supervisor": SUE.id,
    "from_on": days(1),
    "until_on": days(60),
    "exigent": True,
    "given_by": "office",
    "effective_on": days(120),
    "published_on": TODAY,
}


def agreement_at(house: House, state: State) -> str:
    """An agreement of Alder County brought to `state` from its application; its reference."""
    given = {"model": "WSO", "facility": "Jail", "contact": "The captain"}
    reference = file_application(house, agency_id=ALDER, actor=PAM, now=MONDAY, **given).reference
    for verb in WAYS[state]:
        go(house, reference, verb)
    return reference


def registered(house: House, model: str = "WSO", **more: Any) -> AgreementLife:
    """An agreement of Alder County that was in force already."""
    given = {"agency_id": ALDER, "signed_on": date(2025, 3, 3), "template": None, **more}
    return register_by_hand(house, model=model, source="The memorandum", actor=PAM, now=MONDAY, **given)


def life(reference: str) -> AgreementLife:
    found = case_for(SYSTEM, reference)
    assert isinstance(found, AgreementLife)
    return found


def newer(reference: str) -> int:
    """Another agreement of the same agency and model, signed since; its id."""
    older = session().get_one(Agreement, life(reference).agreement_id)
    with transaction() as s:
        row = Agreement(
            reference="G-2026-AAAAAAAA-A",
            agency_id=older.agency_id,
            model=older.model,
            template="2025",
            signed_on=days(-2),
            status="signed",
        )
        s.add(row)
        s.flush()
        return row.id


def go(house: House, reference: str, verb: str, *, now: datetime = MONDAY, **answers: Any) -> Done:
    """Take a step by whoever usually does, everything answered; another programme manager confirms it."""
    case = life(reference)
    given = {ask.name: answer(ask.name) for ask in house.step("agreement", verb).asks} | answers
    done = perform(house, reference, verb, BY.get(verb, PAM), given, seen=case.version, now=now)
    return agree(house, reference, verb, now=now) if done.awaits_second else done


def agree(house: House, reference: str, verb: str, *, now: datetime = MONDAY) -> Done:
    """Confirm what was asked for, exactly as it was asked for."""
    case = life(reference)
    approval = pending(case, verb)
    assert approval is not None
    return confirm(house, approval.id, PETE, seen=case.version, payload_hash=approval.payload_hash, now=now)


def answer(name: str) -> Any:
    """Something that can be answered to a question."""
    return ANSWERS.get(name, "As it was.")
