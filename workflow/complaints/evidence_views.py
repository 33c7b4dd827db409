"""The page that says on which allegations a document is evidence."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from workflow.cases.views import house
from workflow.complaints import evidence, matters
from workflow.complaints.allegations import WRITERS
from workflow.complaints.forms import EvidenceForm
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.documents.queries import document_of
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import offer
from workflow.web.login import actor


@bp.route("/<reference>/documents/<int(max=99999):number>", methods=["GET", "POST"])
@open_to(*WRITERS)
def name_evidence(reference: str, number: int) -> ResponseReturnValue:
    """On which allegations a document of the complaint is evidence."""
    complaint = complaint_or_404(reference)
    if document_of(complaint.id, number) is None:
        abort(404)
    named = [str(n) for n in evidence.linked(complaint).get(number, ())]
    form = EvidenceForm(data={"seen": complaint.version, "allegations": named})
    types = matters.titles()
    offer(
        form.allegations,
        [(str(a.number), f"{a.number}. {types.get(a.code, a.code)}") for a in complaint.allegations],
    )

    def act() -> None:
        chosen = [int(n) for n in form.allegations.data or ()]
        evidence.name_evidence(
            house(), reference, actor(), number, chosen, seen=form.seen.data or 0, now=now()
        )

    return write(complaint, form, f"Evidence: document {number}", act)
