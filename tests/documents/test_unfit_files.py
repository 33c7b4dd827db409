"""Files that are not what they say, that act, that unpack to too much: refused in words, or made safe."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image

from tests.documents import corpus
from workflow.documents import checking, kinds, names, papers, pictures, words
from workflow.documents.checking import look_at
from workflow.documents.confined import Unfit
from workflow.documents.kinds import told_apart
from workflow.engine.machine import Refused

# --- told by content --------------------------------------------------------------------------

TAKEN = {
    "pdf": corpus.pdf(),
    "jpg": corpus.jpeg(),
    "png": corpus.png(),
    "webp": corpus.webp(),
    "txt": "Ça s'est passé lundi.\n".encode(),
    "docx": corpus.docx(),
    "mp3": b"ID3\x04" + b"\0" * 60,
    "wav": corpus.wav(),
    "m4a": corpus.film(b"M4A "),
    "mp4": corpus.film(),
    "mov": corpus.film(b"qt  "),
}


def test_there_is_an_honest_file_of_every_sort_that_is_taken():
    assert set(TAKEN) == set(kinds.KINDS)


@pytest.mark.parametrize("code", TAKEN)
def test_an_honest_file_is_what_its_name_says(code: str):
    assert told_apart(TAKEN[code], code).code == code
    assert told_apart(TAKEN[code], "").code in {code, "mp4"}, "without an ending its content says it"


@pytest.mark.parametrize("content", [b"BMW hit me.", b"MZ was there too.", "ÿ é ñ".encode("cp1252"), b"x"])
def test_a_text_is_one_whatever_its_first_letters_are(content: bytes):
    assert told_apart(content, "txt") is kinds.TEXT


@pytest.mark.parametrize(
    ("ending", "content", "says"),
    [
        ("pdf", b"", "empty"),
        ("exe", b"MZ" + b"\0" * 80, "not taken"),
        ("exe", corpus.pdf(), "not taken"),
        ("svg", b"<svg onload=alert(1)>", "not taken"),
        ("html", b"<!doctype html><script>1</script>", "not taken"),
        ("htaccess", b"Options +ExecCGI", "not taken"),
        ("zip", corpus.zipped({"a": b"a"}), "not taken"),
        ("gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "not taken"),
        ("txt", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not one of"),
        ("txt", b"\xef\xbb\xbf  <html><script>alert(1)</script>", "not one of"),
        ("txt", b"MIME-Version: 1.0\nContent-Type: text/html", "not one of"),
        ("txt", b"a line\0with nothing in it", "not one of"),
        ("txt", b"MZ\x90\0\x03", "not one of"),
        ("pdf", b"x", "something else"),
        ("pdf", b"<html>%PDF-1.7", "not one of"),
        ("pdf", corpus.jpeg(), "something else (JPEG picture)"),
        ("jpg", corpus.png(), "something else (PNG picture)"),
        ("jpg", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "not one of"),
        ("docx", corpus.pdf(), "something else (PDF)"),
        ("mp4", corpus.jpeg(), "something else"),
        ("heic", corpus.film(b"heic"), "Most Compatible"),
        ("jpg", corpus.film(b"mif1"), "Most Compatible"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(ending: str, content: bytes, says: str):
    with pytest.raises(Refused) as refused:
        told_apart(content, ending)

    assert says in refused.value.refusals[0].text


@pytest.mark.parametrize(
    ("sent", "ending", "shown"),
    [
        ("..\\..\\x.pdf", "pdf", "x.pdf"),
        ("/etc/passwd", "", "passwd.pdf"),
        ("CON", "", "file CON.pdf"),
        ("nul.txt", "txt", "file nul.pdf"),
        ("a.pdf.exe", "exe", "a.pdf.pdf"),
        (".htaccess", "htaccess", "file.pdf"),
        ("x.pdf. . ", "pdf", "x.pdf"),
        ("photo‮gpj.exe", "exe", "photogpj.pdf"),
        ('a\r\nSet-Cookie: x"; b.pdf', "pdf", "aSet-Cookie_ x__ b.pdf"),
        ("\ufffd\ufffd.pdf", "pdf", "__.pdf"),
        ("José, médico.pdf", "pdf", "José, médico.pdf"),
        ("b" * 255 + ".pdf", "pdf", "b" * 96 + ".pdf"),
        ("b" * 256, "", "b" * 96 + ".pdf"),
        ("", "", "file.pdf"),
        ("...", "", "file.pdf"),
    ],
)
def test_a_name_is_made_safe_to_show(sent: str, ending: str, shown: str):
    assert names.ending_of(sent) == ending
    assert names.shown_name(sent, "pdf") == shown


# --- pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [corpus.jpeg(), corpus.png(), corpus.png("P"), corpus.webp()])
def test_the_copy_of_a_picture_shows_it_and_tells_nothing_else(content: bytes):
    assert corpus.PLANTED in content or b"zTXt" in content

    copy = pictures.painted_anew(content)

    with Image.open(io.BytesIO(copy)) as seen:
        assert not seen.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile", "Author", "Comment"} & set(seen.info)
    assert corpus.PLANTED not in copy


def test_a_photograph_that_lies_on_its_side_stands_up_in_its_copy():
    with Image.open(io.BytesIO(pictures.painted_anew(corpus.jpeg((60, 40))))) as seen:
        assert seen.size == (40, 60)


def test_a_large_photograph_has_a_copy_that_can_still_be_read():
    with Image.open(io.BytesIO(pictures.painted_anew(corpus.jpeg((6000, 100))))) as seen:
        assert max(seen.size) == pictures.SIDE_OF_A_COPY


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (corpus.png_of_size(50_000, 50_000), "pixels"),
        (corpus.png_of_size(1_000_000_000, 1), "pixels"),
        (corpus.png_of_size(30_000, 10), "pixels"),
        (corpus.jpeg((400, 400))[:-600], "damaged"),
        (corpus.jpeg()[:20], "damaged"),
        (corpus.png()[:40], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged"),
    ],
)
def test_a_picture_that_is_too_much_or_broken_is_not_opened(content: bytes, why: str):
    with pytest.raises(Unfit, match=why):
        pictures.painted_anew(content)


# --- papers -----------------------------------------------------------------------------------

ACTS = (
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/OpenAction",
    b"/AA",
    b"app.alert",
    b"cmd.exe",
)


def unpacked(content: bytes) -> bytes:
    """A PDF with nothing packed, so that a look at its bytes sees everything."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            out,
            qdf=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def test_the_copy_of_a_pdf_keeps_its_text_and_nothing_that_acts():
    sent = corpus.pdf_that_acts()
    assert [sign for sign in ACTS if sign not in unpacked(sent)] == []
    assert corpus.PLANTED in unpacked(sent)

    copy = unpacked(papers.written_anew(sent))

    assert [sign for sign in ACTS if sign in copy] == []
    assert corpus.PLANTED not in copy, "neither its author, nor the place of a photograph in it"
    assert b"They would not let her see an interpreter." in copy


