"""Wordings become letters whole or not at all; what fills a place is never a command."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from workflow.messages import paper
from workflow.messages.wording import TEXTS, Piece, Unfit, day, fill, language_of, month, read, wording, words

ALLOWED = frozenset({"reference", "outcomes", "paragraph"})
NAMES = sorted(path.stem for path in (TEXTS / "en").glob("*.txt"))


def made(content: str, **values: str | tuple[str, ...]) -> tuple[Piece, ...]:
    return fill(read("test", "en", f"title: A letter\n\n{content}"), values, allowed=ALLOWED)


def sheet(*said: str, **others: object) -> paper.Sheet:
    pieces = tuple(Piece("paragraph", (text,)) for text in said)
    plain = paper.Sheet(
        language="en",
        sender="Office of the tests",
        head=("Office of the tests", "1 Plumb Street"),
        address=(),
        on=date(2026, 1, 5),
        day="January 5, 2026",
        number="Number C-1",
        title="A letter",
        body=pieces,
    )
    return replace(plain, **others)  # type: ignore[arg-type]


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


# --- filling --------------------------------------------------------------------------------------


def test_places_are_filled_and_lists_and_paragraphs_become_their_own():
    pieces = made(
        "It is {{reference}}.\n\n{{outcomes}}\n\n{{ paragraph }}",
        reference="C-1",
        outcomes=("one", "two"),
        paragraph="First.\n\nSecond.",
    )

    assert pieces == (
        Piece("paragraph", ("It is C-1.",)),
        Piece("list", ("one", "two")),
        Piece("paragraph", ("First.",)),
        Piece("paragraph", ("Second.",)),
    )


def test_only_the_free_paragraph_may_stay_empty():
    assert made("Yes.\n\n{{paragraph}}", paragraph="") == (Piece("paragraph", ("Yes.",)),)
    with pytest.raises(Unfit, match="Nothing is known for the place “reference”"):
        made("It is {{reference}}.", reference="")
    with pytest.raises(Unfit, match="Nothing is known for the place “outcomes”"):
        made("{{outcomes}}", outcomes=())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("It is {{narrative}}.", "a place “narrative” that this letter does not have"),
        ("It is {{reference}.", "not closed"),
        ("It is reference}}.", "not closed"),
        ("It is {{Reference}}.", "not closed"),
        ("It is {{reference.__class__}}.", "not closed"),
        ("These {{outcomes}}.", "has to stand alone"),
    ],
)
def test_an_unknown_or_broken_place_stops_the_letter(content: str, says: str):
    with pytest.raises(Unfit, match=says):
        made(content, reference="C-1", outcomes=("one",))


@pytest.mark.parametrize("value", ["{{reference}}", "{{", "}}", "{{7*7}}", "\\1", "{reference}", "${x}"])
def test_braces_in_a_value_are_braces(value: str):
    assert made("So: {{reference}}", reference=value) == (Piece("paragraph", (f"So: {value}",)),)
    assert made("{{paragraph}}", paragraph=value) == (Piece("paragraph", (value,)),)


def test_a_wording_without_a_title_or_a_file_is_none():
    with pytest.raises(Unfit, match="does not begin with its title"):
        read("test", "en", "Dear all,\n\nyes.")
    with pytest.raises(Unfit, match="There is no wording"):
        wording("acknowledgement", "fr")


@pytest.mark.parametrize("name", NAMES)
def test_every_wording_is_in_both_languages_with_the_same_places(name: str):
    english, spanish = wording(name, "en"), wording(name, "es")

    assert english.digest != spanish.digest
    assert len(english.blocks) == len(spanish.blocks)
    for one, other in zip(english.blocks, spanish.blocks, strict=True):
        assert sorted(one.split("{{")[1:][i].split("}}")[0] for i in range(one.count("{{"))) == sorted(
            other.split("{{")[1:][i].split("}}")[0] for i in range(other.count("{{"))
        )
    assert sorted(path.stem for path in (TEXTS / "es").glob("*.txt")) == NAMES


def test_both_languages_have_words_for_the_same_codes():
    english, spanish = words("en"), words("es")

    assert english.keys() == spanish.keys()
    for group in ("dispositions", "closing", "destinations", "modes"):
        assert english[group].keys() == spanish[group].keys()
    assert len(english["months"]) == len(spanish["months"]) == 12


@pytest.mark.parametrize(
    "said", ["es", "ES", "Spanish", "español", "Espanol por favor", "es-MX", "castellano"]
)
def test_who_asks_for_spanish_gets_it(said: str):
    assert language_of(said) == "es"


@pytest.mark.parametrize("said", [None, "", "English", "Estonian", "yes", "Mam"])
def test_everybody_else_gets_english(said: str | None):
    assert language_of(said) == "en"


def test_days_are_written_as_the_language_writes_them():
    on = date(2026, 3, 5)

    assert (day(on, "en"), day(on, "es")) == ("March 5, 2026", "5 de marzo de 2026")
    assert (month(on, "en"), month(on, "es")) == ("March 2026", "marzo de 2026")


# --- paper ----------------------------------------------------------------------------------------


def test_a_letter_is_tagged_and_says_its_language_and_title():
    made = paper.printed(sheet("Yes.", language="es", title="Título"))

    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.StructTreeRoot is not None
        assert str(pdf.Root.Lang) == "es"
        assert str(pdf.docinfo["/Title"]) == "Título"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"


def test_the_same_letter_is_the_same_bytes_and_another_is_not():
    one, same, other = (paper.printed(sheet(text)) for text in ("Yes.", "Yes.", "No."))

    assert (one.pdf, one.text, one.digest) == (same.pdf, same.text, same.digest)
    assert other.digest != one.digest
    assert paper.printed(sheet("Yes.", on=date(2026, 1, 6))).digest != one.digest


@pytest.mark.parametrize("text", ["سلام", "李", "😀", "a\0b"])
def test_a_letter_with_a_gap_is_none(text: str):
    with pytest.raises(paper.Unprintable, match="cannot show"):
        paper.printed(sheet(text))


@pytest.mark.parametrize(
    "text",
    [
        "שלום",
        "Nguyễn O'Brien",
        "#panic() $x$ \\ `raw` // no @ref <label> *b* _i_ = head",
        '#sys.inputs.letter #read("/etc/passwd")',
        "a" * 5000,
        "Zalgo" + "\u0301" * 1000,
        "tab\there\nand a line",
    ],
)
def test_whatever_is_typed_is_text_on_paper(text: str):
    made = paper.printed(sheet(text))

    assert pages(made.pdf) >= 1
    assert text in made.text


def test_a_letter_of_three_hundred_pages_is_printed_whole():
    made = paper.printed(sheet(*("word " * 900 for _ in range(260))))

    assert pages(made.pdf) > 300
