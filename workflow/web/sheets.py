"""Tables as files for spreadsheet programs, CSV and XLSX, built new. What is in them is decided elsewhere.

Nothing in them is a formula, a link or hidden: a cell that a program could take for one is marked as text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Final, TypeAlias

import xlsxwriter

Cell: TypeAlias = str | int | date | None

#: What spreadsheet programs read as the beginning of a formula, full-width forms as well.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001
#: Each form: its type of content and how it is built.
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def built(form: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file in one of the forms of `TYPES`; the first line names the columns."""
    return _csv(columns, rows) if form == "csv" else _xlsx(columns, rows)


def harmless(said: Cell) -> str | int:
    """A cell that no program takes for a formula: a text that looks like one begins with an apostrophe."""
    if isinstance(said, int):
        return said
    text = "" if said is None else said.isoformat() if isinstance(said, date) else said
    is_formula = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return ("'" + text if is_formula else text).replace("\0", "")


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    lines = StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([harmless(c) for c in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    # The mark lets programs read it as UTF-8 without asking.
    return lines.getvalue().encode("utf-8-sig")


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    kept = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, {**options, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("List")
        bold = book.add_format({"bold": True})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                said = harmless(cell)
                if isinstance(said, int):
                    sheet.write_number(line, place, said)
                else:
                    sheet.write_string(line, place, said)
        sheet.freeze_panes(1, 0)
    return kept.getvalue()
