"""A small machine nobody works with: a loan at the desk of a library, with two people and two clocks.

The clerk (intake) lends and takes back, the librarian (manager) looks after what comes back. The
proofs, the pictures and the pages of the engine are tested on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from workflow.engine.actors import Role
from workflow.engine.effects import (
    Before,
    ByClock,
    Effect,
    ExtendClock,
    Keep,
    Letter,
    Limit,
    Notify,
    On,
    PauseClock,
    Put,
    RecomputeClock,
    ResumeClock,
    Stamp,
    StartClock,
    StopClock,
    When,
    Within,
    Work,
)
from workflow.engine.machine import (
    SAME,
    Ask,
    AskKind,
    CaseFacts,
    ClockRule,
    Guarded,
    Hold,
    Machine,
    Rule,
    Second,
    Stage,
    Transition,
    at_most,
    not_by_whoever,
    not_recused,
    only_the,
)


class Loan(StrEnum):
    REQUESTED = "requested"
    LENT = "lent"
    DISPUTED = "disputed"
    RETURNED = "returned"
    CLOSED = "closed"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class LoanFacts(CaseFacts[Loan]):
    shelver_id: int | None = None
    email: str | None = None
    is_rare: bool = False


LoanStep: TypeAlias = Transition[Loan, LoanFacts]
LoanMachine: TypeAlias = Machine[Loan, LoanFacts]

CLERK = frozenset({Role.INTAKE})
LIBRARIAN = frozenset({Role.MANAGER})

ask_for = LoanStep(
    verb="ask_for",
    sources=frozenset(),
    target=Loan.REQUESTED,
    label="Ask for a book",
    by=frozenset({Role.PUBLIC, Role.INTAKE}),
    asks=(
        Ask("title", "Title", AskKind.LINE),
        Ask("email", "Where to write to", AskKind.LINE, required=False),
    ),
    effects=(Keep("title", "title"), StartClock("answer", When("there_is_an_address", lambda f: f.email))),
)
import_lent = LoanStep(
    verb="import_lent",
    sources=frozenset(),
    target=Loan.LENT,
    label="Bring in from cards",
    by=frozenset({Role.SYSTEM}),
    effects=(StartClock("return"),),
)
answer = LoanStep(
    verb="answer",
    sources=frozenset({Loan.REQUESTED, Loan.LENT}),
    target=SAME,
    label="Answer",
    by=CLERK,
    rules=(at_most(1, "answer", "The reader has been answered."),),
    effects=(StopClock("answer"), Letter("we_have_it", "reader")),
)
lend = LoanStep(
    verb="lend",
    sources=frozenset({Loan.REQUESTED}),
    target=Loan.LENT,
    label="Lend",
    by=CLERK,
    effects=(StartClock("return"), Stamp("lent_on")),
    help="Hand over the book.",
)
refuse = LoanStep(
    verb="refuse",
    sources=frozenset({Loan.REQUESTED}),
    target=Loan.CLOSED,
    label="Refuse",
    by=CLERK,
    asks=(
        Ask("reason", "Reason", AskKind.CHOICE, choices=(("rare", "Too rare"), ("out", "Not in the house"))),
    ),
    effects=(StopClock("answer"),),
    second=Second(
        by=LIBRARIAN,
        when=Rule("reason_is_rare", lambda s: s.answers.get("reason") == "rare", "The book is rare."),
    ),
)
renew = LoanStep(
    verb="renew",
    sources=frozenset({Loan.LENT}),
    target=SAME,
    label="Renew",
    by=CLERK,
    rules=(at_most(2, "renew", "A loan is renewed twice at most.", source="Rules of the house, section 4"),),
    effects=(ExtendClock("return", Limit("loan.renewal")),),
)
recall = LoanStep(
    verb="recall",
    sources=frozenset({Loan.LENT}),
    target=SAME,
    label="Recall | shorten",
    by=LIBRARIAN,
    effects=(RecomputeClock("return"), Put("recalled", True), Letter("please_bring_back", "reader")),
)
remind = LoanStep(
    verb="remind",
    sources=frozenset({Loan.LENT}),
    target=SAME,
    label="Remind",
    by=frozenset({Role.SYSTEM}),
    effects=(Notify(Role.INTAKE, "a book is late", Limit("loan.call")),),
    timed=True,
)
dispute = LoanStep(
    verb="dispute",
    sources=frozenset({Loan.LENT}),
    target=Loan.DISPUTED,
    label="Dispute",
    by=frozenset({Role.PUBLIC, Role.INTAKE}),
    effects=(PauseClock("return", "the reader says it was brought back"),),
)
settle = LoanStep(
    verb="settle",
    sources=frozenset({Loan.DISPUTED}),
    target=Loan.LENT,
    label="Settle",
    by=LIBRARIAN,
    effects=(ResumeClock("return"),),
)
take_back = LoanStep(
    verb="take_back",
    sources=frozenset({Loan.LENT}),
    target=Loan.RETURNED,
    label="Take back",
    by=CLERK,
    effects=(StopClock("return"),),
)
shelve = LoanStep(
    verb="shelve",
    sources=frozenset({Loan.RETURNED}),
    target=Loan.CLOSED,
    label="Shelve and close",
    by=frozenset({Role.INTAKE, Role.MANAGER}),
    rules=(
        only_the("shelver_id", "Only whoever holds the shelf may close."),
        not_by_whoever("take_back", "find", says="Somebody else has to look at the book."),
    ),
    effects=(StopClock("answer"),),
)
write_off = LoanStep(
    verb="write_off",
    sources=frozenset({Loan.LENT}),
    target=Loan.LOST,
    label="Write off",
    by=LIBRARIAN,
    effects=(StopClock("return"), StopClock("answer")),
    second=Second(by=LIBRARIAN),
    escape=True,
)
find = LoanStep(
    verb="find",
    sources=frozenset({Loan.LOST}),
    target=Loan.RETURNED,
    label="Find again",
    by=CLERK,
    reopens=True,
)

STAGES: tuple[Stage[Loan], ...] = (
    Stage(
        Loan.REQUESTED, "Requested", Work("Look for it", Role.INTAKE, Within(Limit("loan.answer")), "lend")
    ),
    Stage(
        Loan.LENT,
        "On loan",
        Work("Get it back", Role.INTAKE, ByClock("return"), "take_back", waiting_for="the reader"),
    ),
    Stage(Loan.DISPUTED, "Disputed", Work("Hear both sides", Role.MANAGER, On("hearing_on"), "settle")),
    Stage(
        Loan.RETURNED,
        "Returned",
        Work(
            "Look at it",
            Role.MANAGER,
            Before("wanted_on", Limit("loan.shelve")),
            "shelve",
            holder="shelver_id",
        ),
        help="The book is in the house.",
    ),
    Stage(Loan.CLOSED, "Closed"),
    Stage(Loan.LOST, "Lost"),
)

LOAN: LoanMachine = Machine(
    kind="loan",
    title="Loan of a book",
    states=Loan,
    stages=STAGES,
    final=frozenset({Loan.CLOSED, Loan.LOST}),
    transitions=(
        ask_for,
        import_lent,
        answer,
        lend,
        refuse,
        renew,
        recall,
        remind,
        dispute,
        settle,
        take_back,
        shelve,
        write_off,
        find,
    ),
    clocks=(
        ClockRule("answer", "Answer", Limit("loan.answer")),
        ClockRule("return", "Return", Limit("loan.return"), since="lent_on"),
    ),
    always=(not_recused,),
    guarded=(
        Guarded(frozenset({"take_back", "find"}), "shelve"),
        Guarded(frozenset({"write_off"}), "write_off"),
    ),
    holds=(Hold(Loan.DISPUTED, frozenset({"settle"})),),
)


def with_step(verb: str, **changes: Any) -> LoanMachine:
    """The machine with one step declared otherwise."""
    return replace(
        LOAN, transitions=tuple(replace(t, **changes) if t.verb == verb else t for t in LOAN.transitions)
    )


def with_work(state: Loan, **changes: Any) -> LoanMachine:
    """The machine with the task of one state declared otherwise."""

    def changed(stage: Stage[Loan]) -> Stage[Loan]:
        assert stage.work is not None
        return replace(stage, work=replace(stage.work, **changes))

    return replace(LOAN, stages=tuple(changed(s) if s.state == state else s for s in LOAN.stages))


def without(verb: str) -> LoanMachine:
    """The machine without one step."""
    return replace(LOAN, transitions=tuple(t for t in LOAN.transitions if t.verb != verb))


def plus(step: LoanStep, *effects: Effect) -> LoanMachine:
    """The machine with more effects at the end of a step."""
    return with_step(step.verb, effects=(*step.effects, *effects))


def and_step(step: LoanStep, machine: LoanMachine = LOAN) -> LoanMachine:
    """The machine with one more step."""
    return replace(machine, transitions=(*machine.transitions, step))
