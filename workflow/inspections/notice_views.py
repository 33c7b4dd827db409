"""The page of a letter to the agency before or at a visit: written, read as it goes out, sent, fetched."""

from __future__ import annotations

from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.kinds import OVERSEERS
from workflow.cases.views import house, offer_of
from workflow.engine.actors import STAFF, Role
from workflow.engine.machine import Refused, Stale
from workflow.inspections import notices
from workflow.inspections.fieldwork_views import CONDUCTORS
from workflow.inspections.kind import KIND
from workflow.inspections.models import Inspection
from workflow.inspections.notice_forms import NoticeForm
from workflow.inspections.views import bp, inspection_or_404, readable_or_404
from workflow.messages.paper import Printed
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.papers import pdf_file

#: What the buttons under a letter do.
LOOK, PAPER, SEND = "look", "paper", "send"
TITLES: Final = {notices.NOTIFY: "Send the notice", notices.REQUEST: "Ask for documents"}


@bp.route("/<reference>/write/<any(notify, request_documents):verb>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def write_letter(reference: str, verb: str) -> ResponseReturnValue:
    """Write a letter, read it as it goes out, send it with its step."""
    inspection = readable_or_404(reference)
    form = NoticeForm(data={"seen": inspection.version, "language": "en"})
    if request.method == "GET" or not form.validate():
        return _page(inspection, verb, form), 422 if request.method == "POST" else 200
    asked = request.form.get("act", LOOK)
    if asked == SEND:
        return _send(inspection, verb, form)
    made = _composed(inspection, verb, form)
    if made is not None and asked == PAPER:
        return pdf_file(made.pdf, f"{reference}-as-it-would-go")
    return _page(inspection, verb, form, made), 200 if made else 422


@bp.get("/<reference>/letters/<int(min=1, max=9999):number>")
@open_to(*OVERSEERS, Role.AGENCY_CONTACT)
def fetch_letter(reference: str, number: int) -> ResponseReturnValue:
    """A letter exactly as it was sent, for the agency it was sent to and for whoever reads the inspection."""
    inspection = readable_or_404(reference) if actor().roles & STAFF else inspection_or_404(reference)
    pdf = notices.letter_pdf(house(), inspection, number)
    return pdf_file(pdf, f"{reference}-letter-{number}") if pdf is not None else abort(404)


def _chosen(form: NoticeForm) -> notices.Chosen:
    return notices.Chosen(form.language.data, form.paragraph.data or "", form.documents.data or "")


def _composed(inspection: Inspection, verb: str, form: NoticeForm) -> Printed | None:
    """The letter as the form has it; None, with the reasons at their fields, if it cannot be one yet."""
    try:
        made, _ = notices.compose(inspection, verb, _chosen(form), now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return None
    form.payload.data = made.digest
    return made


def _send(inspection: Inspection, verb: str, form: NoticeForm) -> ResponseReturnValue:
    shown, status, reference = form.payload.data or "", 422, inspection.reference
    try:
        notices.send(
            house(),
            reference,
            actor(),
            verb,
            _chosen(form),
            seen=form.seen.data or 0,
            shown=shown,
            now=now(),
        )
    except Refused as refused:
        form.show(refused.refusals)
    except Stale:
        status, inspection = 409, inspection_or_404(reference)
        form.outdated(inspection.version)
    else:
        flash("Sent. The agency's contact sees it.")
        return redirect(url_for("inspections.show", reference=reference))
    said = {name: list(field.errors) for name, field in form._fields.items()}
    made = _composed(inspection_or_404(reference), verb, form)
    for name, errors in said.items():
        form[name].errors = errors or form[name].errors
    return _page(inspection, verb, form, made), status


def _page(inspection: Inspection, verb: str, form: NoticeForm, made: Printed | None = None) -> str:
    offer = offer_of(inspection, verb)
    return render_template(
        "inspections/visit/notice.html",
        inspection=inspection,
        heading=TITLES[verb],
        form=form,
        made=made,
        refusals=offer.refusals if offer else (),
        out_of_place=offer is None,
        stage=KIND.machine.stage(inspection.state).label,
        is_arrival=notices.wording_of(inspection, verb) == "inspection_arrival",
    )
