"""What every sheet is read into: cells, rows, a table; and how rows become one. Opens no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | datetime | date | time | timedelta | None


class Unreadable(Exception):
    """A file that can not be read at all; the sentence says why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is taken for an attack or a mistake."""

    #: Bytes of the file as it lies on the disk.
    file_bytes: int = 50_000_000
    #: Parts inside a workbook, and their bytes when unpacked.
    parts: int = 2_000
    unpacked_bytes: int = 250_000_000
    #: How many times larger a part may become when unpacked, asked of parts larger than `large_part` bytes.
    ratio: int = 200
    large_part: int = 5_000_000
    rows: int = 200_000
    columns: int = 256
    cells: int = 4_000_000
    #: Letters in one cell (a spreadsheet program takes no more either).
    letters: int = 32_767


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with its hyperlink. `fault` says why the value can not be used, as the end of a sentence."""

    value: Value = None
    hyperlink: str | None = None
    fault: str | None = None

    @property
    def text(self) -> str:
        """The value as people would type it; empty where there is none."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return str(self.value).upper()
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return str(self.value)

    @property
    def is_blank(self) -> bool:
        return self.fault is None and self.hyperlink is None and not self.text.strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header. `number` is what a spreadsheet program shows beside it."""

    number: int
    cells: Mapping[str, Cell]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The one table of a file. `sheet` is empty for text files."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Assembly:
    """Makes a table of numbered lists of cells: the first one that is not blank is the header."""

    limits: Limits = LIMITS
    sheet: str = ""
    #: Whether a value beyond the header means that the row has slipped (text files) or is only a note.
    slips: bool = False
    warnings: list[str] = field(default_factory=list)

    def table(self, lines: Iterable[tuple[int, Sequence[Cell] | str]]) -> Table:
        """The table; a line given as a string is a row that could not be read, and says why.

        Raises `Unreadable` for no header, two columns of one name, more rows or columns than `limits` allow.
        """
        numbered = iter(lines)
        headers = self._headers(numbered)
        rows = tuple(self._rows(numbered, headers))
        if not rows:
            self.warnings.append("The file has a header but no rows.")
        return Table(tuple(name for name in headers if name), rows, self.sheet, tuple(self.warnings))

    def _headers(self, lines: Iterator[tuple[int, Sequence[Cell] | str]]) -> list[str]:
        for number, cells in lines:
            if isinstance(cells, str):
                raise Unreadable(f"Row {number}, where the names of the columns should stand, {cells}.")
            if all(cell.is_blank for cell in cells):
                continue
            width = max(at for at, cell in enumerate(cells, start=1) if not cell.is_blank)
            if width > self.limits.columns:
                raise Unreadable(
                    f"The header has {width:,} columns; at most {self.limits.columns} are read. "
                    "Save the columns that are needed as a file of their own."
                )
            return _names(cells[:width])
        raise Unreadable("The file is empty: its first row has to name the columns.")

    def _rows(self, lines: Iterator[tuple[int, Sequence[Cell] | str]], headers: list[str]) -> Iterator[Row]:
        count = 0
        stray: dict[int, int] = {}
        for number, cells in lines:
            if not isinstance(cells, str) and all(cell.is_blank for cell in cells):
                continue
            count += 1
            if count > self.limits.rows:
                raise Unreadable(
                    f"The file has more than {self.limits.rows:,} rows. Split it and import each part."
                )
            if isinstance(cells, str):
                yield Row(number, {}, cells)
                continue
            beyond = _beyond(cells, headers)
            for at in () if self.slips else beyond:
                stray.setdefault(at, number)
            yield Row(number, _by_header(cells, headers), _slipped(cells, headers) if self.slips else None)
        for at, number in sorted(stray.items()):
            self.warnings.append(
                f"Column {column_letters(at + 1)} has values (first in row {number}) but no name: left out."
            )


def _names(cells: Sequence[Cell]) -> list[str]:
    names: list[str] = []
    for at, cell in enumerate(cells, start=1):
        if cell.fault:
            raise Unreadable(f"The name of column {column_letters(at)} {cell.fault}. Type the name instead.")
        name = " ".join(cell.text.replace("\0", " ").split())[:200]
        known = {other.casefold(): column_letters(place) for place, other in enumerate(names, start=1)}
        if name and name.casefold() in known:
            raise Unreadable(
                f"Columns {known[name.casefold()]} and {column_letters(at)} are both called “{name}”. "
                "Rename or remove one of them."
            )
        names.append(name)
    return names


def _by_header(cells: Sequence[Cell], headers: Sequence[str]) -> dict[str, Cell]:
    return {name: cell for name, cell in zip(headers, cells, strict=False) if name and not cell.is_blank}


def _beyond(cells: Sequence[Cell], headers: Sequence[str]) -> list[int]:
    return [
        at for at, cell in enumerate(cells) if not cell.is_blank and (at >= len(headers) or not headers[at])
    ]


def _slipped(cells: Sequence[Cell], headers: Sequence[str]) -> str | None:
    if any(not cell.is_blank for cell in cells[len(headers) :]):
        return (
            f"has {len(cells)} values for {len(headers)} columns; "
            "perhaps a separator inside a value that is not in quotation marks"
        )
    return None


def column_letters(number: int) -> str:
    """The letters over a column: A for 1, AA for 27."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
