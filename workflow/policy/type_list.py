"""The list of types of allegation as a table that people edit: written out, read back, checked. Pure."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from re import compile as pattern
from typing import Final

from workflow.engine.machine import Invalid
from workflow.policy.book import OURS, AllegationType

COLUMNS: Final = ("code", "title", "means", "tier", "english", "spanish", "retired_on", "source")
#: Reprisal is a type of its own and of the first tier, whatever else a list says.
RETALIATION: Final = "retaliation"
#: As long as the column that keeps it, and as rows of a list can show.
_CODE: Final = pattern(r"[a-z][a-z_]{1,29}")
_LONGEST: Final = {"title": 60, "means": 110, "english": 100, "spanish": 100, "source": 200}


def as_table(types: Iterable[AllegationType]) -> str:
    """The list as CSV, the header first."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for known in types:
        day = known.retired_on.isoformat() if known.retired_on else ""
        words = (known.english, known.spanish)
        writer.writerow((known.code, known.title, known.means, known.tier, *words, day, known.source))
    return out.getvalue()


def from_table(text: str) -> tuple[AllegationType, ...]:
    """The list that a CSV holds. Raises `Invalid` with a sentence for each row that cannot be read."""
    reader = csv.DictReader(StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise Invalid(f"The first line has to be: {','.join(COLUMNS)}")
    read, faults = [], []
    for at, row in enumerate(reader, start=2):
        try:
            read.append(_read(row))
        except ValueError as fault:
            faults.append(f"Row {at}: {fault}")
    if faults:
        raise Invalid("\n".join(faults))
    return tuple(read)


def check_types(types: Sequence[AllegationType], *, known: Mapping[str, AllegationType]) -> None:
    """Raises `Invalid` for a list that loses a code, says one twice, or leaves reprisal out."""
    if faults := list(_faults(types, known)):
        raise Invalid("\n".join(faults))


def _faults(types: Sequence[AllegationType], known: Mapping[str, AllegationType]) -> Iterator[str]:
    times = Counter(listed.code for listed in types)
    yield from (f"“{code}” is listed {n} times." for code, n in times.items() if n > 1)
    for code in known.keys() - times.keys():
        yield f"“{code}” is missing: complaints may have it. Give it a day on which it is retired instead."
    reprisal = next((listed for listed in types if listed.code == RETALIATION), None)
    if reprisal is None or reprisal.tier != 1 or reprisal.retired_on is not None:
        yield f"“{RETALIATION}” has to stay, in tier 1: reprisal is expected and answered."
    for listed in types:
        if not _CODE.fullmatch(listed.code):
            yield f"“{listed.code}” is no code: 2 to 30 small letters and underscores."
        if listed.tier not in (1, 2, 3, 4):
            yield f"“{listed.code}” has no tier from 1 to 4."
        for name, most in _LONGEST.items():
            if not 0 < len(said := getattr(listed, name)) <= most:
                yield f"“{listed.code}”: {name} has {len(said)} characters; 1 to {most} fit."


def _read(row: Mapping[str | None, str | None]) -> AllegationType:
    """One row. Raises `ValueError` with a sentence."""
    if None in row or None in row.values():
        raise ValueError(f"it has not {len(COLUMNS)} cells.")
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    if not (cells["tier"].isascii() and cells["tier"].isdigit()):
        raise ValueError("tier is no number.")
    try:
        retired = date.fromisoformat(cells["retired_on"]) if cells["retired_on"] else None
    except ValueError:
        raise ValueError("retired_on is no day such as 2026-01-31.") from None
    return AllegationType(
        code=cells["code"],
        title=cells["title"],
        means=cells["means"],
        tier=int(cells["tier"]),
        english=cells["english"],
        spanish=cells["spanish"],
        retired_on=retired,
        source=cells["source"] or OURS,
    )
