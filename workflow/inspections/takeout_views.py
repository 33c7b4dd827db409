"""The list of inspections as a file."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.takeout_views import TAKERS, Columns, taken_out
from workflow.inspections import queries
from workflow.inspections.facts import KINDS, MODES
from workflow.inspections.views import bp, today, wanted_of
from workflow.web.access import open_to
from workflow.web.login import actor


def columns(leads: dict[int, str]) -> Columns:
    """What a file of inspections can have; `leads` are the names of those who lead them."""
    return {
        "reference": ("Reference", lambda line: line.reference),
        "agency": ("Agency", lambda line: line.agency),
        "model": ("Model", lambda line: line.model),
        "kind": ("Kind", lambda line: dict(KINDS)[line.kind_of]),
        "mode": ("How", lambda line: dict(MODES).get(line.mode)),
        "state": ("State", lambda line: line.label),
        "due": ("Due", lambda line: line.due_on),
        "planned": ("Planned for", lambda line: line.scheduled_on),
        "held": ("Held", lambda line: line.fieldwork_completed_on),
        "lead": ("Lead", lambda line: leads.get(line.owner_id)),
        "office": ("Office", lambda line: line.office),
    }


@bp.post("/export")
@open_to(*TAKERS)
def export() -> ResponseReturnValue:
    """The list of the address, whole, as a file."""
    wanted = wanted_of()
    page = queries.listed(actor(), wanted, today=today(), limit=exports.MOST)
    named = columns(queries.leads_of(page.rows))
    return taken_out("inspections", named, page, wanted, back="inspections.index")
