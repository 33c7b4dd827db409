"""Files for spreadsheet programs: nothing in them acts, whatever was typed into the system."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from workflow.web.sheets import built, harmless

#: What spreadsheet programs would take for a formula, a link or a command.
ACTING = (
    "=1+1", "=HYPERLINK(\"https://example.test\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1",
    "\0=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", "=cmd|' /C calc'!A0",
)  # fmt: skip


@pytest.mark.parametrize("said", ACTING, ids=ascii)
def test_what_looks_like_a_formula_is_a_text(said: str):
    assert str(harmless(said)).startswith("'")
    assert "\0" not in str(harmless(said))


def test_what_is_none_stays_as_it_is():
    assert [harmless(c) for c in ("Alder County", 3, None, date(2026, 1, 5), "C-2026-1")] == [
        "Alder County", 3, "", "2026-01-05", "C-2026-1",
    ]  # fmt: skip


def test_a_csv_file_is_read_back_line_by_line():
    content = built("csv", ["Name", "Tier"], [['a "quoted", name', 2], ["two\nlines", None], ["=1+1", 1]])

    read = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))

    assert read == [["Name", "Tier"], ['a "quoted", name', "2"], ["two\nlines", ""], ["'=1+1", "1"]]


def test_an_xlsx_file_has_one_sheet_to_be_seen_and_neither_formulas_nor_links():
    content = built("xlsx", ["Name", "Tier"], [["=1+1", 1], ["https://example.test", 2], ["007", None]])

    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[0]

    assert [s.sheet_state for s in book.worksheets] == ["visible"]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["Name", "Tier"], ["'=1+1", 1], ["https://example.test", 2], ["007", ""],
    ]  # fmt: skip
    assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n"}
    parts = ZipFile(BytesIO(content))
    assert not [n for n in parts.namelist() if "externalLink" in n or "vba" in n]
    assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert b"hyperlink" not in parts.read("xl/worksheets/sheet1.xml")
