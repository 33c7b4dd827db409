"""The pages of documents: adding, fetching, custody; who gets them, and what hostile files come to."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from tests.cast import ANN, AUDRA, CARL, LEO, MAX, MONDAY, PAM, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, received
from tests.documents import corpus
from tests.inspections.walk import agreement
from tests.pages import PageClient, hidden_fields
from workflow.agreements.models import AgreementLife
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.cases.recusals import Recusal
from workflow.complaints.facts import State
from workflow.db.session import db, session, transaction
from workflow.documents import kinds
from workflow.documents.models import Custody, Document
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
PAGES = ("documents/new", "documents/1", "documents/1/copy", "documents/1/original")


def sent(browser: PageClient, reference: str, *files: tuple[str, bytes]) -> TestResponse:
    """Add files as the page does."""
    path = f"/cases/{reference}/documents/new"
    given: dict[str, Any] = hidden_fields(browser.get(path).text)
    given["files"] = [FileStorage(io.BytesIO(content), name) for name, content in files]
    # In memory: a file of its own would be closed by nobody.
    body, _, boundary = stream_encode_multipart(given, use_tempfile=False)
    return browser.post(path, data=body.read(), content_type=f'multipart/form-data; boundary="{boundary}"')


def with_document(house: House, sign_in: SignIn, name: str = "p.jpg", content: bytes | None = None) -> str:
    """A complaint to which Ruth added a document."""
    reference = received(house)
    answer = sent(sign_in(RUTH), reference, (name, corpus.jpeg() if content is None else content))
    assert answer.status_code == 302, answer.text
    return reference


def fetched(browser: PageClient, reference: str, what: str, **answers: str) -> TestResponse:
    page = browser.get(f"/cases/{reference}/documents/1")
    token = {"csrf_token": hidden_fields(page.text)["csrf_token"]}
    return browser.post(f"/cases/{reference}/documents/1/{what}", data={**token, **answers})


def how_many() -> int:
    return session().scalar(select(func.count(Document.id))) or 0


# --- adding -----------------------------------------------------------------------------------


def test_a_document_that_was_added_stands_on_the_page_of_the_complaint(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in, "letter of the jail.jpg")

    page = sign_in(ANN).get(f"/complaints/{reference}").text

    assert "letter of the jail.jpg" in page
    assert "checked, unscanned" in page
    assert "Document added" in page, "in its history as well"


def test_what_a_file_is_called_travels_in_no_cookie(house: House, sign_in: SignIn):
    browser = sign_in(RUTH)

    answer = sent(browser, received(house), ("letter of Dolores.txt", b"What I saw."))

    with browser.session_transaction() as kept:
        assert "Dolores" not in repr(dict(kept))
    assert "1 file added." in browser.get(answer.headers["Location"]).text


def test_one_unfit_file_does_not_lose_the_others(house: House, sign_in: SignIn):
    reference = received(house)

    answer = sent(sign_in(RUTH), reference, ("good.txt", b"What I saw."), ("bad.exe", b"MZ"), ("e.pdf", b""))

    assert answer.status_code == 422
    assert "Added: good.txt." in answer.text
    assert "bad.exe" in answer.text
    assert "This file is empty." in answer.text
    assert how_many() == 1


def test_the_same_file_twice_is_kept_once_and_said(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)

    again = sent(sign_in(RUTH), reference, ("again.jpg", corpus.jpeg()))

    assert again.status_code == 422
    assert "has the same file already, as document 1" in again.text
    assert how_many() == 1


def test_a_form_without_a_file_asks_for_one(house: House, sign_in: SignIn):
    answer = sent(sign_in(RUTH), received(house), ("", b""))

    assert answer.status_code == 422
    assert "Choose at least one file." in answer.text


def test_nothing_is_added_to_a_closed_complaint(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.CLOSED)

    answer = sent(sign_in(RUTH), reference, ("good.txt", b"What I saw."))

    assert answer.status_code == 422
    assert "This case is closed" in answer.text
    assert how_many() == 0


@pytest.mark.parametrize("size", [1, kinds.LARGEST - 1, kinds.LARGEST, kinds.LARGEST + 1])
def test_a_file_may_be_as_large_as_said_and_not_a_byte_larger(house: House, sign_in: SignIn, size: int):
    content = b"a" if size == 1 else corpus.wav() + b"\0" * (size - len(corpus.wav()))

    answer = sent(sign_in(RUTH), received(house), ("x.txt" if size == 1 else "x.wav", content))

    assert answer.status_code == (422 if size > kinds.LARGEST else 302)
    assert ("larger than 25 MB" in answer.text) == (size > kinds.LARGEST)


def test_a_request_that_is_too_large_is_answered_in_words(house: House, sign_in: SignIn):
    reference = received(house)
    part = corpus.wav() + b"\0" * (21 * kinds.MEGABYTE)

    answer = sent(sign_in(RUTH), reference, *((f"{n}.wav", part) for n in range(3)))

    assert answer.status_code == 413
    assert "At most 60 MB can be sent at once." in answer.text
    assert how_many() == 0


# Where it stops reading in the middle, Werkzeug leaves its temporary files to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("files", "status"), [(40, 422), (1000, 413)])
def test_very_many_files_at_once_are_not_all_looked_at(
    house: House, sign_in: SignIn, files: int, status: int
):
    given = [(f"{n}.wav", corpus.wav() + bytes([n % 256])) for n in range(files)]

    answer = sent(sign_in(RUTH), received(house), *given)

    assert answer.status_code == status
    assert how_many() == (kinds.AT_ONCE if status == 422 else 0)


#: Files as somebody who means harm would send them.
HOSTILE: dict[str, bytes] = {
    "": corpus.EICAR,
    "..\\..\\x.pdf": corpus.pdf(),
    "/etc/passwd": b"root:x:0:0",
    "CON": b"con",
    "nul.txt": b"nul",
    "photo\u202egpj.exe": b"MZ",
    "a" * 251 + ".txt": b"255",
    "a" * 252 + ".txt": b"256",
    'a\r\nSet-Cookie: a=b";x.txt': b"a header",
    "a.pdf.exe": corpus.pdf(),
    ".htaccess": b"Options +ExecCGI",
    "x.pdf. ": corpus.pdf(),
    "polyglot.gif": b"GIF89a/*" + b"\0" * 30 + b"*/alert(1)",
    "polyglot.jpg": b"GIF89a/*" + b"\0" * 30 + b"*/alert(1)",
    "polyglot.pdf": corpus.pdf() + corpus.zipped({"a": b"a"}),
    "picture.svg": b"<svg onload=alert(1)>",
    "picture.png": b"<svg onload=alert(1)>",
    "page.html": b"<script>alert(1)</script>",
    "page.txt": b"<html><script>alert(1)</script>",
    "cut.jpg": corpus.jpeg()[:60],
    "cut.pdf": corpus.pdf()[:60],
    "cut.docx": corpus.docx()[:60],
    "bomb.png": corpus.png_of_size(50_000, 50_000),
    "bomb.docx": corpus.docx(extra={"word/big.xml": b"\0" * 20_000_000}),
    "acts.pdf": corpus.pdf_that_acts(),
    "locked.pdf": corpus.encrypted_pdf(),
    "eicar.txt": corpus.EICAR,
    "eicar.docx": corpus.zipped({"eicar.com": corpus.EICAR}),
    "place.jpg": corpus.jpeg(),
    "said.png": corpus.png(),
    "nothing.mp4": b"",
}


@pytest.mark.parametrize("name", HOSTILE, ids=lambda n: ascii(n)[:40])
def test_a_hostile_file_is_refused_in_words_or_made_safe(house: House, sign_in: SignIn, name: str):
    reference = received(house)
    browser = sign_in(RUTH)

    answer = sent(browser, reference, (name, HOSTILE[name]))

    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert how_many() == 0
        return
    copy = fetched(browser, reference, "copy")
    assert copy.status_code == 200
    assert corpus.PLANTED not in copy.data
    assert not any(sign in copy.data for sign in (b"<script", b"/JavaScript", b"/Launch"))


# --- fetching ---------------------------------------------------------------------------------


def test_a_copy_is_handed_out_to_be_saved_and_runs_nowhere(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)

    answer = fetched(sign_in(ANN), reference, "copy")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}-document-1.jpg"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "image/jpeg"
    assert corpus.PLANTED not in answer.data


def test_the_original_is_handed_out_for_a_purpose_and_that_stands_on_its_page(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)
    browser = sign_in(RUTH)

    without = fetched(browser, reference, "original")
    answer = fetched(browser, reference, "original", purpose="records")

    assert without.status_code == 422
    assert answer.data == corpus.jpeg()
    page = browser.get(f"/cases/{reference}/documents/1").text
    assert "Original fetched: to answer a request for records" in page
    assert page.count("Original fetched") == 1


def test_an_address_alone_hands_out_nothing(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)

    for what in ("copy", "original"):
        assert sign_in(RUTH).get(f"/cases/{reference}/documents/1/{what}").status_code == 405
    assert session().scalars(select(Custody.what)).all() == ["received", "checked", "copied"]


def test_what_was_erased_is_said_to_be_and_not_handed_out(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)
    browser = sign_in(RUTH)
    token = hidden_fields(browser.get(f"/cases/{reference}/documents/1").text)["csrf_token"]
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None, erased_at=MONDAY))

    page = browser.get(f"/cases/{reference}/documents/1")
    answers = [
        browser.post(f"/cases/{reference}/documents/1/{what}", data={"csrf_token": token, "purpose": "check"})
        for what in ("copy", "original")
    ]

    assert "erased with the words of its case" in page.text
    assert [answer.status_code for answer in answers] == [422, 422]
    assert corpus.jpeg()[:20] not in b"".join(answer.data for answer in answers)


def test_contents_that_are_gone_are_an_error_in_words(house: House, sign_in: SignIn, app):
    reference = with_document(house, sign_in)
    kept = app.extensions["documents"]
    app.extensions["documents"] = type(kept)(type(kept.store)(), kept.keyring)
    try:
        answer = fetched(sign_in(RUTH), reference, "copy")
    finally:
        app.extensions["documents"] = kept

    assert answer.status_code == 422
    assert "is not where it was kept" in answer.text


# --- who --------------------------------------------------------------------------------------


def every_way(browser: PageClient, reference: str) -> set[int]:
    """The statuses of every page of documents, looked at and sent to."""
    token = hidden_fields(browser.get("/account").text)["csrf_token"]
    paths = [f"/cases/{reference}/{page}" for page in PAGES]
    looked = {browser.get(path).status_code for path in paths[:2]}
    return looked | {
        browser.post(path, data={"csrf_token": token, "purpose": "check"}).status_code
        for path in (paths[0], *paths[2:])
    }


@pytest.mark.parametrize("person", [SAM, PAM], ids=lambda p: p.name)
def test_whoever_follows_a_complaint_without_its_words_finds_no_documents(
    house: House, sign_in: SignIn, person: Actor
):
    reference = with_document(house, sign_in)
    browser = sign_in(person)

    assert browser.get(f"/complaints/{reference}").status_code == 200
    assert "Add a document" not in browser.get(f"/complaints/{reference}").text
    assert every_way(browser, reference) == {404}


@pytest.mark.parametrize("person", [ANN, RUTH, LEO, MAX], ids=lambda p: p.name)
def test_whoever_reads_a_complaint_reads_its_documents(house: House, sign_in: SignIn, person: Actor):
    reference = with_document(house, sign_in)

    assert fetched(sign_in(person), reference, "copy").status_code == 200


def test_an_auditor_neither_adds_nor_fetches(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)

    assert every_way(sign_in(AUDRA), reference) <= {403, 404}


def test_somebody_recused_finds_nothing(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)
    with transaction() as s:
        case = complaint(reference)
        s.add(
            Recusal(case_id=case.id, person_id=RUTH.id, reason="relative", declared_by_id=MAX.id, at=MONDAY)
        )

    assert every_way(sign_in(RUTH), reference) == {404}


def test_an_agency_gets_no_document_by_any_way(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)

    assert every_way(sign_in(CARL), reference) == {404}


def test_an_agreement_has_no_documents(house: House, sign_in: SignIn):
    inspected_under = agreement(house, "JEM")
    life = select(AgreementLife.reference).where(AgreementLife.agreement_id == inspected_under)
    reference = session().scalars(life).one()

    assert every_way(sign_in(MAX), reference) == {404}


@pytest.mark.parametrize("number", ["0", "2", "-1", "01x", "9999999999999999999"])
def test_a_document_that_is_not_there_is_missing(house: House, sign_in: SignIn, number: str):
    reference = with_document(house, sign_in)

    assert sign_in(RUTH).get(f"/cases/{reference}/documents/{number}").status_code == 404


def queries_of(browser: PageClient, path: str) -> int:
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    return len(heard)


def test_a_complaint_with_many_documents_asks_no_more_of_the_database(house: House, sign_in: SignIn):
    reference = with_document(house, sign_in)
    browser = sign_in(RUTH)

    one = queries_of(browser, f"/complaints/{reference}")
    sent(browser, reference, *((f"{n}.txt", str(n).encode()) for n in range(8)))
    many = queries_of(browser, f"/complaints/{reference}")

    assert one == many
