"""Messages with the complainant on the side of the office: who reads, who writes, what is left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.cases.test_query_counts import counted
from tests.cast import ADA, ANN, AUDRA, CARL, IRIS, LEO, MAX, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, imported, received
from tests.house.test_sealed_words import leaks
from tests.pages import PageClient
from workflow.cases.followups import open_ones
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.complaints import mailbox, word_index
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale

SignIn = Callable[[Actor], PageClient]
ASKED, ANSWERED = "Which day was it, Wren?", "A Friday, says Wren."


def asked(house: House, reference: str, text: str = ASKED, key: str | None = None) -> None:
    seen = complaint(reference).version
    mailbox.write_to_complainant(house, reference, RUTH, text, seen=seen, key=key, now=MONDAY)


def test_both_sides_are_kept_in_order_sealed_and_in_the_history(house: House):
    reference = received(house)

    asked(house, reference)
    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY + timedelta(hours=1))

    found = mailbox.messages_of(complaint(reference), house)
    assert [(m.number, m.text, m.from_office) for m in found] == [(1, ASKED, True), (2, ANSWERED, False)]
    verbs = [e.verb for e in complaint(reference).events]
    assert (verbs.count("write_message"), verbs.count("take_message")) == (1, 1)
    assert leaks("Wren") == set()
    assert verify().breaks == ()


def test_a_message_sent_twice_is_one(house: House):
    reference = received(house)
    asked(house, reference, key="a form")
    asked(house, reference, key="a form")
    for _ in range(2):
        mailbox.answer(house, reference, ANSWERED, key="another", now=MONDAY)

    assert len(mailbox.messages_of(complaint(reference), house)) == 2


def test_a_message_is_never_rewritten(house: House):
    reference = received(house)
    asked(house, reference)

    for statement in ("UPDATE mailbox_message SET kind = 'letter'", "DELETE FROM mailbox_message"):
        with pytest.raises(DBAPIError), transaction() as s:
            s.execute(text(statement))


def test_what_the_complainant_writes_is_work_once_until_it_was_read(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)
    mailbox.answer(house, reference, "And another thing.", key=None, now=MONDAY)
    [work] = open_ones(complaint(reference), "message")
    holder = work.task.holder_id

    marked = mailbox.mark_read(house, reference, RUTH, seen=complaint(reference).version, now=MONDAY)

    assert holder == complaint(reference).owner_id
    assert marked == 2
    assert open_ones(complaint(reference), "message") == []
    assert all(m.is_read for m in mailbox.messages_of(complaint(reference), house))
    assert mailbox.mark_read(house, reference, RUTH, seen=complaint(reference).version, now=MONDAY) == 0


def test_a_message_after_the_end_is_work_all_the_same(house: House):
    reference = complaint_at(house, State.CLOSED)

    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)

    assert [w.task.closed_at for w in open_ones(complaint(reference), "message")] == [None]
    assert complaint(reference).state == State.CLOSED


def test_where_nobody_has_a_code_nobody_writes(house: House, sign_in: SignIn):
    reference = imported(house, "received")

    with pytest.raises(Refused, match="Nobody has a code"):
        asked(house, reference)

    assert "Nobody has a code" in sign_in(RUTH).get(f"/complaints/{reference}/messages").text


def test_writing_over_somebody_elses_change_is_refused(house: House):
    reference = received(house)
    seen = complaint(reference).version
    asked(house, reference)

    with pytest.raises(Stale):
        mailbox.write_to_complainant(house, reference, RUTH, "Again?", seen=seen, key=None, now=MONDAY)


def test_a_letter_is_handed_over_word_for_word(house: House):
    reference = received(house)

    with transaction():
        mailbox.deliver(house, complaint(reference), 7, "Dear complainant", by=ANN, now=MONDAY)

    [letter] = mailbox.messages_of(complaint(reference), house)
    assert (letter.kind, letter.text, letter.from_office) == ("letter", "Dear complainant", True)


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [ANN, RUTH, LEO], ids=lambda a: a.name)
def test_who_deals_with_complainants_reads_and_writes(sign_in: SignIn, house: House, person: Actor):
    reference = received(house)
    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)
    browser = sign_in(person)
    page = f"/complaints/{reference}/messages"

    assert "1 not read yet" in browser.get(f"/complaints/{reference}").text
    assert ANSWERED in browser.get(page).text
    assert browser.send(page, {}, to=f"{page}/read").status_code == 302
    assert "not read yet" not in browser.get(page).text
    assert browser.send(page, {"message": ASKED}).status_code == 302
    assert ASKED in browser.get(page).text


def test_a_manager_reads_and_does_not_write(sign_in: SignIn, house: House):
    reference = received(house)
    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)
    seen = complaint(reference).version

    page = sign_in(MAX).get(f"/complaints/{reference}/messages").text

    assert ANSWERED in page
    assert 'name="message"' not in page
    with pytest.raises(Refused):
        mailbox.write_to_complainant(house, reference, MAX, ASKED, seen=seen, key=None, now=MONDAY)
    with pytest.raises(Refused):
        mailbox.mark_read(house, reference, MAX, seen=seen, now=MONDAY)


def test_the_work_a_message_asks_for_leads_to_the_messages(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)
    [work] = open_ones(complaint(reference), "message")

    opened = sign_in(RAY).get(f"/cases/{reference}/follow-ups/{work.number}")

    assert opened.location.startswith(f"/complaints/{reference}/messages")


def test_a_word_of_a_message_is_found_by_whoever_reads_it(house: House):
    reference = received(house)
    mailbox.answer(house, reference, "The sparrow sang.", key=None, now=MONDAY)
    tokens = word_index.tokens_of(["sparrow"], house.keyring)

    found = session().scalars(select(Complaint.reference).where(word_index.holding([[tokens]]))).all()

    assert found == [reference]


@pytest.mark.parametrize("person", [SAM, IRIS, PAM, AUDRA, ADA, CARL], ids=lambda a: a.name)
def test_nobody_else_does(sign_in: SignIn, house: House, person: Actor):
    reference = received(house)
    mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)
    browser = sign_in(person)

    shut = 404 if person is CARL else 403
    assert browser.get(f"/complaints/{reference}/messages").status_code == shut
    assert "Messages with the complainant" not in browser.get(f"/complaints/{reference}").text


def test_a_message_that_cannot_be_sent_keeps_what_was_typed(sign_in: SignIn, house: House):
    reference = received(house)
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/{reference}/messages")
    asked(house, reference)

    stale = browser.submit(page, {"message": "Typed meanwhile"}, to=f"/complaints/{reference}/messages")
    numbered = browser.send(f"/complaints/{reference}/messages", {"message": "Is it 123-45-6789?"})

    assert (stale.status_code, numbered.status_code) == (409, 422)
    assert "Typed meanwhile" in stale.text
    assert "Is it 123-45-6789?" in numbered.text


def test_reading_messages_takes_one_query_however_many_there_are(house: House):
    reference = received(house)
    for _ in range(5):
        mailbox.answer(house, reference, ANSWERED, key=None, now=MONDAY)
    case = complaint(reference)
    mailbox.messages_of(case, house)  # the key of the case is opened once

    with counted() as statements:
        found = mailbox.messages_of(case, house)

    assert len(found) == 5
    assert len(statements) == 1, statements
