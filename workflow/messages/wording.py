"""Wordings of letters: files of ours, one for each letter and language, and filling their places. Pure.

What a place is filled with is never looked at again: two braces inside a value are two braces. Which
values a letter gets is the affair of the kind of case; how it looks on paper is `paper`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

TEXTS: Final = Path(__file__).resolve().parent / "texts"
LANGUAGES: Final = (("en", "English"), ("es", "Spanish"))
#: The place of the one paragraph that a person writes; alone it may stay empty.
FREE: Final = "paragraph"
#: What somebody may have typed who wants Spanish.
_SPANISH: Final = ("es", "spanish", "español", "espanol", "castellano")
_PLACE: Final = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")

#: What stands in a place: a text, or the points of a list.
Value: TypeAlias = str | tuple[str, ...]


class Unfit(Exception):
    """A wording that cannot become a letter. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph (one text) or a list (its points)."""

    kind: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One file: a title, and blocks with places. `digest` names exactly this version of it."""

    name: str
    language: str
    title: str
    blocks: tuple[str, ...]
    digest: str


@cache
def wording(name: str, language: str) -> Wording:
    """The wording of a letter. Raises `Unfit` when there is none, or it has no title."""
    path = TEXTS / language / f"{name}.txt"
    if not path.is_file():
        raise Unfit(f"There is no wording “{name}” in this language.")
    content = path.read_bytes()
    digest = hashlib.sha256(content + (TEXTS / language / "words.json").read_bytes()).hexdigest()
    return read(name, language, content.decode(), digest)


def read(name: str, language: str, content: str, digest: str = "") -> Wording:
    """A wording from the content of its file: `title: …`, then blocks between empty lines."""
    head, *blocks = (" ".join(block.split("\n")).strip() for block in re.split(r"\n\s*\n", content))
    said, _, title = head.partition(":")
    if said != "title" or not title.strip():
        raise Unfit(f"The wording “{name}” does not begin with its title.")
    return Wording(name, language, title.strip(), tuple(b for b in blocks if b), digest)


def fill(wording: Wording, values: Mapping[str, Value], *, allowed: frozenset[str]) -> tuple[Piece, ...]:
    """The body with every place filled. Raises `Unfit` for a place that is not allowed, or stays empty."""
    for text in (wording.title, *wording.blocks):
        _check(wording, text, values, allowed)
    pieces: list[Piece] = []
    for block in wording.blocks:
        alone = _PLACE.fullmatch(block)
        said = values.get(alone[1], "") if alone else ""
        if alone and alone[1] == FREE:
            pieces += (Piece("paragraph", (text,)) for text in _paragraphs(str(said)))
        elif alone and isinstance(said, tuple):
            pieces.append(Piece("list", said))
        else:
            pieces.append(Piece("paragraph", (_PLACE.sub(lambda at: str(values[at[1]]), block),)))
    return tuple(pieces)


def _check(wording: Wording, text: str, values: Mapping[str, Value], allowed: frozenset[str]) -> None:
    if _BRACES.search(_PLACE.sub("", text)):
        raise Unfit(f"The wording “{wording.name}” has a place that is not closed: “{text[:60]}”.")
    for place in _PLACE.findall(text):
        if place not in allowed:
            raise Unfit(f"The wording “{wording.name}” has a place “{place}” that this letter does not have.")
        if place != FREE and not values.get(place):
            raise Unfit(f"Nothing is known for the place “{place}” of the wording “{wording.name}”.")
        if isinstance(values.get(place), tuple) and not _PLACE.fullmatch(text):
            raise Unfit(f"The list “{place}” of the wording “{wording.name}” has to stand alone.")


def has_place(text: str) -> bool:
    """Whether somebody left a place open in what they wrote themselves."""
    return bool(_PLACE.search(text))


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


# --- words in a language --------------------------------------------------------------------------


@cache
def words(language: str) -> dict[str, Any]:
    """What codes and days are called in a language."""
    found: dict[str, Any] = json.loads((TEXTS / language / "words.json").read_text())
    return found


def language_of(said: str | None) -> str:
    """The language of letters to somebody who named one in their own words; English unless it is Spanish."""
    named = (said or "").strip().casefold()
    return "es" if named.startswith("es-") or any(w in re.split(r"\W+", named) for w in _SPANISH) else "en"


def day(on: date, language: str) -> str:
    """Such as January 5, 2026."""
    said: str = words(language)["day"]
    return said.format(day=on.day, month=words(language)["months"][on.month - 1], year=on.year)


def month(on: date, language: str) -> str:
    """Such as January 2026: as much of a date as those a complaint is about are told."""
    said: str = words(language)["month"]
    return said.format(month=words(language)["months"][on.month - 1], year=on.year)
