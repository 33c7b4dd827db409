"""A mapping file: which column of another system's list means what, and what its values are here. Pure.

The format is fixed in the documentation (`docs/import-complaints.md`). Nothing is guessed: what is not
mapped is reported.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from workflow.complaints.facts import CHANNELS, CLOSING_REASONS, DISPOSITIONS, State
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
    zone_of,
)
from workflow.register.cells import Unreadable

#: What a column can mean here. The first two are needed.
OURS: Final = (
    "reference",
    "received_at",
    "occurred_at",
    "closed_at",
    "channel",
    "allegation",
    "disposition",
    "status",
    "narrative",
    "state",
    "owner",
    "office",
    "model",
    "contact",
)
NEEDED: Final = ("reference", "received_at")
#: What every row of one complaint has to say alike.
OF_COMPLAINT: Final = (
    "received_at",
    "occurred_at",
    "closed_at",
    "channel",
    "narrative",
    "state",
    "owner",
    "office",
    "model",
    "contact",
)
#: Where history can land, by the entry steps of the machine.
STATES: Final = (State.RECEIVED, State.TRIAGED, State.ASSIGNED, State.CLOSED)
#: The codes that values of a column can be translated to, beside the types of allegation of the policy.
CODES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "channel": frozenset(code for code, _ in CHANNELS if code != "inspection"),
        "disposition": frozenset(code for code, _ in DISPOSITIONS),
        "closing_reason": frozenset(code for code, _ in CLOSING_REASONS),
        "state": frozenset(state.value for state in STATES),
    }
)
_SECTIONS: Final = frozenset({"source", "columns", "values", "missing"})
_SOURCE: Final = frozenset({"name", "one_row_per", "zone", "agency", "agency_column", "agency_state"})


@dataclass(frozen=True)
class Translation:
    """One mapping file, checked. `columns` leads from ours to theirs, `values` from theirs to ours."""

    source: str
    one_row_per: str
    zone: ZoneInfo
    agency: str | None
    agency_column: str | None
    agency_state: str | None
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    missing: Mapping[str, frozenset[str]]

    def code(self, kind: str, written: str) -> str | None:
        """Our code for a value of theirs; "" where it means nothing; None where the file does not say."""
        return self.values.get(kind, {}).get(loosely(written))


def mapping_in(text: str, *, types: Collection[str]) -> Translation:
    """The mapping in a file's text, to these types of allegation.

    Raises `Unreadable` with a sentence that names the place.
    """
    read = sections_in(text, _SECTIONS)
    source = texts(section(read, "source"), where="[source]")
    only(source, _SOURCE, where="[source]")
    per = source.get("one_row_per", "complaint")
    if per not in ("complaint", "allegation"):
        raise Unreadable("[source] one_row_per is “complaint” or “allegation”.")
    return Translation(
        columns=columns_in(read, OURS, NEEDED),
        source=source_name(source, thing="a complaint"),
        one_row_per=per,
        zone=zone_of(source.get("zone", "")),
        agency=source.get("agency") or None,
        agency_column=source.get("agency_column") or None,
        agency_state=source.get("agency_state") or None,
        values=values_in(read, {**CODES, "allegation": frozenset(types)}),
        missing=missing_in(read),
    )
