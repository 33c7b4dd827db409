"""The pages of a report: as it stands, its text, the agency's comments and their answers, both PDFs."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import OVERSEERS
from workflow.cases.tasks import open_tasks
from workflow.cases.views import house
from workflow.engine.actors import STAFF, Role
from workflow.engine.machine import Refused
from workflow.inspections import report_comments, report_kept, report_text
from workflow.inspections.facts import COMMENT_OUTCOMES, WRITING, State
from workflow.inspections.fieldwork_views import CONDUCTORS
from workflow.inspections.models import Inspection
from workflow.inspections.report_content import report_of
from workflow.inspections.report_forms import AnswerForm, comment_form, text_form
from workflow.inspections.report_models import IssuedReport
from workflow.inspections.report_paper import pdf_of
from workflow.inspections.report_rows import issued_rows
from workflow.inspections.views import bp, inspection_or_404, readable_or_404
from workflow.people.frame import this_office
from workflow.people.queries import names
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.papers import pdf_file

#: The draft lies with the agency, or did until the report is issued.
_TOLD = frozenset({State.WITH_AGENCY, State.READY_TO_ISSUE})


@bp.get("/<reference>/report")
@open_to(*OVERSEERS)
def report(reference: str) -> ResponseReturnValue:
    """The report as it stands, with what is still to be done, and every report that was issued."""
    inspection = _begun(reference)
    conducts, state = bool(actor().roles & set(CONDUCTORS)), State(inspection.state)
    comments, issued = report_comments.comments_of(house(), inspection), issued_rows(inspection)
    return render_template(
        "inspections/report/show.html",
        inspection=inspection,
        report=report_of(house(), inspection, now=now()),
        comments=comments,
        outcomes=dict(COMMENT_OUTCOMES),
        issued=issued,
        who=names({row.issued_by_id for row in issued} | {said.row.by_id for said in comments}),
        is_out=report_kept.is_out(inspection),
        due_at=next((task.due_at for task in open_tasks(inspection, State.WITH_AGENCY)), None),
        can_write=conducts and state in WRITING,
        can_record=conducts and state == State.WITH_AGENCY,
        can_answer=conducts and state in report_comments.ANSWERED_IN,
        zone=calendar_of(inspection.office_id).zone.key,
    )


@bp.get("/<reference>/report/preview-pdf")
@open_to(*OVERSEERS)
def report_preview(reference: str) -> ResponseReturnValue:
    """The report as it would be issued, marked as draft on every page; later the issued one."""
    inspection = _begun(reference)
    if row := report_kept.standing(inspection):
        return _issued(inspection, row)
    office = this_office()
    pdf = pdf_of(
        report_of(house(), inspection, now=now()),
        office=office.name if office else "",
        is_demonstration=bool(office and office.is_demonstration),
        now=now(),
    )
    return pdf_file(pdf, f"{inspection.reference}-draft-report")


@bp.get("/<reference>/report/issued/<int(max=999):number>")
@open_to(*OVERSEERS, Role.AGENCY_CONTACT)
def issued_report(reference: str, number: int) -> ResponseReturnValue:
    """A report exactly as it was issued; the agency gets the one that counts."""
    if actor().roles & STAFF:
        inspection = readable_or_404(reference)
        row = next((each for each in issued_rows(inspection) if each.number == number), None)
    else:
        inspection = inspection_or_404(reference)
        row = report_kept.standing(inspection)
    if row is None or row.number != number:
        abort(404)
    return _issued(inspection, row)


@bp.route("/<reference>/report/text", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def write_report(reference: str) -> ResponseReturnValue:
    """Write the text of the report; the findings are joined by themselves."""
    inspection = _begun(reference)
    known, number = report_text.text_of(house(), inspection)
    form = text_form(known, number)
    if request.method == "POST" and form.validate():
        try:
            seen = form.seen.data or 0
            report_text.write_text(house(), reference, actor(), form.text(), seen=seen, now=now())
        except Refused as refused:
            form.show(refused.refusals)
        except NotThere:
            abort(404)
        else:
            flash("The text of the report is saved.")
            return redirect(url_for("inspections.report", reference=reference))
    page = render_template(
        "inspections/report/text.html",
        inspection=inspection,
        form=form,
        # What a colleague saved meanwhile stands beside what was typed here.
        theirs=known if number and form.seen.data not in (None, number) else None,
        is_open=inspection.state in WRITING,
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/<reference>/report/comment", methods=["GET", "POST"])
@open_to(*CONDUCTORS, Role.AGENCY_CONTACT)
def comment(reference: str) -> ResponseReturnValue:
    """A comment of the agency on a fact of the draft: given by its contact, or written down by the office."""
    is_ours = bool(actor().roles & STAFF)
    inspection = readable_or_404(reference) if is_ours else inspection_or_404(reference)
    if inspection.state not in _TOLD and not report_kept.is_out(inspection):
        abort(404)
    back = url_for("inspections.report" if is_ours else "inspections.show", reference=reference)
    form = comment_form(report_comments.told_findings(inspection))
    if request.method == "POST" and form.validate():
        try:
            report_comments.comment(
                house(), reference, actor(), form.words.data or "", finding=form.about, now=now()
            )
        except Refused as refused:
            form.show(refused.refusals)
        except NotThere:
            abort(404)
        else:
            flash("The comment is kept. It will be answered before the report is issued.")
            return redirect(back)
    page = render_template(
        "inspections/report/comment.html",
        inspection=inspection,
        form=form,
        back=back,
        is_ours=is_ours,
        is_open=inspection.state == State.WITH_AGENCY,
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/<reference>/report/comments/<int(max=999):number>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def answer_comment(reference: str, number: int) -> ResponseReturnValue:
    """Answer one comment of the agency, once."""
    inspection = _begun(reference)
    said = next((s for s in report_comments.comments_of(house(), inspection) if s.row.number == number), None)
    if said is None:
        abort(404)
    form = AnswerForm()
    if request.method == "POST" and form.validate():
        try:
            report_comments.answer_comment(
                house(),
                reference,
                number,
                actor(),
                outcome=form.outcome.data,
                answer=form.answer.data or "",
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        except NotThere:
            abort(404)
        else:
            flash(f"Comment {number} is answered.")
            return redirect(url_for("inspections.report", reference=reference) + "#comments-head")
    page = render_template(
        "inspections/report/answer.html",
        inspection=inspection,
        form=form,
        said=said,
        is_open=said.row.outcome is None and inspection.state in report_comments.ANSWERED_IN,
    )
    return page, 422 if request.method == "POST" else 200


def _begun(reference: str) -> Inspection:
    """An inspection somebody reads that has been at the jail: before that there is nothing to report."""
    inspection = readable_or_404(reference)
    return inspection if inspection.checklist is not None else abort(404)


def _issued(inspection: Inspection, row: IssuedReport) -> Response:
    pdf = report_kept.bytes_of(inspection, row, house().keyring)
    return abort(404) if pdf is None else pdf_file(pdf, f"{inspection.reference}-report")
