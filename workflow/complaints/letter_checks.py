"""Reading a letter through before it goes out: what must not stand in it. Pure; nothing is changed here.

A check is a help and no promise: whoever sends a letter has read it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workflow.engine.machine import Refusal
from workflow.messages.wording import LANGUAGES, has_place, words
from workflow.web.identifiers import looks_like_identifier

#: So many words in a row from what a complainant told give away who told it.
QUOTED: Final = 6
#: Names shorter than this are words of the language too often.
_SHORTEST: Final = 3
_MONTHS: Final = "|".join(m.casefold() for code, _ in LANGUAGES for m in words(code)["months"])
_DAY: Final = re.compile(
    rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of| de)? (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}\b",
    re.IGNORECASE,
)


def faults(
    recipient: str, paragraph: str, text: str, people: Sequence[Mapping[str, str]], told: Mapping[str, str]
) -> list[Refusal]:
    """What is wrong with a letter: `paragraph` is what a person wrote of it, `text` is all of it.

    `people` are those nobody may learn of: who complained, and witnesses.
    """
    found = []
    if has_place(paragraph):
        found.append("There is a place in double braces that nobody has filled. Write what belongs there.")
    if recipient != "complainant":
        found += _about_others(paragraph, text, people, told)
    return [Refusal("letter", said, "paragraph") for said in found]


def _about_others(
    paragraph: str, text: str, people: Sequence[Mapping[str, str]], told: Mapping[str, str]
) -> Iterator[str]:
    if looks_like_identifier(text):
        yield "This letter seems to hold a number or a birth date of a person. It cannot go to this party."
    if any(_names(paragraph, person) for person in people):
        yield "This letter names the complainant or a witness, or how to reach one. Take it out."
    if _quotes(paragraph, told):
        yield "This letter repeats what the complainant told, word for word. Say it in words of your own."
    if _DAY.search(paragraph):
        yield "Name the month and no day: a day can say who complained."


def _names(paragraph: str, contact: Mapping[str, str]) -> bool:
    """Whether any part of a name, a number or an address that was left stands in the text."""
    said, digits = set(words_in(paragraph)), re.sub(r"\D", "", paragraph)
    left = {word for key in ("name", "reach") for word in words_in(contact.get(key, ""))}
    number = re.sub(r"\D", "", contact.get("reach", ""))
    return bool({w for w in left if len(w) >= _SHORTEST and not w.isdigit()} & said) or (
        len(number) >= 7 and number in digits
    )


def _quotes(paragraph: str, told: Mapping[str, str]) -> bool:
    """Whether a run of words is the same as in what was told."""
    said = _runs(paragraph)
    return any(said & _runs(words_) for words_ in told.values())


def _runs(text: str) -> set[tuple[str, ...]]:
    split = words_in(text)
    return {tuple(split[i : i + QUOTED]) for i in range(len(split) - QUOTED + 1)}


def words_in(text: str) -> list[str]:
    """Words without accents and in small letters."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c)))
