"""What a file is called, made safe to show and to save. Pure; the name as it was sent is never used."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 100
#: Names Windows keeps for devices, whatever their ending.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_UNFIT: Final = frozenset("<>:\"|?*;%`$'&\\/\ufffd")


def ending_of(sent: str) -> str:
    """What the name says it is: the part after the last dot, in small letters; empty if there is none."""
    bare = _last(sent).rstrip(". ")
    stem, dot, ending = bare.rpartition(".")
    return ending.strip().lower() if dot and (stem or ending) else ""


def shown_name(sent: str, ending: str) -> str:
    """A name to show: no path, no marks that hide or turn, no device, at most `LONGEST`, ending as it is."""
    stem, dot, last = _last(sent).rstrip(". ").rpartition(".")
    kept = "".join(_fit(c) for c in unicodedata.normalize("NFC", stem if dot else last))
    kept = re.sub(r"\s+", " ", kept).strip(". ")
    if _DEVICES.fullmatch(kept):
        kept = f"file {kept}"
    return f"{kept[: LONGEST - len(ending) - 1].strip('. ') or 'file'}.{ending}"


def _last(sent: str) -> str:
    """The last part of a path of any system, without characters that cannot be seen."""
    seen = "".join(c for c in sent if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Co"))
    return re.split(r"[/\\]", seen)[-1]


def _fit(character: str) -> str:
    return "_" if character in _UNFIT else character
