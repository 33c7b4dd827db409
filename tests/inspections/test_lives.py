"""Any life of an inspection with its corrections keeps what cases promise. Hypothesis takes the steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.cast import CARL, IRIS, IVAN, MAX, MONA, MONDAY, PAM, PETE, SAM, SUE
from tests.inspections.walk import answer_all, corrections, find, fitting_rating, inspection, inspection_at
from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.cases.verify import verify
from workflow.db.session import db, session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Ask, AskKind, Refused, Transition
from workflow.inspections.facts import UNDER_WAY, State
from workflow.inspections.models import Inspection

ACTORS = (IRIS, IVAN, SAM, SUE, MAX, MONA, PAM, PETE, CARL, SYSTEM)
#: (which of its cases, which step, who, days later): read modulo what there is.
MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 99), st.integers(0, 99), st.integers(0, 40)), max_size=30
)
#: Where a life begins, so that few steps reach far.
BEGINNINGS = (State.PLANNED, State.NOTIFIED, State.IN_PROGRESS, State.READY_TO_ISSUE, State.CORRECTIVE_ACTION)
#: Steps only the lead takes; most others are not the lead's to take.
LEADS = frozenset({"begin", "complete_fieldwork", "draft_findings", "notify", "record_attempt"})
AHEAD = {"scheduled_on": 10, "until_on": 12, "new_on": 20, "target_on": 30, "risk_until_on": 100}


@settings(max_examples=25)
@given(
    begins=st.sampled_from(BEGINNINGS),
    found=st.lists(st.sampled_from(["critical", "major", "minor"]), max_size=2),
    moves=MOVES,
)
def test_every_life_explains_itself(
    app: Flask, begins: State, found: list[str], moves: list[tuple[int, int, int, int]]
):
    with app.app_context():
        house: House = app.extensions["house"]
        _forget_earlier()
        reference, now = inspection_at(house, begins, deficiencies=tuple(found)), MONDAY
        for which, step, who, days in moves:
            now += timedelta(days=days)
            cases = [inspection(reference), *corrections(reference)]
            _move(house, cases[which % len(cases)], step, who, found, now)
        for case in (inspection(reference), *corrections(reference)):
            _keeps_its_promises(house, case)
        _holds_its_place(inspection(reference))
        assert list(verify().breaks) == []
        db.session.remove()


def _forget_earlier() -> None:
    """Earlier lives do not stand in the way: an agreement has one routine inspection at a time."""
    with transaction() as s:
        left = {"kind_of": "follow_up", "occupies_agreement_id": None, "fieldwork_completed_on": None}
        s.execute(update(Inspection).values(**left))


def _move(house: House, case: Case, number: int, who: int, found: list[str], now: datetime) -> None:
    """Try one step of those that leave the state, by somebody who may or (one time in ten) by anybody."""
    machine = house.kind_of(case).machine
    steps = [s for s in machine.leaving(machine.states(case.state)) if not s.escape or number % 9 == 0]
    if not steps:
        return
    step = steps[number % len(steps)]
    may = [a for a in ACTORS if a.roles & step.by] if who % 10 else list(ACTORS)
    if who % 4 and case.owner_id:
        may = [a for a in may if (a.id == case.owner_id) is (step.verb in LEADS)] or may
    _prepare(house, case, step.verb, found, now)
    fresh = case_for(SYSTEM, case.reference)
    before = (fresh.version, fresh.state, len(fresh.events))
    if not _try(house, fresh, step, may[who % len(may)], now):
        after = case_for(SYSTEM, case.reference)
        assert (after.version, after.state, len(after.events)) == before, "a refusal changes nothing"


def _prepare(house: House, case: Case, verb: str, found: list[str], now: datetime) -> None:
    """Write what was found and answer the checklist before the fieldwork is completed."""
    if verb != "complete_fieldwork" or not isinstance(case, Inspection):
        return
    if not case.findings:
        for item, class_code in zip(("G1", "D1"), found, strict=False):
            find(house, case.reference, item, class_code, now=now)
    answer_all(house, case.reference, now=now)


def _try(house: House, case: Case, step: Transition[Any, Any], actor: Actor, now: datetime) -> bool:
    answers = {ask.name: _answer(house, case, ask, now) for ask in step.asks}
    answers = {name: value for name, value in answers.items() if value is not None}
    try:
        done = perform(house, case.reference, step.verb, actor, answers, seen=case.version, now=now)
        if done.awaits_second:
            waiting = case_for(SYSTEM, case.reference)
            approval = pending(waiting, step.verb)
            assert approval is not None
            other = next(a for a in ACTORS if step.second and a.roles & step.second.by and a is not actor)
            confirm(
                house,
                approval.id,
                other,
                seen=waiting.version,
                payload_hash=approval.payload_hash,
                now=now,
            )
    except (Refused, NotThere):
        return pending(case_for(SYSTEM, case.reference), step.verb) is not None
    return True


def _answer(house: House, case: Case, ask: Ask, now: datetime) -> Any:
    if ask.name == "rating":
        assert isinstance(case, Inspection)
        return fitting_rating(case)
    match ask.kind:
        case AskKind.DAY:
            return (now + timedelta(days=AHEAD[ask.name])).date()
        case AskKind.CHOICE | AskKind.PERSON:
            options = [value for value, _ in ask.choices or house.kind_of(case).choices(case, ask)]
            if not options:
                return None
            return options[0] if ask.kind is AskKind.CHOICE else int(options[0])
        case AskKind.YES:
            return None
        case _:
            return "As it was."


def _keeps_its_promises(house: House, case: Case) -> None:
    events = session().scalars(select(Event).where(Event.case_id == case.id).order_by(Event.version)).all()
    machine = house.kind_of(case).machine
    assert [e.version for e in events] == list(range(1, case.version + 1)), "versions count up"
    assert events[-1].target == case.state, "history explains the state"
    assert all(e.second_id != e.actor_id for e in events), "nobody confirms their own"
    assert sum(i.left_at is None for i in case.intervals) == 1
    if case.state in machine.final:
        assert case.closed_at is not None
        assert [t for t in case.tasks if t.closed_at is None] == [], "nothing is left to do when closed"
        assert [c.name for c in case.clocks if c.stopped_at is None] == [], "no clock runs on"
    else:
        assert len([t for t in case.tasks if t.closed_at is None and t.kind == case.state]) == 1
        assert case.closed_at is None
    _two_people(events)


def _two_people(events: Any) -> None:
    """Who drafted passes and issues nothing; who accepted a plan or handed in evidence verifies nothing."""
    for guarded, before in (
        ("pass_review", {"draft_findings", "record_finding"}),
        ("issue_report", {"draft_findings", "record_finding"}),
        ("verify", {"accept_plan", "claim_corrected", "correct_on_site"}),
        ("accept_plan", {"submit_plan"}),
    ):
        for event in events:
            if event.verb == guarded:
                own = {e.verb for e in events if e.version < event.version and e.actor_id == event.actor_id}
                assert not own & before, guarded


def _holds_its_place(found: Inspection) -> None:
    """An inspection occupies its agreement until the fieldwork ends; it ends after its corrections."""
    assert (found.occupies_agreement_id is not None) is (found.state in UNDER_WAY)
    left = [c for c in corrections(found.reference) if c.closed_at is None]
    if found.state in {"verified", "closed"}:
        assert left == []
    if found.state in {"report_issued", "corrective_action", "escalated", "verified", "closed"}:
        assert all(f.is_cited for f in found.findings if f.is_deficiency)
        assert found.report_issued_on is not None
