"""Coverage as a page and as paper: every agreement in force, inspected, waived or overdue, or why neither."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.views import house
from workflow.engine.actors import Role
from workflow.people.office import office
from workflow.planning.coverage import TITLES, Stand, coverage
from workflow.planning.coverage_paper import pdf_of, title_of
from workflow.planning.obligations import ROUTINE
from workflow.planning.views import bp
from workflow.planning.waived import waived_now
from workflow.policy.queries import in_force
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.papers import pdf_file

WATCHERS = (Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR)
#: Lines of agreements that want attention, shown on the page; the plan has all of them.
SHOWN = 25


def _today() -> date:
    return in_zone(HEADQUARTERS_ZONE).day_of(now())


@bp.get("/figures/coverage")
@open_to(*WATCHERS)
def covered() -> ResponseReturnValue:
    """Where every agreement this person may see stands, duty by duty."""
    found = coverage(actor(), as_of=_today())
    kinds = dict(found.duties)
    kind = request.args.get("kind", ROUTINE)
    kind = kind if kind in kinds else ROUTINE
    late = [row for row in found.rows[kind] if row.stand is Stand.OVERDUE]
    return render_template(
        "planning/coverage.html",
        found=found,
        kind=kind,
        title=kinds[kind],
        kinds=found.duties,
        counted=found.counted(kind),
        total=found.total(kind),
        stands=TITLES,
        late=sorted(late, key=lambda row: (row.due_on or date.max, row.agreement))[:SHOWN],
        late_in_all=len(late),
        waived=waived_now(actor(), in_force(_today())[1], house().keyring, as_of=_today()),
        paper=title_of(found),
    )


@bp.get("/figures/coverage/paper")
@open_to(*WATCHERS)
def coverage_paper() -> ResponseReturnValue:
    """The same on one page: a certificate where history was loaded, else what is on record."""
    found = coverage(actor(), as_of=_today())
    waived = waived_now(actor(), in_force(_today())[1], house().keyring, as_of=_today())
    return pdf_file(pdf_of(found, waived, office(), now=now()), f"coverage-{found.as_of}")
