"""Where a complaint came from, and which of its clocks were late before it came. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow.cases.models import Event
from workflow.complaints.machine import COMPLAINT
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.imports.models import ImportedThing


@dataclass(frozen=True, slots=True)
class Origin:
    """`late` names the clocks that had run out before the office had the complaint here."""

    source: str
    number: str
    made_at: datetime
    late: tuple[str, ...]


def origin_of(complaint: Complaint, events: Sequence[Event]) -> Origin | None:
    """None for one that was received here, as its first event says. One query for one that was not."""
    if not events or not events[0].verb.startswith("import_as_"):
        return None
    row = session().scalar(select(ImportedThing).where(ImportedThing.case_id == complaint.id))
    if row is None:
        return None
    names = {rule.name: rule.label for rule in COMPLAINT.clocks}
    late = [
        names[clock.name]
        for clock in complaint.clocks
        if clock.original_due_at is not None and clock.original_due_at < row.made_at
    ]
    return Origin(row.source, row.number, row.made_at, tuple(late))
