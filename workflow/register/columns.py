"""Which column of a list of agreements means what. Reads no value but the models' names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from workflow.register.cells import Unreadable


class Column(Enum):
    """What a column means, with the names lists give it (letters and digits only, lower case)."""

    STATE = ("state", "statename", "stateorterritory")
    AGENCY = ("lawenforcementagency", "agency", "agencyname", "lea", "participatingagency", "leaname")
    TYPE = ("type", "agencytype")
    COUNTY = ("county", "countyname", "countyorparish")
    MODEL = ("supporttype", "model", "participantmodel", "programmodel", "modelcode")
    SIGNED = ("signed", "signedon", "datesigned", "signeddate", "signaturedate", "moadate")
    MOA = ("moa", "moaurl", "moalink", "memorandumofagreement")
    ADDENDUM = ("addendum", "addendumurl", "addendumlink")


_REQUIRED: Final = (Column.STATE, Column.AGENCY, Column.MODEL, Column.SIGNED)


def columns_of(headers: Sequence[str]) -> dict[Column, str]:
    """Which header stands for what. Raises `Unreadable` where one is missing or two mean the same."""
    columns: dict[Column, str] = {}
    for header in headers:
        key = re.sub(r"[\W_]", "", header.casefold())
        column = next((column for column in Column if key in column.value), None)
        if column is None:
            continue
        if column in columns:
            raise Unreadable(f"Columns “{columns[column]}” and “{header}” mean the same. Remove one of them.")
        columns[column] = header
    missing = [column.name for column in _REQUIRED if column not in columns]
    if missing:
        found = ", ".join(f"“{header}”" for header in headers[:20])
        raise Unreadable(
            f"This is no list of agreements: no column says {', '.join(missing)}. Its columns are {found}. "
            "Needed are STATE, LAW ENFORCEMENT AGENCY, SUPPORT TYPE and SIGNED in the first row."
        )
    return columns


def alias_key(text: str) -> str:
    """A model's name or code reduced for comparing."""
    return re.sub(r"[\W_]", "", text.casefold())
