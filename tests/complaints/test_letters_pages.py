"""Letters of a complaint as their writers see them, page by page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.cast import ANN, AUDRA, CARL, MAX, MONDAY
from tests.complaints.letter_ways import (
    aside,
    number_of,
    sent,
    with_letter,
)
from tests.complaints.walk import complaint, complaint_at, received
from tests.pages import PageClient
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.complaints import letters
from workflow.complaints.facts import State
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused

SignIn = Callable[[Actor], PageClient]


def test_a_person_reads_a_letter_writes_a_paragraph_and_sends_it(house: House, sign_in: SignIn):
    reference, number = with_letter(house, words={"narrative": "No.", "language": "español"})
    ann, path = sign_in(ANN), f"/complaints/{reference}/letters/{number}"

    before = ann.get(path).text
    shown = ann.send(path, {"language": "es", "paragraph": "Llámenos.", "act": "look"})
    unseen = ann.send(path, {"language": "es", "paragraph": "Otra cosa.", "act": "send"})

    assert "Hemos recibido su queja" in before
    assert "Llámenos." in shown.text.partition("How it reads")[2]
    assert unseen.status_code == 422
    assert "not what this page showed" in unseen.text
    assert "Otra cosa." in unseen.text.partition("How it reads")[2], "nothing typed is lost"

    payload = re.search(r'name="payload"[^>]*value="([0-9a-f]{64})"', shown.text) or re.search(
        r'value="([0-9a-f]{64})"[^>]*name="payload"', shown.text
    )
    assert payload is not None
    answer = ann.send(
        path, {"language": "es", "paragraph": "Llámenos.", "act": "send", "payload": payload[1]}
    )
    assert answer.status_code == 302
    done = ann.get(path).text
    assert "On the secure page" in done
    assert "Llámenos." in done
    fetched = ann.send(path, {}, to=f"{path}/paper")
    assert fetched.data.startswith(b"%PDF")
    assert fetched.headers["Content-Disposition"].startswith("attachment")


def test_the_paper_that_is_fetched_before_is_the_paper_that_is_sent(house: House, sign_in: SignIn):
    reference, number = with_letter(house)
    ann, path = sign_in(ANN), f"/complaints/{reference}/letters/{number}"

    before = ann.send(path, {"language": "en", "act": "paper"})
    assert ann.send(path, {"language": "en", "act": "send"}).status_code == 302

    assert before.data == ann.send(path, {}, to=f"{path}/paper").data


def test_letters_wait_in_a_list_until_they_are_sent(house: House, sign_in: SignIn):
    ann = sign_in(ANN)
    assert "No letter waits." in ann.get("/complaints/letters").text
    reference, number = with_letter(house)
    other = complaint_at(house, State.NOTIFIED)

    page = ann.get("/complaints/letters").text
    sent(house, reference, number)
    after = ann.get("/complaints/letters").text

    assert "4 wait" in page
    assert reference in page
    assert page.count(f"/complaints/{other}/letters/") == 3
    assert "3 wait" in after
    assert reference not in after


def test_who_follows_a_complaint_reads_what_became_of_its_letters(house: House, sign_in: SignIn):
    reference, number = with_letter(house)

    for actor, sees, opens in ((ANN, True, 200), (MAX, True, 403), (AUDRA, False, 403), (CARL, False, 404)):
        browser = sign_in(actor)
        page = browser.get(f"/complaints/{reference}")
        assert ("waits to be sent" in page.text) == sees
        assert browser.get(f"/complaints/{reference}/letters/{number}").status_code == opens
        assert browser.get("/complaints/letters").status_code == opens


def test_a_number_of_no_letter_is_nowhere(house: House, sign_in: SignIn):
    reference, _ = with_letter(house)
    ann = sign_in(ANN)

    for path in ("2", "1/posted", "2/aside", "0", "9999"):
        assert ann.get(f"/complaints/{reference}/letters/{path}").status_code == 404
    with pytest.raises(NotThere):
        aside(house, reference, 2)


def test_what_cannot_be_printed_is_said_at_its_field_and_kept(house: House, sign_in: SignIn):
    reference, number = with_letter(house)
    path = f"/complaints/{reference}/letters/{number}"

    answer = sign_in(ANN).send(path, {"language": "en", "paragraph": "سلام", "act": "send"})

    assert answer.status_code == 422
    assert "The letter cannot show" in answer.text
    assert "سلام" in answer.text


def test_posting_and_setting_aside_have_their_pages(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.NOTIFIED)
    first, second = number_of(reference, "outcome"), number_of(reference, "outcome", "agency")
    sent(house, reference, first)
    ann = sign_in(ANN)

    posted = ann.send(f"/complaints/{reference}/letters/{first}/posted", {"posted_on": "2026-01-05"})
    left = ann.send(f"/complaints/{reference}/letters/{second}/aside", {"reason": "They know already."})
    asked = ann.send(f"/complaints/{reference}/letters/new", {"name": "need_more"})

    assert [answer.status_code for answer in (posted, left, asked)] == [302, 302, 302]
    page = ann.get(f"/complaints/{reference}").text
    for said in (
        "posted by hand on 5 January 2026",
        "They know already.",
        "Asking for more",
        "Letter set aside",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ({}, True),
        ({"letter_safe": "yes"}, True),
        ({"mail_safe": "yes"}, False),
        ({"phone_safe": "yes"}, False),
        ({"page_only": "yes", "letter_safe": "yes"}, False),
    ],
)
def test_an_address_is_printed_unless_another_way_was_said_to_be_the_safe_one(
    house: House, said: dict[str, str], may: bool
):
    contact = {"name": "Wren", "reach": "1 Nest Lane", **said}
    reference = received(house, contact=contact)

    try:
        lines = letters.address_of(house, complaint(reference), ANN, now=MONDAY)
    except Refused as refused:
        lines = tuple(refusal.code for refusal in refused.refusals)

    assert lines == (("Wren", "1 Nest Lane") if may else ("unsafe",))
