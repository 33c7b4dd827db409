"""The pages for use at the jail: the checklist section by section, and findings. Plain pages, one column."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.kinds import OVERSEERS
from workflow.cases.views import house
from workflow.engine.actors import Role
from workflow.engine.machine import Refused, Stale
from workflow.inspections import sealed
from workflow.inspections.answers import answer_items
from workflow.inspections.checklist import VERSIONS, Area, Item
from workflow.inspections.facts import ANSWERING, WRITING
from workflow.inspections.findings import change_finding, of_number, record_finding
from workflow.inspections.forms import FindingForm, finding_form, section_form
from workflow.inspections.kind import items_of
from workflow.inspections.models import Finding, Inspection
from workflow.inspections.views import WORDS, bp, readable_or_404
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

CONDUCTORS = (Role.INSPECTOR, Role.FIELD_SUPERVISOR)


@bp.get("/<reference>/checklist")
@open_to(*OVERSEERS)
def checklist(reference: str) -> ResponseReturnValue:
    """The whole checklist with its answers, to read and to print."""
    inspection = readable_or_404(reference)
    return render_template(
        "inspections/checklist.html",
        inspection=inspection,
        sections=_sections(inspection),
        answers={a.item: a for a in inspection.answers},
        remarks=sealed.remarks(inspection, house().keyring),
        findings={f.item: f for f in inspection.findings},
        is_open=inspection.state in ANSWERING,
        may_answer=bool(actor().roles & set(CONDUCTORS)),
        words=WORDS,
    )


@bp.route("/<reference>/checklist/<area>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def section(reference: str, area: str) -> ResponseReturnValue:
    """Answer one section, saved as a whole; the next one follows."""
    inspection = readable_or_404(reference)
    sections = _sections(inspection)
    place = next((n for n, (a, _) in enumerate(sections) if a.code == area), None)
    if place is None:
        abort(404)
    items = sections[place][1]
    known = {a.item: a for a in inspection.answers}
    form = section_form(items, known, sealed.remarks(inspection, house().keyring))
    if request.method == "POST" and form.validate():
        try:
            answer_items(house(), inspection.reference, actor(), form.given(), now=now())
        except Refused as refused:
            form.show(refused.refusals)
        except NotThere:
            abort(404)
        else:
            flash(f"Saved: {sections[place][0].title}.")
            return redirect(_after(inspection.reference, sections, place))
    codes = {i.code for _, found in sections for i in found}
    page = render_template(
        "inspections/section.html",
        inspection=inspection,
        area=sections[place][0],
        place=place + 1,
        of=len(sections),
        left=len(codes - set(known)),
        form=form,
        is_open=inspection.state in ANSWERING,
    )
    return page, 422 if request.method == "POST" else 200


def _sections(inspection: Inspection) -> tuple[tuple[Area, tuple[Item, ...]], ...]:
    if inspection.checklist is None:
        abort(404)
    return VERSIONS[inspection.checklist].sections(inspection.model, inspection.template)


def _after(reference: str, sections: tuple[Any, ...], place: int) -> str:
    if place + 1 < len(sections):
        return url_for("inspections.section", reference=reference, area=sections[place + 1][0].code)
    return url_for("inspections.checklist", reference=reference)


@bp.route("/<reference>/findings/new", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def new_finding(reference: str) -> ResponseReturnValue:
    """Write a finding; `item` names what it is about."""
    inspection = readable_or_404(reference)
    form = finding_form(items_of(inspection), inspection.version, None, request.args.get("item", "")[:12])
    if request.method == "POST" and form.validate():

        def write() -> None:
            record_finding(house(), reference, actor(), form.draft(), seen=form.seen.data or 0, now=now())

        return _written(inspection, form, write, None)
    return _finding_page(inspection, form, None)


@bp.route("/<reference>/findings/<int:number>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def finding(reference: str, number: int) -> ResponseReturnValue:
    """Change a finding that was not cited yet."""
    inspection = readable_or_404(reference)
    try:
        known = of_number(inspection, number)
    except LookupError:
        abort(404)
    words = sealed.words_of(inspection, known, house().keyring)
    form = finding_form(items_of(inspection), inspection.version, (known, words))
    if request.method == "POST" and form.validate():

        def write() -> None:
            change_finding(
                house(), reference, number, actor(), form.draft(), seen=form.seen.data or 0, now=now()
            )

        return _written(inspection, form, write, known)
    return _finding_page(inspection, form, known)


def _written(
    inspection: Inspection, form: FindingForm, write: Any, known: Finding | None
) -> ResponseReturnValue:
    reference = inspection.reference
    try:
        write()
    except Refused as refused:
        form.show(refused.refusals)
        return _finding_page(inspection, form, known)
    except NotThere:
        abort(404)
    except Stale:
        fresh = readable_or_404(reference)
        form.outdated(fresh.version)
        return _finding_page(fresh, form, known, status=409)
    flash("The finding is saved.")
    return redirect(url_for("inspections.show", reference=reference) + "#findings-head")


def _finding_page(
    inspection: Inspection, form: FindingForm, known: Finding | None, *, status: int = 0
) -> ResponseReturnValue:
    page = render_template(
        "inspections/finding.html",
        inspection=inspection,
        form=form,
        finding=known,
        is_open=inspection.state in WRITING and not (known and known.is_cited),
    )
    return page, status or (422 if request.method == "POST" else 200)
