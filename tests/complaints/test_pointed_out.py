"""Before anything is sent: numbers pointed out, what is empty, words beside the button for files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import MONDAY
from tests.complaints.door import act, answer, come_back, page_of, tell, write
from tests.complaints.walk import complaint
from tests.conftest import Clock
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints import wizard
from workflow.complaints.mailbox import messages_of

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


# --- on the page that a code opens ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "field"), [("message", "message"), ("withdraw", "why"), ("contact", "name")]
)
def test_a_message_with_a_number_is_sent_only_when_its_writer_says_so_again(
    client: PageClient, house: House, what: str, field: str
):
    reference, code = tell(client)
    come_back(client, code)
    given = {field: SOCIAL_SECURITY, **({"reach": "912345678"} if what == "contact" else {})}

    shown = act(client, what, **given)
    then = messages_of(complaint(reference), house)
    sent = client.submit(shown, {"act": what, **given, "as_it_is": "yes"}, to="/report/status")

    assert shown.status_code == 422
    assert SOCIAL_SECURITY in shown.text
    assert "seems to hold a number" in shown.text
    assert "Nothing was sent yet." in shown.text
    assert then == []
    assert sent.status_code == 303
    assert what == "contact" or SOCIAL_SECURITY in messages_of(complaint(reference), house)[0].text


def test_without_the_number_it_is_sent_like_any_other(client: PageClient, house: House):
    reference, code = tell(client)
    come_back(client, code)
    act(client, "message", message=SOCIAL_SECURITY)

    sent = act(client, "message", message="It was on a Friday.")

    assert sent.status_code == 303
    assert [m.text for m in messages_of(complaint(reference), house)] == ["It was on a Friday."]


def test_what_else_can_be_done_is_folded_unless_it_was_refused(client: PageClient, ctx: Flask):
    _, code = tell(client)
    page = come_back(client, code).text

    refused = act(client, "contact", reach="").text

    assert page.count("<details") == 4
    assert " open>" not in page
    assert '<details class="panel" id="head-contact" open>' in refused
    assert refused.count(" open>") == 1
    assert 'href="#head-contact"' in refused


def test_the_next_day_that_was_promised_is_said_until_it_is_over(
    client: PageClient, clock: Clock, ctx: Flask
):
    _, code = tell(client)
    first = come_back(client, code).text
    clock.now = MONDAY + timedelta(days=30)
    later = come_back(client, code).text
    clock.now = MONDAY + timedelta(days=100)
    over = come_back(client, code).text

    assert "Somebody reads it by January 12, 2026" in first
    assert "We aim to finish by April 5, 2026." in later
    assert "We aimed to finish by April 5, 2026. It takes longer." in over
