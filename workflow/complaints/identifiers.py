"""Patterns in free text that look like a number of a person, pointed out to whoever types them. Pure."""

from __future__ import annotations

import re
from typing import Final

#: Nine digits as a social security number is written, or an A and seven to nine digits.
_PATTERNS: Final = (
    re.compile(r"\b\d{3}[- ]\d{2}[- ]\d{4}\b"),
    re.compile(r"\b[Aa][ -#]?\d{3}[ -]?\d{3}[ -]?\d{1,3}\b"),
    re.compile(r"\b\d{9}\b"),
)

#: What is said to whoever typed one.
HOLDS_NUMBER: Final = (
    "What was written seems to hold a number of a person, such as a social security number."
    " It is not needed here; please leave such numbers out."
)


def looks_like_identifier(text: str) -> bool:
    """Whether a text holds something that looks like a person's number; it is a hint, never a refusal."""
    return any(pattern.search(text) for pattern in _PATTERNS)
