"""A blank checklist on paper: many jails let no device in. What it asks is the checklist's affair.

The same bytes for the same sheet. Filled in, it is entered on the page “From paper”, with its scan.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import typst

from workflow.inspections.checklist import Area, Checklist, Item
from workflow.inspections.facts import ANSWERS

_LAYOUT: Final = Path(__file__).parent / "texts" / "checklist.typ"
_STANDARD: Final = "ua-1"
WARNING: Final = (
    "Write no name, birth date or number of a person. Files of the sample are numbered; photograph no record."
)
FILES: Final = "Sampled files"
FILES_HINT: Final = (
    "Y yes, N no, A not applicable, S not seen. Choose the files yourself; note no more than this."
)
#: So many files have a row.
ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class Blank:
    """Everything a blank sheet says."""

    title: str
    sender: str
    head: tuple[str, ...]
    version: str
    on: date
    sections: tuple[tuple[Area, tuple[Item, ...]], ...]
    questions: tuple[Item, ...]


def blank_of(
    checklist: Checklist,
    *,
    model: str | None,
    revision: str | None,
    title: str,
    sender: str,
    head: Sequence[str],
    on: date,
) -> Blank:
    """The sheet of an agreement's model and template."""
    return Blank(
        title=title,
        sender=sender,
        head=tuple(head),
        version=checklist.version,
        on=on,
        sections=checklist.sections(model, revision),
        questions=checklist.of_files(model, revision),
    )


def as_pdf(blank: Blank) -> bytes:
    """The sheet as PDF/UA; its words travel as data, so that none of them is a command."""
    made: bytes = typst.compile(
        str(_LAYOUT),
        root=str(_LAYOUT.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(_data(blank))},
        pdf_standards=_STANDARD,
    )
    return made


def _data(blank: Blank) -> dict[str, Any]:
    return {
        "title": blank.title,
        "sender": blank.sender,
        "head": blank.head,
        "footer": f"{blank.title}, checklist {blank.version}",
        "date": [blank.on.year, blank.on.month, blank.on.day],
        "warning": WARNING,
        "answers": [words for _, words in ANSWERS],
        "sections": [
            {"title": area.title, "items": [_item(item) for item in items]} for area, items in blank.sections
        ],
        "questions": [_item(item) for item in blank.questions],
        "files_title": FILES,
        "files_hint": FILES_HINT,
        "rows": ROWS,
    }


def _item(item: Item) -> dict[str, Any]:
    return {"code": item.code, "words": item.words, "hint": hint_of(item), "critical": item.critical}


def hint_of(item: Item) -> str:
    """Where an item comes from, how to find out and what to see, in a row."""
    parts = (item.clause, item.guidance.rstrip("."), f"Evidence: {item.evidence}" if item.evidence else "")
    return ". ".join(part for part in parts if part)
