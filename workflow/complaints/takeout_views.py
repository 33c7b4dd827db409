"""Lists of complaints as files: allow-listed columns, never what was told or by whom; all is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases import takeout_views as takeout
from workflow.cases.calendars import HEADQUARTERS_ZONE
from workflow.cases.takeout_views import HQ, TAKERS, too_many
from workflow.cases.views import house
from workflow.complaints import matters, queries
from workflow.complaints import search as finding
from workflow.complaints.asking import question
from workflow.complaints.facts import CHANNELS
from workflow.complaints.models import Complaint
from workflow.complaints.views import STATES, bp, wanted_of
from workflow.web import sheets
from workflow.web.access import open_to
from workflow.web.login import actor

#: What a file of complaints can have, by code: heading and value. There is nothing else.
COLUMNS: Final[Mapping[str, tuple[str, Callable[[Complaint], sheets.Cell]]]] = {
    "reference": ("Reference", lambda c: c.reference),
    "about": ("About", lambda c: c.title),
    "state": ("State", lambda c: dict(STATES)[c.state]),
    "tier": ("Tier", lambda c: c.tier),
    "model": ("Model", lambda c: c.model),
    "office": ("Office", lambda c: c.office.name if c.office else None),
    "channel": ("Channel", lambda c: dict(CHANNELS).get(c.channel or "")),
    "received": ("Received", lambda c: HQ.day_of(c.received_at)),
    "since": ("In this state since", lambda c: HQ.day_of(c.state_since)),
    "closed": ("Closed", lambda c: HQ.day_of(c.closed_at) if c.closed_at else None),
}


@bp.post("/export")
@open_to(*TAKERS)
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
@open_to(*TAKERS)
def export_found() -> ResponseReturnValue:
    """What a search found, whole, as a file."""
    asked = question(request.args.get("q", ""), types=matters.titles())
    zone = ZoneInfo(HEADQUARTERS_ZONE)
    found = finding.search(asked, actor(), house().keyring, zone=zone, limit=exports.MOST)
    if asked.is_empty() or found.page.after is not None:
        flash(too_many() if not asked.is_empty() else "Write what you look for, then take it out.")
        return redirect(url_for("complaints.search", **_kept()))
    codes = {k: v for k, v in asked.filters.items() if k != "agency"}
    terms = len(asked.without) + sum(map(len, asked.groups)) + ("agency" in asked.filters)
    return handed_out("search", found.page.rows, {**codes, **({"words": terms} if terms else {})})


def handed_out(what: str, complaints: Sequence[Complaint], filters: Mapping[str, Any]) -> Response:
    """Complaints as the file that was asked for; that it is taken out is recorded first."""
    return takeout.handed_out(what, COLUMNS, complaints, filters)


def _counted(words: str) -> dict[str, int]:
    return {"words": len(words.split())} if words else {}


def _kept() -> dict[str, Any]:
    return {k: v[:2000] for k, v in request.args.items() if v and k != "after"}
