"""A case file as tagged PDF. What it says is `case_file`; how it looks is the layout beside this."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import typst

from workflow.complaints.case_file import CaseFile
from workflow.messages.typesetting import FONTS, legible, typeset
from workflow.people.models import Office

_LAYOUT: Final = Path(__file__).with_name("case_file.typ")
_MADE_UP: Final = "Demonstration: agencies, people and cases are made up."


def pdf_of(file: CaseFile, office: Office | None, *, now: datetime) -> bytes:
    """The file on paper. On every page: which case, who had it made and when, which page of how many."""
    said = {
        **file.as_data(),
        "office": office.name if office else "",
        "demonstration": _MADE_UP if office and office.is_demonstration else "",
    }
    fixed = {"fonts": FONTS, "date": [now.year, now.month, now.day]}
    try:
        return typeset(_LAYOUT, "file", {**legible(said), **fixed})
    except typst.TypstError:
        # Each character is shown by some font, and one with its neighbour by none.
        return typeset(_LAYOUT, "file", {**legible(said, latin_only=True), **fixed})
