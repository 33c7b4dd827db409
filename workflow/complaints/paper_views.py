"""The door for what came on paper, entered afterwards with its day and a scan. Calls are elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.document_views import cabinet
from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints import matters
from workflow.complaints.door_forms import PaperForm
from workflow.complaints.door_views import key_of, pepper
from workflow.complaints.service import receive
from workflow.complaints.telling import TAKERS
from workflow.complaints.views import bp
from workflow.documents import kinds, staging
from workflow.engine.machine import Refusal, Refused
from workflow.policy.standard import BOOK
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.identifiers import HOLDS_NUMBER
from workflow.web.login import actor
from workflow.web.security import takes

#: The earliest day something on paper can have come: there are no rules for what came before.
FIRST_DAY = BOOK.effective_on


@bp.route("/paper", methods=["GET", "POST"])
@open_to(*TAKERS)
@takes(kinds.REQUEST_MEGABYTES)
def paper() -> ResponseReturnValue:
    """Enter what came by mail, by e-mail or another way, with the day it came and a scan."""
    form = PaperForm(data={"form_key": new_key()})
    form.look_for()
    form.offer_kinds(now().date())
    if request.method == "POST" and form.validate():
        try:
            return _entered(form)
        except Refused as refused:
            form.show(refused.refusals)
    page = render_template(
        "complaints/paper.html",
        form=form,
        help=matters.meanings(),
        accepted=kinds.ACCEPTED,
        taken=kinds.TAKEN,
    )
    return page, 422 if request.method == "POST" else 200


def _entered(form: PaperForm) -> ResponseReturnValue:
    if form.is_empty() and not any(f.filename for f in request.files.getlist("files")):
        raise Refused(Refusal("empty", "Write what it says, or add the scan."))
    if form.knew_at.data and form.knew_at.data > now():
        raise Refused(Refusal("future", "This cannot lie in the future.", "knew_at"))
    moment = came_at(form.received_on.data, now=now())
    key = key_of(form)
    taken, problems = staging.take(cabinet(), request.files.getlist("files"), holder=key, now=now())
    told = form.told(channel=form.channel.data)
    from_agency = form.channel.data == "agency"
    done = receive(
        house(),
        replace(
            told,
            agency_knew_at=form.knew_at.data if from_agency else None,
            documents=tuple(t.token for t in taken),
            holder=key,
        ),
        actor(),
        pepper=pepper(),
        form_key=key,
        now=now(),
        received_at=moment,
        gives_code=False,
    )
    flash(f"Received as {done.reference}.")
    for problem in problems:
        # Without its name, which can name somebody: what is said here travels in a cookie.
        flash(f"A file was not taken: {problem.text}")
    if form.holds_number:
        flash(HOLDS_NUMBER)
    return redirect(url_for("complaints.show", reference=done.reference))


def came_at(day: date, *, now: datetime) -> datetime:
    """The moment from which something counts that came on a day. Raises `Refused` for no such day.

    The first moment of that day, as nobody knows a later one: no date of ours gets longer by it. Days are
    those of headquarters, where paper comes in.
    """
    calendar = in_zone(HEADQUARTERS_ZONE)
    today = calendar.day_of(now)
    if day > today:
        raise Refused(Refusal("future", "This cannot lie in the future.", "received_on"))
    if day < FIRST_DAY:
        raise Refused(Refusal("too_early", f"Write a day from {FIRST_DAY.year} on.", "received_on"))
    return now if day == today else datetime.combine(day, time(), calendar.zone)
