"""A complaint to be printed or taken out: told, alleged, done, found and answered; never who complained."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow.cases import exports
from workflow.cases.recusing import is_recused
from workflow.cases.views import house
from workflow.complaints.case_file import case_file_of
from workflow.complaints.case_file_paper import pdf_of
from workflow.complaints.likeness import near
from workflow.complaints.views import bp, complaint_or_404
from workflow.engine.actors import Role
from workflow.people.office import office
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.papers import pdf_file


@bp.get("/<reference>/alike")
@open_to(*ON_CASES)
def alike(reference: str) -> ResponseReturnValue:
    """Complaints that may be about the same, and why. A page of its own: it compares texts."""
    complaint = complaint_or_404(reference)
    found = near(complaint, actor(), house().keyring)
    return render_template("complaints/alike.html", complaint=complaint, alike=found)


@bp.get("/<reference>/print")
@open_to(*ON_CASES)
def printed(reference: str) -> ResponseReturnValue:
    """The page of a complaint as one text, with who had it shown and when."""
    complaint = complaint_or_404(reference)
    file = case_file_of(house(), complaint, actor(), now=now())
    return render_template("complaints/print.html", file=file)


@bp.post("/<reference>/case-file")
@open_to(*(ON_CASES - {Role.AUDITOR}))
def take_out_case(reference: str) -> ResponseReturnValue:
    """The same as tagged PDF. That it is taken out is recorded first, with its fingerprint."""
    complaint = complaint_or_404(reference)
    if is_recused(complaint, actor().id):
        flash("You were let in to act: nothing of this complaint is taken out.")
        return redirect(url_for("complaints.show", reference=reference))
    file = case_file_of(house(), complaint, actor(), now=now())
    content = pdf_of(file, office(), now=now())
    exports.record(
        actor(),
        "case_file",
        "pdf",
        content,
        filters={exports.CASE: complaint.reference},
        columns=[part.heading.rpartition(" ")[2].lower() for part in file.parts],
        rows=file.lines,
        now=now(),
    )
    return pdf_file(content, f"{complaint.reference}-case-file")
