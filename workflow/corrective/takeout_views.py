"""The list of corrective actions as a file."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.takeout_views import HQ, TAKERS, Columns, taken_out, yes
from workflow.corrective import queries
from workflow.corrective.views import bp, wanted_of
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

COLUMNS: Final[Columns] = {
    "reference": ("Reference", lambda line: line.reference),
    "about": ("Deficiency", lambda line: line.title),
    "clause": ("Provision", lambda line: line.clause),
    "class": ("Class", lambda line: line.class_label),
    "repeat": ("Found before", lambda line: yes(line.is_repeat)),
    "agency": ("Agency", lambda line: line.agency),
    "model": ("Model", lambda line: line.model),
    "office": ("Office", lambda line: line.office),
    "state": ("State", lambda line: line.label),
    "next": ("Next", lambda line: line.next_title),
    "who": ("Whose turn", lambda line: line.next_who),
    "by": ("Until", lambda line: HQ.day_of(line.next_due_at) if line.next_due_at else None),
    "returns": ("Sent back", lambda line: line.returns),
    "due": ("Due", lambda line: HQ.day_of(line.due_at) if line.due_at else None),
    "first_due": (
        "Due first",
        lambda line: HQ.day_of(line.original_due_at) if line.original_due_at else None,
    ),
    "risk_until": ("Risk accepted until", lambda line: line.risk_until_on),
    "closed": ("Closed", lambda line: HQ.day_of(line.closed_at) if line.closed_at else None),
}


@bp.post("/export")
@open_to(*TAKERS)
def export() -> ResponseReturnValue:
    """The list of the address, whole, as a file."""
    wanted = wanted_of()
    page = queries.listed(actor(), wanted, now=now(), limit=exports.MOST)
    return taken_out("corrective_actions", COLUMNS, page, wanted, back="corrective.index")
