"""The parts of a mapping file that every listing shares; what is wrong is said in a sentence. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from workflow.register.cells import Unreadable


def sections_in(text: str, names: Iterable[str]) -> dict[str, Any]:
    """The tables of a mapping file. Raises `Unreadable` for what is no TOML, or a table nobody knows."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"The mapping file is not TOML: {error}.") from error
    only(read, names, where="the mapping file")
    return read


def section(read: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = read.get(name, {})
    if not isinstance(found, dict):
        raise Unreadable(f"[{name}] in the mapping file has to be a table.")
    return found


def texts(read: Mapping[str, Any], *, where: str) -> dict[str, str]:
    for name, value in read.items():
        if not isinstance(value, str):
            raise Unreadable(f"{where} {name} has to be a text in quotation marks.")
    return dict(read)


def only(read: Mapping[str, Any], names: Iterable[str], *, where: str) -> None:
    """Raises `Unreadable` where something stands there that has no meaning."""
    known = set(names)
    for name in read:
        if name not in known:
            raise Unreadable(f"“{name}” in {where} is not known; there are {', '.join(sorted(known))}.")


def source_name(named: Mapping[str, str], *, thing: str) -> str:
    if not named.get("name"):
        raise Unreadable(f"[source] needs a name: with the other system's own number it identifies {thing}.")
    if len(named["name"]) > 40:
        raise Unreadable("[source] name is longer than 40 characters.")
    return named["name"]


def columns_in(read: Mapping[str, Any], names: Iterable[str], needed: Iterable[str]) -> dict[str, str]:
    """Ours to theirs, without those that are left empty."""
    columns = {k: v for k, v in texts(section(read, "columns"), where="[columns]").items() if v}
    only(columns, names, where="[columns]")
    for name in needed:
        if name not in columns:
            raise Unreadable(f"[columns] does not say which column is “{name}”; it is needed.")
    return columns


def zone_of(name: str) -> ZoneInfo:
    if not name:
        raise Unreadable("[source] needs a zone, such as America/Detroit: the dates are of some place.")
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise Unreadable(
            f"[source] zone “{name}” is no time zone; write one such as America/Detroit."
        ) from error


def values_in(read: Mapping[str, Any], codes: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """By kind: theirs, loosely written, to our code; "" where a value means nothing."""
    listed_by_kind = section(read, "values")
    only(listed_by_kind, codes, where="[values]")
    found: dict[str, dict[str, str]] = {}
    for kind, listed in listed_by_kind.items():
        if not isinstance(listed, dict):
            raise Unreadable(f"[values.{kind}] is a table: theirs = ours.")
        pairs = texts(listed, where=f"[values.{kind}]")
        known = frozenset(codes[kind])
        for theirs, ours in pairs.items():
            if ours and ours not in known:
                raise Unreadable(
                    f"[values.{kind}] “{theirs}”: “{ours}” is none of {', '.join(sorted(known))}."
                )
        found[kind] = {loosely(theirs): ours for theirs, ours in pairs.items()}
    return found


def missing_in(read: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By column of theirs, the values that mean that there is none."""
    found = {}
    for column, listed in section(read, "missing").items():
        if not isinstance(listed, list) or not all(isinstance(v, str) for v in listed):
            raise Unreadable(f"[missing] {column} is a list of texts that mean “no value”.")
        found[column] = frozenset(loosely(v) for v in listed)
    return found


def loosely(written: str) -> str:
    """A value as it is compared: without case, with single blanks. Spelling is not guessed at."""
    return " ".join(written.split()).casefold()