def test_what_hangs_behind_a_pdf_is_not_in_its_copy():
    both = corpus.pdf() + corpus.zipped({"evil.js": b"alert(1)"})
    assert told_apart(both, "pdf") is kinds.PDF

    assert b"PK\x03\x04" not in papers.written_anew(both)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (corpus.encrypted_pdf(), "encrypted"),
        (b"%PDF-1.7\n" + b"\0" * 100, "damaged"),
        (corpus.pdf()[:60], "damaged"),
    ],
)
def test_a_pdf_that_nobody_can_read_is_refused(content: bytes, why: str):
    with pytest.raises(Unfit, match=why):
        papers.written_anew(content)


def test_a_pdf_of_more_pages_than_anybody_reads_is_not_opened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(papers, "MOST_PAGES", 0)

    with pytest.raises(Unfit, match="bomb"):
        papers.written_anew(corpus.pdf())


# --- words ------------------------------------------------------------------------------------


def test_the_copy_of_a_word_document_is_its_words_without_what_was_deleted():
    assert words.bare_words(corpus.docx()).decode() == "He said it aloud.\nTwice.\n"


def test_the_copy_of_a_text_has_nothing_that_hides_or_turns():
    copy = words.bare_words("One\r\ntwo\u202e three\u200b\x07".encode())

    assert copy == b"One\ntwo three"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (corpus.zipped({"a.txt": b"a"}), "other_archive"),
        (corpus.docx(extra={"word/vbaProject.bin": b"x"}), "macros"),
        (corpus.docx(extra={"word/embeddings/more.zip": b"x"}), "nested"),
        (corpus.docx(extra={"../../x": b"x"}), "other_archive"),
        (corpus.docx(extra={"word/big.xml": b"\0" * 5_000_000}), "bomb"),
        (corpus.docx(extra={f"p{n}": b"" for n in range(2_100)}), "bomb"),
        (corpus.docx()[:200], "damaged"),
        (corpus.zipped({"[Content_Types].xml": b"<", "word/document.xml": b"<w:document"}), "damaged"),
        (
            corpus.zipped(
                {
                    "[Content_Types].xml": b"<Types/>",
                    "word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
                }
            ),
            "damaged",
        ),
    ],
)
def test_an_archive_that_is_no_word_document_or_too_much_is_not_unpacked(content: bytes, why: str):
    with pytest.raises(Unfit, match=why):
        words.bare_words(content)


