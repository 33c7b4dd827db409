"""What was taken out of the system as files, for those who watch over it. Nothing is exported here."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.engine.actors import Role
from workflow.web.access import open_to
from workflow.web.login import actor
from workflow.web.paging import decode

bp = Blueprint("exports", __name__, url_prefix="/exports")


@bp.get("")
@open_to(Role.AUDITOR, Role.PROGRAMME_MANAGER)
def index() -> ResponseReturnValue:
    """Every file that was taken out, the latest first."""
    cursor = decode(request.args.get("after"), exports.CURSOR)
    page = exports.recorded(actor(), after=None if cursor and None in cursor else cursor)
    return render_template("exports/index.html", page=page)
