"""Files nobody should send, sent to every page that takes files: refused in words, the words of others kept.

The files are made here and in `tests/documents/corpus`; none is kept. What the opener of each sort refuses is
tested beside it; here it is what the pages answer.
"""

from __future__ import annotations

import gzip
from io import BytesIO
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from tests.cast import ANN, RUTH
from tests.complaints.door import come_back, tell, write
from tests.complaints.inside import LETTER, SignIn, how_many
from tests.complaints.walk import received
from tests.documents import corpus
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.db.session import session
from workflow.documents import kinds
from workflow.documents.models import Document

HTML: Final = b"<!doctype html><script>alert(1)</script>"
MULTIPART: Final = "multipart/form-data"
PART: Final = b'--b\r\nContent-Disposition: form-data; name="files"'
#: A request that is not read to its end leaves a temporary file to the garbage collector, which says so.
LEFT: Final = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

#: What is sent: a name, its content, and whether it is taken.
FILES: Final[dict[str, tuple[str, bytes, bool]]] = {
    "nothing in it": ("a.pdf", b"", False),
    "one byte": ("a.pdf", b"x", False),
    "a web page": ("a.html", HTML, False),
    "a web page called text": ("a.txt", HTML, False),
    "a drawing that acts": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", False),
    "a drawing called a picture": ("a.png", b"<svg onload='alert(1)'/>", False),
    "a page with its pictures": ("a.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", False),
    "a page with pictures called text": ("a.txt", b"MIME-Version: 1.0\r\nContent-Type: text/html", False),
    "a programme": ("a.exe", b"MZ" + b"\0" * 80, False),
    "a programme called a PDF": ("a.pdf", b"MZ" + b"\0" * 80, False),
    "two endings": ("a.pdf.exe", corpus.pdf(), False),
    "settings of a server": (".htaccess", b"Options +ExecCGI", False),
    "an archive": ("a.zip", corpus.zipped({"a.txt": b"a"}), False),
    "an archive called Word": ("a.docx", corpus.zipped({"a.txt": b"a"}), False),
    "a packed file": ("a.txt.gz", gzip.compress(b"0" * 1_000_000), False),
    "a picture and a script": ("a.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", False),
    "a locked PDF": ("a.pdf", corpus.encrypted_pdf(), False),
    "a cut PDF": ("a.pdf", corpus.pdf()[:60], False),
    "a PDF behind a page": ("a.pdf", HTML + corpus.pdf(), False),
    "a PDF that acts": ("a.pdf", corpus.pdf_that_acts(), True),
    "a PDF with an archive behind": ("a.pdf", corpus.pdf() + corpus.zipped({"a": b"a"}), True),
    "a picture of a thousand million pixels": ("a.png", corpus.png_of_size(50_000, 50_000), False),
    "a cut picture": ("a.jpg", corpus.jpeg((400, 400))[:-600], False),
    "one sort called another": ("a.png", corpus.jpeg(), False),
    "Word that unpacks to too much": (
        "a.docx",
        corpus.docx(extra={"word/big.xml": b"\0" * 5_000_000}),
        False,
    ),
    "Word with macros": ("a.docx", corpus.docx(extra={"word/vbaProject.bin": b"x"}), False),
    "Word with a place above": ("a.docx", corpus.docx(extra={"../../x": b"x"}), False),
    "the test virus, without a scanner": ("a.txt", corpus.EICAR, True),
    "a text with a NUL": ("a.txt", b"a\0b", False),
    "a text of another time": ("a.txt", "No vinó nadie".encode("cp1252"), True),
}
#: Names that would like to be somewhere or something else; the content of each is an honest text.
NAMES: Final = (
    "..\\..\\x.txt", "/etc/passwd.txt", "../../static/x.txt", "CON.txt", "nul.txt", "x" * 251 + ".txt",
    "x" * 5000 + ".txt", "a.txt. .",
    "photo\u202egpj.txt", 'a"; filename="b.exe.txt', "a;b.txt", "\u00e9\u4e2d.txt",
    "a\tb.txt", "{{7*7}}.txt", "<b>.txt", "=1+1.txt", "%00.txt", "%s%n.txt",
)  # fmt: skip


def documents() -> int:
    return session().scalar(select(func.count()).select_from(Document)) or 0


def file_of(name: str, content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), name


