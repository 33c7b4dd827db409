"""Lists taken out as files: what they hold, what they never hold, and that it is on record."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from tests.cast import ALDER, AUDRA, BIRCH, BOB, MONDAY, PAM, RUTH
from tests.complaints.walk import received
from tests.pages import PageClient
from workflow.cases import exports
from workflow.cases.exports import Export
from workflow.cases.kinds import House
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
HEADINGS = ["Reference", "About", "State", "Tier", "Model", "Office", "Channel", "Received"]


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def take_out(browser: PageClient, path: str, form: str = "csv") -> TestResponse:
    """Send the form of a list, with the token that every page has."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/account").text)
    return browser.post(path, data={"form": form, "csrf_token": token[1] if token else ""})


def test_the_list_is_taken_out_as_it_is_narrowed_without_words_or_people(house: House, sign_in: SignIn):
    reference = received(house, agency_id=ALDER, words={"narrative": "A cold cell."})
    received(house, agency_id=BIRCH)

    file = take_out(sign_in(RUTH), "/complaints/export?words=Alder&channel=telephone")

    assert file.status_code == 200
    assert file.headers["Content-Disposition"] == 'attachment; filename="complaints-2026-01-05.csv"'
    table = lines(file.data)
    assert table[0][:8] == HEADINGS
    assert [row[0] for row in table[1:]] == [reference]
    assert table[1][1:] == [
        "Complaint about Alder County Sheriff's Office",
        "Received", "3", "", "Atlanta", "Telephone", "2026-01-05", "2026-01-05", "",
    ]  # fmt: skip
    assert b"cold" not in file.data
    assert b"Canary" not in file.data


def test_what_a_search_found_is_taken_out_and_what_was_looked_for_is_not_kept(house: House, sign_in: SignIn):
    reference = received(house, words={"narrative": "A cold cell."})

    file = take_out(sign_in(RUTH), "/complaints/search/export?q=cold+agency:alder+state:open", "xlsx")

    rows = [*load_workbook(BytesIO(file.data)).worksheets[0].iter_rows(values_only=True)]
    assert [row[0] for row in rows] == ["Reference", reference]
    kept = session().scalars(select(Export)).one()
    assert (kept.person_id, kept.at, kept.what, kept.form) == (RUTH.id, MONDAY, "search", "xlsx")
    assert kept.filters == {"state": "open", "words": 2}
    assert (kept.rows, kept.columns.split()[0]) == (1, "reference")
    assert kept.digest == hashlib.sha256(file.data).hexdigest()


def test_triage_is_taken_out_as_it_is_narrowed(house: House, sign_in: SignIn):
    reference = received(house, agency_id=ALDER)
    received(house, agency_id=BIRCH)

    file = take_out(sign_in(RUTH), "/complaints/triage/export?agency=alder-county-ga")

    assert [row[0] for row in lines(file.data)[1:]] == [reference]
    assert session().scalars(select(Export.what)).one() == "triage"


def test_nobody_takes_out_what_they_do_not_see(house: House, sign_in: SignIn):
    received(house)

    assert len(lines(take_out(sign_in(BOB), "/complaints/export").data)) == 1


def test_auditors_and_headquarters_see_what_was_taken_out_and_auditors_take_nothing(
    house: House, sign_in: SignIn
):
    received(house)
    take_out(sign_in(RUTH), "/complaints/export?state=received")

    for person in (AUDRA, PAM):
        page = sign_in(person).get("/exports")
        assert "Ruth Reviewer" in page.text
        assert "complaints, CSV" in page.text
        assert "state: received" in page.text
    assert sign_in(RUTH).get("/exports").status_code == 403
    assert take_out(sign_in(AUDRA), "/complaints/export").status_code == 403
    assert "Take out as CSV" not in sign_in(AUDRA).get("/complaints").text


def test_too_long_a_list_is_refused_in_words_and_nothing_is_kept(
    house: House, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    received(house)
    received(house)
    monkeypatch.setattr(exports, "MOST", 1)
    browser = sign_in(RUTH)

    for path in ("/complaints/export", "/complaints/search/export?q=state:open", "/complaints/triage/export"):
        answer = take_out(browser, path)
        assert answer.status_code == 302
        assert "Narrow the list" in browser.get(answer.headers["Location"]).text

    assert session().scalars(select(Export)).all() == []


def test_another_form_of_file_there_is_none(house: House, sign_in: SignIn):
    received(house)

    assert take_out(sign_in(RUTH), "/complaints/export", "exe").status_code == 400
    assert take_out(sign_in(RUTH), "/complaints/search/export?q=").status_code == 302


@pytest.mark.parametrize("statement", ["UPDATE export_log SET rows = 0", "DELETE FROM export_log"])
def test_the_database_refuses_to_change_the_record(house: House, sign_in: SignIn, statement: str):
    received(house)
    take_out(sign_in(RUTH), "/complaints/export")

    with pytest.raises(DBAPIError, match="keeps its history"), transaction() as s:
        s.execute(text(statement))
