"""The pages of findings: written at the visit or after it, with photographs of what was found."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.document_views import cabinet
from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.documents import kinds, staging
from workflow.documents.staging import Problem
from workflow.engine.machine import Refused, Stale
from workflow.inspections import sealed
from workflow.inspections.facts import WRITING
from workflow.inspections.fieldwork_views import CONDUCTORS
from workflow.inspections.findings import attach_to, change_finding, of_number, record_finding
from workflow.inspections.forms import FindingForm, finding_form
from workflow.inspections.kind import items_of
from workflow.inspections.models import Finding, Inspection
from workflow.inspections.views import bp, readable_or_404
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.security import takes

#: What a photograph, or a page that shows something, comes as.
PICTURES = (kinds.JPEG, kinds.PNG, kinds.WEBP, kinds.PDF)


@bp.route("/<reference>/findings/new", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
@takes(kinds.REQUEST_MEGABYTES)
def new_finding(reference: str) -> ResponseReturnValue:
    """Write a finding; `item` names what it is about."""
    inspection = readable_or_404(reference)
    form = finding_form(items_of(inspection), inspection.version, None, request.args.get("item", "")[:12])
    if request.method == "POST" and form.validate():

        def write() -> int:
            seen = form.seen.data or 0
            return record_finding(house(), reference, actor(), form.draft(), seen=seen, now=now())

        return _written(inspection, form, write, None)
    return _finding_page(inspection, form, None)


@bp.route("/<reference>/findings/<int:number>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
@takes(kinds.REQUEST_MEGABYTES)
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

        def write() -> int:
            seen = form.seen.data or 0
            change_finding(house(), reference, number, actor(), form.draft(), seen=seen, now=now())
            return number

        return _written(inspection, form, write, known)
    return _finding_page(inspection, form, known)


def _written(
    inspection: Inspection, form: FindingForm, write: Callable[[], int], known: Finding | None
) -> ResponseReturnValue:
    reference = inspection.reference
    try:
        number = write()
    except Refused as refused:
        form.show(refused.refusals)
        return _finding_page(inspection, form, known)
    except NotThere:
        abort(404)
    except Stale:
        fresh = readable_or_404(reference)
        form.outdated(fresh.version)
        return _finding_page(fresh, form, known, status=409)
    problems = _photographs(reference, number)
    if problems:
        return _finding_page(*_fresh(reference, number), problems=problems)
    flash("The finding is saved.")
    return redirect(url_for("inspections.show", reference=reference) + "#findings-head")


def _photographs(reference: str, number: int) -> list[Problem]:
    """Take what was enclosed; the finding is kept already, whatever is wrong with a file."""
    who, holder = actor(), new_key()
    taken, problems = staging.take(cabinet(), request.files.getlist("files"), holder=holder, now=now())
    if not taken:
        return problems
    tokens = [each.token for each in taken]
    try:
        attach_to(house(), reference, number, who, tokens, holder=holder, now=now())
    except Refused as refused:
        problems += [Problem("Photographs", refusal.text) for refusal in refused.refusals]
    return problems


def _fresh(reference: str, number: int) -> tuple[Inspection, FindingForm, Finding]:
    """The page of a finding as it stands now."""
    inspection = readable_or_404(reference)
    known = of_number(inspection, number)
    words = sealed.words_of(inspection, known, house().keyring)
    return (
        inspection,
        finding_form(items_of(inspection), inspection.version, (known, words), fresh=True),
        known,
    )


def _finding_page(
    inspection: Inspection,
    form: FindingForm,
    known: Finding | None,
    *,
    status: int = 0,
    problems: list[Problem] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "inspections/finding.html",
        inspection=inspection,
        form=form,
        finding=known,
        problems=problems or [],
        accepted=",".join(f".{ending}" for kind in PICTURES for ending in kind.endings),
        largest=kinds.LARGEST // kinds.MEGABYTE,
        is_open=inspection.state in WRITING and not (known and known.is_cited),
    )
    return page, status or (422 if request.method == "POST" else 200)
