"""Rules that name nothing, approvals that prove nothing and holds with holes are found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.toy import (
    CLERK,
    LIBRARIAN,
    LOAN,
    Loan,
    LoanFacts,
    LoanMachine,
    and_step,
    lend,
    plus,
    with_step,
    with_work,
)
from workflow.engine.actors import Role
from workflow.engine.checks import faults
from workflow.engine.effects import Keep, Seal
from workflow.engine.machine import (
    Ask,
    AskKind,
    Guarded,
    Hold,
    Rule,
    Second,
    not_by_whoever,
    only_the,
)

SAY_NO = Rule("never", lambda _: False, "No.")


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
    "sealed words that were not asked for": (
        plus(lend, Seal("title", "title")),
        ["the step “lend” keeps the answer “title”, which it does not ask for"],
    ),
    "words kept in the open": (
        with_step("recall", asks=(Ask("why", "Why"),), effects=(Keep("why", "title"),)),
        ["the step “recall” keeps the words “why” in the open: seal them"],
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