# --- in a process of its own ------------------------------------------------------------------


@pytest.mark.parametrize(("code", "content"), list(TAKEN.items()))
def test_every_sort_is_looked_at_and_has_a_copy_where_one_can_be_made(code: str, content: bytes):
    looked = look_at(content, kinds.KINDS[code])

    assert looked.is_checked
    assert looked.scan == "unscanned", "no scanner is set up, and that is what is said"
    assert (looked.copy is not None) == (kinds.KINDS[code].copy is not None)


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        (kinds.PNG, corpus.png_of_size(50_000, 50_000), "too many pixels"),
        (kinds.PDF, corpus.encrypted_pdf(), "locked with a password"),
        (kinds.WORD, corpus.docx(extra={"word/big.xml": b"\0" * 5_000_000}), "unpacks to far more"),
        (kinds.JPEG, corpus.jpeg()[:20], "damaged"),
    ],
)
def test_what_the_opener_refuses_is_said_in_words(kind: kinds.Kind, content: bytes, says: str):
    with pytest.raises(Refused, match=says):
        look_at(content, kind)


def test_an_opener_that_dies_says_nothing_about_the_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(checking._OPENERS, kinds.TEXT, "workflow.documents.there_is_no_such_room")

    assert not look_at(b"What I saw.", kinds.TEXT).is_checked


# --- the scanner ------------------------------------------------------------------------------


class Clamd(threading.Thread):
    """A scanner that knows one virus. At the edge, so a stand-in is allowed."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listening.getsockname()[1]}"
        self.answer: bytes | None = None

    def run(self) -> None:
        with self.listening:
            asked, _ = self.listening.accept()
            with asked, asked.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                seen = b""
                while length := int.from_bytes(said.read(4), "big"):
                    seen += said.read(length)
                found = b"stream: Eicar FOUND\0" if b"EICAR" in seen else b"stream: OK\0"
                asked.sendall(found if self.answer is None else self.answer)


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    scanner = Clamd()
    scanner.start()
    yield scanner
    scanner.join(timeout=5)


def test_what_the_scanner_finds_is_not_kept(clamd: Clamd):
    with pytest.raises(Refused, match="harmful"):
        look_at(corpus.EICAR, kinds.TEXT, scanner=clamd.address)


def test_what_the_scanner_passes_is_said_to_be_scanned(clamd: Clamd):
    assert look_at(b"x" * 200_000, kinds.TEXT, scanner=clamd.address).scan == "clean"


def test_a_scanner_that_gives_up_leaves_a_file_in_quarantine(clamd: Clamd):
    clamd.answer = b"INSTREAM size limit exceeded. ERROR\0"

    assert not look_at(b"What I saw.", kinds.TEXT, scanner=clamd.address).is_checked


def test_without_a_scanner_the_test_virus_is_kept_and_said_to_be_unscanned():
    looked = look_at(corpus.EICAR, kinds.TEXT)

    assert (looked.is_checked, looked.scan) == (True, "unscanned")
