"""A report as tagged PDF. What it says is `report_content`; how it looks is the layout in `texts`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import typst

from workflow.inspections.report_content import Report
from workflow.messages.typesetting import FONTS, legible, typeset

_LAYOUT: Final = Path(__file__).parent / "texts" / "report.typ"
MADE_UP: Final = "Demonstration: agencies, people and cases are made up."


def pdf_of(report: Report, *, office: str, is_demonstration: bool, now: datetime) -> bytes:
    """The report on paper. A draft says so on every page."""
    said = {
        **report.as_data(),
        "office": office,
        "demonstration": MADE_UP if is_demonstration else "",
    }
    fixed = {"fonts": FONTS, "date": [now.year, now.month, now.day]}
    try:
        return typeset(_LAYOUT, "report", {**legible(said), **fixed})
    except typst.TypstError:
        # Each character is shown by some font, and one with its neighbour by none.
        return typeset(_LAYOUT, "report", {**legible(said, latin_only=True), **fixed})
