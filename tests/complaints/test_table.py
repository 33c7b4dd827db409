"""The machine against the specification, row by row and cell by cell; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import MONDAY
from tests.complaints.reference import FINAL, ROWS, SPANS, TASKS, Row
from workflow.cases.commands import proofs
from workflow.complaints.facts import ComplaintFacts, State
from workflow.complaints.machine import COMPLAINT
from workflow.engine.actors import Actor, Role
from workflow.engine.checks import faults
from workflow.engine.effects import (
    ByClock,
    ExtendClock,
    Keep,
    Letter,
    Limit,
    Notify,
    PauseClock,
    Put,
    RecomputeClock,
    Renew,
    ResumeClock,
    Stamp,
    StartClock,
    StopClock,
    Within,
)
from workflow.engine.machine import SAME, Refused, Transition, decide
from workflow.engine.spans import words
from workflow.policy.standard import BOOK

BY_VERB = {row.verb: row for row in ROWS}
ME = 500
PARENT = "C-2025-PARENT"
#: An answer of the right kind to every question.
ANSWERS: dict[str, Any] = {
    "channel": "telephone",
    "tier": "3",
    "subject": "designated_officer",
    "destination": "opr",
    "closing_reason": "administrative",
    "investigator": 7,
    "parent": PARENT,
    "report_by": MONDAY.date(),
    **dict.fromkeys(("recusal_checked", "duplicates_checked", "checked"), True),
}
_SIGNS = {
    StartClock: "+",
    StopClock: "-",
    PauseClock: "~",
    ResumeClock: "^",
    ExtendClock: "*",
    RecomputeClock: "!",
}
#: Whoever took one of these was involved, and does not hear the appeal.
INVOLVED = (
    "decide",
    "submit_report",
    "record_outcome",
    "close_without_finding",
    "withdraw",
    "reject_no_jurisdiction",
    "hold",
    "extend",
    "send_back",
    "affirm",
    "remand",
)
_NAMES = {
    "only_the:owner_id": "own",
    "not_by_whoever:begin,submit_report,record_outcome": "not_by:begin,submit_report,record_outcome",
    f"not_by_whoever:{','.join(INVOLVED)}": "uninvolved",
}


def step_of(verb: str) -> Transition[Any, Any]:
    step = COMPLAINT.step(verb)
    assert step is not None, verb
    return step


def facts_for(verb: str, state: State, **more: Any) -> ComplaintFacts:
    """A picture in which nothing but state and role can stand in the way of a step."""
    imported = {"import_as_received": 1} if verb.startswith("void_") else {}
    given: dict[str, Any] = {
        "state": state,
        "version": 1,
        "tier": 3,
        "owner_id": ME if BY_VERB[verb].rules.startswith("own") else 7,
        "allegations": 1,
        "contact_possible": True,
        "parents": frozenset({PARENT}),
        "times": imported,
        "received_at": MONDAY - timedelta(days=3),
        "state_since": MONDAY - timedelta(days=2),
        **more,
    }
    return ComplaintFacts(**given)


def answers_for(verb: str) -> dict[str, Any]:
    return {
        name: ANSWERS.get(name, "said in words")
        for name in BY_VERB[verb].asks.split()
        if not name.endswith("?")
    }


def outcome(step: Transition[Any, Any], facts: ComplaintFacts, *roles: Role, **answers: Any) -> str:
    """What comes of trying: "done", "second", or the codes of the refusals."""
    try:
        decision = decide(
            COMPLAINT,
            facts,
            step,
            Actor(ME, "Me", frozenset(roles)),
            {**answers_for(step.verb), **answers},
            seen=facts.version,
            now=MONDAY,
        )
    except Refused as refused:
        return " ".join(sorted(r.code for r in refused.refusals))
    return "second" if decision.awaits_second else "done"


def test_nothing_is_wrong_with_the_machine():
    assert proofs(COMPLAINT, BOOK) == []
    assert faults(COMPLAINT, facts=ComplaintFacts) == []


@pytest.mark.declared
def test_every_row_of_the_table_is_a_step_and_no_other_is():
    assert [t.verb for t in COMPLAINT.transitions] == [row.verb for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_in_every_state_the_step_can_be_taken_by_its_roles_alone(row: Row):
    step = step_of(row.verb)

    for state in State:
        for role in Role:
            in_place = not row.source or state.value in row.source.split()
            expected = [] if in_place else ["state"]
            expected += [] if role.value in row.by.split() else ["role"]
            happened = outcome(step, facts_for(row.verb, state), role)

            wanted = " ".join(sorted(expected)) or ("second" if row.second == "manager" else "done")
            assert happened == wanted, (row.verb, state, role)


@pytest.mark.declared
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_the_step_leads_where_the_table_says(row: Row):
    step = step_of(row.verb)

    assert step.target is SAME if row.to == "SAME" else step.target == State(row.to)
    assert {s.value for s in step.sources} == set(row.source.split())
    assert step.escape == ("escape" in row.marks)
    assert step.reopens == ("reopens" in row.marks)
    assert any(isinstance(e, Renew) for e in step.effects) == ("renews" in row.marks)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_every_answer_that_is_needed_is_asked_for(row: Row):
    step = step_of(row.verb)
    state = State(row.source.split()[0]) if row.source else State.RECEIVED
    role = Role(row.by.split()[0])

    for name in row.asks.split():
        if not name.endswith("?"):
            assert "required" in outcome(step, facts_for(row.verb, state), role, **{name: None})


@pytest.mark.declared
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_the_step_asks_checks_and_leaves_behind_what_the_table_says(row: Row):
    step = step_of(row.verb)

    assert [a.name + ("" if a.required else "?") for a in step.asks] == row.asks.split()
    assert (step.second.by if step.second else set()) == ({Role.MANAGER} if row.second else set())
    assert bool(step.second and step.second.when) == row.second.endswith("?")
    assert sorted(_NAMES.get(r.name, r.name) for r in step.rules) == sorted(row.rules.split())
    assert [_clock(e) for e in step.effects if type(e) in _SIGNS] == row.clocks.split()
    assert [_column(e) for e in step.effects if isinstance(e, Keep | Put | Stamp)] == row.columns.split()
    assert [_told(e) for e in step.effects if isinstance(e, Letter | Notify)] == row.tells.split()


def _clock(effect: Any) -> str:
    return f"{_SIGNS[type(effect)]}{effect.name}"


def _column(effect: Keep | Put | Stamp) -> str:
    return f"{effect.column}={effect.value}" if isinstance(effect, Put) else effect.column


def _told(effect: Letter | Notify) -> str:
    if isinstance(effect, Letter):
        return f"{effect.name}>{effect.to}"
    return f"notice>{effect.role.value}:{effect.within.name if effect.within else ''}"


@pytest.mark.parametrize("row", [r for r in ROWS if r.second], ids=lambda row: row.verb)
def test_the_second_person_is_a_manager_and_not_the_first(row: Row):
    step = step_of(row.verb)
    state = State(row.source.split()[0])
    facts = facts_for(row.verb, state, tier=1, times={"extend": 1}, catch_alls=1)
    first = Actor(ME, "Me", frozenset(Role(r) for r in row.by.split()) | {Role.MANAGER})

    def confirmed_by(other: Actor) -> str:
        answers = {**answers_for(row.verb), **({"tier": "4"} if row.verb == "reclassify" else {})}
        try:
            decide(COMPLAINT, facts, step, first, answers, seen=1, now=MONDAY, second=other)
        except Refused as refused:
            return " ".join(r.code for r in refused.refusals)
        return "done"

    assert confirmed_by(first) == "same_person"
    assert confirmed_by(Actor(501, "Other", frozenset(Role) - {Role.MANAGER})) == "second_role"
    assert confirmed_by(Actor(501, "Other", frozenset({Role.MANAGER}))) == "done"


@pytest.mark.declared
@pytest.mark.parametrize("state", State)
def test_every_state_owns_the_work_of_the_table(state: State):
    work = COMPLAINT.stage(state).work

    assert (work is None) == (state.value in FINAL)
    assert (state in COMPLAINT.final) == (state.value in FINAL)
    if work is not None:
        due = work.due.limit.name if isinstance(work.due, Within) else ""
        due = f"clock {work.due.clock}" if isinstance(work.due, ByClock) else due
        owned = (work.verb, work.role.value, due, work.holder or "", work.waiting_for or "")
        assert owned == TASKS[state.value]


@pytest.mark.parametrize(("key", "span"), SPANS.items(), ids=lambda v: str(v))
def test_a_limit_is_as_long_as_the_specification_says(key: tuple[Any, ...], span: str):
    name, model, revision, tier = key

    assert words(BOOK.span(Limit(name), model=model, revision=revision, tier=tier)) == span


@pytest.mark.declared
def test_the_clocks_run_as_the_table_says():
    clocks = {c.name: (c.limit.name if c.limit else None, c.since) for c in COMPLAINT.clocks}

    assert clocks == {
        "ack": ("complaint.ack", "received_at"),
        "resolve": ("complaint.resolve", "received_at"),
        "in_hand": (None, None),
    }
    assert [r.name for r in COMPLAINT.always] == ["not_recused"]
    assert [(sorted(g.propose), g.approve) for g in COMPLAINT.guarded] == [
        (["record_outcome", "submit_report"], "decide")
    ]
    assert [(h.state, sorted(h.doors)) for h in COMPLAINT.holds] == [(State.ON_HOLD, ["lift_hold"])]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_whoever_is_recused_takes_no_step(row: Row):
    step = step_of(row.verb)
    state = State(row.source.split()[0]) if row.source else State.RECEIVED

    facts = facts_for(row.verb, state, recused=frozenset({ME}))

    assert "not_recused" in outcome(step, facts, *(Role(r) for r in row.by.split()))
