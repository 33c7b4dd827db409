"""Free text is looked through before it is taken; what is pointed out can be taken out, or kept."""

from __future__ import annotations

import pytest
from flask import Flask
from wtforms.fields import HiddenField

from workflow.web.forms import line, password, text
from workflow.web.free_text import FreeTextForm
from workflow.web.identifiers import HOLDS_NUMBER

NUMBER = "file of 123-45-6789"


class Note(FreeTextForm):
    words = text("Words")
    place = line("Place", required=False)
    travels = HiddenField()
    secret = password("Secret")


def sent(app: Flask, **answers: str) -> Note:
    with app.test_request_context("/", method="POST", data={"secret": "a secret", **answers}):
        form = Note()
        form.validate()
        return form


def test_what_holds_nothing_passes_without_a_word(app: Flask):
    form = sent(app, words="No poster hangs.", place="Booking")

    assert form.errors == {}
    assert [field.name for field in form] == ["words", "place", "travels", "secret"]


@pytest.mark.parametrize("name", ["words", "place"])
def test_a_number_is_pointed_out_at_its_field_and_the_text_stays(app: Flask, name: str):
    form = sent(app, **{"words": "No poster hangs.", name: NUMBER})

    assert form.errors == {name: [HOLDS_NUMBER]}
    assert form[name].data == NUMBER
    assert [field.name for field in form][-1] == "no_person"


def test_other_mistakes_are_said_together_with_it(app: Flask):
    form = sent(app, words="", place=NUMBER)

    assert form.errors == {"words": ["Words: an answer is needed."], "place": [HOLDS_NUMBER]}


def test_whoever_ticks_that_it_is_none_keeps_it(app: Flask):
    with app.test_request_context(
        "/", method="POST", data={"words": NUMBER, "secret": "x", "no_person": "y"}
    ):
        form = Note()

        assert form.validate()
        assert form.words.data == NUMBER


def test_neither_what_travels_along_nor_a_password_is_looked_through(app: Flask):
    form = sent(app, words="No poster hangs.", travels="123456789", secret="123-45-6789")

    assert form.errors == {}


def test_a_form_that_is_shown_asks_for_no_tick(app: Flask):
    with app.test_request_context("/"):
        assert "no_person" not in Note()
