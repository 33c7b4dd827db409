"""A new code in the place of the old one: at once, once, by whoever has it; nothing of it stays anywhere."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.complaints.door import CODE, act, come_back, receipt, send, tell, write
from tests.complaints.walk import PEPPER, complaint
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.complaints import new_code
from workflow.complaints.mailbox import messages_of
from workflow.complaints.models import ReceiptCode
from workflow.complaints.new_code import change_code
from workflow.complaints.visits import CodeVisit, arrive, new_token
from workflow.db.session import db, session
from workflow.web.limits import CODE_NETWORK

WRONG = "This is not a code of ours"
ASKED = "The code on your receipt"


def browser(app: Flask) -> PageClient:
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


def opens(app: Flask, code: str) -> bool:
    """Whether a code opens something, typed in a browser of its own."""
    page = come_back(browser(app), code).text
    assert ("You told us" in page) != (WRONG in page)
    return "You told us" in page


def shown(page: TestResponse) -> str:
    """The new code, which the page shows."""
    [code] = CODE.findall(page.text)
    return str(code)


def test_the_old_code_stops_at_once_and_the_new_one_opens_the_same(client: PageClient, ctx: Flask):
    reference, old = tell(client)
    come_back(client, old)

    changed = act(client, "code", receipt_code=old)

    new = shown(changed)
    assert changed.status_code == 200
    assert new != old
    assert opens(ctx, new)
    assert not opens(ctx, old)
    last = complaint(reference).events[-1]
    assert (last.verb, last.codes, last.answers) == ("change_code", {}, [])


def test_nothing_of_a_code_is_in_an_address_a_cookie_a_log_or_the_history(
    client: PageClient, ctx: Flask, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    reference, old = tell(client)
    come_back(client, old)

    changed = act(client, "code", receipt_code=old)

    new = shown(changed)
    cookies = "".join(str(cookie) for cookie in client._cookies.values())
    logged = "".join(record.getMessage() for record in caplog.records)
    canon = b"".join(event.canon for event in complaint(reference).events).decode()
    for code in (old, new, old.replace("-", ""), new.replace("-", "")):
        assert code not in cookies + logged + canon
    assert "Location" not in changed.headers
    assert changed.request.query_string == b""
    assert changed.headers["Cache-Control"] == "no-store"
    assert new not in client.get("/report/status").text


def test_a_page_left_open_is_not_enough_to_change_it(client: PageClient, ctx: Flask):
    _, old = tell(client)
    come_back(client, old)

    refused = [act(client, "code", receipt_code=typed) for typed in ("", "no code", old[:-1] + "U")]

    assert {page.status_code for page in refused} == {422}
    assert WRONG in refused[1].text
    assert opens(ctx, old)


def test_sending_it_twice_shows_the_same_code_and_a_form_of_before_gives_no_old_one_back(
    client: PageClient, ctx: Flask
):
    reference, old = tell(client)
    page = come_back(client, old)
    fields = {**hidden_fields(page.text), "act": "code"}

    first = client.post("/report/status", data={**fields, "receipt_code": old})
    again = client.post("/report/status", data={**fields, "receipt_code": old})
    second = act(client, "code", receipt_code=shown(first))
    late = client.post("/report/status", data={**fields, "receipt_code": old})

    assert shown(first) == shown(again)
    assert shown(second) != shown(first)
    assert late.status_code == 409
    assert not CODE.findall(late.text)
    assert [e.verb for e in complaint(reference).events].count("change_code") == 2
    assert opens(ctx, shown(second))


def test_a_page_that_was_opened_with_the_old_code_is_closed_and_keeps_what_was_typed(
    app: Flask, client: PageClient, house: House
):
    reference, old = tell(client)
    other = browser(app)
    page = come_back(other, old)
    come_back(client, old)

    act(client, "code", receipt_code=old)
    late = other.submit(page, {"act": "message", "message": "I am not she"}, to="/report/status")
    taken = other.submit(page, {"act": "code", "receipt_code": old}, to="/report/status")

    assert (late.status_code, taken.status_code) == (409, 409)
    assert "I am not she" in late.text
    assert old not in taken.text
    assert ASKED in other.get("/report/status").text
    assert messages_of(complaint(reference), house) == []
    assert "You told us" in client.get("/report/status").text


def test_two_people_change_it_at_once_and_one_of_them_has_the_code(app: Flask, house: House):
    told = browser(app)
    reference, old = tell(told)
    found, start = complaint(reference).id, Barrier(2)
    tokens = [new_token() for _ in range(2)]
    now = app.extensions["clock"]()
    for token in tokens:
        arrive(token, found, old, house.keyring, now=now)
    session().rollback()

    def change(token: str) -> str | None:
        with app.app_context():
            start.wait()
            try:
                return change_code(house, reference, old, token=token, form_key=token, pepper=PEPPER, now=now)
            except new_code.Closed:
                return None
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(change, tokens))

    [won] = [code for code in codes if code]
    assert codes.count(None) == 1
    assert new_code.is_current(won, PEPPER)
    assert not new_code.is_current(old, PEPPER)
    assert len(session().scalars(select(ReceiptCode)).all()) == 1
    assert len(session().scalars(select(CodeVisit)).all()) == 1
    assert [e.verb for e in complaint(reference).events].count("change_code") == 1


def test_guessing_the_code_on_an_open_page_is_slowed_down_like_anywhere(client: PageClient, ctx: Flask):
    _, old = tell(client)
    come_back(client, old)
    page = client.get("/report/status")

    answers = [
        client.submit(page, {"act": "code", "receipt_code": f"{n:04} guess"}, to="/report/status")
        for n in range(CODE_NETWORK.free)
    ]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert {page.status_code for page in answers[:-1]} == {422}


def test_the_receipt_of_before_is_not_shown_once_more(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")
    send(client)
    _, old = receipt(client)
    come_back(client, old)
    act(client, "code", receipt_code=old)

    offered = client.get("/report/received").text
    again = client.submit(client.get("/report"), {}, to="/report/check")
    page = client.get("/report/received")

    assert "once more" not in offered
    assert again.location == "/report/received"
    assert old not in page.text
    assert not CODE.findall(page.text)


def test_it_is_all_said_in_spanish_as_well(client: PageClient, ctx: Flask):
    _, old = tell(client)
    come_back(client, old)
    client.send("/report/status", {}, to="/report/language")
    page = client.get("/report/status")
    client.submit(page, {"speak": "es"}, to="/report/status")

    changed = act(client, "code", receipt_code=old)

    assert "El código viejo ya no abre nada." in changed.text
    assert "Pedir un código nuevo" in client.get("/report/status").text
