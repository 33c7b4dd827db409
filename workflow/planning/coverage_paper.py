"""The coverage certificate, or the statement of what is on record, on one page of tagged PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any, Final

from workflow.engine.calendar import day_words
from workflow.messages.typesetting import FONTS, legible, typeset
from workflow.people.models import Office
from workflow.planning.coverage import TITLES, Coverage, Stand
from workflow.planning.obligations import ROUTINE
from workflow.planning.waived import WaiverLine

_LAYOUT: Final = Path(__file__).with_name("coverage.typ")
_MADE_UP: Final = "Demonstration: agencies, people and figures are made up."
#: So many waivers fit on the page; of more it is said how many there are, and where they stand.
WAIVERS: Final = 8
#: So much of their reasons; all of them stand on the page.
WHY: Final = 120


def title_of(found: Coverage) -> str:
    """What the page is: a certificate only where history was loaded."""
    return "Coverage certificate" if found.is_certificate else "Statement of what is on record"


def pdf_of(found: Coverage, waived: list[WaiverLine], office: Office | None, *, now: datetime) -> bytes:
    """The page. What it counts is what the digest on it stands for."""
    said = {
        "title": title_of(found),
        "office": office.name if office else "",
        "demonstration": _MADE_UP if office and office.is_demonstration else "",
        "day": day_words(found.as_of),
        "lead": _lead(found),
        "models": _table(found),
        "duties": [
            [title, *(str(found.total(kind)[stand]) for stand in Stand)] for kind, title in found.duties
        ],
        "stands": [TITLES[stand] for stand in Stand],
        "waivers": [_waiver(line) for line in waived[:WAIVERS]],
        "more": f"{len(waived) - WAIVERS} more stand on the page Coverage." if len(waived) > WAIVERS else "",
        "digest": found.digest,
    }
    return typeset(_LAYOUT, "page", {**legible(said), "fonts": FONTS, "date": [now.year, now.month, now.day]})


def _table(found: Coverage) -> list[list[str]]:
    """Inspections by model, and all together."""
    counted = found.counted(ROUTINE)
    rows = [[model, *_cells(counts)] for model, counts in counted.items()]
    return [*rows, ["All", *_cells(found.total(ROUTINE))]]


def _cells(counts: Any) -> list[str]:
    return [f"{counts[stand]:,}" for stand in Stand] + [f"{counts.total():,}"]


def _lead(found: Coverage) -> list[str]:
    """What the page says before its numbers."""
    total = found.total(ROUTINE)
    in_force = f"On {day_words(found.as_of)} {found.agreements:,} agreements were in force."
    said = [f"{in_force} Each is counted once: met in time, waived, overdue, or why none of these."]
    if not found.is_certificate:
        said.append(
            f"Of {total[Stand.UNKNOWN]:,} agreements past the house cadence no inspection is on record here. "
            "Earlier inspections may exist elsewhere: this page certifies nothing about them."
        )
    said += [
        f"{model}: no oversight rule: {number:,} agreement{'' if number == 1 else 's'}."
        for model, number in found.without_rule.items()
    ]
    return said


def _waiver(line: WaiverLine) -> str:
    return (
        f"{line.agreement} ({line.reference}): {line.duty}, until {day_words(line.until_on)}, "
        f"by {line.by}, confirmed by {line.confirmed_by}: {shorten(line.reasons, WHY, placeholder=' …')}"
    )
