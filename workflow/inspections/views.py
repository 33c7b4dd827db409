"""The pages of inspections: list, one inspection, its checklist and findings, opening one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases import story
from workflow.cases.access import NotThere
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.document_views import part_of
from workflow.cases.lacking import lacking
from workflow.cases.views import case_or_404, house
from workflow.db.session import session
from workflow.engine.actors import STAFF, Role
from workflow.engine.machine import Refused
from workflow.inspections import queries, service
from workflow.inspections.appointments import attempts_of
from workflow.inspections.checklists import checklist_of
from workflow.inspections.facts import (
    ANSWERING,
    ANSWERS,
    CLASSES,
    KINDS,
    MODES,
    REPLIES,
    RESULTS,
    SCALE,
    TRIGGERS,
    WRITING,
)
from workflow.inspections.forms import CauseForm, PlanForm
from workflow.inspections.kind import KIND
from workflow.inspections.machine import MACHINE
from workflow.inspections.models import Inspection
from workflow.inspections.notices import kept_letters
from workflow.inspections.sealed import words_by_number
from workflow.inspections.sent import sent, sent_to
from workflow.inspections.steps import CONDUCTS
from workflow.policy import queries as policy
from workflow.register.field_offices import FIELD_OFFICES
from workflow.register.models import Agency, Agreement
from workflow.web.access import open_to, open_to_signed_in
from workflow.web.clock import now
from workflow.web.forms import BaseForm
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import decode

bp = Blueprint("inspections", __name__, url_prefix="/inspections")

PAGE = 50
WORDS = {
    "answers": dict(ANSWERS),
    "classes": dict(CLASSES),
    "kinds": dict(KINDS),
    "modes": dict(MODES),
    "replies": dict(REPLIES),
    "results": dict(RESULTS),
    "triggers": dict(TRIGGERS),
}


def today() -> date:
    return in_zone(HEADQUARTERS_ZONE).day_of(now())


@bp.get("")
@open_to(*ON_CASES, Role.AGENCY_CONTACT)
def index() -> ResponseReturnValue:
    """The inspections this person may see, what is due first on top; a contact sees what was sent."""
    if not actor().roles & STAFF:
        return render_template("inspections/sent_index.html", rows=sent_to(actor()), labels=_labels())
    wanted = wanted_of()
    cursor = decode(request.args.get("after"), (date, int))
    after = (cursor[0], cursor[1]) if cursor and None not in cursor else None
    page = queries.listed(actor(), wanted, today=today(), after=after, limit=PAGE)
    book = policy.in_force(today())[1]
    return render_template(
        "inspections/index.html",
        page=page,
        total=queries.counted(actor(), wanted, today=today()),
        leads=queries.leads_of(page.rows),
        wanted=wanted,
        words=WORDS,
        labels=_labels(),
        models=[(m.code, m.code) for m in book.models],
        lacking=lacking(actor(), book),
        offices=[*((o.code, o.name) for o in FIELD_OFFICES), ("none", "No office")],
        kept={k: v for k, v in request.args.items() if v and k != "after"},
        today=today(),
    )


@bp.get("/<reference>")
@open_to_signed_in
def show(reference: str) -> ResponseReturnValue:
    """One inspection; its agency's contact sees what was sent."""
    inspection = inspection_or_404(reference)
    corrections = queries.corrections_of(inspection, actor())
    if not actor().roles & STAFF:
        return render_template(
            "inspections/sent.html",
            sent=sent(house(), inspection, actor(), now=now()),
            corrections=corrections,
            letters=kept_letters(inspection),
            words=WORDS,
        )
    page = story.page(house(), inspection, actor(), now=now())
    return render_template(
        "inspections/show.html",
        page=page,
        inspection=inspection,
        written=words_by_number(inspection, house().keyring) if page.reads else {},
        agency=session().get(Agency, inspection.agency_id) if inspection.agency_id else None,
        agreement=queries.agreement_seen(inspection, actor()),
        corrections=corrections,
        found_before=queries.found_before(inspection, actor()),
        documents=part_of(inspection),
        sections=_progress(inspection),
        letters=kept_letters(inspection) if page.reads else (),
        attempts=attempts_of(inspection) if page.reads else (),
        rating=_rating(inspection),
        can_answer=inspection.state in ANSWERING and bool(actor().roles & CONDUCTS),
        can_write=inspection.state in WRITING and bool(actor().roles & CONDUCTS),
        words=WORDS,
    )


