"""Reads comma-separated and similar text into numbered lists of cells. Knows no workbook and no column."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from workflow.register.cells import Assembly, Cell, Limits, Table, Unreadable

_SEPARATORS: Final = (",", ";", "\t", "|")
_BINARY: Final = "The file is not text but some binary format. Save it as .xlsx or as “CSV UTF-8”."
_CONTROLS: Final = tuple(chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(data: bytes, limits: Limits) -> Table:
    """The table in a text file. Raises `Unreadable` where bytes or quotation marks make no sense."""
    assembly = Assembly(limits, slips=True)
    text = _text(data, assembly.warnings)
    separator, text = _separator(text)
    return assembly.table(_lines(text, separator, limits))


def _text(data: bytes, warnings: list[str]) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    even, odd = data[:1000:2].count(0), data[1:1000:2].count(0)
    if max(even, odd) * 10 > len(data[:1000]):  # UTF-16 without a mark has its zeros on one side
        if min(even, odd):
            raise Unreadable(_BINARY)
        return _decoded(data, "utf-16-be" if even else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = data.count(b"\n", 0, error.start) + 1
        text = _decoded(data, "cp1252")
        warnings.append(
            f"The file is not UTF-8 (first seen in line {at}); it was read as Windows-1252. "
            "Look at names with accents."
        )
        return text


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "The file is not text in UTF-8, UTF-16 or Windows-1252. Save it again as “CSV UTF-8” or as .xlsx."
        ) from error
    head = text[:10_000]
    if sum(head.count(control) for control in _CONTROLS) * 100 > len(head):
        raise Unreadable(_BINARY)
    return text


def _separator(text: str) -> tuple[str, str]:
    """The separator, and the text without the line "sep=;" by which some programs name it."""
    named = re.match(r'"?sep=([^\w\s"]|\t)"?(\r\n|\r|\n)', text, re.IGNORECASE)
    if named:
        return named[1], text[named.end() :]
    head = _header_line(text)
    return max(_SEPARATORS, key=head.count), text


def _header_line(text: str) -> str:
    """The first line that is not blank, without what stands in quotation marks."""
    kept: list[str] = []
    quoted = False
    for letter in text[:100_000].lstrip():
        if letter == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "\r\n":
            break
        else:
            kept.append(letter)
    return "".join(kept)


def _lines(text: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[Cell] | str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        before = reader.line_num
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The reader starts afresh on the next line: right after an overlong value on one line, but with
            # a quotation mark left open it would take the middle of a value for a row.
            if "field larger" not in str(error) or reader.line_num > before + 1:
                raise Unreadable(_quotes(number, before + 1)) from error
            yield number, f"has a value longer than {limits.letters:,} characters"
            continue
        yield number, [_cell(value, limits) for value in values]


def _quotes(number: int, line: int) -> str:
    return (
        f"Row {number} (line {line}) has a quotation mark that is not closed, or text after a closing one. "
        'Put the whole value in quotation marks and write those inside it twice ("").'
    )


def _cell(value: str, limits: Limits) -> Cell:
    if len(value) > limits.letters:
        return Cell(value[:200], fault=f"is longer than {limits.letters:,} characters")
    return Cell(value)
