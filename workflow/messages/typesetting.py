"""Words set by a layout of ours as tagged PDF: they travel as data, so that none of them is a command.

What the fonts cannot show, and what would turn the words around it, is written as its number: such as
[U+6C34]. No layout and no wording lives here.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

#: In this order; they come with the typesetter, so every machine has them.
FONTS: Final = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
#: So many different characters of one text are looked up in the fonts; any further one is written as number.
LOOKED_UP: Final = 400
#: From here on are the scripts of the Far East, up to the forms of presentation; no font here has them.
_FAR_EAST: Final = range(0x2E80, 0xFB00)
#: Shown by every font of a Latin script.
_LATIN: Final = range(0xA1, 0x100)
#: Without tags it is none: the standard also refuses what a font cannot show.
_STANDARD: Final = "ua-1"
#: Controls, marks that turn or hide text, halves of characters, those of nobody, ends of lines of their own.
_NEVER: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PROBE: Final = """\
#set document(title: "a")
#set text(font: json(bytes(sys.inputs.fonts)), fallback: false)
#sys.inputs.said
"""


def typeset(layout: Path, name: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a layout that finds `data` under `name`. Raises `typst.TypstError`."""
    made: bytes = typst.compile(
        str(layout),
        root=str(layout.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={name: json.dumps(data)},
        pdf_standards=_STANDARD,
    )
    return made


def legible(said: Any, *, latin_only: bool = False) -> Any:
    """The same, text by text, as the fonts can show it. `latin_only` looks nothing up."""
    known: dict[str, str] = {}

    def each(part: Any) -> Any:
        if isinstance(part, str):
            return "".join(known.get(c) or known.setdefault(c, _shown(c, looks_up(c))) for c in _lines(part))
        if isinstance(part, dict):
            return {key: each(value) for key, value in part.items()}
        return [each(one) for one in part] if isinstance(part, (list, tuple)) else part

    def looks_up(char: str) -> bool:
        return not latin_only and len(known) < LOOKED_UP

    return each(said)


def _lines(text: str) -> str:
    """Composed characters and one kind of end of line: what looks the same is written the same."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", plain)


def _shown(char: str, looks_up: bool) -> str:
    if char == "\n" or " " <= char <= "~":
        return char
    if unicodedata.category(char) in _NEVER or ord(char) in _FAR_EAST:
        return _number(char)
    return char if ord(char) in _LATIN or (looks_up and _has(char)) else _number(char)


def _number(char: str) -> str:
    return f"[U+{ord(char):04X}]"


@lru_cache(maxsize=4096)
def _has(char: str) -> bool:
    """Whether one of the fonts shows it, behind a letter as marks stand."""
    try:
        typst.compile(
            _PROBE.encode(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"fonts": json.dumps(FONTS), "said": f"a{char}"},
            pdf_standards=_STANDARD,
        )
    except typst.TypstError:
        return False
    return True
