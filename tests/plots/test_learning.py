"""Fifteen plots to learn who complained; each finds nothing, or leaves a mark that it was tried."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.cast import ADA, ANN, AUDRA, BOB, CARL, CAST, IRIS, LEO, MAX, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.walk import PEPPER, complaint, complaint_at, received
from tests.pages import PageClient
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.cases.sweep import hearers
from workflow.cases.verify import exported
from workflow.complaints import contacts, receipt
from workflow.complaints.facts import State
from workflow.complaints.models import ContactReading
from workflow.complaints.queries import complaint_by_code
from workflow.db.base import Base
from workflow.db.session import db, session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.messages.delivery import deliver

SignIn = Callable[[Actor], PageClient]
#: In every field that says who complained.
NAME = "Wren Nightingale"
CONTACT = {"name": NAME, "reach": "wren.nightingale@nest.test", "safe": "after Nightingale time"}
CANARIES = ("nightingale", "wren.")


@pytest.fixture
def told(house: House) -> str:
    """A complaint about Carl's own agency, from somebody with a name, far along its way."""
    return complaint_at(house, State.CLOSED, contact=CONTACT)


def names(text_: str) -> list[str]:
    return [c for c in CANARIES if c in text_.lower()]


def pages_of(app: Flask, reference: str) -> Iterator[str]:
    """Every address that can be opened, with what a stranger would put into its gaps."""
    gaps = {"reference": reference, "verb": "close", "number": 1, "name": "resolve", "area": "officers"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.arguments <= gaps.keys():
                filled = rule.rule
                for gap in rule.arguments:
                    filled = filled.replace(f"<int:{gap}>", str(gaps[gap])).replace(
                        f"<{gap}>", str(gaps[gap])
                    )
                yield filled


# --- the agency ----------------------------------------------------------------------------------


def test_the_agency_opens_every_page_there_is_and_reads_no_name(app: Flask, sign_in: SignIn, told: str):
    carl = sign_in(CARL)
    carl.checks = False

    read = {path: carl.get(path) for path in pages_of(app, told)}

    assert len(read) > 40
    assert [path for path, answer in read.items() if names(answer.text + str(answer.headers))] == []


def test_the_agency_asks_for_a_complaint_and_for_none_and_cannot_tell_them_apart(sign_in: SignIn, told: str):
    carl = sign_in(CARL)

    there = carl.get(f"/cases/{told}")
    nowhere = carl.get("/cases/C-2026-00000000-0")

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert len(there.text) == len(nowhere.text)


def test_the_agency_looks_for_the_name_and_finds_nothing(sign_in: SignIn, told: str):
    carl = sign_in(CARL)

    answer = carl.get("/search?q=zzznothing")
    asked = carl.get(f"/search?q={NAME.split()[1]}")

    assert told not in asked.text
    assert answer.status_code == asked.status_code


def test_the_agency_reads_the_count_of_its_complaints_off_its_work_and_there_is_none(
    sign_in: SignIn, told: str
):
    page = sign_in(CARL).get("/queue")

    assert told not in page.text
    assert "Complaint about" not in page.text


# --- people of the office who have no business with it --------------------------------------------


@pytest.mark.parametrize("curious", [SAM, IRIS, BOB, MAX, PAM, AUDRA, ADA], ids=lambda a: a.name)
def test_somebody_without_the_role_asks_for_the_contact_and_it_is_not_there(
    sign_in: SignIn, told: str, curious: Actor
):
    browser = sign_in(curious)

    answer = browser.get(f"/complaints/{told}/contact")

    assert answer.status_code in (403, 404)
    assert names(answer.text) == []


def test_a_colleague_looks_without_saying_what_for_and_is_refused(house: House, told: str):
    with pytest.raises(Refused):
        contacts.read_contact(house, told, RUTH, "curiosity", now=MONDAY)

    assert session().scalars(select(ContactReading)).all() == []


def test_a_colleague_who_may_look_leaves_a_mark_that_nobody_can_remove(house: House, told: str):
    contacts.read_contact(house, told, LEO, "tell", now=MONDAY)
    session().rollback()

    [mark] = session().execute(select(ContactReading.person_id, ContactReading.purpose)).all()
    session().rollback()
    assert tuple(mark) == (LEO.id, "tell")
    for statement in ("DELETE FROM contact_reading", "UPDATE contact_reading SET person_id = 101"):
        with db.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))


