"""The handbook says everything a machine does, in words, and names no keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.engine.toy import LIBRARIAN, LOAN, STAGES, Loan, LoanMachine, lend, with_step, with_work
from workflow.engine.actors import Role
from workflow.engine.effects import (
    Effect,
    Keep,
    Limit,
    Notify,
    On,
    Put,
    Renew,
    Seal,
    SendToAgency,
    Stamp,
    StartClock,
    Within,
)
from workflow.engine.handbook import LimitLine, page
from workflow.engine.machine import ClockRule, Guarded, Rule, Second, Stage
from workflow.engine.prose import date_words, due_words, effect_words

VALUES = {
    "loan.answer": [LimitLine("", "3 business days", "our proposal")],
    "loan.return": [
        LimitLine("Novels", "14 days", "Rules of the house"),
        LimitLine("Atlases", "28 days", "our proposal"),
        LimitLine("Scores", "28 days", "our proposal"),
    ],
    "loan.renewal": [LimitLine("", "7 days", "Rules of the house")],
}


def limits(limit: Limit) -> Sequence[LimitLine]:
    return VALUES.get(limit.name, [])


def row(machine: LoanMachine, name: str) -> list[str]:
    """The cells of the first row that begins with `name`."""
    lines = page(machine, limits=limits).splitlines()
    found = next(line for line in lines if line.startswith(f"| **{name}**"))
    return found.strip("| ").split(" | ")


def test_the_page_begins_with_what_a_case_is():
    text = page(LOAN, limits=limits, about="A reader has a book of ours.")

    assert "# Loan of a book\n\nA reader has a book of ours.\n\nIt is opened by “Ask for a book”" in text
    assert "it ends as: Closed, Lost." in text
    assert "Every step is refused with the words: “You are recused from this case.” (Standards" in text


def test_a_state_says_what_is_to_do_by_whom_and_when():
    assert row(LOAN, "Requested")[1:] == [
        "Look for it",
        "intake",
        "3 business days (our proposal)<br>after it came into this state",
        "Lend",
    ]
    assert row(LOAN, "On loan")[1:4] == [
        "Get it back (waiting for the reader)",
        "intake",
        "when the clock “Return” runs out",
    ]
    assert row(LOAN, "Returned")[2:4] == [
        "manager (the shelver of the case)",
        "no limit set<br>before the “wanted” date",
    ]
    assert row(LOAN, "Closed")[1:] == ["nothing: the case is over", "—", "—", "—"]


def test_a_step_says_who_takes_it_and_what_stops_it():
    assert row(LOAN, "Refuse")[1:] == [
        "Requested → Closed",
        "intake",
        "manager<br>if: “The book is rare.” (our proposal)",
        "Reason: Too rare, Not in the house",
        "—",
        "stops the clock “Answer”",
    ]
    assert row(LOAN, "Renew")[5:] == [
        "“A loan is renewed twice at most.” (Rules of the house, section 4)",
        "adds time to the clock “Return”; the first date stays on record: 7 days (Rules of the house)",
    ]
    assert "Where to write to (optional)" in row(LOAN, "Ask for a book")[4]


def test_the_rules_of_a_second_person_are_said():
    rule = Rule("awake", lambda _: True, "Only who is awake may confirm.")

    cells = row(with_step("write_off", second=Second(LIBRARIAN, rules=(rule,))), "Write off")

    assert cells[3] == "manager<br>“Only who is awake may confirm.” (our proposal)"


def test_marks_of_a_step_are_said():
    text = page(LOAN, limits=limits)

    assert "**Lend**<br>Hand over the book." in text
    assert "**Remind**<br>*taken when the task of the state falls due*" in text
    assert "**Write off**<br>*a way out that is no proper end*" in text
    assert "**Find again**<br>*reopens what was over*" in text


def test_values_of_equal_length_and_source_share_a_line():
    assert row(LOAN, "Return")[1:] == [
        "“lent on” of the case",
        "Novels: 14 days (Rules of the house)<br>Atlases; Scores: 28 days (our proposal)",
    ]


def test_a_clock_that_only_measures_says_so():
    machine = replace(LOAN, clocks=(ClockRule("hand", "Own time", None), *LOAN.clocks))

    assert row(machine, "Own time")[1:] == ["the step that starts it", "never: it only measures"]


def test_what_is_kept_apart_is_said():
    text = page(LOAN, limits=limits)

    assert "* “Take back” or “Find again” comes before “Shelve and close”, and it is done by" in text
    assert "* “Write off” takes two different people." in text
    assert "* Disputed is left only by “Settle”; nothing else moves the case meanwhile." in text


def test_a_step_kept_from_the_same_person_without_a_second_says_so():
    machine = replace(LOAN, guarded=(Guarded(frozenset({"renew"}), "renew"),), holds=())

    assert "* “Renew” is never taken twice by the same person." in page(machine, limits=limits)


def test_a_page_can_be_written_of_a_machine_with_faults():
    machine = replace(
        with_work(Loan.DISPUTED, verb="judge"),
        guarded=(Guarded(frozenset({"judge"}), "judge"),),
    )
    bare = replace(machine, stages=(*machine.stages[:3], Stage(Loan.RETURNED, "Returned"), *STAGES[4:]))

    text = page(bare, limits=limits)

    assert row(bare, "Disputed")[-1] == "judge"
    assert row(bare, "Returned")[1:] == ["—", "—", "—", "—"]
    assert "“judge” is never taken twice" in text


def test_clocks_and_promises_are_left_out_where_there_are_none():
    text = page(replace(LOAN, clocks=(), guarded=(), holds=()), limits=limits)

    assert "## Clocks" not in text
    assert "## What is kept apart" not in text


def test_the_picture_closes_the_page():
    text = page(LOAN, limits=limits)

    assert "## Picture\n\n```mermaid\nstateDiagram-v2\n" in text
    assert text.endswith("\n```\n")


def test_words_cannot_break_the_table():
    text = page(with_step("lend", label="Lend | <b>now</b>\nor *never*"), limits=limits)

    assert r"**Lend \| \<b\>now\</b\> or \*never\***" in text


def test_no_key_of_a_limit_or_verb_stands_on_the_page():
    text = page(LOAN, limits=limits)

    assert "loan." not in text
    assert "take_back" not in text


EFFECTS: list[tuple[Effect, str]] = [
    (StartClock("hearing"), "starts the clock “hearing”"),
    (Keep("title", "title"), "keeps “title”"),
    (Seal("title", "title"), "keeps “title”, sealed"),
    (Put("title", None), "clears “title”"),
    (Put("is_rare", False), "sets “is rare” to no"),
    (Put("shelf", 3), "sets “shelf” to 3"),
    (Put("shelf", "upper_left"), "sets “shelf” to “upper left”"),
    (Stamp("lent_at"), "notes the “lent” date"),
    (Renew(), "settles the task of the state and opens it anew"),
    (SendToAgency(), "lets the agency see its part of the case"),
    (Notify(Role.FIELD_SUPERVISOR, "look"), "tells field supervisor: look"),
]


@pytest.mark.parametrize(("effect", "words"), EFFECTS, ids=[words for _, words in EFFECTS])
def test_every_effect_has_words(effect: Effect, words: str):
    assert effect_words(effect, lend, LOAN) == words


def test_every_due_has_words():
    assert due_words(Within(Limit("x")), LOAN) == "after it came into this state"
    assert due_words(On("hearing_date"), LOAN) == "on the “hearing” date"
    assert date_words("fieldwork_end") == "“fieldwork end” date"
