"""Lists of complaints as files: allow-listed columns, never what was told or by whom; all is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.views import house
from workflow.complaints import queries
from workflow.complaints import search as finding
from workflow.complaints.asking import question
from workflow.complaints.facts import CHANNELS
from workflow.complaints.models import Complaint
from workflow.complaints.views import STATES, bp, wanted_of
from workflow.engine.actors import Role
from workflow.web import sheets
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES

_HQ: Final = in_zone(HEADQUARTERS_ZONE)
#: What a file of complaints can have, by code: heading and value. There is nothing else.
COLUMNS: Final[Mapping[str, tuple[str, Callable[[Complaint], sheets.Cell]]]] = {
    "reference": ("Reference", lambda c: c.reference),
    "about": ("About", lambda c: c.title),
    "state": ("State", lambda c: dict(STATES)[c.state]),
    "tier": ("Tier", lambda c: c.tier),
    "model": ("Model", lambda c: c.model),
    "office": ("Office", lambda c: c.office.name if c.office else None),
    "channel": ("Channel", lambda c: dict(CHANNELS).get(c.channel or "")),
    "received": ("Received", lambda c: _HQ.day_of(c.received_at)),
    "since": ("In this state since", lambda c: _HQ.day_of(c.state_since)),
    "closed": ("Closed", lambda c: _HQ.day_of(c.closed_at) if c.closed_at else None),
}


@bp.post("/export")
@open_to(*(ON_CASES - {Role.AUDITOR}))
def export() -> ResponseReturnValue:
    """The list of the address, whole, as a file."""
    wanted = wanted_of(request.args)
    page = queries.listed(actor(), wanted, limit=exports.MOST)
    if page.after is not None:
        flash(too_many())
        return redirect(url_for("complaints.index", **_kept()))
    narrowed = {k: v for k, v in _kept().items() if k != "words"}
    return handed_out("complaints", page.rows, {**narrowed, **_counted(wanted.words)})


@bp.post("/search/export")
@open_to(*(ON_CASES - {Role.AUDITOR}))
def export_found() -> ResponseReturnValue:
    """What a search found, whole, as a file."""
    asked = question(request.args.get("q", ""))
    zone = ZoneInfo(HEADQUARTERS_ZONE)
    found = finding.search(asked, actor(), house().keyring, zone=zone, limit=exports.MOST)
    if asked.is_empty() or found.page.after is not None:
        flash(too_many() if not asked.is_empty() else "Write what you look for, then take it out.")
        return redirect(url_for("complaints.search", **_kept()))
    codes = {k: v for k, v in asked.filters.items() if k != "agency"}
    terms = len(asked.without) + sum(map(len, asked.groups)) + ("agency" in asked.filters)
    return handed_out("search", found.page.rows, {**codes, **({"words": terms} if terms else {})})


def too_many() -> str:
    """What is said where a list is longer than a file may be."""
    return f"A file has at most {exports.MOST:,} complaints. Narrow the list, then take it out."


def handed_out(what: str, complaints: Sequence[Complaint], filters: Mapping[str, Any]) -> Response:
    """Complaints as the file that was asked for; that it is taken out is recorded first."""
    form = request.form.get("form", "csv")
    if form not in sheets.TYPES:
        abort(400)
    rows = [[value(c) for _, value in COLUMNS.values()] for c in complaints]
    content = sheets.built(form, [heading for heading, _ in COLUMNS.values()], rows)
    exports.record(
        actor(), what, form, content, filters=filters, columns=[*COLUMNS], rows=len(rows), now=now()
    )
    name = f"{what}-{_HQ.day_of(now()).isoformat()}.{form}"
    said = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=sheets.TYPES[form], headers=said)


def _counted(words: str) -> dict[str, int]:
    return {"words": len(words.split())} if words else {}


def _kept() -> dict[str, Any]:
    return {k: v[:2000] for k, v in request.args.items() if v and k != "after"}
