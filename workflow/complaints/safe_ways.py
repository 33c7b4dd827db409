"""Which ways of reaching a complainant are safe, as they said: the words, and what follows. Pure.

Where nobody said anything (a call that was cut off, an older record) only e-mail is ruled out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What may be said, as a colleague reads it. Kept as "yes" beside name and number, sealed with them.
WAYS: Final = {
    "phone_safe": "Calling is safe",
    "mail_safe": "E-mail is safe",
    "letter_safe": "Letters are safe",
    "page_only": "Only the page for the code is safe",
}


def said(contact: Mapping[str, str]) -> list[str]:
    """The ways that were said to be safe."""
    return [way for way in WAYS if contact.get(way)]


def only_the_page(contact: Mapping[str, str]) -> bool:
    """Whether nothing but the page for the code is safe; whatever else was ticked, the careful one counts."""
    return bool(contact.get("page_only"))


def may_mail(contact: Mapping[str, str]) -> bool:
    """Whether an e-mail was said to be safe."""
    return bool(contact.get("mail_safe")) and not only_the_page(contact)


def may_post(contact: Mapping[str, str]) -> bool:
    """Whether a letter may carry their name and address: said to be safe, or nothing was said at all."""
    if only_the_page(contact):
        return False
    return bool(contact.get("letter_safe")) or not said(contact)
