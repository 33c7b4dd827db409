"""The manager's start and the closure times. Reading only."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.complaints.endings import catch_alls
from workflow.engine.actors import Role
from workflow.figures.closure_times import By, closure_times, of_each
from workflow.figures.standing import KINDS, oldest, standing
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

bp = Blueprint("figures", __name__, url_prefix="/figures")

WATCHERS = (Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR)
NAMES = {"complaint": "Complaints", "inspection": "Inspections", "corrective": "Corrective actions"}


def _today() -> date:
    return in_zone(HEADQUARTERS_ZONE).day_of(now())


@bp.get("")
@open_to(*WATCHERS)
def index() -> ResponseReturnValue:
    """What is open and late, what is oldest, and how long cases take with the open ones counted."""
    today = _today()
    rows = standing(actor(), now=now())
    totals = {
        kind: (sum(r.open for r in rows if r.kind == kind), sum(r.late for r in rows if r.kind == kind))
        for kind in KINDS
    }
    return render_template(
        "figures/index.html",
        rows=rows,
        totals=totals,
        medians=of_each(actor(), KINDS, as_of=today),
        oldest=oldest(actor()),
        catch_alls=catch_alls(actor()),
        names=NAMES,
        today=today,
    )


@bp.get("/closure-times")
@open_to(*WATCHERS)
def closure() -> ResponseReturnValue:
    """Closure times of a kind, as a whole or by group."""
    kind = request.args.get("kind", "complaint")
    kind = kind if kind in KINDS else "complaint"
    written = request.args.get("by")
    by = By(written) if written in set(By) else None
    groups = closure_times(actor(), kind, as_of=_today(), by=by)
    return render_template(
        "figures/closure_times.html", kind=kind, by=by, groups=groups, names=NAMES, today=_today()
    )
