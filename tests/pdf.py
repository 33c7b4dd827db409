"""The words of a PDF, as whoever copies them gets them. No test lives here."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf


def words_on(pdf: bytes) -> str:
    """The words of a PDF, as whoever copies them gets them."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        said = ""
        for page in opened.pages:
            said += _decoded(page)
    return said


def _decoded(page: pikepdf.Page) -> str:
    fonts = {name: _unicode_of(font) for name, font in page.Resources.Font.items()}
    said, font = "", ""
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        operator = instruction.operator
        if str(operator) == "Tf":
            font = str(operands[0])
        if str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    codes = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
                    said += "".join(fonts[font].get(code, "?") for code in codes)
        if str(operator) == "ET":
            said += " "
    return said


def _unicode_of(font: Any) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>\n", table)
    return {int(code, 16): bytes.fromhex(said).decode("utf-16-be") for code, said in found}
