"""Agencies: the list, the page of one across all kinds of case, and merging, splitting, naming by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.agreements.machine import MACHINE
from workflow.cases.views import house
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.inspections.facts import KINDS as SORTS
from workflow.overview import agency_queries as queries
from workflow.overview import agency_story
from workflow.overview.agency_forms import AliasForm, MergeForm, SplitForm, UndoForm
from workflow.people.contacts import contacts
from workflow.people.queries import names
from workflow.policy.queries import in_force
from workflow.register import service
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency, FieldOffice, RegisterEvent
from workflow.register.queries import by_slug, done_to, family, other_names, training_compliance
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import decode

bp = Blueprint("agencies", __name__, url_prefix="/agencies")

PAGE = 50
KEEPERS = (Role.PROGRAMME_MANAGER,)
LABELS = {stage.state.value: stage.label for stage in MACHINE.stages}
KINDS = {"complaint": "Complaints", "inspection": "Inspections", "corrective": "Corrective actions"}
DONE = {
    "merge": "Merged",
    "split": "Split",
    "alias": "Another name added",
    "undo merge": "Merge taken back",
    "undo split": "Split taken back",
    "undo alias": "Name taken away",
}


@bp.get("")
@open_to(*ON_CASES)
def index() -> ResponseReturnValue:
    """Agencies by name."""
    wanted = wanted_of()
    cursor = decode(request.args.get("after"), (str, int))
    after = (str(cursor[0]), int(cursor[1])) if cursor and None not in cursor else None
    return render_template(
        "agencies/index.html",
        page=queries.listed(actor(), wanted, after=after, limit=PAGE),
        wanted=wanted,
        states=[(s, s) for s in queries.states()],
        offices=[*((o.code, o.name) for o in FIELD_OFFICES), ("none", "No office")],
        kept={k: v for k, v in request.args.items() if v and k != "after"},
    )


@bp.get("/<slug>")
@open_to(*ON_CASES)
def show(slug: str) -> ResponseReturnValue:
    """One agency across all kinds of case. An old address leads to the present one."""
    agency = by_slug(slug) or abort(404)
    if agency.slug != slug:
        return redirect(url_for("agencies.show", slug=agency.slug))
    ids = family(agency.id)
    events = done_to(agency.id)
    agreements = queries.agreements_seen(actor(), ids)
    return render_template(
        "agencies/show.html",
        agency=agency,
        office=session().get(FieldOffice, agency.office_id) if agency.office_id else None,
        other_names=other_names(agency.id),
        agreements=agreements,
        training=training_compliance([a.id for a in agreements], now().date(), in_force(now().date())[1]),
        contacts=contacts(ids, now=now()),
        counts=queries.counts(actor(), ids),
        inspections=agency_story.inspections(actor(), ids),
        to_correct=agency_story.to_correct(actor(), ids, now=now()),
        sustained=agency_story.sustained(actor(), ids),
        documents=agency_story.documents(house(), actor(), ids),
        now=now(),
        sorts=dict(SORTS),
        latest=queries.latest(actor(), ids),
        labels=LABELS,
        kinds=KINDS,
        keeps=bool(actor().roles & set(KEEPERS)),
        events=events,
        done_words=DONE,
        people=names({e.actor_id for e in events}),
    )


@bp.route("/<slug>/merge", methods=["GET", "POST"])
@open_to(*KEEPERS)
def merge(slug: str) -> ResponseReturnValue:
    """Make another record one with this one."""
    agency = _agency(slug)
    form = MergeForm(queries.could_be_one(agency))
    if request.method == "POST" and form.validate():
        try:
            service.merge(agency.id, int(form.other.data), **_signed(form))
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return _back(agency, "The two are one now. It can be taken back.")
    return _form_page(agency, form, "Merge another record into this one", "Merge")


@bp.route("/<slug>/split", methods=["GET", "POST"])
@open_to(*KEEPERS)
def split(slug: str) -> ResponseReturnValue:
    """Give some agreements to an agency of another name."""
    agency = _agency(slug)
    seen = queries.agreements_seen(actor(), [agency.id])
    form = SplitForm([(str(a.id), f"{a.model}, {a.reference}") for a in seen])
    if request.method == "POST" and form.validate():
        try:
            service.split(
                agency.id, [int(a) for a in form.agreements.data], form.name.data or "", **_signed(form)
            )
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return _back(agency, "Split. It can be taken back.")
    return _form_page(agency, form, "Split this agency", "Split")


@bp.route("/<slug>/names", methods=["GET", "POST"])
@open_to(*KEEPERS)
def name(slug: str) -> ResponseReturnValue:
    """Let lists call the agency by another name as well."""
    agency = _agency(slug)
    form = AliasForm()
    if request.method == "POST" and form.validate():
        try:
            service.add_alias(agency.id, form.name.data or "", **_signed(form))
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return _back(agency, "The name is known now.")
    return _form_page(agency, form, "Add another name", "Add it")


@bp.route("/<slug>/undo/<int:event_id>", methods=["GET", "POST"])
@open_to(*KEEPERS)
def undo(slug: str, event_id: int) -> ResponseReturnValue:
    """Take back what was done by hand; exactly what was moved goes back."""
    agency = _agency(slug)
    event = session().get(RegisterEvent, event_id)
    if event is None or agency.id not in (event.agency_id, event.other_id):
        abort(404)
    form = UndoForm()
    if request.method == "POST" and form.validate():
        try:
            service.undo(event.id, **_signed(form))
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return _back(agency, "Taken back.")
    return _form_page(agency, form, f"Take back: {DONE.get(event.what, event.what).lower()}", "Take it back")


def _agency(slug: str) -> Agency:
    return by_slug(slug) or abort(404)


def _signed(form: Any) -> dict[str, Any]:
    return {"reason": form.reason.data or "", "actor": actor(), "now": now()}


def _back(agency: Agency, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("agencies.show", slug=agency.slug))


def _form_page(agency: Agency, form: Any, heading: str, submit: str) -> ResponseReturnValue:
    page = render_template("agencies/keep.html", agency=agency, form=form, heading=heading, submit=submit)
    return page, 422 if request.method == "POST" else 200


def wanted_of() -> queries.Wanted:
    """The filters of the address."""
    return queries.Wanted(words=_given("words"), state=_given("state"), office=_given("office"))


def _given(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:100]
