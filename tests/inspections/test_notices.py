"""Letters to the agency before and at a visit: read, then sent as they were shown, kept, fetched."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pikepdf
import pytest

from tests.cast import CARL, IRIS, IVAN, LEO, MONDAY, SAM
from tests.inspections.walk import for_cause, go, inspection, inspection_at, planned
from workflow.cases import letters
from workflow.cases.kinds import House
from workflow.engine.machine import Refused, Stale
from workflow.inspections.facts import State
from workflow.inspections.notices import NOTIFY, REQUEST, Chosen, compose, kept_letters, send
from workflow.messages.models import SentLetter

#: What somebody fills into the page.
GIVEN = {"language": "en", "documents": "The roster", "paragraph": "Bring the keys."}
ASKED = Chosen("en", "Bring the keys.", "The roster of officers\n\n  Training records \n")


def shown(reference: str, verb: str, chosen: Chosen = ASKED) -> Any:
    return compose(inspection(reference), verb, chosen, now=MONDAY)[0]


def sent(house: House, reference: str, verb: str = NOTIFY, chosen: Chosen = ASKED) -> SentLetter:
    """A letter that was read and sent, with its step."""
    made, seen = shown(reference, verb, chosen), inspection(reference).version
    number = send(house, reference, IRIS, verb, chosen, seen=seen, shown=made.digest, now=MONDAY)
    found = letters.letter_of(inspection(reference), number)
    assert found is not None
    return found


def said(house: House, reference: str, letter: SentLetter) -> str:
    return letters.text_of(inspection(reference), letter, house.keyring) or ""


def unannounced(house: House) -> str:
    reference = planned(house)
    go(house, reference, "schedule", "begin", unannounced=True)
    return reference


# --- what they say --------------------------------------------------------------------------------


def test_a_notice_says_when_how_what_is_asked_for_and_by_when(house: House):
    reference = inspection_at(house, State.SCHEDULED)

    text = shown(reference, NOTIFY).text

    for part in (
        "Notice of an inspection under your agreement",
        "Alder County Sheriff",
        "from January 5, 2026 to January 7, 2026, at a distance",
        "by January 19, 2026:\n\n• The roster of officers\n• Training records\n\nLeave out names",
        "Bring the keys.",
        f"Number {reference}",
    ):
        assert part in text, part
    assert "Aviso de una inspección" in shown(reference, NOTIFY, Chosen("es", "", "La lista")).text


def test_a_notice_for_cause_says_so_and_never_what_the_cause_is(house: House):
    reference = for_cause(house)
    go(house, reference, "schedule")

    text = shown(reference, NOTIFY).text

    assert "Notice of an inspection for cause" in text
    assert "does not say what the cause is" in text
    assert not re.search("refused|let nobody in", text)


def test_without_a_notice_the_letter_is_handed_over_at_the_visit(house: House):
    reference = unannounced(house)

    first = sent(house, reference, REQUEST)
    go(house, reference, "receive_documents")
    second = sent(house, reference, REQUEST)

    assert "An inspection without notice" in said(house, reference, first)
    assert "Documents for an inspection" in said(house, reference, second)
    assert (first.number, second.number) == (1, 2)


# --- as they were shown ---------------------------------------------------------------------------


def test_the_step_and_exactly_what_was_shown_go_out_together(house: House):
    reference = inspection_at(house, State.SCHEDULED)
    made = shown(reference, NOTIFY)

    letter = sent(house, reference)

    case = inspection(reference)
    assert case.state == State.NOTIFIED
    assert said(house, reference, letter) == made.text
    pdf = letters.pdf_of(case, letter, house.keyring)
    assert pdf == made.pdf
    assert b"Training records" not in letter.text + letter.pdf, "kept sealed"
    with pikepdf.open(io.BytesIO(pdf or b"")) as opened:
        assert "/StructTreeRoot" in opened.Root
    assert [e.verb for e in case.events][-2:] == ["follow_up", "send_letter"]
    assert [(k.number, k.label, k.is_kept) for k in kept_letters(case)] == [(1, "Notice", True)]


@pytest.mark.parametrize("wrong", ["changed", "stale", "blocked"])
def test_what_reads_otherwise_by_now_or_cannot_be_sends_nothing(house: House, wrong: str):
    reference = planned(house)
    go(house, reference, "schedule", unannounced=wrong == "blocked")
    made, seen = shown(reference, NOTIFY), inspection(reference).version
    now = MONDAY + timedelta(days=wrong == "changed")

    with pytest.raises((Refused, Stale)):
        send(
            house, reference, IRIS, NOTIFY, ASKED, seen=seen - (wrong == "stale"), shown=made.digest, now=now
        )

    case = inspection(reference)
    assert (case.state, case.version) == (State.SCHEDULED, seen)
    assert kept_letters(case) == ()


# --- the pages ------------------------------------------------------------------------------------


def test_a_notice_is_read_sent_and_fetched_by_the_agency_it_was_sent_to(house: House, sign_in):
    reference = inspection_at(house, State.SCHEDULED)
    iris, address = sign_in(IRIS), f"/inspections/{reference}/write/notify"
    assert "Show how it reads" in iris.get(f"/cases/{reference}/notify").text
    drawn = iris.get(address)
    assert "Send what is shown below" not in drawn.text, "nothing is sent unread"

    read = iris.submit(drawn, GIVEN, to=address)
    lacking = iris.submit(read, {**GIVEN, "documents": " "}, to=address)
    done = iris.submit(read, {**GIVEN, "act": "send"}, to=address)

    assert "• The roster" in read.text
    assert (lacking.status_code, "Bring the keys." in lacking.text) == (422, True)
    assert done.headers["Location"] == f"/inspections/{reference}"
    page = sign_in(CARL).get(f"/inspections/{reference}")
    assert "Notice (PDF)" in page.text
    paths = f"/inspections/{reference}/letters/1"
    assert [sign_in(who).get(paths).status_code for who in (CARL, SAM, IVAN)] == [200] * 3
    assert sign_in(LEO).get(paths).status_code == 403, "sees the case, reads none of its words"
    assert sign_in(CARL).get(paths).data == sign_in(SAM).get(paths).data
    assert sign_in(CARL).get(f"/inspections/{reference}/letters/2").status_code == 404


def test_a_page_that_somebody_overtook_is_shown_again_with_what_was_typed(house: House, sign_in):
    reference = inspection_at(house, State.SCHEDULED)
    iris, address = sign_in(IRIS), f"/inspections/{reference}/write/notify"
    read = iris.submit(iris.get(address), GIVEN, to=address)
    go(house, reference, "record_attempt")

    late = iris.submit(read, {**GIVEN, "act": "send"}, to=address)

    assert (late.status_code, "The roster" in late.text) == (409, True)
    assert inspection(reference).state == State.SCHEDULED


def test_an_attempt_shows_what_follows_from_it(house: House, sign_in):
    reference = inspection_at(house, State.NOTIFIED)
    go(house, reference, "record_attempt", attempt="access_refused")
    go(house, reference, "confirm_visit", reply="another_day")

    page = sign_in(SAM).get(f"/inspections/{reference}")

    for part in (
        "Access was refused",
        "decide what follows the refusal of access, due 6 Jan 2026",
        "The refusal is no reason to cancel.",
        "The agency asks for another day",
    ):
        assert part in page.text, part
    told = sign_in(CARL).get(f"/inspections/{reference}").text
    assert "The agency asks for another day" in told
    assert "refus" not in told, "what the office makes of it is not for the agency"
