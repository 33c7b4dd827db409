"""One's queue as a file."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases import worklist as work
from workflow.cases.queue_views import KINDS, bp, wanted_of
from workflow.cases.takeout_views import HQ, TAKERS, Columns, taken_out, yes
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

COLUMNS: Final[Columns] = {
    "reference": ("Reference", lambda item: item.reference),
    "task": ("Task", lambda item: item.title),
    "about": ("About", lambda item: item.case_title),
    "kind": ("Kind", lambda item: KINDS.get(item.case_kind)),
    "agency": ("Agency", lambda item: item.agency),
    "model": ("Model", lambda item: item.model),
    "office": ("Office", lambda item: item.office),
    "tier": ("Tier", lambda item: item.tier),
    "due": ("Due", lambda item: HQ.day_of(item.due_at) if item.due_at else None),
    "late": ("Late", lambda item: yes(item.is_late)),
    "waiting": ("Waits for somebody", lambda item: yes(item.is_waiting)),
    "mine": ("Mine", lambda item: yes(item.is_mine)),
}


@bp.post("/queue/export")
@open_to(*TAKERS)
def export() -> ResponseReturnValue:
    """The queue of the address, whole, as a file."""
    wanted = wanted_of()
    page = work.worklist(actor(), wanted, now=now(), limit=exports.MOST)
    return taken_out("queue", COLUMNS, page, wanted, back="queue.show")
