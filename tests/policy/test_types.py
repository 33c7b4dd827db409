"""What an allegation can be about is a list of the policy: put in force whole, never losing a code."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.cast import MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints.allegations import allege, change_allegation
from workflow.complaints.facts import State
from workflow.complaints.letter_values import values_of
from workflow.engine.actors import Actor
from workflow.engine.machine import Invalid, Refused
from workflow.policy.commands import types_command
from workflow.policy.queries import allegation_types, in_force
from workflow.policy.standard.allegations import TYPES
from workflow.policy.type_list import as_table, check_types, from_table

SignIn = Callable[[Actor], PageClient]

MEDICAL = (
    "medical,Medical care refused,Somebody who was held asked for care and got none.,2,care refused,"
    "la falta de atención médica,,our proposal"
)


def put_in_force(ctx: Flask, text: str) -> str:
    done = ctx.test_cli_runner().invoke(types_command, ["-"], input=text)
    return f"{done.exit_code}: {done.output}"


def retired(code: str) -> str:
    """The delivered list with this type retired on the Monday of the tests, and one type more."""
    line = next(row for row in as_table(TYPES).splitlines() if row.startswith(f"{code},"))
    gone = line.replace(",,our proposal", f",{MONDAY.date()},our proposal")
    return as_table(TYPES).replace(line, gone) + MEDICAL + "\n"


def test_the_list_is_written_out_as_it_is_read_and_changes_nothing_then(ctx: Flask, house: House):
    shown = ctx.test_cli_runner().invoke(types_command, []).output

    done = put_in_force(ctx, shown)

    assert from_table(shown) == TYPES
    assert done == "0: Nothing changed.\n"
    assert in_force(MONDAY.date())[1].version == 1


def test_a_new_type_is_offered_at_every_door_with_its_tier_and_a_retired_one_no_more(
    ctx: Flask, house: House, sign_in: SignIn
):
    assert put_in_force(ctx, retired("posters")).startswith("0: 16 types are in force.")

    call, triage = (
        sign_in(RUTH).get(path).text
        for path in ("/complaints/new", f"/complaints/{received(house, allegations=('force',))}/triage")
    )

    assert "Medical care refused (suggests tier 2)" in call
    assert "Somebody who was held asked for care and got none." in call
    assert "Medical care refused" in triage
    for page in (call, triage):
        assert 'value="posters"' not in page
    reference = received(house, allegations=("medical",))
    assert complaint(reference).suggested_tier == 2


def test_an_old_case_keeps_and_shows_a_type_that_was_retired(ctx: Flask, house: House, sign_in: SignIn):
    reference = complaint_at(house, State.ASSIGNED, allegations=("posters",))
    put_in_force(ctx, retired("posters"))
    seen = complaint(reference).version

    change_allegation(house, reference, RUTH, 1, "posters", "supervisor", seen=seen, now=MONDAY)

    page = sign_in(RUTH).get(f"/complaints/{reference}").text
    assert "1. Complaint posters or information" in page
    with pytest.raises(Refused):
        allege(
            house,
            reference,
            RUTH,
            "posters",
            "unknown",
            seen=complaint(reference).version,
            now=MONDAY,
        )


def test_letters_say_a_new_type_in_both_languages(ctx: Flask, house: House):
    put_in_force(ctx, retired("posters"))
    reference = received(house, allegations=("medical", "force"))

    said = {
        language: values_of(house, complaint(reference), language, "", base_url="", now=MONDAY)["allegations"]
        for language in ("en", "es")
    }

    assert said["en"] == ("care refused", "use of force")
    assert said["es"] == ("la falta de atención médica", "el uso de la fuerza")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (as_table(t for t in TYPES if t.code != "force"), "“force” is missing"),
        (as_table(TYPES).replace('helping others to.",1', 'x",2'), "“retaliation” has to"),
        (as_table(TYPES) + MEDICAL.replace("medical,", "Médical,"), "is no code"),
        (as_table(TYPES) + MEDICAL.replace(",2,", ",7,"), "has no tier from 1 to 4"),
        (as_table(TYPES) + MEDICAL.replace(",2,", ",two,"), "Row 17: tier is no number"),
        (as_table(TYPES) + MEDICAL.replace(",,our", ",31/1/2026,our"), "Row 17: retired_on is no day"),
        (as_table(TYPES) + MEDICAL + "\n" + MEDICAL, "“medical” is listed 2 times"),
        (as_table(TYPES) + MEDICAL.replace("la falta de atención médica", ""), "spanish has 0 characters"),
        (as_table(TYPES) + "medical,Short", "Row 17: it has not 8 cells"),
        ("code,title\n", "The first line has to be"),
    ],
)
def test_a_list_that_cannot_be_is_refused_in_words_and_nothing_changes(
    ctx: Flask, house: House, wrong: str, says: str
):
    before = in_force(MONDAY.date())

    done = put_in_force(ctx, wrong)

    assert done.startswith("1: ")
    assert says in done
    assert in_force(MONDAY.date()) == before


def test_a_book_of_before_has_the_types_that_were_delivered_and_may_lose_none(ctx: Flask, house: House):
    known = allegation_types()

    with pytest.raises(Invalid):
        check_types((), known=known)

    assert tuple(known.values()) == TYPES
    assert all(20 <= len(t.means) <= 110 for t in TYPES)