class Doors:
    """The pages that take files, each ready for some."""

    def __init__(self, client: PageClient, sign_in: SignIn, house: House) -> None:
        self.client, self.sign_in, self.house = client, sign_in, house

    def open(self, door: str) -> tuple[PageClient, str, dict[str, str]]:
        """Somebody at a page, its address, and what else it wants answered."""
        found: tuple[PageClient, str, dict[str, str]] = getattr(self, f"_{door}")()
        return found

    def send(self, door: str, **files: Any) -> Any:
        """Send files to a page with everything else it wants answered; the page that follows."""
        browser, path, more = self.open(door)
        hidden = hidden_fields(browser.get(path).text)
        path = f"{path}/documents" if door == "status" else path
        return browser.post(path, data={**hidden, **more, **files}, content_type=MULTIPART)

    def _public(self) -> tuple[PageClient, str, dict[str, str]]:
        write(self.client, narrative="They laughed.")
        return self.client, "/report/documents", {}

    def _status(self) -> tuple[PageClient, str, dict[str, str]]:
        somebody = self.client.application.test_client()
        assert isinstance(somebody, PageClient)
        _, code = tell(somebody)
        come_back(somebody, code)
        return somebody, "/report/status", {}

    def _paper(self) -> tuple[PageClient, str, dict[str, str]]:
        return self.sign_in(ANN), "/complaints/paper", dict(LETTER)

    def _case(self) -> tuple[PageClient, str, dict[str, str]]:
        return self.sign_in(RUTH), f"/cases/{received(self.house)}/documents/new", {}


@pytest.fixture
def doors(client: PageClient, sign_in: SignIn, house: House) -> Doors:
    return Doors(client, sign_in, house)


EVERY: Final = pytest.mark.parametrize("door", ["public", "status", "paper", "case"])


@EVERY
@pytest.mark.parametrize("what", FILES)
def test_a_file_is_taken_or_refused_in_words(doors: Doors, door: str, what: str):
    name, content, is_taken = FILES[what]

    answer = doors.send(door, files=file_of(name, content))

    assert answer.status_code in (200, 302, 303, 422), answer.status_code
    assert documents() == is_taken
    if not is_taken and answer.status_code == 422:
        assert name in answer.text


@EVERY
def test_a_name_that_is_none_is_shown_made_safe_and_an_honest_file_is_kept(doors: Doors, door: str):
    files = [file_of(name, f"{n} What I saw.".encode()) for n, name in enumerate(NAMES[: kinds.AT_ONCE])]
    more = [file_of(name, f"{n} What else.".encode()) for n, name in enumerate(NAMES[kinds.AT_ONCE :])]

    first = doors.send(door, files=files)
    kept = documents()

    assert first.status_code in (200, 302, 303, 422)
    assert "evil" not in str(first.headers)
    assert 0 < kept <= len(files)
    for one in more:
        assert doors.send("case", files=one).status_code in (302, 303, 422)


@EVERY
def test_a_file_without_a_name_and_a_form_without_files_keep_nothing(doors: Doors, door: str):
    for files in ({}, {"files": (BytesIO(b"What I saw."), "")}, {"other": file_of("a.txt", b"x")}):
        assert doors.send(door, **files).status_code in (200, 302, 303, 422)

    assert documents() == 0


@LEFT
@EVERY
def test_a_thousand_files_at_once_are_too_many(doors: Doors, door: str):
    before = how_many()

    answer = doors.send(door, files=[file_of(f"{n}.txt", b"x") for n in range(1_000)])

    assert answer.status_code == 413
    assert documents() == 0
    assert how_many() in (before, before + 1), "the complaint the page is of, and no other"


@EVERY
def test_the_same_file_sent_twice_is_kept_once_or_said_to_be_there(doors: Doors, door: str):
    answer = doors.send(door, files=[file_of("a.txt", b"The same."), file_of("b.txt", b"The same.")])

    assert answer.status_code in (200, 302, 303, 422)


@LEFT
@EVERY
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"--b\r\n",
        PART + b'; filename="a.txt"\r\n\r\ncut off',
        PART + b'; filename="a\xff\xfe.txt"\r\n\r\nx\r\n--b--\r\n',
        PART + b"; filename*=utf-8''%00%ED\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n" + b"X: y\r\n" * 5000 + b"\r\nx\r\n--b--\r\n",
    ],
    ids=range(7),
)
def test_a_body_that_breaks_off_or_lies_is_refused(doors: Doors, door: str, sent: bytes):
    browser, path, _ = doors.open(door)

    answer = browser.post(path, data=sent, content_type=f"{MULTIPART}; boundary=b")

    assert answer.status_code in (400, 413, 422)
    assert documents() == 0
