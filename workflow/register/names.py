"""Cleaning and comparing what lists call agencies and counties. Reads no file, knows no database."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from workflow.register.field_offices import county_key
from workflow.register.states import STATE_CODES, state_name

#: The longest name of an agency or county that is taken.
LONGEST_NAME: Final = 300

#: What lists write where there is no value.
_MISSING: Final = frozenset({"", "#n/a", "#na", "n/a", "na", "none", "null", "-", "--", "–", "—"})  # noqa: RUF001

_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4\u0060\uff07", "'"))
_INVISIBLE: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
#: Characters that change the order in which text is shown: a name with one is not what it looks like.
_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unfit(ValueError):
    """Text that can not be taken as it is; the message says why."""


def tidy(text: str, *, longest: int = LONGEST_NAME) -> str:
    """The text for showing: composed, on one line, with single spaces and straight apostrophes.

    Raises `Unfit` for control characters, broken Unicode, and text longer than `longest`.
    """
    for letter in text if not (text.isascii() and text.isprintable()) else "":
        category = unicodedata.category(letter)
        if category == "Cs":
            raise Unfit("contains half a character (a lone surrogate)")
        if letter == "\0":
            raise Unfit("contains a NUL character")
        if (category == "Cc" and letter not in "\t\n\v\f\r") or letter in _TURNING:
            raise Unfit(f"contains a control character (U+{ord(letter):04X})")
    one_line = " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())
    if len(one_line) > longest:
        raise Unfit(f"is longer than {longest} characters")
    return one_line.translate(_APOSTROPHES)


def present(text: str) -> str | None:
    """The text, or none where it is one of the ways to say that there is no value."""
    return None if text.strip().casefold() in _MISSING else text


# --- one spelling for comparing ----------------------------------------------------------------

_SPELLED_OUT: Final = {
    "dept": "department",
    "sheriffs": "sheriff",
    "marshals": "marshal",
    "constables": "constable",
    "pct": "precinct",
    "saint": "st",
    "mount": "mt",
    "fort": "ft",
}


def comparable(name: str) -> str:
    """One spelling for all that are surely the same name; within a state it identifies an agency.

    Case, accents' composition, apostrophes, punctuation and the usual short forms do not count. Everything
    that could tell two agencies apart does: "Office" is not "Department", "Precinct 2" is not "Precinct 3".
    Raises `Unfit` as `tidy` does, and for a name without any letter or digit.
    """
    text = unicodedata.normalize("NFKC", tidy(name)).casefold().translate(_APOSTROPHES).replace("'", "")
    text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text.replace("&", " and "))  # U.S. is US
    words = re.findall(r"[^\W_]+", text)
    spelling = " ".join(_plain(word, following) for word, following in pairwise([*words, ""]))
    if not spelling:
        raise Unfit("contains no letter and no digit")
    if len(spelling) > LONGEST_NAME:
        raise Unfit(f"is longer than {LONGEST_NAME} characters")
    return spelling


def _plain(word: str, following: str) -> str:
    if word == "co" and following.startswith("sheriff"):
        return "county"
    if word.isdigit():
        return str(int(word))
    return _SPELLED_OUT.get(word, word)


def slug(name: str, state: str) -> str:
    """The agency's part of an address, such as "alder-county-sheriffs-office-tx"; at most 100 letters.

    Not unique by itself: two agencies of one name in one state have the same.
    """
    known = state_name(state)
    code = STATE_CODES[known].lower() if known else state
    ascii_name = unicodedata.normalize("NFKD", tidy(name)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_name.lower().replace("'", ""))
    return f"{'-'.join(words)[:96].strip('-') or 'agency'}-{code}"


# --- could this be another spelling of that? ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Called:
    """What a list calls an agency, and where it says the agency is."""

    name: str
    state: str
    county: str | None = None


_FILLERS: Final = frozenset({"the", "of", "and", "office", "department", "for", "in"})
_PLACES: Final = re.compile(r"^(city|town) of ")
_NUMBER_WORDS: Final = {
    word: str(number)
    for number, words in enumerate(
        (
            ("one", "first", "1st", "i"),
            ("two", "second", "2nd", "ii"),
            ("three", "third", "3rd", "iii"),
            ("four", "fourth", "4th", "iv"),
            ("five", "fifth", "5th", "v"),
            ("six", "sixth", "6th", "vi"),
            ("seven", "seventh", "7th", "vii"),
            ("eight", "eighth", "8th", "viii"),
            ("nine", "ninth", "9th", "ix"),
            ("ten", "tenth", "10th", "x"),
        ),
        start=1,
    )
    for word in words
}


def same_county(one: str | None, other: str | None) -> bool:
    """Whether two counties can be the same: equal but for spelling, or at least one of them not given."""
    if one is None or other is None:
        return True
    left, right = county_key(one), county_key(other)
    return left == right or _is_slip(left, right)


def same_numbers(one: str, other: str) -> bool:
    """Whether every number in the two names agrees: Precinct 2 is not Precinct 3, "second" is 2."""
    return _numbers(_telling_words(one)) == _numbers(_telling_words(other))


def looks_like_respelling(one: Called, other: Called) -> bool:
    """Whether two names may well be one agency, for a person to decide; never a ground to merge by itself.

    State, county where both give one, and every number must agree, and so must every word but for at most
    one slip of the pen in a long word: Marion is not Martin, Precinct 2 is not 3, police are not a sheriff.
    """
    if state_name(one.state) != state_name(other.state) or not same_county(one.county, other.county):
        return False
    left, right = _telling_words(one.name), _telling_words(other.name)
    if _numbers(left) != _numbers(right):
        return False
    if "".join(left) == "".join(right):
        return True
    only_left, only_right = _difference(left, right), _difference(right, left)
    if not only_left and not only_right:
        return True
    return len(only_left) == len(only_right) == 1 and _is_slip(only_left[0], only_right[0])


def _telling_words(name: str) -> list[str]:
    text = comparable(name)
    words = text.split()
    if words[-1:] == ["pd"]:
        words[-1:] = ["police"]
    elif words[-1:] == ["so"]:
        words[-1:] = ["sheriff"]
    if "sheriff" in words or _PLACES.match(text):
        words = [word for word in words if word not in {"county", "city", "town"}] or words
    return [_NUMBER_WORDS.get(word, word) for word in words if word not in _FILLERS]


def _numbers(words: Iterable[str]) -> Counter[str]:
    return Counter(number for word in words for number in re.findall(r"\d+", word))


def _difference(words: list[str], others: list[str]) -> list[str]:
    return list((Counter(words) - Counter(others)).elements())


def _is_slip(one: str, other: str) -> bool:
    """One letter left out, doubled, added or changed places with its neighbour, in a word of six or more.

    One letter put for another counts only from nine letters on: among short words it makes other names
    (Dallas and Dallam, Marion and Marian).
    """
    short, long = sorted((one, other), key=len)
    if short == long or len(short) < 6 or short[0] != long[0] or not (short + long).isalpha():
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) == len(short) + 1:
        return short[at:] == long[at + 1 :]
    if len(long) != len(short):
        return False
    swapped = short[at : at + 2] == long[at : at + 2][::-1]
    if swapped and short[at + 2 :] == long[at + 2 :]:
        return True
    return len(short) >= 9 and short[at + 1 :] == long[at + 1 :]
