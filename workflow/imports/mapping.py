"""A mapping file for a declared listing: which column of theirs means what, and its values here. Pure.

The format is that of `docs/import-complaints.md`. Nothing is guessed: what is not mapped is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflow.imports.listing import Holds, Listing
from workflow.imports.sections import (
    columns_in,
    loosely,
    missing_in,
    only,
    section,
    sections_in,
    source_name,
    texts,
    values_in,
)

SECTIONS: Final = ("source", "columns", "values", "missing")
#: `agency`, `agency_state` and `model` of the source stand for a column the list does not have.
FIXED: Final = ("agency", "agency_state", "model")


@dataclass(frozen=True, slots=True)
class Translation:
    """One mapping file, checked. `fixed` are values that hold for every row of the list."""

    source: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    missing: Mapping[str, frozenset[str]]
    fixed: Mapping[str, str]

    def code(self, column: str, written: str) -> str | None:
        """Our code for a value of theirs; "" where it means nothing; None where the file does not say."""
        return self.values.get(column, {}).get(loosely(written))

    def theirs(self, column: str) -> str:
        return self.columns.get(column, "")


def mapping_in(text: str, listing: Listing) -> Translation:
    """The mapping in a file's text. Raises `Unreadable` with a sentence that names the place."""
    read = sections_in(text, SECTIONS)
    source = texts(section(read, "source"), where="[source]")
    only(source, ("name", *FIXED), where="[source]")
    names = [column.name for column in listing.columns]
    coded = {c.name: [code for code, _ in c.codes] for c in listing.columns if c.holds is Holds.CODE}
    return Translation(
        source=source_name(source, thing=f"one {listing.one}"),
        columns=columns_in(read, names, [c.name for c in listing.columns if c.needed]),
        values=values_in(read, coded),
        missing=missing_in(read),
        fixed={name: source[name] for name in FIXED if source.get(name)},
    )
