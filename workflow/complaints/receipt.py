"""The secret code of a receipt: made, read back and fingerprinted. Pure; nothing is stored here."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Characters of the secret: 130 bits; one more checks them.
LENGTH: Final = 26
_LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def code_for(form_key: str, pepper: bytes) -> str:
    """The code of one showing of a form, in groups; the same form sent twice gives the same code.

    The key of the form must be unguessable and must not be stored.
    """
    for attempt in range(256):
        digest = hmac.new(pepper, f"receipt:{attempt}:{form_key}".encode(), hashlib.sha256).digest()
        number = int.from_bytes(digest, "big")
        body = "".join(LETTERS[(number >> 5 * i) & 31] for i in range(LENGTH))
        check = _check(body)
        if check < len(LETTERS):
            return grouped(body + LETTERS[check])
    raise RuntimeError("no code could be made")


def grouped(code: str) -> str:
    """Groups of four, as it is shown and read aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """The code somebody typed, without its groups; None if it cannot be one.

    Forgives lower case, spaces, dashes and O/0, I/L/1 mix-ups.
    """
    bare = _bare(typed)
    if len(bare) != LENGTH + 1 or not set(bare) <= set(LETTERS):
        return None
    body, check = bare[:-1], bare[-1]
    return bare if LETTERS.index(check) == _check(body) else None


def prefix(typed: str) -> str:
    """The first group of what somebody typed, to count guesses by; whatever it is."""
    return _bare(typed)[:4]


def fingerprint(code: str, pepper: bytes) -> str:
    """What is stored of a code, grouped or not."""
    return hmac.new(pepper, f"code:{code.replace('-', '')}".encode(), hashlib.sha256).hexdigest()


def _bare(typed: str) -> str:
    return re.sub(r"[\s\-\u2013\u2014_.]", "", typed).upper().translate(_LOOKALIKES)


def _check(body: str) -> int:
    """Modulo 37 over base 32: notices every wrong character and every swap of neighbours."""
    number = 0
    for character in body:
        number = number * 32 + LETTERS.index(character)
    return number % 37
