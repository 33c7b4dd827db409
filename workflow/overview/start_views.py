"""The first page: a visitor's start, and the way of a signed-in person to where their day begins."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.actors import Role
from workflow.web.access import open_to_anyone
from workflow.web.login import actor_or_none
from workflow.web.navigation import has_page

bp = Blueprint("start", __name__)

#: Where somebody's day begins: the first page whose role they have.
STARTS = (
    (Role.ADMINISTRATOR, "people.index"),
    (Role.AUDITOR, "figures.index"),
    (Role.MANAGER, "figures.index"),
    (Role.REVIEWER, "triage.index"),
    (Role.AGENCY_CONTACT, "outside.start"),
)


@bp.get("/")
@open_to_anyone
def index() -> ResponseReturnValue:
    actor = actor_or_none()
    if actor is None:
        return render_template("start/visitor.html")
    for role, endpoint in STARTS:
        if role in actor.roles and has_page(endpoint):
            return redirect(url_for(endpoint))
    return redirect(url_for("queue.show"))
