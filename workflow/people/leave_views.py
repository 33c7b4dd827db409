"""One's own days away, and how many days a week one gives to visits. Planners see days, never why."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.machine import Refused
from workflow.people import leave as leaves
from workflow.people.account_views import bp
from workflow.people.calendar_links import HAVE_CALENDARS
from workflow.people.forms import LeaveForm, WeekForm
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import account, actor


@bp.get("/leave")
@open_to(*HAVE_CALENDARS)
def leave() -> ResponseReturnValue:
    return _page()


@bp.post("/leave")
@open_to(*HAVE_CALENDARS)
def note_leave() -> ResponseReturnValue:
    """Be away from a day to a day."""
    form = LeaveForm()
    if not form.validate():
        return _page(away=form), 422
    try:
        leaves.note_leave(actor().id, form.from_on.data, form.until_on.data, today=now().date())
    except Refused as refused:
        form.show(refused.refusals)
        return _page(away=form), 422
    flash("Noted. Proposals leave these days out.")
    return redirect(url_for("account.leave"))


@bp.post("/leave/<int:absence_id>/take-back")
@open_to(*HAVE_CALENDARS)
def take_back_leave(absence_id: int) -> ResponseReturnValue:
    leaves.take_back_leave(actor().id, absence_id)
    flash("You are there on these days.")
    return redirect(url_for("account.leave"))


@bp.post("/visit-days")
@open_to(*HAVE_CALENDARS)
def give_days() -> ResponseReturnValue:
    """So many days of a week for visits."""
    form = WeekForm()
    if not form.validate():
        return _page(week=form), 422
    leaves.give_days(actor().id, form.visit_days.data)
    flash("Saved.")
    return redirect(url_for("account.leave"))


def _page(away: Any = None, week: Any = None) -> str:
    person = account()
    return render_template(
        "people/leave.html",
        listed=leaves.leave_of(person.id, since=now().date()),
        away=away or LeaveForm(fresh=True),
        week=week or WeekForm(fresh=True, data={"visit_days": person.visit_days}),
    )