def inspection_or_404(reference: str) -> Inspection:
    found = case_or_404(reference, actor())
    return found if isinstance(found, Inspection) else abort(404)


def readable_or_404(reference: str) -> Inspection:
    """An inspection whose words this person reads; 403 where they see it and do not."""
    found = inspection_or_404(reference)
    return found if KIND.reads(actor(), found) else abort(403)


def _progress(inspection: Inspection) -> list[tuple[Any, int, int]]:
    """Each section of the checklist with how many of its items are answered."""
    if inspection.checklist is None:
        return []
    given = {a.item for a in inspection.answers}
    sections = checklist_of(inspection.checklist).sections(inspection.model, inspection.template)
    return [(area, sum(i.code in given for i in items), len(items)) for area, items in sections]


def _rating(inspection: Inspection) -> str | None:
    if inspection.rating is None or inspection.rating_scale != SCALE:
        return inspection.rating
    ratings = policy.book(inspection.policy_id).scale(SCALE).ratings
    return next((r.title for r in ratings if r.code == inspection.rating), inspection.rating)


def _labels() -> dict[str, str]:
    return {stage.state.value: stage.label for stage in MACHINE.stages}


# --- opening one ----------------------------------------------------------------------------------


@bp.route("/plan/<agreement>", methods=["GET", "POST"])
@open_to(Role.PROGRAMME_MANAGER)
def plan(agreement: str) -> ResponseReturnValue:
    """Plan an inspection of an agreement by hand."""
    record, form = _agreement(agreement), PlanForm(kind_of="routine")
    if request.method == "POST" and form.validate():
        return _opened(
            form,
            record,
            "Plan an inspection",
            lambda: service.plan(
                house(),
                record.id,
                due_on=form.due_on.data,
                basis=form.basis.data or "",
                kind_of=form.kind_of.data,
                actor=actor(),
                now=now(),
            ),
        )
    return _open_page(form, record, "Plan an inspection")


@bp.route("/for-cause/<agreement>", methods=["GET", "POST"])
@open_to(Role.MANAGER, Role.PROGRAMME_MANAGER)
def for_cause(agreement: str) -> ResponseReturnValue:
    """Open an inspection of an agreement for cause."""
    record, form = _agreement(agreement), CauseForm()
    if request.method == "POST" and form.validate():
        return _opened(
            form,
            record,
            "Open an inspection for cause",
            lambda: service.open_for_cause(
                house(),
                record.id,
                trigger=form.trigger.data,
                explanation=form.explanation.data or "",
                actor=actor(),
                now=now(),
            ),
        )
    return _open_page(form, record, "Open an inspection for cause")


def _agreement(reference: str) -> Agreement:
    """The record of an agreement this person may see the life of."""
    case = case_or_404(reference, actor())
    found = session().scalar(select(Agreement).where(Agreement.reference == case.reference))
    return found or abort(404)


def _opened(form: BaseForm, record: Agreement, heading: str, make: Any) -> ResponseReturnValue:
    try:
        made = make()
    except Refused as refused:
        form.show(refused.refusals)
        return _open_page(form, record, heading)
    except NotThere:
        abort(404)
    flash("The inspection is planned.")
    return redirect(url_for("inspections.show", reference=made.reference))


def _open_page(form: BaseForm, record: Agreement, heading: str) -> ResponseReturnValue:
    agency = session().get_one(Agency, record.agency_id)
    page = render_template("inspections/open.html", form=form, record=record, agency=agency, heading=heading)
    return page, 422 if request.method == "POST" else 200


def wanted_of() -> queries.Wanted:
    """The filters of the address."""

    def given(name: str) -> str:
        return request.args.get(name, "").replace("\0", "").strip()[:40]

    return queries.Wanted(
        model=given("model"),
        office=given("office"),
        state=given("state"),
        kind=given("kind"),
        standing=given("standing"),
        lead=given("lead"),
    )
