"""The page of a complaint as a story: what it can be narrowed to, who had the contact opened, and print."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import ANN, AUDRA, BOB, LEO, MAX, MONDAY, RUTH, SAM
from tests.complaints.letter_ways import sent, with_letter
from tests.complaints.walk import complaint, complaint_at, received
from tests.documents.corpus import Sent
from tests.pages import PageClient
from workflow.cases.chronicle import key_of
from workflow.cases.kinds import House
from workflow.complaints.contacts import read_contact
from workflow.complaints.facts import State
from workflow.complaints.record import SHOWN, kinds_of
from workflow.complaints.witnesses import add_witness, read_witness
from workflow.db.session import session, transaction
from workflow.documents.models import Document
from workflow.documents.service import give_original
from workflow.documents.staging import stage
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]


def story(browser: PageClient, reference: str, shown: str = "") -> str:
    """What stands in the story of the page, as one line."""
    page = browser.get(f"/complaints/{reference}?shown={shown}")
    return " ".join(unescape(page.text).split('<ol class="timeline"')[1].split("</ol>")[0].split())


@pytest.mark.parametrize(
    ("shown", "holds", "holds_not"),
    [
        ("", "Assign", ": started"),
        ("steps", "Assign", "Finding proposed"),
        ("notes", "Finding proposed", ">Assign"),
        ("clocks", "started", ">Assign"),
        ("reads", "To acknowledge receipt", ">Assign"),
        ("nonsense", "Assign", ": started"),
    ],
)
def test_the_story_is_narrowed_by_the_address_alone(
    house: House, sign_in: SignIn, shown: str, holds: str, holds_not: str
):
    reference = complaint_at(house, State.DECIDED)
    read_contact(house, reference, ANN, "acknowledge", now=MONDAY)

    told = story(sign_in(RUTH), reference, shown)

    assert holds in told
    assert holds_not not in told


def test_every_kind_of_line_is_offered_and_what_is_chosen_is_said(house: House, sign_in: SignIn):
    reference = received(house)

    page = sign_in(RUTH).get(f"/complaints/{reference}?shown=clocks")

    assert all(f"shown={kind}#history-head" in page.text for kind in SHOWN)
    chosen = page.text.split("shown=clocks#history-head")[1].split(">")[0]
    assert 'aria-current="true"' in chosen


@pytest.mark.parametrize(
    ("verb", "kinds"),
    [
        ("triage", {"steps"}),
        ("decide.proposed", {"steps"}),
        ("void", {"steps"}),
        ("add_document", {"documents"}),
        ("link_evidence", {"documents"}),
        ("write_message", {"messages"}),
        ("send_letter", {"messages"}),
        ("read_messages", {"messages", "reads"}),
        ("allege", {"notes"}),
    ],
)
def test_each_event_is_a_line_of_its_kinds(verb: str, kinds: set[str]):
    assert kinds_of(verb) == kinds


def test_the_parts_of_the_page_stand_in_the_order_of_the_story(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.DECIDED)

    page = sign_in(RUTH).get(f"/complaints/{reference}")

    headings = re.findall(r"<h2 id=[^>]*>([^<]*)</h2>", page.text.split("<main")[1])
    assert headings[:6] == [
        "What can be done",
        "What was alleged",
        "What was done",
        "What was found",
        "What was answered",
        "Timeline",
    ]


def test_an_original_that_was_fetched_is_a_document_and_a_read_of_something_sealed(
    house: House, sign_in: SignIn, ctx: Flask
):
    cabinet = ctx.extensions["documents"]
    token = stage(cabinet, Sent("note.txt", b"What I saw."), holder="a test", now=MONDAY).token
    reference = received(house, documents=(token,), holder="a test")
    document, key = session().scalars(select(Document)).one(), key_of(complaint(reference), house.keyring)
    with transaction():
        give_original(cabinet, document, purpose="check", key=key, by=RUTH, now=MONDAY)

    for person, shown in ((RUTH, "documents"), (RUTH, "reads"), (RUTH, ""), (AUDRA, "reads")):
        told = story(sign_in(person), reference, shown)
        assert "Document 1: original fetched" in told, (person.name, shown)
        assert "To compare it with the safe copy" in told
    assert "original fetched" not in story(sign_in(RUTH), reference, "steps")
    assert "original fetched" not in story(sign_in(SAM), reference)


def test_hashes_stand_on_the_page_of_what_they_prove_and_in_no_history(
    house: House, sign_in: SignIn, ctx: Flask
):
    token = stage(ctx.extensions["documents"], Sent("note.txt", b"Seen."), holder="a test", now=MONDAY).token
    reference, number = with_letter(house, documents=(token,), holder="a test")
    letter, browser = sent(house, reference, number), sign_in(RUTH)

    for path in ("", "/print"):
        page = browser.get(f"/complaints/{reference}{path}").text
        assert "Document added" in page
        assert "Letter sent" in page
        assert letter.digest not in page
        assert re.search(r">\s*[0-9a-f]{64}\s*<", page) is None
    assert letter.digest in browser.get(f"/complaints/{reference}/letters/{number}").text


def test_a_look_at_a_witness_is_told_as_one(house: House, sign_in: SignIn):
    reference = received(house)
    witness = {"name": "Wren Canary", "reach": "555 0142"}
    seen = complaint(reference).version
    add_witness(house, reference, ANN, "saw_it", witness, seen=seen, now=MONDAY)
    read_witness(house, reference, RUTH, 1, "interview", now=MONDAY)

    told = story(sign_in(RUTH), reference, "reads")

    assert "Witness 1 opened" in told
    assert "To interview them" in told
    assert "Contact of the complainant read" not in told


def test_a_look_at_the_contact_stands_in_the_story_for_those_who_may_know(house: House, sign_in: SignIn):
    reference = received(house)
    read_contact(house, reference, ANN, "acknowledge", now=MONDAY)

    for person in (RUTH, LEO, MAX, AUDRA):
        told = story(sign_in(person), reference)
        assert "Contact of the complainant read" in told, person.name
        assert "Ann Intake" in told
        assert "Canary" not in told
    assert "Contact of the complainant read" not in story(sign_in(SAM), reference)
    assert "Contact of the complainant read" not in story(sign_in(SAM), reference, "reads")


def test_a_page_names_what_may_be_the_same(house: House, sign_in: SignIn):
    told = "They would not let her see an interpreter at the desk, and nobody said when one would come."
    reference, same = (received(house, words={"narrative": told}) for _ in range(2))

    page = sign_in(RUTH).get(f"/complaints/{reference}/alike")

    assert same in page.text
    assert "same agency, received on the same day, 100 % of the words alike" in page.text


def test_what_is_printed_tells_the_whole_and_never_who_complained(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.DECIDED)

    page = sign_in(RUTH).get(f"/complaints/{reference}/print")

    assert "They would not let her see an interpreter." in page.text
    assert "The log of the night." in page.text
    assert "Shown to Ruth Reviewer on 5 Jan 2026" in " ".join(page.text.split())
    assert not [word for word in ("Canary", "555 0142", "after six") if word in page.text]
    assert "usa-button" not in page.text.split("<main")[1].split("</main>")[0]


def test_what_is_printed_holds_no_more_than_the_page(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.DECIDED)

    for person in (SAM, AUDRA):
        page = sign_in(person).get(f"/complaints/{reference}/print")
        assert "They would not let her" not in page.text
        assert "The log of the night." not in page.text
    assert sign_in(BOB).get(f"/complaints/{reference}/print").status_code == 404
