"""Opening the inspections of a plan, each once. Two planners at once meet at the database and open one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from workflow.cases.kinds import House
from workflow.engine.machine import Refused
from workflow.inspections.service import plan as open_inspection
from workflow.planning.obligations import Obligation


def open_all(
    house: House,
    obligations: Iterable[Obligation],
    *,
    now: datetime,
    progress: Callable[[], None] = lambda: None,
) -> int:
    """Open an inspection, in state planned, for each obligation that has none; how many were opened.

    Each in a transaction of its own, so that an interrupted run goes on where it stopped.
    """
    opened = 0
    for owed in obligations:
        progress()
        if owed.opened is not None or not owed.is_inspection:
            continue
        try:
            open_inspection(house, owed.agreement_id, due_on=owed.due_on, basis=owed.basis[:200], now=now)
        except Refused:
            continue  # Somebody planned it meanwhile, or the agreement owes nothing any more.
        opened += 1
    return opened
