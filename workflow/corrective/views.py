"""The pages of corrective actions: the list, and one of them. Every step is taken on the page of steps."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases import story
from workflow.cases.views import case_or_404, house
from workflow.corrective import queries
from workflow.corrective.facts import CLASSES, POSITIONS
from workflow.corrective.machine import MACHINE
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.sealed import words_of
from workflow.corrective.sent import sent
from workflow.db.session import session
from workflow.engine.actors import STAFF, Role
from workflow.policy import queries as policy
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency
from workflow.web.access import open_to, open_to_signed_in
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import decode

bp = Blueprint("corrective", __name__, url_prefix="/corrective")

PAGE = 50


@bp.get("")
@open_to(*ON_CASES, Role.AGENCY_CONTACT)
def index() -> ResponseReturnValue:
    """The corrective actions this person may see, what is due first on top; a contact sees its own."""
    labels = {stage.state.value: stage.label for stage in MACHINE.stages}
    if not actor().roles & STAFF:
        return render_template("corrective/sent_index.html", rows=queries.sent_to(actor()), labels=labels)
    wanted = wanted_of()
    cursor = decode(request.args.get("after"), (datetime, int))
    after = (cursor[0], cursor[1]) if cursor and None not in cursor else None
    return render_template(
        "corrective/index.html",
        page=queries.listed(actor(), wanted, now=now(), after=after, limit=PAGE),
        total=queries.counted(actor(), wanted, now=now()),
        wanted=wanted,
        classes=CLASSES,
        labels=labels,
        models=[(m.code, m.code) for m in policy.in_force(now().date())[1].models],
        offices=[*((o.code, o.name) for o in FIELD_OFFICES), ("none", "No office")],
        kept={k: v for k, v in request.args.items() if v and k != "after"},
        now=now(),
    )


@bp.get("/<reference>")
@open_to_signed_in
def show(reference: str) -> ResponseReturnValue:
    """One corrective action; its agency's contact sees what was sent and its own plan."""
    corrective = case_or_404(reference, actor())
    if not isinstance(corrective, CorrectiveAction):
        abort(404)
    source = queries.source_of(corrective, actor())
    if not actor().roles & STAFF:
        part = sent(house(), corrective, actor(), now=now())
        return render_template("corrective/sent.html", sent=part, source=source)
    page = story.page(house(), corrective, actor(), now=now())
    return render_template(
        "corrective/show.html",
        page=page,
        corrective=corrective,
        words=words_of(corrective, house().keyring) if page.reads else None,
        agency=session().get(Agency, corrective.agency_id) if corrective.agency_id else None,
        source=source,
        earlier=queries.earlier_of(corrective, actor()),
        hands=queries.hands(corrective),
        classes=dict(CLASSES),
        positions=dict(POSITIONS),
    )


def wanted_of() -> queries.Wanted:
    """The filters of the address."""

    def given(name: str) -> str:
        return request.args.get(name, "").replace("\0", "").strip()[:40]

    return queries.Wanted(
        model=given("model"),
        office=given("office"),
        state=given("state"),
        class_code=given("class"),
        standing=given("standing"),
        repeat=given("repeat") == "yes",
    )
