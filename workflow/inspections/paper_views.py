"""The checklist on paper: a blank one to print, and entering a filled one with its day and its scan."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.calendars import calendar_of
from workflow.cases.document_views import cabinet
from workflow.cases.forms import new_key
from workflow.cases.kinds import OVERSEERS
from workflow.cases.views import house
from workflow.documents import kinds, staging
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import blank
from workflow.inspections.checklists import checklist_of, in_force
from workflow.inspections.facts import ANSWERING, ANSWERS
from workflow.inspections.fieldwork_views import CONDUCTORS
from workflow.inspections.forms import FromPaperForm, paper_form
from workflow.inspections.from_paper import answer_from_paper
from workflow.inspections.kind import items_of
from workflow.inspections.models import Inspection
from workflow.inspections.views import bp, inspection_or_404, readable_or_404
from workflow.people.frame import this_office
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.papers import pdf_file
from workflow.web.security import takes


@bp.get("/<reference>/checklist/blank")
@open_to(*OVERSEERS)
def blank_sheet(reference: str) -> ResponseReturnValue:
    """A blank checklist, to print: of the version kept, before the visit of the one in force."""
    inspection = inspection_or_404(reference)
    return render_template(
        "inspections/blank.html",
        inspection=inspection,
        sheet=_sheet(inspection),
        answers=ANSWERS,
        warning=blank.WARNING,
        files_hint=blank.FILES_HINT,
        rows=blank.ROWS,
        hint_of=blank.hint_of,
    )


@bp.get("/<reference>/checklist/blank-pdf")
@open_to(*OVERSEERS)
def blank_pdf(reference: str) -> ResponseReturnValue:
    """The same as accessible PDF."""
    inspection = inspection_or_404(reference)
    return pdf_file(blank.as_pdf(_sheet(inspection)), f"{inspection.reference}-checklist")


@bp.route("/<reference>/checklist/from-paper", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
@takes(kinds.REQUEST_MEGABYTES)
def from_paper(reference: str) -> ResponseReturnValue:
    """Enter a checklist that was filled in on paper: every answer that stands there, the day and the scan."""
    inspection = readable_or_404(reference)
    if inspection.checklist is None:
        abort(404)
    form = paper_form(items_of(inspection), inspection.checklist)
    form.form_key.data = form.form_key.data or new_key()
    holder = f"{actor().id}:{form.form_key.data}"
    if request.method == "POST":
        _take_scan(form, holder)
        if form.validate() and _entered(inspection, form, holder):
            flash("What stood on paper is entered.")
            return redirect(url_for("inspections.checklist", reference=reference))
    page = render_template(
        "inspections/from_paper.html",
        inspection=inspection,
        sections=checklist_of(inspection.checklist).sections(inspection.model, inspection.template),
        form=form,
        waiting=_waiting(form, holder),
        accepted=kinds.ACCEPTED,
        largest=kinds.LARGEST // kinds.MEGABYTE,
        is_open=inspection.state in ANSWERING,
    )
    return page, 422 if request.method == "POST" else 200


def _take_scan(form: FromPaperForm, holder: str) -> None:
    """Look at the scan at once, so that it is not chosen again when something else is missing."""
    uploads = request.files.getlist("scan_file")
    taken, problems = staging.take(cabinet(), uploads, holder=holder, now=now())
    if taken:
        form.scan.data = taken[0].token
    form.problems = [f"{problem.name}: {problem.text}" for problem in problems]


def _waiting(form: FromPaperForm, holder: str) -> list[staging.Staged]:
    tokens = [form.scan.data] if form.scan.data else []
    return staging.staged(tokens, holder=holder, keyring=cabinet().keyring, now=now())


def _entered(inspection: Inspection, form: FromPaperForm, holder: str) -> bool:
    """Whether everything could be kept; what stood in its way is shown on the form."""
    day: date = form.noted_on.data
    today = calendar_of(inspection.office_id).day_of(now())
    refusals: list[Refusal] = []
    if not (inspection.begun_on or today) <= day <= today:
        refusals.append(Refusal("unfit", "A day of this visit that is not in the future.", "noted_on"))
    given: dict[str, Any] = form.given()
    if not given:
        refusals.append(Refusal("empty", "Enter at least one answer."))
    if not _waiting(form, holder):
        form.problems = form.problems or ["Add the scan of what was filled in."]
    if refusals or form.problems:
        form.show(refusals)
        return False
    try:
        answer_from_paper(
            house(),
            inspection.reference,
            actor(),
            given,
            noted_on=day,
            token=form.scan.data or "",
            holder=holder,
            checklist=form.checklist.data or None,
            now=now(),
        )
    except Refused as refused:
        form.show(refused.refusals)
        return False
    except NotThere:
        abort(404)
    return True


def _sheet(inspection: Inspection) -> blank.Blank:
    today, office = calendar_of(inspection.office_id).day_of(now()), this_office()
    checklist = checklist_of(inspection.checklist or in_force(today))
    agency = inspection.agency.name if inspection.agency else ""
    return blank.blank_of(
        checklist,
        model=inspection.model,
        revision=inspection.template,
        title=f"Checklist, {inspection.reference}",
        sender=office.name if office else "Plumbline",
        head=(
            f"{agency}, {inspection.model} agreement, template {inspection.template}",
            f"Checklist {checklist.version}, printed {today:%Y-%m-%d}",
        ),
        on=today,
    )
