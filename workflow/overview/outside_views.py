"""Where an agency's contact begins: what waits for it, and for which of several agencies one is here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import HiddenField

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.views import house
from workflow.engine.actors import Role
from workflow.overview import outside_queries as queries
from workflow.people.signing import own_path
from workflow.web.access import Door, mark_of, open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm
from workflow.web.login import act_for, actor, actor_or_none, agencies_held

bp = Blueprint("outside", __name__, url_prefix="/waiting")
#: Rooms that are about a person and no agency.
_OF_NO_AGENCY = frozenset({"account", "signing", "start", "health", "static"})


class ChooseForm(BaseForm):
    """Which agency, by its short name, and where somebody was going."""

    agency = HiddenField()
    next = HiddenField()


@bp.before_app_request
def choose_first() -> ResponseReturnValue | None:
    """Whoever answers for several agencies says for which, before anything of one of them is shown."""
    if request.method != "GET" or request.endpoint in {None, "outside.choose"}:
        return None
    if request.blueprint is None or request.blueprint in _OF_NO_AGENCY or not _is_for_contacts():
        return None
    who = actor_or_none()
    if who is None or Role.AGENCY_CONTACT not in who.roles or who.agencies or not agencies_held():
        return None
    return redirect(url_for("outside.choose", next=request.full_path.rstrip("?")))


def _is_for_contacts() -> bool:
    app: Any = current_app
    mark = mark_of(app, request.endpoint or "")
    return mark is Door.SIGNED_IN or (isinstance(mark, frozenset) and Role.AGENCY_CONTACT in mark)


@bp.get("")
@open_to(Role.AGENCY_CONTACT)
def start() -> ResponseReturnValue:
    """What the office waits for and until when, the coming visits, and what went to and fro."""
    return render_template(
        "outside/start.html",
        waiting=queries.waiting(actor(), now=now()),
        visits=queries.visits(actor(), today=in_zone(HEADQUARTERS_ZONE).day_of(now())),
        said=queries.said_lately(house(), actor()),
    )


@bp.route("/agency", methods=["GET", "POST"])
@open_to(Role.AGENCY_CONTACT)
def choose() -> ResponseReturnValue:
    """Say for which agency one is here; pages of the others are missing until one says otherwise."""
    offered = queries.choices(agencies_held())
    if request.method == "POST":
        form = ChooseForm()
        chosen = next((ids for agency, ids in offered if agency.slug == form.agency.data), None)
        if not form.validate() or chosen is None:
            abort(404)
        act_for(chosen)
        flash("From here on the pages are about this agency alone.")
        return redirect(own_path(form.next.data or url_for("outside.start")))
    if len(offered) < 2 and actor().agencies:
        return redirect(url_for("outside.start"))
    target = own_path(request.args.get("next") or url_for("outside.start"))
    return render_template("outside/choose.html", offered=offered, target=target)
