"""Patterns in free text that look like a number or a birth date of a person, for whoever types them. Pure."""

from __future__ import annotations

import re
from typing import Final

_BORN: Final = r"\b(?:born|birth\s?date|birthday|date\s+of\s+birth|d\.?o\.?b\b)"
_DATED: Final = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:19\d\d|20[01]\d))\b"
_PATTERNS: Final = (
    # Nine digits, as a social security number is written and without its dashes.
    re.compile(r"\b\d{3}[- ]\d{2}[- ]\d{4}\b"),
    re.compile(r"\b\d{9}\b"),
    # An A and seven to nine digits.
    re.compile(r"\b[Aa][ #-]{0,2}\d{3}[ -]?\d{3}[ -]?\d{1,3}\b"),
    # A date or a year soon after a word for birth; a date alone is one of the inspection.
    re.compile(rf"{_BORN}[^\n]{{0,24}}?{_DATED}", re.IGNORECASE),
)

#: What is said to whoever typed one.
HOLDS_NUMBER: Final = (
    "What was written seems to hold a number of a person, such as a social security number, or a birth date."
    " It is not needed here; please leave such numbers out."
)


def looks_like_identifier(text: str) -> bool:
    """Whether a text holds something that looks like a person's number or birth date; it is never certain."""
    return any(pattern.search(text) for pattern in _PATTERNS)
