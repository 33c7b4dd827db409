"""Each proof finds the mistake planted for it, and says the way to it; the sound machine has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.engine.toy import (
    LOAN,
    STAGES,
    Loan,
    LoanFacts,
    LoanMachine,
    LoanStep,
    and_step,
    lend,
    plus,
    take_back,
    with_step,
    with_work,
    without,
)
from workflow.engine.actors import Role
from workflow.engine.checks import faults
from workflow.engine.effects import (
    ByClock,
    Limit,
    StartClock,
)
from workflow.engine.machine import (
    SAME,
    ClockRule,
    Stage,
)

BURNT: Any = "burnt"


def stages(changed: Stage[Loan]) -> tuple[Stage[Loan], ...]:
    return tuple(changed if s.state == changed.state else s for s in STAGES)


def nowhere(verb: str, **changes) -> LoanStep:
    return replace(lend, verb=verb, effects=(), label="Odd", **changes)


def test_a_sound_machine_has_no_fault():
    found = faults(
        LOAN,
        resolves=lambda *_: True,
        templates=[("JEM", "2020"), ("WSO", "2019")],
        tiers=[1, 2],
        facts=LoanFacts,
    )

    assert found == []


# --- shape -------------------------------------------------------------------------------------

SHAPE = {
    "a verb declared twice": (
        and_step(replace(take_back, label="Take it back")),
        ["the step “take_back” is declared 2 times"],
    ),
    "a step nobody may take": (
        with_step("recall", by=frozenset()),
        ["the step “recall” names no role: nobody can take it"],
    ),
    "an entry that stays": (
        and_step(nowhere("arrive", sources=frozenset(), target=SAME)),
        ["the entry “arrive” has no target: it opens a case nowhere"],
    ),
    "an entry that reopens": (
        with_step("import_lent", reopens=True),
        ["the entry “import_lent” cannot be an escape, be timed or reopen: there is no case before it"],
    ),
    "a source that is no state": (
        with_step("recall", sources=frozenset({Loan.LENT, BURNT})),
        ["the step “recall” leaves “burnt”, which is not a declared state"],
    ),
    "a timed step the system may not take": (
        with_step("recall", timed=True),
        ["the step “recall” is timed, but the system may not take it"],
    ),
    "a timed step where no task falls due": (
        with_step("find", timed=True, by=frozenset({Role.SYSTEM})),
        ["the step “find” is timed, but Lost has no task that could fall due"],
    ),
    "a state described twice": (
        replace(LOAN, stages=(*STAGES, Stage(Loan.CLOSED, "Closed"))),
        ["the state “closed” is described by 2 stages instead of one"],
    ),
    "a state described by nobody": (
        replace(LOAN, stages=tuple(s for s in STAGES if s.state != Loan.LOST)),
        ["the state “lost” is described by 0 stages instead of one"],
    ),
    "a final state that is no state": (
        replace(LOAN, final=LOAN.final | {BURNT}),
        ["“burnt” is described or final, but is not a declared state"],
    ),
    "a state nobody comes to": (
        with_step("dispute", target=Loan.LENT, effects=()),
        ["Disputed cannot be reached from any entry"],
    ),
    "a state without a proper end": (
        with_step("settle", escape=True),
        [("Bring in from cards → Dispute: from Disputed no final state can be reached without an escape")],
    ),
    "a final state that is left": (
        with_step("find", reopens=False),
        [
            (
                "Bring in from cards → Write off → Find again: Lost is final, but is left by “find”, "
                "which does not reopen"
            )
        ],
    ),
    "a step that reopens what is open": (
        with_step("recall", reopens=True),
        ["Bring in from cards → Recall | shorten: “recall” reopens, but On loan is not final"],
    ),
}


@pytest.mark.parametrize(("machine", "said"), SHAPE.values(), ids=SHAPE.keys())
def test_a_mistake_in_the_shape_is_found(machine: LoanMachine, said: list[str]):
    assert faults(machine) == said


def test_a_target_that_is_no_state_is_found():
    machine = with_step("settle", target="burnt")

    found = faults(machine)

    assert "the step “settle” leads to “burnt”, which is not a declared state" in found


def test_a_machine_without_entries_or_ends_is_found():
    machine = replace(with_step("ask_for", sources=frozenset({Loan.LOST})), final=frozenset(), always=())

    found = faults(replace(machine, transitions=tuple(t for t in machine.transitions if not t.is_entry)))

    assert "no step opens a case: every step has sources" in found
    assert "no state is final: a case could never end" in found


def test_a_step_that_stays_in_a_final_state_does_not_leave_it():
    machine = with_step("recall", sources=frozenset({Loan.LENT, Loan.CLOSED}), effects=())

    assert faults(machine) == []


# --- tasks and limits --------------------------------------------------------------------------

WORKS = {
    "a final state with a task": (
        replace(LOAN, stages=stages(Stage(Loan.CLOSED, "Closed", STAGES[0].work))),
        ["Closed is final, but owns the task “Look for it”"],
    ),
    "a state without a task": (
        replace(LOAN, stages=stages(Stage(Loan.DISPUTED, "Disputed"))),
        ["Disputed owns no task: nobody would see that something is to be done"],
    ),
    "a task ended by nothing": (
        with_work(Loan.DISPUTED, verb="decide"),
        ["the task “Hear both sides” in Disputed is ended by “decide”, which is not a step"],
    ),
    "a task ended elsewhere": (
        with_work(Loan.DISPUTED, verb="recall"),
        ["the task “Hear both sides” in Disputed is ended by “recall”, which cannot be taken there"],
    ),
    "a task of the wrong role": (
        with_work(Loan.DISPUTED, role=Role.PUBLIC),
        ["the task “Hear both sides” in Disputed belongs to the public, who may not take “settle”"],
    ),
    "a task due by no clock": (
        with_work(Loan.DISPUTED, due=ByClock("hearing")),
        ["the task “Hear both sides” in Disputed is due by the clock “hearing”, which is not declared"],
    ),
    "a task due by a clock that does not run": (
        with_work(Loan.RETURNED, due=ByClock("return")),
        [
            (
                "Bring in from cards → Take back: the task “Look at it” in Returned is due by the clock "
                "“Return”, which is stopped there"
            )
        ],
    ),
}


@pytest.mark.parametrize(("machine", "said"), WORKS.values(), ids=WORKS.keys())
def test_a_mistake_with_a_task_is_found(machine: LoanMachine, said: list[str]):
    assert faults(machine) == said


def test_a_task_ended_by_a_timed_step_may_belong_to_whoever_waits():
    machine = with_work(Loan.LENT, verb="remind", role=Role.PUBLIC)

    assert faults(machine) == []


def test_a_machine_whose_states_own_no_tasks_is_checked_without_them():
    bare = without("remind")
    machine = replace(bare, stages=tuple(Stage(s.state, s.label) for s in STAGES))

    assert faults(machine, works=False) == []
    assert len(faults(machine)) == 4


def test_a_limit_without_a_value_is_named_with_the_templates_and_tiers_it_lacks():
    def resolves(limit: Limit, model: str | None, revision: str | None, tier: int | None) -> bool:
        return not (limit.name == "loan.shelve" and model == "WSO" and tier == 2)

    found = faults(LOAN, resolves=resolves, templates=[("JEM", "2020"), ("WSO", "2019")], tiers=[1, 2])

    assert found == [
        "the limit “loan.shelve” of the task “Look at it” in Returned has no value for WSO 2019, tier 2"
    ]


def test_limits_of_clocks_and_effects_are_asked_for_too():
    missing = {"loan.return", "loan.renewal", "loan.call"}

    found = faults(LOAN, resolves=lambda limit, *_: limit.name not in missing)

    assert found == [
        "the limit “loan.return” of the clock “Return” has no value for any template",
        "the limit “loan.renewal” of an effect of “renew” has no value for any template",
        "the limit “loan.call” of an effect of “remind” has no value for any template",
    ]


def test_a_clock_that_only_measures_needs_no_limit():
    machine = replace(
        plus(lend, StartClock("hand")), clocks=(*LOAN.clocks, ClockRule("hand", "Own time", None))
    )

    found = faults(machine, resolves=lambda *_: True)

    assert {fault.partition(": ")[2] for fault in found} == {
        "the clock “Own time” is still running in Lost",
        "the clock “Own time” is still running in Closed",
    }
