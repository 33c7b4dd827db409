"""Any life an agreement can have keeps the promises every case makes. Hypothesis takes the steps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.agreements.reference import FINAL, ROWS, WORK
from tests.cast import ALDER, BIRCH, CARL, MAX, MONDAY, PAM, PETE, SAM
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import file_application, register_by_hand
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Event, StageInterval
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.cases.verify import verify
from workflow.db.session import db, session, transaction
from workflow.engine.actors import SYSTEM
from workflow.engine.machine import Ask, AskKind, Refused
from workflow.register.models import Agreement

ACTORS = (PAM, PETE, SAM, MAX, SYSTEM, CARL)
VERBS = st.sampled_from([row.verb for row in ROWS if row.source])
MOVES = st.lists(st.tuples(VERBS, st.integers(0, len(ACTORS) - 1), st.integers(0, 150)), max_size=25)


def answer(case: AgreementLife, ask: Ask, now: datetime, house: House) -> Any:
    """A plausible answer: days in the past or the near future by what is asked for."""
    match ask.kind:
        case AskKind.LINE | AskKind.TEXT:
            return "Noted."
        case AskKind.CHOICE | AskKind.PERSON | AskKind.AGREEMENT:
            options = [v for v, _ in ask.choices or house.kind_of(case).choices(case, ask)]
            if not options:
                return None
            return options[0] if ask.kind is AskKind.CHOICE else int(options[0])
        case AskKind.NUMBER:
            return 2
        case AskKind.YES:
            return True
        case _:
            return _day(ask.name, now)


def _day(name: str, now: datetime) -> date:
    ahead = {"effective_on": 120, "until_on": 200, "next_on": 90, "from_on": 0}.get(name, -1)
    return (now + timedelta(days=ahead)).date()


@settings(max_examples=40)
@given(moves=MOVES, begins_in_force=st.booleans())
def test_every_life_explains_itself(
    database: Flask, moves: list[tuple[str, int, int]], begins_in_force: bool
):
    with database.app_context():
        house: House = database.extensions["house"]
        reference = _begin(house, begins_in_force=begins_in_force)
        now = MONDAY
        for verb, who, days in moves:
            now += timedelta(days=days)
            before = _versions(reference)
            if not _try(house, reference, verb, who, now):
                assert _versions(reference) == before, "a refusal changes nothing"
        _keeps_its_promises(reference)
        db.session.remove()


def _begin(house: House, *, begins_in_force: bool) -> str:
    """A new life; the one before it, if any, is put to rest so that the agency may have another."""
    _forget_earlier()
    if not begins_in_force:
        given = {"model": "WSO", "facility": "Jail", "contact": "The captain"}
        return file_application(house, agency_id=ALDER, actor=PAM, now=MONDAY, **given).reference
    return register_by_hand(
        house,
        agency_id=BIRCH,
        model="JEM",
        signed_on=date(2025, 3, 3),
        template=None,
        source="The memorandum",
        actor=PAM,
        now=MONDAY,
    ).reference


def _forget_earlier() -> None:
    with transaction() as s:
        for record in s.scalars(select(Agreement)):
            record.status = "voided"


def _try(house: House, reference: str, verb: str, who: int, now: datetime) -> bool:
    actor = ACTORS[who]
    life = case_for(SYSTEM, reference)
    assert isinstance(life, AgreementLife)
    step = house.step("agreement", verb)
    answers = {ask.name: answer(life, ask, now, house) for ask in step.asks}
    try:
        done = perform(house, reference, verb, actor, answers, seen=life.version, now=now)
        if done.awaits_second:
            case = case_for(SYSTEM, reference)
            approval = pending(case, verb)
            assert approval is not None
            other = PETE if actor is PAM else PAM
            confirm(house, approval.id, other, seen=case.version, payload_hash=approval.payload_hash, now=now)
    except (Refused, LookupError):
        return pending(case_for(SYSTEM, reference), verb) is not None
    return True


def _versions(reference: str) -> tuple[int, str, int]:
    case = case_for(SYSTEM, reference)
    return case.version, case.state, len(case.events)


def _keeps_its_promises(reference: str) -> None:
    session().expire_all()
    life = case_for(SYSTEM, reference)
    assert isinstance(life, AgreementLife)
    record = session().get_one(Agreement, life.agreement_id)
    events = session().scalars(select(Event).where(Event.case_id == life.id).order_by(Event.version)).all()
    assert [e.version for e in events] == list(range(1, life.version + 1)), "versions count up"
    assert events[-1].target == life.state == record.status or len(events) == 1, "history explains the state"
    assert all(e.second_id != e.actor_id for e in events), "nobody confirms their own"
    intervals = session().scalars(select(StageInterval).where(StageInterval.case_id == life.id)).all()
    assert sum(i.left_at is None for i in intervals) == 1
    open_tasks = [t for t in life.tasks if t.closed_at is None and t.kind == life.state]
    if life.state in FINAL:
        assert life.closed_at is not None
        assert [t for t in life.tasks if t.closed_at is None] == [], "nothing is left to do when closed"
    else:
        [task] = open_tasks
        assert (task.role.value, life.closed_at) == (WORK[life.state][0], None)
    assert life.office_id == record.office_id
    assert list(verify().breaks) == []
