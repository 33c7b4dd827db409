"""What a list of another system comes to: complaints that can be taken, rows that cannot. Reads nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.complaints.facts import State
from workflow.imports.listing import RefusedRow


@dataclass(frozen=True, slots=True)
class Said:
    """One allegation of the past: our codes, or None where the list says nothing."""

    code: str
    disposition: str | None = None
    closing_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One complaint of the other system. `rows` are its row numbers; moments are in UTC."""

    reference: str
    rows: tuple[int, ...]
    state: State
    received_at: datetime
    closed_at: datetime | None
    occurred_on: date | None
    channel: str | None
    said: tuple[Said, ...]
    agency: str
    narrative: str
    contact: str
    owner: str
    office: str
    model: str
    digest: str


@dataclass
class Read:
    """What a file holds: complaints that can be taken, rows that cannot, and what was not understood."""

    rows: int = 0
    past: list[Past] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: Values without a translation: (what, theirs) and how often.
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
