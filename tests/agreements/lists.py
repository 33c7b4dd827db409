"""Small lists of made-up agencies, as workbooks on disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.register.workbooks import HEADER, workbook

JEM, WSO, TFM = "Jail Enforcement Model", "Warrant Service Officer", "Task Force Model"


def row(
    name: str, model: str, signed: str, *, state: str = "GEORGIA", county: str = "Cedar County"
) -> tuple[Any, ...]:
    """One agreement of a list."""
    return (state, name, "County", county, model, datetime.fromisoformat(signed), "link pending", None)


CEDAR = row("Cedar County Sheriff's Office", WSO, "2025-03-01")
CEDAR_JAIL = row("Cedar County Sheriff's Office", JEM, "2025-03-01")
DOGWOOD = row("Dogwood County Sheriff's Office", TFM, "2025-05-01", county="Dogwood County")
#: A state of several offices, without a county: nobody knows whose it is.
ELM = (
    "TEXAS",
    "Elm Constable Precinct 2",
    "County",
    None,
    WSO,
    datetime.fromisoformat("2025-04-01"),
    None,
    None,
)
#: Signed before its model began.
TOO_EARLY = row("Fir County Sheriff's Office", TFM, "2016-03-19", county="Fir County")


def saved_list(folder: Path, rows: Sequence[Sequence[Any]], name: str = "list.xlsx") -> Path:
    path = folder / name
    path.write_bytes(workbook([HEADER, *rows]))
    return path
