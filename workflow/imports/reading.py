"""What a list says, line by line, with every reason why a row cannot be taken.

Knows the declaration and the cells, neither the register nor the database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflow.imports.listing import Column, Holds, Line, Listing, Read, RefusedRow
from workflow.imports.mapping import Translation
from workflow.imports.sections import loosely
from workflow.register.cells import Cell, Row, Table, Unreadable
from workflow.register.days import day_in
from workflow.register.names import Unfit

#: Nothing older is believed.
FIRST_DAY: Final = date(1970, 1, 1)
#: What no page and not every database can hold, and marks that turn the direction of what follows.
UNFIT: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
HOLDS_UNFIT: Final = (
    "It holds a control character, or a mark that turns the writing direction. Take it out of the list."
)
#: A number of nothing but these is none.
NO_WIDTH: Final = "\u200b\u2060\ufeff "


class No(Exception):
    """Why a row is refused: their column, its value, the reason."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def read(table: Table, mapping: Translation, listing: Listing, *, today: date) -> Read:
    """Every line of the list. Raises `Unreadable` where a mapped column is not in the file."""
    check_columns(table, mapping.columns, mapping.missing)
    found = Read(rows=len(table.rows), warnings=list(table.warnings))
    reader = _Reader(listing, mapping, today, found)
    for rows in _things(table, mapping):
        try:
            found.lines.append(reader.line(rows))
        except No as no:
            found.refused += [
                RefusedRow(row.number, no.column, no.value if row is rows[0] else "", no.reason)
                for row in rows
            ]
    found.refused.sort(key=lambda refused: refused.number)
    found.warnings += _unmapped(found, listing)
    return found


def _things(table: Table, mapping: Translation) -> Iterator[Sequence[Row]]:
    """The rows of each thing, in the order in which things first appear; rows without a number alone."""
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        number = row.cells.get(mapping.theirs("reference"), Cell()).text.strip(NO_WIDTH)
        number = " ".join(number.split())
        groups.setdefault(number or f"\0{row.number}", []).append(row)
    yield from groups.values()


def check_columns(table: Table, columns: Mapping[str, str], missing: Iterable[str] = ()) -> None:
    """Raises `Unreadable` where the mapping names a column that the file does not have."""
    for ours, theirs in columns.items():
        if theirs not in table.headers:
            listed = ", ".join(f"“{h}”" for h in table.headers[:30])
            raise Unreadable(f"The file has no column “{theirs}” (for {ours}). Its columns are {listed}.")
    for theirs in missing:
        if theirs not in table.headers:
            raise Unreadable(f"[missing] names the column “{theirs}”, which the file does not have.")


def digest_of(rows: Iterable[Row]) -> str:
    """What rows said, to notice that a later file says something else."""
    said = hashlib.sha256()
    for row in rows:
        for name in sorted(row.cells):
            said.update(f"{name}\0{row.cells[name].text}\0".encode(errors="surrogatepass"))
    return said.hexdigest()


def _unmapped(found: Read, listing: Listing) -> list[str]:
    return [
        f"{kind.capitalize().replace('_', ' ')} “{theirs}”, {times:,} times, is not mapped:"
        f" {listing.column(kind).unmapped}."
        for (kind, theirs), times in sorted(found.unmapped.items())
    ]


@dataclass(frozen=True, slots=True)
class _Reader:
    listing: Listing
    mapping: Translation
    today: date
    found: Read

    def line(self, rows: Sequence[Row]) -> Line:
        """One thing. Raises `No`."""
        read = [self._row(row) for row in rows]
        first, numbers = read[0], [row.number for row in rows]
        if len(rows) > 1 and not self.listing.parts:
            why = f"The number stands twice, in rows {numbers[0]} and {numbers[1]}."
            raise No(self.mapping.theirs("reference"), first["reference"], why)
        for other, number in zip(read[1:], numbers[1:], strict=True):
            self._must_agree(first, other, numbers[0], number)
        parts = [{n: one[n] for n in self.listing.parts if n in one} for one in read]
        line = Line(
            numbers[0],
            first["reference"],
            {name: value for name, value in first.items() if name not in self.listing.parts},
            digest_of(rows),
            tuple(part for part in parts if part),
        )
        for ours, reason in self.listing.objections(line):
            raise self.objected(ours, reason, rows[0])
        return line

    def _row(self, row: Row) -> dict[str, Any]:
        if row.fault:
            raise No("", "", f"The row {row.fault}.")
        values: dict[str, Any] = dict(self.mapping.fixed)
        for column in self.listing.columns:
            if column.name in self.mapping.columns:
                value = self._value(row, column)
                values |= {column.name: value} if value else {}
        return values

    def _must_agree(self, one: dict[str, Any], other: dict[str, Any], first: int, number: int) -> None:
        for column in self.listing.columns:
            name = column.name
            if name not in self.listing.parts and one.get(name) != other.get(name):
                why = f"It differs between rows {first} and {number} of one {self.listing.one}."
                raise No(self.mapping.theirs(name), "", why)

    def objected(self, ours: str, reason: str, row: Row) -> No:
        theirs = self.mapping.theirs(ours)
        value = "" if self.listing.column(ours).personal else self._written(row, theirs)
        return No(theirs, value, reason)

    def _value(self, row: Row, column: Column) -> Any:
        theirs = self.mapping.theirs(column.name)
        cell = row.cells.get(theirs, Cell())
        shown = "" if column.personal else cell.text[:100]
        if cell.fault:
            raise No(theirs, shown, f"The value {cell.fault}.")
        written = self._written(row, theirs)
        if not written:
            if column.needed:
                raise No(theirs, "", f"Nothing stands here; {column.says} is needed.")
            return None
        match column.holds:
            case Holds.DAY:
                return self._day(cell, column, shown)
            case Holds.CODE:
                return self._code(column, written)
            case Holds.WORDS:
                written = cell.text.strip()
        if len(written) > column.longest:
            raise No(theirs, shown, f"More than {column.longest:,} characters.")
        if UNFIT.search(written):
            raise No(theirs, "", HOLDS_UNFIT)
        return written

    def _day(self, cell: Cell, column: Column, shown: str) -> date:
        theirs = self.mapping.theirs(column.name)
        try:
            day = day_in(cell)
        except Unfit as unfit:
            raise No(theirs, shown, f"The date {unfit}.") from unfit
        if day < FIRST_DAY:
            raise No(theirs, shown, "The date lies before 1970.")
        if day > self.today and not column.may_come:
            raise No(theirs, shown, "The date lies after the day of the import.")
        return day

    def _code(self, column: Column, written: str) -> str | None:
        code = self.mapping.code(column.name, written)
        if code is None:  # A list that speaks our codes needs no translation.
            code = {loosely(known): known for known, _ in column.codes}.get(loosely(written))
        if code is None:
            self.found.unmapped[column.name, written] += 1
        return code or None

    def _written(self, row: Row, theirs: str) -> str:
        text = " ".join(row.cells.get(theirs, Cell()).text.split()) if theirs else ""
        return "" if loosely(text) in self.mapping.missing.get(theirs, ()) else text
