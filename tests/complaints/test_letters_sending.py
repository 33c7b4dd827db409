"""Letters of a complaint on their way: where each goes, what is not set aside, what takes longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update

from tests.cast import ANN, MONDAY, RUTH, SAM
from tests.complaints.letter_ways import (
    BASE,
    CANARY,
    LONG_AFTER,
    SAFE_MAIL,
    aside,
    mails,
    number_of,
    sent,
    with_letter,
)
from tests.complaints.walk import complaint, complaint_at, go, imported, received
from tests.pages import PageClient
from tests.pdf import words_on
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.cases.sweep import addresses, hearers, sweep
from workflow.cases.undoing import undo
from workflow.complaints import letter_lists, letters, mailbox
from workflow.complaints.asking import question
from workflow.complaints.contacts import change_contact
from workflow.complaints.facts import State
from workflow.complaints.models import ContactReading
from workflow.complaints.search import search
from workflow.complaints.word_index import reindex
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.messages.delivery import deliver
from workflow.messages.models import Outbox

SignIn = Callable[[Actor], PageClient]


# --- how it reaches them --------------------------------------------------------------------------


def test_a_sent_letter_lies_on_the_secure_page_word_for_word(house: House):
    reference, number = with_letter(house)
    assert mailbox.messages_of(complaint(reference), house) == []

    letter = sent(house, reference, number, paragraph="Call us.")

    [message] = mailbox.messages_of(complaint(reference), house)
    assert (message.kind, message.at, message.from_office) == (mailbox.LETTER, MONDAY, True)
    kept = letter_lists.text_of(complaint(reference), letter, house.keyring)
    assert message.text == kept
    [line] = letter_lists.lines_of(complaint(reference))
    assert line.standing == "on the secure page"


def test_letters_to_others_do_not_lie_there(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    for to in ("subject", "agency"):
        sent(house, reference, number_of(reference, "outcome", to))

    assert mailbox.messages_of(complaint(reference), house) == []


def test_word_of_a_letter_goes_to_one_safe_mailbox_and_says_nothing(house: House, tmp_path: Path):
    words_told = {"narrative": f"The {CANARY} sang", "language": "Spanish"}
    reference = complaint_at(house, State.DECIDED, contact=SAFE_MAIL, words=words_told)
    go(house, reference, "notify")
    for to in ("complainant", "subject", "agency"):
        sent(
            house,
            reference,
            number_of(reference, "outcome", to),
            language="es" if to == "complainant" else "en",
        )

    [mail] = [m for m in mails(house, tmp_path) if "Plumbline" not in str(m["Subject"])]

    assert mail["To"] == f"{CANARY}@nest.test"
    assert mail["Cc"] is mail["Bcc"] is None
    assert mail["From"] == "no-reply@complaints.example.test"
    assert mail["Subject"] == "Un mensaje para usted"
    assert not mail.is_multipart()
    body = mail.get_payload(decode=True).decode()
    assert body.split() == [
        *["Hay", "un", "mensaje", "nuevo", "para", "usted.", "Para", "leerlo,", "abra", "esta", "página:"],
        f"{BASE}/report/status",
    ]
    del mail["To"]
    whole = mail.as_string()
    for confidential in (CANARY, reference, "Wren", "queja", "complaint ", "Alder", "plumbline", "Office of"):
        assert confidential not in whole
    [line] = [each for each in letter_lists.lines_of(complaint(reference)) if each.party == "the complainant"]
    assert line.standing == "on the secure page, e-mail sent"


def test_no_mail_goes_where_nobody_said_that_it_is_safe(house: House, tmp_path: Path):
    for contact in (
        {"reach": f"{CANARY}@nest.test"},
        {"reach": "555 0142", "mail_safe": "yes"},
        {"reach": "a@nest.test or b@nest.test", "mail_safe": "yes"},
    ):
        reference, number = with_letter(house, contact=contact)
        sent(house, reference, number)

    assert [m for m in mails(house, tmp_path) if "Plumbline" not in str(m["Subject"])] == []
    assert session().scalars(select(Outbox).where(Outbox.kind == "mail")).all() == []


def test_no_mail_goes_to_an_address_that_was_taken_back(house: House, tmp_path: Path):
    reference, number = with_letter(house, contact=SAFE_MAIL)
    sent(house, reference, number)
    change_contact(house, reference, ANN, {}, seen=complaint(reference).version, now=MONDAY)

    assert [m for m in mails(house, tmp_path) if "Plumbline" not in str(m["Subject"])] == []
    [line] = letter_lists.lines_of(complaint(reference))
    assert line.standing == "on the secure page, no e-mail: the address is gone"


def test_a_mail_that_fails_leaves_no_address_behind(house: House, tmp_path: Path):
    reference, number = with_letter(house, contact=SAFE_MAIL)
    sent(house, reference, number)
    (tmp_path / "taken").write_text("a file")

    for day in range(8):
        deliver(
            f"file://{tmp_path}/taken/{CANARY}",
            may_hear=hearers(now=MONDAY),
            now=MONDAY + timedelta(days=day),
            base_url=BASE,
            address_of=addresses(house),
        )

    row = session().scalars(select(Outbox).where(Outbox.kind == "mail")).one()
    assert (row.state, row.problem) == ("failed", "The mail server did not take it.")
    assert "e-mail failed" in letter_lists.lines_of(complaint(reference))[0].standing


def test_name_and_address_fit_the_window_or_the_letter_goes_without(house: House):
    contact = {
        "name": "Dolores\nCanary",
        "reach": "Apartment 4, 12 Long Elm Street North-West, Macon, Georgia 31201",
    }
    reference, number = with_letter(house, contact=contact)
    case = complaint(reference)

    lines = letters.address_of(house, case, ANN, now=MONDAY)

    assert lines[:2] == ("Dolores", "Canary")
    assert len(lines) <= 5
    assert max(map(len, lines)) <= 42
    letter = sent(house, reference, number, address=lines)
    readings = session().scalars(select(ContactReading).where(ContactReading.complaint_id == case.id)).all()
    assert [r.purpose for r in readings] == ["tell", "tell"]
    pdf = letter_lists.pdf_of(case, letter, house.keyring)
    assert pdf is not None
    assert "Canary" in words_on(pdf)
    assert "Canary" not in (letter_lists.text_of(case, letter, house.keyring) or ""), "on paper alone"


def test_a_letter_sent_on_paper_alone_is_found_by_its_words_until_it_is_erased(house: House):
    reference, number = with_letter(house, "need_more", contact={"name": "Wren", "reach": "12 Elm Street"})
    with transaction() as s:
        s.execute(text("DELETE FROM receipt_code"))

    letter = sent(house, reference, number, paragraph="Which lantern was lit in the north corridor?")

    assert letter.on_page_at is None
    for typed in ("lantern", '"north corridor"', '"was lit" -thursday'):
        assert found_by(house, typed) == [reference]
        assert found_by(house, typed, SAM) == []
    assert found_by(house, "wren") == found_by(house, '"corridor north"') == []
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None, erased_at=MONDAY))
    assert reindex(house.keyring) == 1
    assert found_by(house, "lantern") == found_by(house, '"north corridor"') == []


def test_a_letter_to_somebody_else_is_not_what_was_said_to_the_complainant(house: House):
    reference = complaint_at(house, State.DECIDED)
    go(house, reference, "notify")

    sent(house, reference, number_of(reference, "outcome", "subject"), paragraph="Kept in the lantern room.")

    assert found_by(house, "lantern") == []


def found_by(house: House, typed: str, by: Actor = RUTH) -> list[str]:
    found = search(question(typed, types={}), by, house.keyring, zone=ZoneInfo("America/New_York"))
    return [c.reference for c in found.page.rows]


def test_fetching_a_paper_with_an_address_is_a_look_at_the_contact(house: House, sign_in: SignIn):
    reference, number = with_letter(house, contact={"name": "Wren", "reach": "12 Elm Street"})
    path = f"/complaints/{reference}/letters/{number}"
    sent(house, reference, number, address=letters.address_of(house, complaint(reference), ANN, now=MONDAY))

    fetched = sign_in(RUTH).send(path, {}, to=f"{path}/paper")

    assert fetched.data.startswith(b"%PDF")
    looked = session().scalars(select(ContactReading.person_id).order_by(ContactReading.id)).all()
    assert looked == [ANN.id, ANN.id, RUTH.id]


def test_an_address_too_large_for_the_window_is_said(house: House):
    reference, _ = with_letter(house, contact={"name": "A\nB\nC", "reach": "d\ne\nf"})

    with pytest.raises(Refused, match="take 6 lines; the window of an envelope shows 5"):
        letters.address_of(house, complaint(reference), ANN, now=MONDAY)


def test_a_letter_was_posted_on_a_day_that_can_be(house: House):
    reference, number = with_letter(house)
    sent(house, reference, number)

    for on in (date(2026, 1, 4), date(2026, 1, 6)):
        with pytest.raises(Refused, match="on the day it was sent or later, and not in the future"):
            post(house, reference, number, on)
    post(house, reference, number, date(2026, 1, 5))
    with pytest.raises(Refused, match="recorded already"):
        post(house, reference, number, date(2026, 1, 5))

    [line] = letter_lists.lines_of(complaint(reference))
    assert line.standing == "on the secure page, posted by hand on 5 January 2026"


def post(house: House, reference: str, number: int, on: date) -> None:
    seen = complaint(reference).version
    letters.record_posting(house, reference, ANN, number, on, seen=seen, now=MONDAY)


def test_an_answer_that_is_owed_is_not_set_aside(house: House):
    reference = complaint_at(house, State.NOTIFIED)

    with pytest.raises(Refused, match="is owed this letter"):
        aside(house, reference, number_of(reference, "outcome"))
    aside(house, reference, number_of(reference, "outcome", "subject"))

    standing = {line.party: line.standing for line in letter_lists.lines_of(complaint(reference))}
    assert standing["whom it is about"] == "not sent"
    assert standing["the complainant"] == "waits to be sent"


def test_where_there_is_no_way_the_letter_says_so_and_can_be_set_aside(house: House):
    reference = complaint_at(house, State.DECIDED, contact={})
    with transaction() as s:
        s.execute(text("DELETE FROM receipt_code"))
    go(house, reference, "notify")
    number = number_of(reference, "outcome")

    said = [line.standing for line in letter_lists.lines_of(complaint(reference)) if line.number == number]
    aside(house, reference, number)

    assert said == ["cannot be delivered: no contact and no code"]


def test_undoing_a_step_takes_its_letters_back(house: House):
    reference = complaint_at(house, State.NOTIFIED)
    undo(house, reference, ANN, reason="Too early.", seen=complaint(reference).version, now=MONDAY)

    assert {line.standing for line in letter_lists.lines_of(complaint(reference))} == {"not sent"}
    with pytest.raises(Refused, match="sent or set aside"):
        sent(house, reference, number_of(reference, "outcome"))


# --- what takes longer ----------------------------------------------------------------------------


def delays(reference: str) -> int:
    return sum(row.name == "delay" for row in letter_lists.wanted(complaint(reference)))


def test_it_is_told_that_it_takes_longer_once_for_every_thirty_days(house: House):
    reference = received(house)
    counted = []
    for days in (30, 31, 31, 45, 60, 61, 91, 200, 200):
        sweep(house, now=MONDAY + timedelta(days=days))
        counted.append(delays(reference))

    assert counted == [0, 1, 1, 1, 1, 2, 3, 4, 4]


def test_nothing_is_told_of_what_was_brought_in_ended_or_has_nobody_to_tell(house: House):
    brought = imported(house, "received")
    with transaction() as s:
        s.execute(text("UPDATE complaint SET contact_possible = true"))
    others = [
        brought,
        received(house, contact={}),
        complaint_at(house, State.NOTIFIED),
        complaint_at(house, State.CLOSED),
        complaint_at(house, State.MERGED),
    ]

    sweep(house, now=LONG_AFTER)

    assert [delays(reference) for reference in others] == [0, 0, 0, 0, 0]