def test_a_friend_of_the_officer_is_recused_and_finds_no_trace_of_it(
    sign_in: SignIn, house: House, told: str
):
    with transaction() as s:
        s.add(
            Recusal(
                case_id=complaint(told).id,
                person_id=RAY.id,
                declared_by_id=MAX.id,
                reason="relative",
                at=MONDAY,
            )
        )
    browser = sign_in(RAY)

    for path in (f"/complaints/{told}", f"/complaints/{told}/contact", "/complaints", f"/search?q={told}"):
        answer = browser.get(path)
        assert answer.status_code == 404 or f"/{told}" not in answer.text, path


def test_the_history_is_read_line_by_line_by_somebody_who_works_on_it_and_names_nobody(
    sign_in: SignIn, told: str
):
    page = sign_in(RUTH).get(f"/complaints/{told}")

    assert page.status_code == 200
    assert names(page.text) == []


# --- the machine room ------------------------------------------------------------------------------


def test_a_copy_of_the_database_is_searched_and_holds_no_name(house: House, told: str):
    found = [
        (table.name, column)
        for table in Base.metadata.sorted_tables
        for row in session().execute(table.select()).mappings()
        for column, value in row.items()
        if names(value.decode("latin-1") if isinstance(value, bytes) else json.dumps(value, default=str))
    ]

    assert found == []


def test_the_export_of_the_history_for_auditors_is_searched_and_holds_no_name(house: House, told: str):
    lines = list(exported())

    assert len(lines) > 8
    assert [line for line in lines if names(line)] == []


def test_the_logs_are_read_and_hold_no_name(sign_in: SignIn, caplog: pytest.LogCaptureFixture, told: str):
    caplog.set_level(logging.DEBUG)
    browser = sign_in(ANN)

    browser.send(f"/complaints/{told}/contact", {"purpose": "tell"})
    browser.get(f"/complaints/{told}")

    assert names(caplog.text) == []


def test_the_mail_that_leaves_the_house_is_read_and_holds_no_name(
    app: Flask, house: House, told: str, tmp_path: Path
):
    later = MONDAY + timedelta(days=1)
    deliver(f"file://{tmp_path}", may_hear=hearers(now=later), now=later, base_url="http://localhost")

    mails = [path.read_text(errors="replace") for path in tmp_path.iterdir()]
    assert mails != []
    assert [mail for mail in mails if names(mail) or told in mail] == []


# --- the public door --------------------------------------------------------------------------------


def test_codes_are_guessed_and_after_a_while_every_guess_has_to_wait(client: PageClient, told: str):
    statuses = []
    # A shelter shares one address: sixty may be typed in an hour before anybody there has to wait.
    for _ in range(62):
        guess = receipt.code_for(secrets.token_hex(16), b"somebody else's pepper")
        statuses.append(client.send("/report/status", {"code": guess}).status_code)

    assert set(statuses) == {302, 429}
    assert statuses.index(429) <= 61
    assert "You told us" not in client.get("/report/status").text
    assert session().scalar(select(ContactReading.id)) is None


def test_a_stolen_database_is_used_to_make_codes_and_none_fits(house: House):
    reference = received(house, contact=CONTACT)
    kept = session().execute(text("SELECT fingerprint FROM receipt_code")).scalar_one()

    assert complaint_by_code(kept, pepper=PEPPER) is None
    assert receipt.read_code(kept) is None
    assert complaint(reference).reference == reference


def test_somebody_counts_by_the_numbers_on_receipts_and_they_follow_no_order(house: House):
    made = [received(house) for _ in range(30)]

    assert len(set(made)) == 30
    assert made != sorted(made)
    assert made != sorted(made, reverse=True)


@pytest.mark.parametrize("person", CAST, ids=lambda a: a.name)
def test_everybody_searches_the_whole_office_for_the_name_and_nobody_finds_a_case(
    sign_in: SignIn, told: str, person: Actor
):
    answer = sign_in(person).get(f"/search?q={NAME.split()[0]}")

    main = answer.text.split("<main", 1)[1]
    assert told not in main


def test_a_retired_account_is_tried_and_opens_nothing(house: House, told: str):
    nobody = Actor(999, "Gone", frozenset())

    with pytest.raises(LookupError):
        case_for(nobody, told)
