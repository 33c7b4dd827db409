"""Before anything is sent: numbers pointed out, what is empty, words beside the button for files."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.complaints.door import answer, page_of, write
from tests.pages import PageClient
from workflow.complaints import wizard

SOCIAL_SECURITY = "It is 123-45-6789."
FREE = [
    (q.name, field) for q in wizard.QUESTIONS for field in q.written if field not in ("day", "year", "reach")
]


@pytest.mark.parametrize(("name", "field"), FREE)
def test_a_number_of_a_person_is_pointed_out_wherever_it_was_written(
    client: PageClient, ctx: Flask, name: str, field: str
):
    extra = {"name": {"reachable": "yes", "reach": "a@b.test"}, "other_language": {"language": "other"}}
    write(client, narrative="They laughed.", reach="wren@nest.test")
    before = client.get("/report/check").text
    answer(client, name, {field: SOCIAL_SECURITY, **extra.get(field, {})})

    asked_again = client.get(page_of(name)).text
    check = client.get("/report/check").text

    assert "seems to hold a number" not in before
    assert "seems to hold a number" in asked_again
    assert check.count("seems to hold a number") == 1


def test_it_is_pointed_out_on_the_very_next_page_in_the_language_of_the_reader(
    client: PageClient, ctx: Flask
):
    client.send(page_of("what"), {"speak": "es"}, to="/report/language")

    gone_on = answer(client, "what", {"narrative": SOCIAL_SECURITY})
    following = client.get(gone_on.location).text
    answer(client, "what", {"narrative": "They laughed."})

    assert "Lo que escribió en “¿Qué pasó?” parece tener un número" in following
    assert 'href="/report/questions/1"' in following
    assert "parece tener" not in client.get(gone_on.location).text


def test_a_telephone_number_is_no_number_to_take_out(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.", reach="912345678")

    assert "seems to hold a number" not in client.get("/report/check").text


def test_what_was_not_answered_is_a_dash_and_what_is_needed_says_so(client: PageClient, ctx: Flask):
    write(client, remedy="An apology")

    check = client.get("/report/check").text

    assert check.count("This needs an answer.") == 1
    assert check.count('<span class="usa-sr-only">Not answered.</span>') == 7
    assert check.count('class="empty"') == 1


def test_what_is_beside_the_button_for_files_speaks_the_language_of_the_page(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")
    client.send(page_of("what"), {"speak": "es"}, to="/report/language")

    assert "Elija de este teléfono o computadora:" in client.get("/report/documents").text
