"""The two ages of a complaint: since it reached us, which never pauses, and in our own hands. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from workflow.cases.models import Clock, ClockRow
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.engine.clock import Happened

_DAY = timedelta(days=1)
_RUNS = frozenset({Happened.STARTED, Happened.RESUMED})


@dataclass(frozen=True, slots=True)
class Ages:
    """Whole days. `in_hand` is None where nobody measured it: in another system."""

    total: int
    in_hand: int | None

    @property
    def words(self) -> str:
        """Both, such as "83 days, 40 of them in hand"."""
        total = f"{self.total} day{'' if self.total == 1 else 's'}"
        return total if self.in_hand is None else f"{total}, {self.in_hand} of them in hand"


def ages_of(complaints: Sequence[Complaint], *, now: datetime) -> dict[int, Ages]:
    """Both ages of each, by id. One query.

    Total age counts from receipt to the last closing, whatever lay between: with another authority, on hold,
    closed and opened again. In hand counts only while the clock of our own time ran.
    """
    ran = _ran([c.id for c in complaints], now)
    return {
        c.id: Ages((max(c.closed_at or now, c.received_at) - c.received_at).days, ran.get(c.id))
        for c in complaints
    }


def _ran(ids: Sequence[int], now: datetime) -> dict[int, int]:
    rows: defaultdict[int, list[tuple[Happened, datetime]]] = defaultdict(list)
    found = (
        select(Clock.case_id, ClockRow.what, ClockRow.at)
        .join(ClockRow, ClockRow.clock_id == Clock.id)
        .where(Clock.case_id.in_(ids), Clock.name == "in_hand", ClockRow.voided_by_version.is_(None))
        .order_by(ClockRow.id)
    )
    for case_id, what, at in session().execute(found):
        rows[case_id].append((what, at))
    return {case_id: days_run(events, now) for case_id, events in rows.items()}


def days_run(events: Iterable[tuple[Happened, datetime]], now: datetime) -> int:
    """Whole days during which a clock ran: between its starts and its pauses and stops."""
    running: datetime | None = None
    ran = timedelta()
    for what, at in events:
        if what in _RUNS:
            running = running or at
        elif what in (Happened.PAUSED, Happened.STOPPED) and running is not None:
            ran, running = ran + max(at - running, timedelta()), None
    if running is not None:
        ran += max(now - running, timedelta())
    return ran // _DAY
