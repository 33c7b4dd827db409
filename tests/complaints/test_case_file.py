"""The case file of a complaint: all that its reader reads, as tagged PDF, and nobody's identity."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cases.recused import alone, let_in, recuse
from tests.cast import ANN, AUDRA, BOB, CARL, LEO, MAX, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.letter_ways import number_of, sent
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.documents.corpus import Sent
from tests.pages import PageClient
from tests.pdf import words_on
from workflow.cases.exports import Export
from workflow.cases.kinds import House
from workflow.complaints import inquiry, mailbox
from workflow.complaints.case_file import Block, CaseFile, Part, case_file_of
from workflow.complaints.case_file_paper import pdf_of
from workflow.complaints.facts import State
from workflow.complaints.inquiry import Heard
from workflow.complaints.masking import Mask
from workflow.complaints.witnesses import add_witness
from workflow.db.session import session, transaction
from workflow.documents.staging import stage
from workflow.engine.actors import PUBLIC, Actor
from workflow.people.office import office

SignIn = Callable[[Actor], PageClient]
CANARY = "Zxcanary"
CONTACT = {
    "name": f"Dolores {CANARY}",
    "reach": f"d.{CANARY}@nest.test, (404) 555-0142\n12 Elm Street",
    "safe": "never at the mill",
}
WITNESS = {"name": "Wren Thimblewood", "reach": "+1 404 555 7788"}
NARRATIVE = "They would not let her see an interpreter."


def take_out(browser: PageClient, reference: str) -> TestResponse:
    """Press the button, with the token that every page has."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/account").text)
    return browser.post(f"/complaints/{reference}/case-file", data={"csrf_token": token[1] if token else ""})


def bare(said: str) -> str:
    """Without blanks: lines and words are broken elsewhere on paper."""
    return re.sub(r"\s", "", said)


