"""The search over complaints: what was asked, how it was read, what was found. No query is built here."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases.access import sees
from workflow.cases.calendars import HEADQUARTERS_ZONE
from workflow.cases.models import Case
from workflow.cases.references import normalise
from workflow.cases.views import house
from workflow.complaints import matters, word_index
from workflow.complaints import search as finding
from workflow.complaints.asking import question
from workflow.complaints.kind import READERS
from workflow.complaints.views import STATES, bp
from workflow.db.session import session
from workflow.web.access import open_to
from workflow.web.forms import looked_for
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES, can_open
from workflow.web.paging import decode


@bp.get("/search")
@open_to(*ON_CASES)
def search() -> ResponseReturnValue:
    """Complaints by their words and by what is known of them; a reference leads straight to its complaint."""
    typed = looked_for(request.args.get("q"), most=2000)
    reference = normalise(typed[:100])
    if reference and session().scalar(select(Case.id).where(sees(actor()), Case.reference == reference)):
        return redirect(url_for("cases.show", reference=reference))
    asked = question(typed, types=matters.titles())
    cursor = decode(request.args.get("after"), finding.CURSOR)
    found = None
    if not asked.is_empty():
        found = finding.search(
            asked,
            actor(),
            house().keyring,
            zone=ZoneInfo(HEADQUARTERS_ZONE),
            after=None if cursor and None in cursor else cursor,
        )
    return render_template(
        "complaints/search.html",
        typed=typed,
        asked=asked,
        found=found,
        labels=dict(STATES),
        reads=bool(actor().roles & READERS),
        can_take_out=can_open("complaints.export_found"),
        is_current=word_index.is_current(house().keyring),
    )
