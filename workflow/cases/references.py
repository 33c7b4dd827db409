"""References people quote: kind, year, eight random Crockford characters and a check character."""

from __future__ import annotations

import re
import secrets
from typing import Final

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Mod-37 check symbols of Crockford's base 32.
_CHECK: Final = CROCKFORD + "*~$=U"
_LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FORM: Final = re.compile(r"([A-Z])-(\d{4})-([0-9A-HJKMNP-TV-Z]{8})-([0-9A-HJKMNP-TV-Z])")


def mint(letter: str, year: int) -> str:
    """A new reference such as `C-2026-7KQ4M2RD-X`: random, so that it tells nobody how many there are.

    Draws again until the check symbol is an ordinary character, so that it can be read aloud.
    """
    while True:
        body = "".join(secrets.choice(CROCKFORD) for _ in range(8))
        check = check_symbol(letter, year, body)
        if check in CROCKFORD:
            return f"{letter}-{year}-{body}-{check}"


def check_symbol(letter: str, year: int, body: str) -> str:
    """The Crockford mod-37 symbol over letter, year and body."""
    number = ord(letter) * 10_000 + year
    for character in body:
        number = number * 32 + CROCKFORD.index(character)
    return _CHECK[number % 37]


def named_in(text: str) -> set[str]:
    """Everything in a text that has the form of a reference."""
    return {found[0] for found in _FORM.finditer(text)}


def is_reference(text: str) -> bool:
    """Whether a text is a reference and nothing else, in its own form."""
    return _FORM.fullmatch(text) is not None


def normalise(text: str) -> str | None:
    """What somebody typed or read aloud as a reference, or None if it is not one.

    Forgives lower case, spaces, missing dashes and O/0, I/L/1 mix-ups; a wrong check character is None.
    """
    bare = re.sub(r"[\s\-\u2013\u2014_.]", "", text).upper()
    if len(bare) != 14:
        return None
    letter, rest = bare[0], bare[1:].translate(_LOOKALIKES)
    tidy = f"{letter}-{rest[:4]}-{rest[4:12]}-{rest[12]}"
    found = _FORM.fullmatch(tidy)
    if not found or check_symbol(found[1], int(found[2]), found[3]) != found[4]:
        return None
    return tidy
