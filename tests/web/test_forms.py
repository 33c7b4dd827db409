"""Fields: what they take, what they refuse, and in which words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.engine.machine import Refusal
from workflow.web.forms import (
    BaseForm,
    choice,
    choices,
    clean,
    day,
    line,
    number,
    password,
    read_day,
    text,
)


class Sample(BaseForm):
    name = line("Name", most=10)
    story = text("Story", required=False, most=20)
    colour = choice("Colour", [("r", "Red"), ("b", "Blue")], required=False)
    tags = choices("Tags", [("x", "X"), ("y", "Y")])
    age = number("Age", least=0, most=150, required=False)
    on = day("Day", required=False)
    secret = password("Secret")


def sent(app, **answers):
    """The form as it comes back, with these answers."""
    with app.test_request_context("/", method="POST", data={"name": "Ann", "secret": "s", **answers}):
        form = Sample()
        form.validate()
        return form


@pytest.mark.parametrize("bad", ["a\0b", "a\x1b[2Jb", "a\x85b", "a\u202egpj.exe", "a\u2066b"])
def test_what_hides_or_breaks_is_refused_in_words(app, bad):
    form = sent(app, name=bad)

    [why] = form.name.errors
    assert why.startswith("This contains")
    assert why.endswith("Please type it again.")


def test_half_a_character_is_refused():
    with pytest.raises(ValueError, match="half a character"):
        clean("a\ud800b")


def test_line_breaks_belong_to_long_texts_only(app):
    form = sent(app, name="a\nb", story="one\r\ntwo\tthree")

    assert form.name.errors
    assert form.story.data == "one\ntwo\tthree"


def test_text_is_kept_composed_and_trimmed(app):
    assert sent(app, name="  Jose\u0301\u00a0").name.data == "Jos\u00e9"


@pytest.mark.parametrize("nothing", ["", "   ", "\u00a0\u3000", "\u200b", "\ufeff"])
def test_nothing_but_blanks_is_no_answer(app, nothing):
    assert sent(app, name=nothing).name.errors == ["Name: an answer is needed."]


def test_a_length_is_said_in_numbers(app):
    assert sent(app, name="x" * 10).name.errors == []
    assert sent(app, name="x" * 11).name.errors == ["At most 10 characters fit here; this has 11."]


def test_only_what_was_offered_can_be_chosen(app):
    assert sent(app, colour="r").colour.errors == []
    assert sent(app, colour="g").colour.errors == ["Choose one of the list."]
    assert sent(app, tags=["x", "z"]).tags.errors == ["Choose from the list."]


@pytest.mark.parametrize(
    "written", ["\uff11\uff12\uff13", "1_000", "\u0663", "1e3", "0x10", "1.0", "abc", "9" * 12]
)
def test_a_number_is_written_in_plain_digits(app, written):
    assert sent(app, age=written).age.errors == ["Write a whole number in digits, such as 12."]


def test_a_number_has_bounds(app):
    assert sent(app, age=" 12 ").age.data == 12
    assert sent(app, age="151").age.errors == ["Write a number from 0 to 150."]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2025-02-29", "There is no such day in the calendar."),
        ("13/13/2024", "There is no such day in the calendar."),
        ("20226-01-01", "Write the date as 2026-01-31 or 01/31/2026."),
        ("2026-W01-1", "Write the date as 2026-01-31 or 01/31/2026."),
        ("20260101", "Write the date as 2026-01-31 or 01/31/2026."),
        ("0000-01-01", "Write a year between 1900 and 2199."),
        ("9999-12-31", "Write a year between 1900 and 2199."),
    ],
)
def test_a_day_that_cannot_be_is_refused(app, written, why):
    assert sent(app, on=written).on.errors == [why]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_can_be_written_both_ways(chosen):
    assert read_day(chosen.isoformat()) == chosen
    assert read_day(chosen.strftime("%m/%d/%Y")) == chosen


@given(st.text())
def test_clean_text_is_clean(words):
    try:
        cleaned = clean(words, lines=True)
    except ValueError:
        return
    assert clean(cleaned, lines=True) == cleaned
    assert cleaned is not None
    assert "\0" not in cleaned
    cleaned.encode()


def test_a_password_is_taken_as_typed_but_not_endless(app):
    assert sent(app, secret="  spaces stay  ").secret.data == "  spaces stay  "
    assert sent(app, secret="x" * 1025).secret.errors
    assert sent(app, secret="x\0y").secret.errors


def test_a_refusal_stands_at_its_field_or_above_the_form(app):
    form = sent(app)

    above = form.show([Refusal("a", "Not this name.", "name"), Refusal("b", "Not today.")])

    assert form.name.errors == ["Not this name."]
    assert above == ["Not today."]
