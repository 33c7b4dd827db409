"""Letters of a complaint as they are sent and kept: what was shown is what goes out, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.cast import ANN, LEO, MONDAY
from tests.complaints.letter_ways import (
    BASE,
    composed,
    sent,
    with_letter,
)
from tests.complaints.walk import complaint, go
from tests.pages import PageClient
from tests.pdf import words_on
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.cases.verify import verify
from workflow.complaints import letter_lists, letters, mailbox
from workflow.complaints.letters import Chosen
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale
from workflow.messages.models import SentLetter

SignIn = Callable[[Actor], PageClient]


def test_what_was_shown_is_what_is_kept_byte_for_byte(house: House):
    reference, number = with_letter(house)
    shown = composed(house, reference, number, paragraph="Call us.")

    letter = sent(house, reference, number, paragraph="Call us.")

    case = complaint(reference)
    assert letter_lists.text_of(case, letter, house.keyring) == shown.text
    assert letter_lists.pdf_of(case, letter, house.keyring) == shown.pdf
    [event] = [e for e in case.events if e.verb == "send_letter"]
    assert event.codes == {
        "letter": number,
        "name": "acknowledgement",
        "to": "complainant",
        "language": "en",
        "digest": letter.digest,
    }
    assert letter.digest != shown.digest, "the digest in the open is keyed"
    assert b"Call us" not in event.canon
    assert verify().breaks == ()


def test_the_words_stand_on_paper_too(house: House):
    reference, number = with_letter(house, "outcome")

    letter = sent(house, reference, number, language="es", paragraph="Llámenos mañana.")

    pdf = letter_lists.pdf_of(complaint(reference), letter, house.keyring)
    assert pdf is not None
    on_paper = re.sub(r"\s", "", words_on(pdf))
    for said in ("El resultado de su queja", "Llámenos mañana.", reference, "Office of the tests"):
        assert re.sub(r"\s", "", said) in on_paper


@pytest.mark.parametrize(
    "other", [{"paragraph": "Other."}, {"language": "es"}, {"now": MONDAY + timedelta(days=1)}]
)
def test_what_reads_otherwise_than_shown_is_not_sent(house: House, other: dict[str, Any]):
    reference, number = with_letter(house)
    shown = composed(house, reference, number).digest
    chosen = {"language": "en", **{k: v for k, v in other.items() if k != "now"}}

    with pytest.raises(Refused, match="not what this page showed"):
        letters.send(
            house,
            reference,
            ANN,
            number,
            Chosen(**chosen),
            seen=complaint(reference).version,
            shown=shown,
            base_url=BASE,
            now=other.get("now", MONDAY),
        )

    assert letter_lists.letter_of(complaint(reference), number) is None
    assert "send_letter" not in {e.verb for e in complaint(reference).events}


def test_a_letter_is_sent_once(house: House):
    reference, number = with_letter(house)
    sent(house, reference, number)

    with pytest.raises(Refused, match="sent or set aside already"):
        sent(house, reference, number, by=LEO)

    assert len(session().scalars(select(SentLetter)).all()) == 1


def test_a_page_that_was_overtaken_sends_nothing(house: House):
    reference, number = with_letter(house)
    made, seen = composed(house, reference, number), complaint(reference).version
    go(house, reference, "triage")

    with pytest.raises(Stale):
        letters.send(
            house,
            reference,
            ANN,
            number,
            Chosen("en"),
            seen=seen,
            shown=made.digest,
            base_url=BASE,
            now=MONDAY,
        )


@pytest.mark.parametrize(
    "change", ["text = pdf", "digest = 'x'", "on_page_at = NULL", "sent_by_id = 101 + 1"]
)
def test_the_database_keeps_a_sent_letter_as_it_went_out(house: House, change: str):
    reference, number = with_letter(house)
    sent(house, reference, number)

    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(text(f"UPDATE letter SET {change}"))
    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(text("DELETE FROM letter"))


def test_an_erased_complaint_gets_no_letter_and_shows_none(house: House):
    reference, number = with_letter(house)
    sent(house, reference, number, paragraph="Call us.")
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None))
    session().expunge_all()

    case = complaint(reference)
    letter = letter_lists.letter_of(case, number)
    assert letter is not None
    assert letter_lists.text_of(case, letter, house.keyring) is None
    [message] = mailbox.messages_of(case, house)
    assert message.text == "erased"
