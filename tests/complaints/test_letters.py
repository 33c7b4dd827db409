"""What letters of a complaint say, and that nothing in them gives away who complained."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from tests.cast import ANN, MAX, MONDAY
from tests.complaints.letter_ways import (
    composed,
    number_of,
    sent,
    with_letter,
)
from tests.complaints.walk import ask, complaint, complaint_at, go, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints import allegations, contacts
from workflow.complaints.facts import CLOSING_REASONS, DESTINATIONS, State
from workflow.complaints.letter_kinds import LETTERS
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.messages.models import SentLetter
from workflow.messages.wording import words

SignIn = Callable[[Actor], PageClient]


# --- every letter, in both languages --------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", [name for name, _ in LETTERS])
def test_every_letter_to_a_complainant_can_be_written_in_both_languages(
    house: House, name: str, language: str
):
    reference, number = with_letter(house, name)

    made = composed(house, reference, number, language=language, paragraph="Call us.")

    assert reference in made.text
    assert "Call us." in made.text
    assert "{{" not in made.text
    assert "Canary" not in made.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("to", ["subject", "agency"])
def test_an_outcome_is_told_to_each_party_in_both_languages(house: House, to: str, language: str):
    reference = complaint_at(house, State.NOTIFIED)

    made = composed(house, reference, number_of(reference, "outcome", to), language=language)

    assert "8 CFR 287.10" in made.text
    assert words(language)["dispositions"]["sustained"] in made.text
    assert words(language)["months"][0] in made.text
    before, _, after = made.text.partition(f"{reference}\n")
    after = after.replace(reference, "")
    assert not re.search(r"\b5\b", after), "the day is told on the letterhead alone"
    assert before


def test_where_nothing_is_sustained_the_subject_is_told_so_and_nothing_goes_to_the_file(house: House):
    reference = complaint_at(house, State.IN_REVIEW)
    allegations.dispose(
        house,
        reference,
        MAX,
        1,
        "unfounded",
        "preponderance",
        "No.",
        seen=complaint(reference).version,
        now=MONDAY,
    )
    ask(house, reference, "decide")
    go(house, reference, "notify")

    made = composed(house, reference, number_of(reference, "outcome", "subject"))

    assert made.title == "A complaint that was not sustained"
    assert "nothing about it is put into your personnel file (8 CFR 287.10)" in made.text


def test_the_agency_reads_a_warning_a_month_and_nothing_of_who_complained(house: House):
    reference = complaint_at(house, State.NOTIFIED, channel="telephone")

    made = composed(house, reference, number_of(reference, "outcome", "agency"))

    assert "Warning. Nobody may be punished" in made.text
    assert "in January 2026" in made.text
    for given_away in ("January 5, 2026 ", "telephone", "Dolores", "555 0142", "interpreter see"):
        assert given_away not in made.text.partition("The outcome")[2]


@pytest.mark.parametrize("reason", [code for code, _ in CLOSING_REASONS])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_closing_reason_has_its_words(house: House, reason: str, language: str):
    reference = complaint_at(house, State.TRIAGED, contact={})
    go(house, reference, "close_without_finding", closing_reason=reason)

    made = composed(house, reference, number_of(reference, "closed_without_finding"), language=language)

    assert words(language)["closing"][reason] in made.text


@pytest.mark.parametrize("destination", [code for code, _ in DESTINATIONS])
def test_every_authority_has_its_words(house: House, destination: str):
    reference = complaint_at(house, State.TRIAGED)
    go(house, reference, "refer_out", destination=destination, risk="Low", consent="Yes")

    made = composed(house, reference, number_of(reference, "referral"))

    assert words("en")["destinations"][destination] in made.text


@pytest.mark.parametrize("to", ["complainant", "subject", "agency"])
@pytest.mark.parametrize("verb", ["close_without_finding", "withdraw", "reject_no_jurisdiction"])
def test_an_end_without_a_finding_is_told_as_one(house: House, verb: str, to: str):
    reference = received(house, allegations=("interpreter",))
    go(house, reference, "triage", verb, "notify")

    made = composed(house, reference, number_of(reference, "outcome", to))

    assert "No finding was made." in made.text


def test_no_jurisdiction_says_where_to_go(house: House):
    reference, number = with_letter(house, "no_jurisdiction")

    assert "You can take it here: The ombudsman" in composed(house, reference, number).text


def test_a_letter_that_asks_for_more_has_to_ask_something(house: House):
    reference, number = with_letter(house, "need_more")

    with pytest.raises(Refused, match="says nothing yet"):
        composed(house, reference, number, paragraph=" ")


def test_an_office_without_a_way_to_answer_writes_no_letter(house: House):
    reference, number = with_letter(house)
    with transaction() as s:
        s.execute(text("UPDATE office SET contact = ''"))

    with pytest.raises(Refused, match="how to answer"):
        composed(house, reference, number)


# --- what must not stand in it --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraph", "says"),
    [
        ("Ms. Canary was heard.", "the complainant or a witness"),
        ("Ask DOLORES about it.", "the complainant or a witness"),
        ("Call 555-0142.", "the complainant or a witness"),
        ("Her number is 123-45-6789.", "a number or a birth date"),
        ("He said they would not let her see an interpreter, twice.", "word for word"),
        ("It was on March 4, at night.", "Name the month"),
        ("Fue el 4 de marzo.", "Name the month"),
        ("It was on 3/4/2026.", "Name the month"),
    ],
)
@pytest.mark.parametrize("to", ["subject", "agency"])
def test_nothing_goes_to_the_other_side_that_says_who_complained(
    house: House, to: str, paragraph: str, says: str
):
    reference = complaint_at(house, State.NOTIFIED)

    with pytest.raises(Refused, match=says):
        sent(house, reference, number_of(reference, "outcome", to), paragraph=paragraph)

    assert session().scalars(select(SentLetter)).all() == []


@pytest.mark.parametrize("contact", [{}, {"name": "Somebody Else", "reach": "555 0999"}])
def test_nor_by_a_contact_that_rules_no_more(house: House, contact: dict[str, str]):
    reference = complaint_at(house, State.NOTIFIED)
    contacts.change_contact(house, reference, ANN, contact, seen=complaint(reference).version, now=MONDAY)

    number = number_of(reference, "outcome", "agency")
    with pytest.raises(Refused, match="the complainant or a witness"):
        sent(house, reference, number, paragraph="Ms. Canary was heard.")


def test_a_plain_paragraph_does_go_there(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    letter = sent(
        house, reference, number_of(reference, "outcome", "agency"), paragraph="Train the night shift."
    )

    assert letter.on_page_at is None, "the secure page is the complainant's"


def test_a_place_that_nobody_filled_stops_the_letter(house: House):
    reference, number = with_letter(house)

    with pytest.raises(Refused, match="that nobody has filled"):
        sent(house, reference, number, paragraph="Dear {{name}}, yes.")
