"""Leaving out of typed words who complained, who saw it, and how to reach them. Pure; it shows nothing.

It is a help and no promise, as `letter_checks` is: whoever takes words out of the office reads them first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workflow.complaints.letter_checks import words_in

LEFT_OUT: Final = "[left out]"
#: Names shorter than this are words of the language too often; so are the shorter parts of an address.
_SHORTEST: Final = 3
_SHORTEST_ADDRESS: Final = 5
#: So many last digits tell a number from any other, however it is written.
_DIGITS: Final = 7
_BETWEEN: Final = r"[ \t\u00a0().\-/]{0,3}"
_NUMBER: Final = re.compile(rf"\d(?:{_BETWEEN}\d){{{_DIGITS - 1},}}")
_MAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_WORD: Final = re.compile(r"\w+")


class Mask:
    """Leaves out what would say who these people are. `people` as they are kept: name, reach, safe."""

    def __init__(self, people: Sequence[Mapping[str, str]]) -> None:
        self._names = {
            word
            for person in people
            for word in (*words_in(person.get("name", "")), *_before_the_at(person.get("reach", "")))
            if len(word) >= _SHORTEST and not word.isdigit()
        }
        told = {part for person in people for part in _parts(person)}
        # The longest first: what holds another goes with it.
        patterns = sorted(told, key=len, reverse=True)
        self._parts = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def __call__(self, text: str) -> str:
        said = unicodedata.normalize("NFC", text)
        if self._parts:
            said = self._parts.sub(LEFT_OUT, said)
        return _WORD.sub(self._name, said) if self._names else said

    def _name(self, found: re.Match[str]) -> str:
        return LEFT_OUT if "".join(words_in(found[0])) in self._names else found[0]


def _before_the_at(reach: str) -> Iterator[str]:
    """Who a mailbox belongs to often stands in its name."""
    for mail in _MAIL.findall(reach):
        whose = mail.partition("@")[0]
        yield from (w for w in (whose.casefold(), *words_in(whose)) if len(w) >= _SHORTEST_ADDRESS)


def _parts(person: Mapping[str, str]) -> Iterator[str]:
    """Patterns of the parts of a contact: addresses, numbers, and each line or piece between commas."""
    reach = person.get("reach", "")
    yield from (re.escape(mail) for mail in _MAIL.findall(reach))
    for number in _NUMBER.findall(reach):
        last = re.sub(r"\D", "", number)[-_DIGITS:]
        yield rf"(?:\+?\d{_BETWEEN}){{0,8}}{_BETWEEN.join(last)}"
    for piece in re.split(r"[\n,;]", f"{reach}\n{person.get('safe', '')}"):
        words = piece.split()
        # "Springfield" alone is a place of many; with a number or a second word it is somebody's.
        if len(piece.strip()) >= _SHORTEST_ADDRESS and (len(words) > 1 or re.search(r"[\d@]", piece)):
            yield r"\s+".join(re.escape(word) for word in words)
