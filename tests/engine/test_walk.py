"""Ways through the toy machine are legal and short, and its table shows every change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.toy import (
    LIBRARIAN,
    LOAN,
    Loan,
    lend,
    shelve,
    with_step,
    with_work,
    without,
)
from workflow.engine.checks import as_table, shortest_to, shortest_way
from workflow.engine.machine import (
    Ask,
    AskKind,
    Rule,
    Second,
)

SAY_NO = Rule("never", lambda _: False, "No.")
TITLE = Ask("title", "Title", AskKind.LINE)


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
