"""What somebody looks for, read from what they typed, and said back in words. No database here.

Whatever cannot be read is left out, and that is said: there is no wrong question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from workflow.complaints.facts import CHANNELS, State
from workflow.complaints.word_index import is_everywhere, words_in
from workflow.engine.calendar import day_words

#: How much of a question is read, and of how many words.
LONGEST: Final = 1_000
MOST: Final = 24
MODELS: Final = ("JEM", "WSO", "TFM")
_STATES: Final = (*(s.value for s in State), "open", "closed")
_FILTERS: Final = ("tier", "state", "agency", "model", "channel", "type", "after", "before")
_PIECE: Final = re.compile(r'(-?)(?:([A-Za-z]{1,10}):)?(?:"([^"]*)(?:"|$)|(\S+))')


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or the words of a phrase in their order; folded."""

    words: tuple[str, ...]

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1

    def said(self) -> str:
        """The term as the explanation says it."""
        return f"the phrase “{' '.join(self.words)}”" if self.is_phrase else f"“{self.words[0]}”"


@dataclass
class Question:
    """What is looked for: of each group one term, none of `without`, and all filters."""

    groups: list[list[Term]] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    #: What was left out, as sentences.
    left_out: list[str] = field(default_factory=list)
    #: The types of allegation there are, by their codes.
    types: Mapping[str, str] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nothing is asked at all."""
        return not (self.groups or self.without or self.filters)

    def has_words(self) -> bool:
        """Whether words are looked for, not only filters."""
        return bool(self.groups or self.without)

    def explained(self) -> list[str]:
        """The question in words, one line for each kind of condition."""
        found = []
        if self.groups:
            found.append("all of: " + ", ".join(" or ".join(t.said() for t in g) for g in self.groups))
        if self.without:
            found.append("none of: " + ", ".join(t.said() for t in self.without))
        return found + [self._filter_words(name, value) for name, value in self.filters.items()]

    def types_named(self, words: str) -> list[str]:
        """The types of allegation whose code is this, or whose label holds it."""
        exact = [code for code in self.types if code == words.replace(" ", "_")]
        named = (code for code, label in self.types.items() if len(words) > 2 and words in label.casefold())
        return exact or list(named)

    def _filter_words(self, name: str, value: str) -> str:
        if name in ("after", "before"):
            on = day_words(date.fromisoformat(value))
            return f"received on or after {on}" if name == "after" else f"received before {on}"
        if name == "type":
            return "alleged: " + " or ".join(self.types[code].lower() for code in self.types_named(value))
        if name == "channel":
            return f"came by: {dict(CHANNELS)[value].lower()}"
        return f"{name}: {value.replace('_', ' ')}"


def question(typed: str, *, types: Mapping[str, str]) -> Question:
    """Read a question. Words are all needed; `or` between two needs one; `-` excludes; quotes are phrases."""
    asked = Question(types=types)
    text = "".join(c if c.isprintable() else " " for c in typed.translate({0x201C: '"', 0x201D: '"'}))
    if len(text) > LONGEST:
        asked.left_out.append(f"Only the first {LONGEST:,} characters were read.")
    is_either = False
    for minus, name, quoted, plain in _pieces(text[:LONGEST]):
        if name in _FILTERS and not minus:
            _filter(asked, name, quoted or plain)
        elif plain.casefold() == "or" and not name:
            is_either = bool(asked.groups)
            continue
        else:
            _terms(asked, name, quoted, plain, is_excluded=bool(minus), is_either=is_either)
        is_either = False
    return asked


def _pieces(text: str) -> Iterator[tuple[str, str, str, str]]:
    for found in _PIECE.finditer(text):
        minus, name, quoted, plain = (part or "" for part in found.groups())
        yield minus, name.casefold(), quoted, plain


def _terms(
    asked: Question, name: str, quoted: str, plain: str, *, is_excluded: bool, is_either: bool
) -> None:
    """The term or terms of one piece; what stands nearly everywhere, or is no word, is left out."""
    piece = " ".join(part for part in (name, quoted or plain) if part)
    words = words_in(piece)
    terms = [Term(tuple(words))] if quoted and words else [Term((word,)) for word in words]
    if not terms:
        asked.left_out.append(f"“{piece[:40]}” holds no word." if piece else "Empty quotes hold no word.")
    for term in terms:
        if all(is_everywhere(word) for word in term.words):
            asked.left_out.append(f"{term.said()} stands nearly everywhere.")
        elif len(asked.without) + sum(map(len, asked.groups)) >= MOST:
            asked.left_out.append(
                f"{term.said()} is one too many: {MOST} at once.".replace("the p", "The p", 1)
            )
        elif is_excluded:
            asked.without.append(term)
        elif is_either:
            asked.groups[-1].append(term)
            is_either = False
        else:
            asked.groups.append([term])


def _filter(asked: Question, name: str, value: str) -> None:
    """One filter, or a sentence that says what it could be."""
    value = value.strip()[:100]
    folded = value.casefold()
    known: dict[str, tuple[bool, str, str]] = {
        "tier": (folded in ("1", "2", "3", "4"), folded, "1, 2, 3 or 4"),
        "state": (folded in _STATES, folded, "open, closed or a state such as investigating"),
        "model": (folded.upper() in MODELS, folded.upper(), " or ".join(MODELS)),
        "channel": (folded in dict(CHANNELS), folded, ", ".join(code for code, _ in CHANNELS)),
        "type": (bool(asked.types_named(folded)), folded, "a type of allegation, such as force"),
        "after": (_is_day(value), value, "a day such as 2026-01-31"),
        "before": (_is_day(value), value, "a day such as 2026-01-31"),
        "agency": (bool(words_in(value)), value, "a word of its name"),
    }
    fits, kept, could_be = known[name]
    if fits:
        asked.filters[name] = kept
    else:
        asked.left_out.append(f"“{name}:{value[:40]}” is no filter: {name} is {could_be}.")


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and date.fromisoformat(value).year > 1900
    except ValueError:
        return False
