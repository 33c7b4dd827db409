"""The recusals of the office as a file."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases import recusal_report as report
from workflow.cases.recusal_views import LOOKS, bp
from workflow.cases.takeout_views import HQ, Columns, whole
from workflow.engine.actors import Role
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

#: Who looks at recusals, but for auditors: they read what was taken out.
TAKE: Final = frozenset(LOOKS) - {Role.AUDITOR}
COLUMNS: Final[Columns] = {
    "reference": ("Reference", lambda r: r.reference),
    "about": ("Case", lambda r: r.title),
    "who": ("Who", lambda r: r.person),
    "why": ("Why", lambda r: r.reason),
    "said": ("Said on", lambda r: HQ.day_of(r.at)),
    "by": ("By", lambda r: "themselves" if r.is_own else r.declared_by),
    "withdrawn": ("Withdrawn on", lambda r: HQ.day_of(r.withdrawn_at) if r.withdrawn_at else None),
    "let_in": ("Let in until", lambda r: HQ.day_of(r.until) if r.until else None),
}


@bp.post("/recusals/export")
@open_to(*TAKE)
def export() -> ResponseReturnValue:
    """Every recusal of the cases one may see, as a file."""
    rows = report.listed(actor(), now=now(), limit=exports.MOST + 1).rows
    return whole("recusals", COLUMNS, rows, {}, back="recusals.index")
