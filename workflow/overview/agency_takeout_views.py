"""The list of agencies as a file."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.takeout_views import TAKERS, Columns, taken_out
from workflow.overview import agency_queries as queries
from workflow.overview.agency_views import bp, wanted_of
from workflow.web.access import open_to
from workflow.web.login import actor

COLUMNS: Final[Columns] = {
    "name": ("Agency", lambda line: line.name),
    "state": ("State", lambda line: line.state),
    "county": ("County", lambda line: line.county),
    "office": ("Office", lambda line: line.office),
    "agreements": ("Agreements you can see", lambda line: ", ".join(line.models)),
}


@bp.post("/export")
@open_to(*TAKERS)
def export() -> ResponseReturnValue:
    """The list of the address, whole, as a file."""
    wanted = wanted_of()
    page = queries.listed(actor(), wanted, limit=exports.MOST)
    return taken_out("agencies", COLUMNS, page, wanted, back="agencies.index")
