"""Each proof finds the mistake planted for it, and says the way to it; the sound machine has none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.toy import (
    CLERK,
    LIBRARIAN,
    LOAN,
    STAGES,
    Loan,
    LoanFacts,
    LoanMachine,
    LoanStep,
    lend,
    shelve,
    take_back,
    with_step,
    with_work,
    without,
)
from workflow.engine.actors import Role
from workflow.engine.checks import as_table, faults, shortest_to, shortest_way
from workflow.engine.effects import (
    ByClock,
    ExtendClock,
    Keep,
    Limit,
    PauseClock,
    ResumeClock,
    StartClock,
    When,
)
from workflow.engine.machine import (
    SAME,
    Ask,
    AskKind,
    ClockRule,
    Guarded,
    Hold,
    Rule,
    Second,
    Stage,
    not_by_whoever,
    only_the,
)

BURNT: Any = "burnt"
MAYBE = When("it_is_wanted", lambda _: True)
SAY_NO = Rule("never", lambda _: False, "No.")


def stages(changed: Stage[Loan]) -> tuple[Stage[Loan], ...]:
    return tuple(changed if s.state == changed.state else s for s in STAGES)


def plus(step: LoanStep, *effects):
    """The machine with more effects at the end of a step."""
    return with_step(step.verb, effects=(*step.effects, *effects))


def nowhere(verb: str, **changes) -> LoanStep:
    return replace(lend, verb=verb, effects=(), label="Odd", **changes)


def and_step(step: LoanStep, machine=LOAN):
    return replace(machine, transitions=(*machine.transitions, step))


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


# --- clocks ------------------------------------------------------------------------------------

CLOCKS = {
    "left running": (
        with_step("refuse", effects=()),
        ["Ask for a book → Refuse: the clock “Answer” is still running in Closed"],
    ),
    "left paused": (
        with_step("dispute", target=Loan.LOST),
        [
            "Disputed cannot be reached from any entry",
            "Bring in from cards → Dispute: the clock “Return” is still paused in Lost",
            "Ask for a book → Lend → Dispute: the clock “Answer” is still running in Lost",
        ],
    ),
    "started twice": (
        plus(lend, StartClock("return")),
        ["Ask for a book → Lend: “lend” starts the clock “Return”, which is running there"],
    ),
    "perhaps started twice": (
        plus(lend, StartClock("return", MAYBE)),
        ["Ask for a book → Lend: “lend” starts the clock “Return”, which is running there"],
    ),
    "perhaps not started": (
        with_step("import_lent", effects=(StartClock("return", MAYBE),)),
        [
            (
                "Bring in from cards: the task “Get it back” in On loan is due by the clock “Return”, "
                "which is not started there"
            ),
            ("Bring in from cards → Renew: “renew” extends the clock “Return”, which is not started there"),
            (
                "Bring in from cards → Dispute: “dispute” pauses the clock “Return”, "
                "which is not started there"
            ),
            (
                "Bring in from cards → Dispute → Settle: “settle” resumes the clock “Return”, "
                "which is not started there"
            ),
        ],
    ),
    "paused twice": (
        with_step("settle", effects=()),
        [
            (
                "Bring in from cards → Dispute → Settle → Dispute: “dispute” pauses the clock “Return”, "
                "which is paused there"
            )
        ],
    ),
    "resumed while running": (
        with_step("dispute", effects=()),
        [
            (
                "Bring in from cards → Dispute → Settle: “settle” resumes the clock “Return”, "
                "which is running there"
            )
        ],
    ),
    "extended when stopped": (
        plus(take_back, ExtendClock("return", Limit("loan.renewal"))),
        [("Bring in from cards → Take back: “take_back” extends the clock “Return”, which is stopped there")],
    ),
    "paused when stopped": (
        plus(take_back, PauseClock("return", "it is here")),
        [("Bring in from cards → Take back: “take_back” pauses the clock “Return”, which is stopped there")],
    ),
    "resumed when stopped": (
        plus(take_back, ResumeClock("return")),
        [("Bring in from cards → Take back: “take_back” resumes the clock “Return”, which is stopped there")],
    ),
    "not declared": (
        plus(lend, StartClock("hearing")),
        ["the step “lend” speaks of the clock “hearing”, which is not declared"],
    ),
    "declared twice": (
        replace(LOAN, clocks=(*LOAN.clocks, ClockRule("answer", "Answer", None))),
        ["the clock “answer” is declared 2 times"],
    ),
    "never started": (
        replace(LOAN, clocks=(*LOAN.clocks, ClockRule("hearing", "Hearing", None))),
        ["the clock “Hearing” is never started"],
    ),
    "never stopped": (
        replace(
            plus(lend, StartClock("hearing")),
            clocks=(*LOAN.clocks, ClockRule("hearing", "Hearing", Limit("x"))),
        ),
        [
            "the clock “Hearing” is never stopped",
            "Ask for a book → Lend → Write off: the clock “Hearing” is still running in Lost",
            (
                "Ask for a book → Lend → Take back → Shelve and close: "
                "the clock “Hearing” is still running in Closed"
            ),
        ],
    ),
}


@pytest.mark.parametrize(("machine", "said"), CLOCKS.values(), ids=CLOCKS.keys())
def test_a_mistake_with_a_clock_is_found(machine: LoanMachine, said: list[str]):
    assert faults(machine) == said


def test_a_clock_may_be_started_again_after_it_was_stopped():
    machine = with_step("find", target=Loan.LENT, effects=(StartClock("return"),))

    assert faults(replace(machine, guarded=())) == []


# --- questions, second persons, rules ----------------------------------------------------------

TITLE = Ask("title", "Title", AskKind.LINE)

PROMISES = {
    "a question asked twice": (
        with_step("recall", asks=(TITLE, TITLE)),
        ["the step “recall” asks “title” 2 times"],
    ),
    "an answer kept that was not asked for": (
        plus(lend, Keep("title", "title")),
        ["the step “lend” keeps the answer “title”, which it does not ask for"],
    ),
    "a rule about an answer that was not asked for": (
        with_step("recall", rules=(replace(SAY_NO, field="title"),)),
        ["the step “recall” has a rule about “title”, which it does not ask for"],
    ),
    "a second person of no role": (
        with_step("recall", second=Second(by=frozenset())),
        ["the step “recall” needs a second person, but names no role for one"],
    ),
    "a second person who is none": (
        with_step("recall", second=Second(by=frozenset({Role.SYSTEM, Role.MANAGER}))),
        ["the step “recall” would be confirmed by the system: no person of the office"],
    ),
    "a rule about a step that is none": (
        with_step("recall", rules=(not_by_whoever("borrow", says="Not you."),)),
        ["a rule of the step “recall” speaks of “borrow”, which is not a step"],
    ),
    "a rule of a second person about a step that is none": (
        with_step("write_off", second=Second(LIBRARIAN, rules=(not_by_whoever("borrow", says="Not you."),))),
        ["a rule of the step “write_off” speaks of “borrow”, which is not a step"],
    ),
    "a rule counting a step that is none": (
        replace(LOAN, always=(Rule("at_most:2:borrow", lambda _: True, "Twice."),)),
        ["a rule of the whole machine speaks of “borrow”, which is not a step"],
    ),
    "a rule about a fact that is none": (
        with_step("recall", rules=(only_the("owner_id", "Only the owner."),)),
        ["a rule of the step “recall” is about the fact “owner_id”, which the facts do not hold"],
    ),
    "a task held by a fact that is none": (
        with_work(Loan.LENT, holder="owner_id"),
        ["the task in On loan is held by the fact “owner_id”, which the facts do not hold"],
    ),
    "an approval without its proposal": (
        with_step("refuse", target=Loan.RETURNED),
        ["Ask for a book → Refuse → Shelve and close: “shelve” is reached without “find” or “take_back”"],
    ),
    "an approval by whoever proposed": (
        with_step("shelve", rules=(not_by_whoever("take_back", says="Not you."),)),
        ["no rule of “shelve” keeps whoever took “find” or “take_back” from taking it too"],
    ),
    "an approval with a second person only sometimes": (
        with_step("write_off", second=Second(LIBRARIAN, when=SAY_NO)),
        ["no rule of “write_off” keeps whoever took “write_off” from taking it too"],
    ),
    "a pair with a step that is none": (
        replace(LOAN, guarded=(Guarded(frozenset({"borrow"}), "shelve"),)),
        ["a guarded pair speaks of “borrow”, which is not a step"],
    ),
    "a hold with another way out": (
        with_step("take_back", sources=frozenset({Loan.LENT, Loan.DISPUTED})),
        [
            (
                "Bring in from cards → Dispute → Take back: Disputed is left by “take_back”, "
                "but its only way out is “settle”"
            )
        ],
    ),
    "a door that stays": (
        replace(LOAN, holds=(Hold(Loan.LENT, frozenset({"dispute", "take_back", "write_off", "renew"})),)),
        ["“renew” is a door of On loan, but does not leave it"],
    ),
    "a door elsewhere": (
        replace(LOAN, holds=(Hold(Loan.DISPUTED, frozenset({"settle", "find", "jump"})),)),
        [
            "“find” is a door of Disputed, but does not leave it",
            "“jump” is a door of Disputed, but does not leave it",
        ],
    ),
}


@pytest.mark.parametrize(("machine", "said"), PROMISES.values(), ids=PROMISES.keys())
def test_a_broken_promise_is_found(machine: LoanMachine, said: list[str]):
    assert faults(machine, facts=LoanFacts) == said


def test_facts_are_not_looked_up_without_their_type():
    machine = with_step("recall", rules=(only_the("owner_id", "Only the owner."),))

    assert faults(machine) == []


def test_the_second_person_of_a_conditional_approval_may_be_kept_apart_by_rule():
    apart = not_by_whoever("write_off", says="Not you again.")
    machine = with_step("write_off", second=Second(LIBRARIAN, when=SAY_NO, rules=(apart,)))

    assert faults(machine) == []


def test_what_was_imported_may_be_approved_without_a_proposal():
    machine = and_step(
        replace(
            lend,
            verb="import_returned",
            sources=frozenset(),
            target=Loan.RETURNED,
            by=frozenset(),
            effects=(),
        )
    )
    by_system = replace(
        machine,
        transitions=tuple(
            replace(t, by=frozenset({Role.SYSTEM})) if t.verb == "import_returned" else t
            for t in machine.transitions
        ),
    )
    by_clerk = replace(
        machine,
        transitions=tuple(
            replace(t, by=CLERK) if t.verb == "import_returned" else t for t in machine.transitions
        ),
    )

    assert faults(by_system) == []
    assert faults(by_clerk) == ["Lend → Shelve and close: “shelve” is reached without “find” or “take_back”"]


# --- ways --------------------------------------------------------------------------------------


@pytest.mark.parametrize("goal", Loan)
def test_the_shortest_way_is_a_legal_walk(goal: Loan):
    here = None
    way = shortest_way(LOAN, goal)

    for step in way:
        assert step.is_entry if here is None else here in step.sources
        here = step.lands_in(here)

    assert here == goal


@pytest.mark.parametrize("verb", [t.verb for t in LOAN.transitions])
def test_the_shortest_way_to_a_step_ends_with_it(verb: str):
    here = None
    way = shortest_to(LOAN, verb)

    for step in way:
        assert step.is_entry if here is None else here in step.sources
        here = step.lands_in(here)

    assert way[-1].verb == verb


def test_the_shortest_way_begins_with_people_and_imports_only_where_it_must():
    assert [t.verb for t in shortest_way(LOAN, Loan.LENT)] == ["ask_for", "lend"]
    assert [t.verb for t in shortest_way(without("lend"), Loan.LENT)] == ["import_lent"]


def test_the_shortest_way_keeps_away_from_what_it_is_told():
    assert [t.verb for t in shortest_way(LOAN, Loan.RETURNED)] == ["ask_for", "lend", "take_back"]
    assert [
        t.verb for t in shortest_way(LOAN, Loan.RETURNED, avoiding=lambda step: step.verb == "take_back")
    ] == ["ask_for", "lend", "write_off", "find"]


def test_where_there_is_no_way_it_says_so():
    with pytest.raises(LookupError, match="disputed"):
        shortest_way(LOAN, Loan.DISPUTED, avoiding=lambda step: step.verb == "dispute")
    with pytest.raises(LookupError, match="borrow"):
        shortest_to(LOAN, "borrow")


# --- the table ---------------------------------------------------------------------------------


def test_the_table_is_the_one_that_was_reviewed():
    assert as_table(LOAN) == (Path(__file__).parent / "toy.txt").read_text(encoding="utf-8")


def test_every_change_of_a_step_shows_in_the_table():
    changed = [
        with_step("lend", by=LIBRARIAN),
        with_step("lend", target=Loan.DISPUTED),
        with_step("lend", sources=frozenset({Loan.LENT})),
        with_step("lend", rules=(SAY_NO,)),
        with_step("lend", rules=(replace(SAY_NO, field="title"),)),
        with_step("lend", second=Second(LIBRARIAN)),
        with_step("lend", second=Second(LIBRARIAN, rules=(SAY_NO,))),
        with_step("lend", asks=(TITLE,)),
        with_step("lend", asks=(replace(TITLE, of="titles"),)),
        with_step("lend", escape=True),
        with_step("lend", effects=lend.effects[:1]),
        with_work(Loan.LENT, waiting_for=None),
        with_step("shelve", rules=shelve.rules[1:]),
        replace(LOAN, guarded=()),
        replace(LOAN, guarded=(), holds=()),
        replace(LOAN, clocks=()),
        replace(LOAN, clocks=(replace(LOAN.clocks[0], limit=None), LOAN.clocks[1])),
        replace(LOAN, always=()),
    ]

    tables = {as_table(machine) for machine in (LOAN, *changed)}

    assert len(tables) == len(changed) + 1
