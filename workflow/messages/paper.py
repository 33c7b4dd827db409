"""A letter as plain text and as tagged PDF: the same bytes for the same letter. What it says is `wording`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import typst

from workflow.messages.typesetting import typeset
from workflow.messages.wording import TEXTS, Piece

_LAYOUT: Final = TEXTS / "letter.typ"
_MISSING: Final = re.compile(r"the text `\"(.+?)\"` could not be displayed")


class Unprintable(Exception):
    """A letter that cannot be put on paper whole. The text says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on a letter, top to bottom."""

    language: str
    sender: str
    #: The sender's lines, name first.
    head: tuple[str, ...]
    #: Lines for the window of an envelope, on paper alone; none where it is not posted.
    address: tuple[str, ...]
    on: date
    day: str
    number: str
    title: str
    body: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """The letter as it goes out. `digest` stands for exactly these bytes."""

    title: str
    text: str
    pdf: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode() + b"\0" + self.pdf).hexdigest()


def printed(sheet: Sheet) -> Printed:
    """Both forms of a letter. Raises `Unprintable`."""
    return Printed(sheet.title, _text(sheet), _pdf(sheet))


def _text(sheet: Sheet) -> str:
    """Plain text, for the secure page: the same words in the same order, without name and address."""
    parts = ["\n".join(sheet.head), f"{sheet.day}\n{sheet.number}", sheet.title]
    for piece in sheet.body:
        mark = "• " if piece.kind == "list" else ""
        parts.append("\n".join(mark + said for said in piece.said))
    return "\n\n".join(parts) + "\n"


def _pdf(sheet: Sheet) -> bytes:
    """PDF/UA by the layout of ours; the words travel as data, so that none of them is a command."""
    data = {**asdict(sheet), "date": [sheet.on.year, sheet.on.month, sheet.on.day]}
    del data["on"]
    try:
        return typeset(_LAYOUT, "letter", data)
    except typst.TypstError as problem:
        missing = _MISSING.search(str(problem))
        if missing is None:
            raise Unprintable(
                "This letter cannot be printed as it is. Make it shorter and plainer."
            ) from problem
        raise Unprintable(
            f"The letter cannot show “{missing[1]}”. Write it in Latin letters, without pictures."
        ) from problem
