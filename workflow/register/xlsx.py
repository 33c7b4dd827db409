"""Reads a sheet of a workbook (.xlsx) with openpyxl, after `package` looked in. Knows no column."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from workflow.register.cells import Assembly, Cell, Limits, Table, Unreadable
from workflow.register.package import SheetPart, sheets_of

_BROKEN: Final = (
    "The workbook is damaged ({what}). Open it in a spreadsheet program and save it again as .xlsx."
)

#: What openpyxl raises for workbooks whose parts contradict each other.
_COMPLAINTS: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,  # xml.etree's ParseError is one
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

Line = tuple[int, Sequence[Cell]]


def read_xlsx(data: bytes, limits: Limits) -> Table:
    """The table on the first visible sheet that has any value. Raises `Unreadable`."""
    parts = sheets_of(data, limits)
    visible = [part for part in parts if not part.hidden]
    notes = [f"Sheet “{part.name}” is hidden; it was left out." for part in parts if part.hidden]
    if not visible:
        raise Unreadable("All sheets of the workbook are hidden. Show the one that is to be read.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl talks about styles and validation, which are not read
        try:
            workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return _first_with_values(workbook, visible, notes, limits)
        except _COMPLAINTS as error:
            raise Unreadable(_BROKEN.format(what=type(error).__name__)) from error


def _first_with_values(
    workbook: Workbook, visible: Sequence[SheetPart], notes: list[str], limits: Limits
) -> Table:
    for at, part in enumerate(visible):
        lines = _lines(workbook[part.name], part.hyperlinks, limits)
        first = next((line for line in lines if not all(cell.is_blank for cell in line[1])), None)
        if first is None:
            continue
        others = [f"“{other.name}”" for other in visible[at + 1 :]]
        if others:
            notes.append(f"Only sheet “{part.name}” was read, not {', '.join(others)}.")
        return Assembly(limits, part.name, warnings=notes).table(_after(first, lines))
    raise Unreadable("The workbook is empty: the first row of its sheet has to name the columns.")


def _after(first: Line, rest: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from rest


def _lines(sheet: Any, hyperlinks: Mapping[tuple[int, int], str], limits: Limits) -> Iterator[Line]:
    sheet.reset_dimensions()  # a sheet may claim to be a million rows long
    for raw in sheet.iter_rows():
        cells = [_cell(cell, hyperlinks, limits) for cell in raw]
        number = next((cell.row for cell in raw if hasattr(cell, "row")), None)
        if number is not None:
            yield number, cells


def _cell(raw: Any, hyperlinks: Mapping[tuple[int, int], str], limits: Limits) -> Cell:
    if raw.value is None and not hasattr(raw, "row"):
        return Cell()
    link = hyperlinks.get((raw.row, raw.column)) if hyperlinks else None
    value, fault = _judged(raw.value, raw.data_type, limits)
    return Cell(value, link, fault)


def _judged(value: Any, kind: str, limits: Limits) -> tuple[Any, str | None]:
    """The value, and why it can not be used if it can not."""
    if kind == "f":
        written = getattr(value, "text", value)
        return str(written)[:200], "is a formula, not a value; paste its result as a value"
    if kind == "e" and value not in {"#N/A", "#NULL!"}:
        return str(value)[:200], "is an error of the spreadsheet or a date outside the calendar"
    if isinstance(value, str):
        text = unescape(value)
        if len(text) > limits.letters:
            return text[:200], f"is longer than {limits.letters:,} characters"
        return text, None
    if value is None or isinstance(value, (bool, int, float, datetime, date, time, timedelta)):
        return value, None
    return str(value)[:200], "is of a kind that is not read"
