"""A mapping file: which column of another system's list means what, and what its values are here. Pure.

The format is fixed in the documentation (`docs/import-complaints.md`). Nothing is guessed: what is not
mapped is reported.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow.complaints.facts import ALLEGATION_TYPES, CHANNELS, CLOSING_REASONS, DISPOSITIONS, State
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
#: The codes that values of a column can be translated to.
CODES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "channel": frozenset(code for code, _ in CHANNELS if code != "inspection"),
        "allegation": frozenset(code for code, _ in ALLEGATION_TYPES),
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


def loosely(written: str) -> str:
    """A value as it is compared: without case, with single blanks. Spelling is not guessed at."""
    return " ".join(written.split()).casefold()


def mapping_in(text: str) -> Translation:
    """The mapping in a file's text. Raises `Unreadable` with a sentence that names the place."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"The mapping file is not TOML: {error}.") from error
    _known("the mapping file", read, _SECTIONS)
    source = _table(read, "source")
    _known("[source]", source, _SOURCE)
    columns = {k: v for k, v in _strings("[columns]", _table(read, "columns")).items() if v}
    _known("[columns]", columns, OURS)
    for name in NEEDED:
        if name not in columns:
            raise Unreadable(f"[columns] does not say which column is “{name}”; it is needed.")
    named = _strings("[source]", source)
    if not named.get("name"):
        raise Unreadable(
            "[source] needs a name: with the other system's own number it identifies a complaint."
        )
    if len(named["name"]) > 40:
        raise Unreadable("[source] name is longer than 40 characters.")
    per = named.get("one_row_per", "complaint")
    if per not in ("complaint", "allegation"):
        raise Unreadable("[source] one_row_per is “complaint” or “allegation”.")
    return Translation(
        source=named["name"],
        one_row_per=per,
        zone=_zone(named.get("zone", "")),
        agency=named.get("agency") or None,
        agency_column=named.get("agency_column") or None,
        agency_state=named.get("agency_state") or None,
        columns=columns,
        values=_values(_table(read, "values")),
        missing=_missing(_table(read, "missing")),
    )


def _zone(name: str) -> ZoneInfo:
    if not name:
        raise Unreadable("[source] needs a zone, such as America/Detroit: the dates are of some place.")
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise Unreadable(
            f"[source] zone “{name}” is no time zone; write one such as America/Detroit."
        ) from error


def _values(read: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    _known("[values]", read, CODES)
    found: dict[str, dict[str, str]] = {}
    for kind, listed in read.items():
        if not isinstance(listed, dict):
            raise Unreadable(f"[values.{kind}] is a table: theirs = ours.")
        pairs = _strings(f"[values.{kind}]", listed)
        for theirs, ours in pairs.items():
            if ours and ours not in CODES[kind]:
                known = ", ".join(sorted(CODES[kind]))
                raise Unreadable(f"[values.{kind}] “{theirs}”: “{ours}” is none of {known}.")
        found[kind] = {loosely(theirs): ours for theirs, ours in pairs.items()}
    return found


def _missing(read: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found = {}
    for column, listed in read.items():
        if not isinstance(listed, list) or not all(isinstance(v, str) for v in listed):
            raise Unreadable(f"[missing] {column} is a list of texts that mean “no value”.")
        found[column] = frozenset(loosely(v) for v in listed)
    return found


def _table(read: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = read.get(name, {})
    if not isinstance(found, dict):
        raise Unreadable(f"[{name}] in the mapping file has to be a table.")
    return found


def _strings(where: str, read: Mapping[str, Any]) -> dict[str, str]:
    for name, value in read.items():
        if not isinstance(value, str):
            raise Unreadable(f"{where} {name} has to be a text in quotation marks.")
    return dict(read)


def _known(where: str, read: Mapping[str, Any], names: Any) -> None:
    for name in read:
        if name not in names:
            raise Unreadable(f"“{name}” in {where} is not known; there are {', '.join(sorted(names))}.")
