"""The list of agreements as a file."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from workflow.agreements import queries
from workflow.agreements.machine import MACHINE
from workflow.agreements.views import bp, wanted_of
from workflow.cases import exports
from workflow.cases.takeout_views import TAKERS, Columns, taken_out, yes
from workflow.web.access import open_to
from workflow.web.login import actor

COLUMNS: Final[Columns] = {
    "reference": ("Reference", lambda line: line.reference),
    "agency": ("Agency", lambda line: line.agency),
    "place": ("State of the agency", lambda line: line.state),
    "model": ("Model", lambda line: line.model),
    "template": ("Template", lambda line: line.template),
    "inferred": ("Template inferred", lambda line: yes(line.template_inferred)),
    "signed": ("Signed", lambda line: line.signed_on),
    "office": ("Office", lambda line: line.office),
    "stands": ("Stands", lambda line: MACHINE.stage(line.status).label),
    "vanished": ("No longer listed since", lambda line: line.vanished_on),
}


@bp.post("/export")
@open_to(*TAKERS)
def export() -> ResponseReturnValue:
    """The list of the address, whole, as a file."""
    wanted = wanted_of()
    page = queries.listed(actor(), wanted, limit=exports.MOST)
    return taken_out("agreements", COLUMNS, page, wanted, back="agreements.index")
