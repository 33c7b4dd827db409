"""What should never be sent, read from `tests/data/bad`: a row an input, by its name. No test lives here.

A value is a text, or a table: `raw` is sent as it stands, `repeat` so many `times`. Bytes that are no text
are made by the tests that send them.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus

import pytest

DATA: Final = Path(__file__).resolve().parent / "data" / "bad"
FORM: Final = "application/x-www-form-urlencoded"


def rows(name: str) -> list[Any]:
    """The rows of a file as parameters of a test, each known by its first value."""
    found: list[Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(*row[1:], id=row[0]) for row in found]


def listed(name: str) -> list[tuple[str, ...]]:
    """The rows of a file as they are."""
    found: list[Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return [tuple(row) for row in found]


def text_of(value: Any) -> str:
    """A value as a text; what is sent raw stays encoded."""
    match value:
        case {"raw": raw}:
            return str(raw)
        case {"repeat": piece, "times": times}:
            return str(piece * times)
        case _:
            return str(value)


def body(fields: dict[str, Any], name: str, value: Any) -> str:
    """A form as a browser sends it, with one field of it bad."""
    typed = value["raw"] if isinstance(value, dict) and "raw" in value else quote_plus(text_of(value))
    pairs = [(k, each) for k, v in fields.items() for each in (v if isinstance(v, list) else [v])]
    return "&".join([*(f"{k}={quote_plus(str(v))}" for k, v in pairs), f"{name}={typed}"])


def stands_in(html: str, name: str) -> str | None:
    """What stands in the field of that name; None where there is no such field."""
    reader = _Fields()
    reader.feed(html)
    return reader.found.get(name)


class _Fields(HTMLParser):
    """The values of the lines and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "input" and told.get("type") not in ("hidden", "radio", "checkbox", "submit"):
            self.found[name] = told.get("value") or ""
        elif tag == "textarea":
            self._inside = name
            self.found[name] = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[self._inside] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._inside = ""