def everything_in(pdf: bytes) -> str:
    """Text layer, metadata and structure of a PDF, unpacked."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        objects = [bytes(o.read_bytes()) if isinstance(o, pikepdf.Stream) else str(o) for o in opened.objects]
        return f"{words_on(pdf)} {opened.docinfo} {objects}"


def a_whole_complaint(app: Flask, house: House) -> str:
    """Decided and answered, with witness, log, document, message and letter; names are written everywhere."""
    cabinet = app.extensions["documents"]
    token = stage(cabinet, Sent(f"{CANARY}.txt", b"What I saw."), holder="a test", now=MONDAY).token
    told = {"narrative": f"{NARRATIVE} I am Dolores {CANARY.upper()}, call 404.555.0142."}
    reference = received(house, contact=CONTACT, words=told, documents=(token,), holder="a test")
    add_witness(house, reference, ANN, "saw_it", WITNESS, seen=complaint(reference).version, now=MONDAY)
    go(house, reference, "acknowledge", "triage", "assign", "begin")
    heard = Heard(
        kind="interview",
        part="witness",
        way="telephone",
        at=MONDAY,
        reached=True,
        who="Old Mr. Pellwick",
        said="Pellwick saw the desk; Thimblewood was out, at +1 404 555 77 88.",
    )
    inquiry.log(house, reference, RAY, heard, seen=complaint(reference).version, now=MONDAY)
    with transaction():
        mailbox.write(house, complaint(reference), f"It is {CANARY} again", by=PUBLIC, now=MONDAY)
    go(house, reference, "submit_report", "decide", "notify")
    sent(house, reference, number_of(reference, "outcome"), paragraph=f"Dear Ms. {CANARY}, thank you.")
    return reference


@pytest.fixture
def whole(ctx: Flask, house: House) -> str:
    return a_whole_complaint(ctx, house)


# --- what it holds --------------------------------------------------------------------------------


def test_a_case_file_tells_what_the_printed_page_tells(sign_in: SignIn, whole: str):
    ruth = sign_in(RUTH)

    file = take_out(ruth, whole)

    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{whole}-case-file.pdf"'
    assert file.headers["Cache-Control"] == "no-store"
    page = ruth.get(f"/complaints/{whole}/print").text.split("</h1>")[1].split("</main>")[0]
    pieces = [unescape(piece) for piece in re.findall(r"<(?:h2|h3|dd|strong|p)\b[^>]*>([^<]+)<", page)]
    said = [
        bare(line)
        for piece in pieces
        if not piece.strip().startswith("Shown to")
        for line in piece.split("\n")
    ]
    on_paper = bare(words_on(file.data))
    assert len(said) > 80
    assert [line for line in said if line not in on_paper] == []
    for told in (
        "Document 1",
        "Witness added",
        "Made by Ruth Reviewer on 5 Jan 2026",
        "Tell them the outcome",
    ):
        assert bare(told) in on_paper


def test_its_parts_stand_in_the_order_of_the_story(house: House, whole: str):
    file = case_file_of(house, complaint(whole), RUTH, now=MONDAY)

    assert [part.heading for part in file.parts] == [
        "What was alleged",
        "What was done",
        "What was found",
        "What was answered",
        "Timeline",
    ]
    told = [line.said for line in file.parts[-1].blocks]
    steps = ("Receive a complaint", "Triage", "Assign", "Decide", "Tell them the outcome", "Letter sent")
    places = [told.index(step) for step in steps]
    assert places == sorted(places)
    assert places[0] == 0
    assert "Document 1: safe copy made" in told
    assert any(": started" in line for line in told)


@pytest.mark.parametrize("actor", [ANN, RUTH, LEO, MAX, SAM, PAM], ids=lambda a: a.name)
def test_who_complained_and_who_saw_it_stand_nowhere_in_the_file(sign_in: SignIn, whole: str, actor: Actor):
    browser = sign_in(actor)

    held = everything_in(take_out(browser, whole).data) + browser.get(f"/complaints/{whole}/print").text

    squeezed = re.sub(r"[\s\[\]().-]", "", held).casefold()
    for secret in (CANARY, "Dolores", "Thimblewood", "Pellwick", "nesttest", "5550142", "5557788", "themill"):
        assert secret.casefold() not in squeezed, secret
    assert "12 elm" not in held.casefold()


def test_who_reads_no_words_gets_a_file_without_them(sign_in: SignIn, whole: str):
    for actor, reads in ((RUTH, True), (MAX, True), (SAM, False), (PAM, False)):
        on_paper = bare(words_on(take_out(sign_in(actor), whole).data))
        for words in (NARRATIVE, "saw the desk", "The log of the night.", "thank you", "Document 1"):
            assert (bare(words) in on_paper) == reads, (actor.name, words)
        assert "Tell them the outcome".replace(" ", "") in on_paper


@pytest.mark.parametrize(("actor", "status"), [(BOB, 404), (CARL, 404), (AUDRA, 403)], ids=str)
def test_who_does_not_see_the_complaint_or_changes_nothing_gets_no_file(
    sign_in: SignIn, whole: str, actor: Actor, status: int
):
    assert take_out(sign_in(actor), whole).status_code == status
    assert session().scalars(select(Export)).all() == []


def test_who_was_let_in_although_recused_takes_nothing_out(house: House, sign_in: SignIn):
    reference = alone(house)
    browser = sign_in(RUTH)
    assert take_out(browser, reference).status_code == 404

    let_in(house, reference, RUTH)

    assert "Take out as case file" not in browser.get(f"/complaints/{reference}").text
    answer = take_out(browser, reference)
    assert answer.status_code == 302
    assert "nothing of this complaint is taken out" in browser.get(answer.headers["Location"]).text
    assert session().scalars(select(Export)).all() == []


# --- that it was taken out ------------------------------------------------------------------------


def test_each_file_is_on_record_with_its_fingerprint(house: House, sign_in: SignIn):
    reference = received(house)

    file = take_out(sign_in(RUTH), reference)

    kept = session().scalars(select(Export)).one()
    assert (kept.person_id, kept.at, kept.what, kept.form) == (RUTH.id, MONDAY, "case_file", "pdf")
    assert kept.filters == {"case": reference}
    assert kept.digest == hashlib.sha256(file.data).hexdigest()
    assert kept.columns == "alleged done found answered timeline"
    assert kept.rows > 3
    assert reference in sign_in(AUDRA).get("/exports").text


def test_looking_at_the_page_records_and_changes_nothing(house: House, sign_in: SignIn):
    reference = received(house)
    before = complaint(reference).version

    sign_in(RUTH).get(f"/complaints/{reference}/print")

    assert session().scalars(select(Export)).all() == []
    assert complaint(reference).version == before


def test_the_record_names_no_case_to_who_must_not_see_it(house: House, sign_in: SignIn):
    reference = received(house)
    take_out(sign_in(RUTH), reference)
    recuse(house, reference, PAM, PAM)

    page = sign_in(PAM).get("/exports").text

    assert "Ruth Reviewer" in page
    assert "another case" in page
    assert reference not in page


def test_the_button_is_offered_to_who_may_press_it(house: House, sign_in: SignIn):
    reference = received(house)

    for actor, offered in ((RUTH, True), (MAX, True), (SAM, True), (AUDRA, False)):
        page = sign_in(actor).get(f"/complaints/{reference}").text
        assert ("Take out as case file" in page) == offered


# --- how it is on paper ---------------------------------------------------------------------------


def written(*said: str, lines: int = 0) -> CaseFile:
    """A case file that holds these words, and so many lines."""
    blocks = [Block("said", each) for each in said]
    blocks += [Block("line", f"Line {n}", when="5 Jan 2026", by="Ann") for n in range(1, lines + 1)]
    return CaseFile("C-2026-0", "Complaint", (), (Part("Words", tuple(blocks)),), "Ruth", "5 Jan 2026", lines)


def paper(file: CaseFile) -> bytes:
    return pdf_of(file, None, now=MONDAY)


def test_it_is_tagged_and_says_its_title_and_language(house: House, whole: str):
    made = pdf_of(case_file_of(house, complaint(whole), RUTH, now=MONDAY), office(), now=MONDAY)

    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in opened.Root
        with opened.open_metadata() as told:
            assert told["dc:title"] == f"Case file {whole}"
            assert told["pdfuaid:part"] == "1"
        tags = {str(o.get("/S")) for o in opened.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o}
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI"} <= tags


@pytest.mark.parametrize(
    "said",
    [
        '#panic("no") #sys.inputs $x^2$ *bold* _it_ `raw` <label> @ref = no heading',
        "{{ name }} {% raw %} \\ \\u{41} \\n // no comment /* nor this */ ~ -- ---",
        "- no list\n+ nor this\n/ nor: this\n= Nor a heading",
        "\"quotes\" 'and' such; & < > [ ] ( ) { }",
        "Доброе утро. Ελλάδα. Żółć, ñandú, Tiếng Việt.",
        "שלום",
        "سلام",
    ],
)
def test_what_looks_like_a_command_or_another_script_is_set_as_it_was_typed(said: str):
    on_paper = bare(words_on(paper(written(said))))

    for word in said.split():
        assert (
            word in on_paper or word[::-1] in on_paper or sorted(word) == sorted(set(word) & set(on_paper))
        ), word


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("水と火", "[U+6C34][U+3068][U+706B]"),
        ("sad \U0001f622 face", "sad[U+1F622]face"),
        ("abc\u202edef", "abc[U+202E]def"),
        ("a\x00b\x07c", "a[U+0000]b[U+0007]c"),
        ("half \ud800 one", "half[U+D800]one"),
        ("soft\u00adhyphen\u200bzero", "soft[U+00AD]hyphen[U+200B]zero"),
        ("e\u0301tude", "étude"),
        ("z\u0337\u0321\u0353\u1dc4", "z"),
    ],
)
def test_what_no_font_shows_and_what_turns_the_text_is_written_as_its_number(said: str, shown: str):
    assert shown in bare(words_on(paper(written(said))))


@pytest.mark.parametrize("char", ["x", "W", "水", "é", "\u202e"])
def test_a_very_long_word_stays_on_the_page(char: str):
    made = paper(written("before " + char * 9000 + " after"))

    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) > 1
    assert "after" in words_on(made)


def test_ten_thousand_different_characters_do_not_hold_up_the_page():
    made = paper(written("".join(map(chr, range(0x100, 0x2900)))))

    assert made.startswith(b"%PDF")


def test_a_long_case_has_all_its_lines_and_says_who_made_it_when_and_which_page_on_each():
    made = paper(written(NARRATIVE, lines=500))

    said = words_on(made)
    with pikepdf.open(io.BytesIO(made)) as opened:
        pages = len(opened.pages)
    assert pages > 10
    assert bare("Line 500") in bare(said)
    for page in range(1, pages + 1):
        footer = f"C-2026-0 · made by Ruth on 5 Jan 2026 · page {page} of {pages}"
        assert bare(said).count(bare(footer)) == 1, page


def test_a_file_of_a_demonstration_says_so_on_every_page(house: House):
    with transaction():
        found = office()
        assert found is not None
        found.is_demonstration = True

    made = pdf_of(written(lines=100), found, now=MONDAY)

    with pikepdf.open(io.BytesIO(made)) as opened:
        assert bare(words_on(made)).count("Demonstration:") == len(opened.pages) > 1


def test_a_case_with_five_hundred_events_is_taken_out_whole(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.INVESTIGATING)
    heard = Heard(
        kind="contact", part="agency", way="telephone", at=MONDAY, reached=True, said="They call back."
    )
    for _ in range(500):
        seen = complaint(reference).version
        inquiry.log(house, reference, RAY, heard, seen=seen, now=MONDAY + timedelta(minutes=1))

    file = take_out(sign_in(RUTH), reference)

    assert file.status_code == 200
    assert bare("500. A contact") in bare(words_on(file.data)) or bare("500. Contact") in bare(
        words_on(file.data)
    )
    assert session().scalars(select(Export.rows)).one() >= 500


# --- leaving out ----------------------------------------------------------------------------------


def masked() -> Iterator[tuple[str, str]]:
    yield "Dolores said so.", "[left out] said so."
    yield "DOLORES' sister, Ms. Zxcánary.", "[left out]' sister, Ms. [left out]."
    yield "Mail d.zxcanary@NEST.test now.", "Mail [left out] now."
    yield "Call +1 404/555-01 42.", "Call [left out]."
    yield "Call 5550142.", "Call [left out]."
    yield "At 12  Elm\nStreet she waits.", "At [left out] she waits."
    yield "Never at the mill.", "[left out]."
    yield "Dolorous work on Elm Square, 404 beds.", "Dolorous work on Elm Square, 404 beds."
    yield "", ""


@pytest.mark.parametrize(("typed", "kept"), [*masked()])
def test_what_would_say_who_it_was_is_left_out_and_nothing_else(typed: str, kept: str):
    assert Mask([CONTACT])(typed) == kept


def test_where_nobody_is_known_nothing_is_left_out():
    assert Mask([])("Dolores said so.") == Mask([{}])("Dolores said so.") == "Dolores said so."
