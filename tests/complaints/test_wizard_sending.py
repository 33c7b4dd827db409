"""A report is sent once, whatever is pressed and in how many tabs; its receipt is shown once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from tests.cast import MONDAY
from tests.complaints.door import EVERYTHING, come_back, drafts, page_of, receipt, send, tell, write
from tests.complaints.inside import how_many
from tests.complaints.walk import complaint
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.complaints import visits
from workflow.complaints.mailbox import messages_of
from workflow.complaints.models import Complaint
from workflow.complaints.sealed import words_of
from workflow.complaints.visits import ReportDraft
from workflow.db.session import session


def test_pressing_twice_is_one_complaint_and_one_receipt(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")
    page = client.get("/report/check")

    client.submit(page, {}, to="/report/check")
    first = receipt(client)
    client.submit(page, {}, to="/report/check")
    second = receipt(client)

    assert first == second
    assert how_many() == 1


def test_a_receipt_is_shown_once_and_no_cookie_holds_it(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")
    send(client)
    cookies = "".join(str(c) for c in client._cookies.values())
    reference, code = receipt(client)

    again = client.get("/report/received").text

    assert code not in again
    assert reference not in again
    assert code not in cookies
    assert "laughed" not in cookies


def test_the_other_tab_of_a_report_that_was_sent_shows_what_was_typed_in_it(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")
    old = client.get(page_of("remedy"))
    send(client)

    late = client.submit(old, {"remedy": "Typed in the other tab"}, to=page_of("remedy"))

    assert late.status_code == 409
    assert "Typed in the other tab" in late.text
    assert client.get(page_of("remedy")).location == "/report/received"
    assert client.get("/report/check").location == "/report/received"
    assert how_many() == 1


def test_what_was_typed_in_the_other_tab_stands_in_the_message_the_code_lets_them_write(
    client: PageClient, house: House
):
    write(client, narrative="They laughed.")
    old = client.get(page_of("remedy"))
    send(client)
    reference, code = receipt(client)
    for _ in range(2):
        client.submit(old, {"remedy": "Typed in the other tab"}, to=page_of("remedy"))

    before = client.get("/report/received").text
    page = come_back(client, code)
    sent = client.submit(page, {"act": "message", "message": "Typed in the other tab"}, to="/report/status")

    assert "other tab" not in before
    assert page.text.count("Typed in the other tab</textarea>") == 1
    assert sent.status_code == 303
    assert [m.text for m in messages_of(complaint(reference), house)] == ["Typed in the other tab"]
    assert "other tab</textarea>" not in client.get("/report/status").text
    assert words_of(complaint(reference), house.keyring) == {"narrative": "They laughed."}


def test_another_complaints_code_does_not_show_what_was_typed_too_late(
    app: Flask, client: PageClient, ctx: Flask
):
    other = app.test_client()
    assert isinstance(other, PageClient)
    _, code = tell(other)
    write(client, narrative="They laughed.")
    old = client.get(page_of("remedy"))
    send(client)
    client.submit(old, {"remedy": "Typed in the other tab"}, to=page_of("remedy"))

    page = come_back(client, code)

    assert "You told us" in page.text
    assert "other tab" not in page.text


def test_pictures_of_the_other_tab_are_not_lost_without_a_word(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")
    fields = hidden_fields(client.get("/report/documents").text)
    send(client)

    late = client.post(
        "/report/documents", data={**fields, "files": (io.BytesIO(b"What I saw."), "note.txt")}
    )

    assert late.status_code == 409
    assert "You have sent it already" in late.text


def test_a_report_that_was_sent_between_two_looks_is_not_written_into(client: PageClient, house: House):
    write(client, narrative="They laughed.")
    token = client.get_cookie("plumbline-report")
    assert token
    send(client)

    found = visits.change(
        token.value, house.keyring, lambda draft: draft.answers.update(remedy="Too late"), now=MONDAY
    )

    assert found is not None
    assert (bool(found.sent), found.answers, found.unsaved) == (True, {}, {})


def test_two_tabs_save_and_send_at_once_and_nothing_is_lost(app: Flask, client: PageClient, house: House):
    write(client, narrative="They laughed.")
    cookie = client.get_cookie("plumbline-report")
    assert cookie
    pages = [client.get("/report/check"), client.get(page_of("remedy"))]
    fields = [hidden_fields(page.text) for page in pages]
    session().rollback()
    tabs = [app.test_client() for _ in pages]
    for tab in tabs:
        for kept in client._cookies.values():
            tab.set_cookie(kept.key, kept.value)
    start = Barrier(2)

    def press(number: int) -> int:
        start.wait()
        if number == 0:
            return tabs[0].post("/report/check", data=fields[0]).status_code
        given = {**fields[1], "remedy": "An apology"}
        return tabs[1].post(page_of("remedy"), data=given).status_code

    with ThreadPoolExecutor(2) as pool:
        sent, saved = pool.map(press, range(2))

    reference = session().scalars(select(Complaint.reference)).one()
    words = words_of(complaint(reference), house.keyring)
    draft = visits.draft_of(cookie.value, house.keyring, now=MONDAY)
    assert sent == 302
    assert draft is not None
    if saved == 302:
        assert words["remedy"] == "An apology"
    else:
        assert (saved, draft.late, "remedy" in words) == (409, "An apology", False)


def test_a_receipt_that_was_written_down_is_gone_from_the_browser(client: PageClient, ctx: Flask):
    tell(client)

    client.send("/report/received", {}, to="/report/new")

    assert drafts() == 0
    assert client.get("/report/check").location == "/report"


def test_the_last_page_of_an_earlier_report_does_not_send_the_next_one(client: PageClient, ctx: Flask):
    write(client, narrative="The first.")
    old = client.get("/report/check")
    client.send("/report", {}, to="/report/new")
    write(client, narrative="The second, not finished")

    refused = client.submit(old, {}, to="/report/check")

    assert refused.status_code == 422
    assert how_many() == 0


def test_neither_the_database_nor_another_browser_reads_a_report_being_written(
    app: Flask, client: PageClient, house: House
):
    write(client, **EVERYTHING)
    [row] = session().execute(select(ReportDraft.__table__)).mappings()

    assert "laughed" not in str(dict(row))
    assert visits.draft_of("somebody else's token", house.keyring, now=row["ends_at"]) is None
    stranger = app.test_client()
    assert "laughed" not in stranger.get(page_of("what")).text
