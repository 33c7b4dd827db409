"""A complaint to be printed: what was told, alleged, found and done; never who complained."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from workflow.cases import story
from workflow.cases.views import house
from workflow.complaints import record, sealed
from workflow.complaints.definitions import DEFINED_DISPOSITIONS
from workflow.complaints.facts import ALLEGATION_TYPES, CHANNELS, STANDARDS_OF_PROOF, SUBJECTS, TOLD
from workflow.complaints.kind import KIND
from workflow.complaints.likeness import near
from workflow.complaints.views import bp, complaint_or_404, found_on
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES


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
    reads = KIND.reads(actor(), complaint)
    page = story.page(house(), complaint, actor(), now=now())
    return render_template(
        "complaints/print.html",
        complaint=complaint,
        page=page,
        record=record.lines(complaint, page.entries, actor(), shown=None),
        reader=actor().name,
        printed_at=now(),
        words=sealed.words_of(complaint, house().keyring) if reads else {},
        told_as=TOLD,
        found=found_on(complaint) if reads else {},
        types=dict(ALLEGATION_TYPES),
        subjects=dict(SUBJECTS),
        meanings=dict(DEFINED_DISPOSITIONS),
        standards=dict(STANDARDS_OF_PROOF),
        channels=dict(CHANNELS),
    )
