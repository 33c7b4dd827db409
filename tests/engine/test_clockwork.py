"""Each mistake with a clock is found on the shortest way to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.toy import (
    LOAN,
    Loan,
    LoanMachine,
    lend,
    plus,
    take_back,
    with_step,
)
from workflow.engine.checks import faults
from workflow.engine.effects import (
    ExtendClock,
    Limit,
    PauseClock,
    ResumeClock,
    StartClock,
    When,
)
from workflow.engine.machine import (
    ClockRule,
)

MAYBE = When("it_is_wanted", lambda _: True)


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
