"""The pages of allegations: added, said better, a finding proposed, disposed of."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from workflow.cases.views import house
from workflow.complaints import allegations, matters
from workflow.complaints.forms import AllegationForm, DispositionForm, FindingForm
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import offer
from workflow.web.login import actor


@bp.route("/<reference>/allegations/new", methods=["GET", "POST"])
@open_to(*allegations.WRITERS)
def allege(reference: str) -> ResponseReturnValue:
    complaint = complaint_or_404(reference)
    form = AllegationForm(data={"seen": complaint.version})
    offer(form.code, matters.offered(now().date()))

    def act() -> None:
        allegations.allege(
            house(),
            reference,
            actor(),
            form.code.data,
            form.subject.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    return write(complaint, form, "Add an allegation", act)


@bp.route("/<reference>/allegations/<int:number>", methods=["GET", "POST"])
@open_to(*allegations.WRITERS)
def change(reference: str, number: int) -> ResponseReturnValue:
    """Say better what an allegation is about."""
    complaint = complaint_or_404(reference)
    known = next((a for a in complaint.allegations if a.number == number), None) or abort(404)
    form = AllegationForm(data={"seen": complaint.version, "code": known.code, "subject": known.subject})
    offer(form.code, matters.offered(now().date(), kept=[known.code]))

    def act() -> None:
        allegations.change_allegation(
            house(),
            reference,
            actor(),
            number,
            form.code.data,
            form.subject.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    return write(complaint, form, f"Change allegation {number}", act)


@bp.route("/<reference>/allegations/<int:number>/finding", methods=["GET", "POST"])
@open_to(*allegations.REPORTERS)
def propose(reference: str, number: int) -> ResponseReturnValue:
    complaint = complaint_or_404(reference)
    if all(a.number != number for a in complaint.allegations):
        abort(404)
    form = FindingForm(data={"seen": complaint.version})

    def act() -> None:
        allegations.propose_finding(
            house(),
            reference,
            actor(),
            number,
            form.proposed.data,
            form.evidence.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    return write(complaint, form, f"Propose a finding on allegation {number}", act)


@bp.route("/<reference>/allegations/<int:number>/disposition", methods=["GET", "POST"])
@open_to(*allegations.DECIDERS)
def dispose(reference: str, number: int) -> ResponseReturnValue:
    complaint = complaint_or_404(reference)
    if all(a.number != number for a in complaint.allegations):
        abort(404)
    form = DispositionForm(data={"seen": complaint.version})

    def act() -> None:
        allegations.dispose(
            house(),
            reference,
            actor(),
            number,
            form.disposition.data,
            form.standard_of_proof.data,
            form.rationale.data,
            closing_reason=form.closing_reason.data or None,
            seen=form.seen.data or 0,
            now=now(),
        )

    return write(complaint, form, f"Dispose of allegation {number}", act)
