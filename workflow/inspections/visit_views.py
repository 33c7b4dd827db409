"""The pages beside the checklist on a visit: files of the sample, interviews, the roster of officers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import OVERSEERS
from workflow.cases.views import house
from workflow.engine.machine import Refused
from workflow.inspections import interviews, roster, sampling
from workflow.inspections.facts import ANSWERING, ANSWERS, DIFFERENCES, INTERVIEWED, WRITING
from workflow.inspections.fieldwork_views import CONDUCTORS
from workflow.inspections.models import Inspection
from workflow.inspections.views import bp, readable_or_404
from workflow.inspections.visit_forms import (
    ActingForm,
    DecideForm,
    DifferenceForm,
    InterviewForm,
    file_form,
)
from workflow.people.queries import names
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm
from workflow.web.login import actor


@bp.get("/<reference>/files")
@open_to(*OVERSEERS)
def files(reference: str) -> ResponseReturnValue:
    """The files of the sample, by number, and what share conforms."""
    inspection = _begun(reference)
    sample = sampling.sample_of(inspection)
    return render_template(
        "inspections/visit/files.html",
        inspection=inspection,
        sample=sample,
        verdict=sampling.verdict,
        questions=sampling.questions_of(inspection),
        words=dict(ANSWERS),
        who=names({f.by_id for f in sample.files}),
        can_add=_conducts(inspection) and len(sample.files) < sampling.MOST,
        can_change=_conducts(inspection),
        zone=calendar_of(inspection.office_id).zone.key,
    )


@bp.route("/<reference>/files/<int(max=999):number>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def sampled_file(reference: str, number: int) -> ResponseReturnValue:
    """What is seen in one file; the next one follows."""
    inspection = _begun(reference)
    known = {f.number: f for f in sampling.sample_of(inspection).files}
    questions = sampling.questions_of(inspection)
    if not questions or not 1 <= number <= min(sampling.MOST, len(known) + 1):
        abort(404)
    row = known.get(number)
    form = file_form(questions, row.marks if row else {}, row.revision if row else 0)
    if request.method == "POST" and form.validate():

        def keep() -> None:
            sampling.keep_file(
                house(), reference, actor(), number, form.marks(), seen=form.seen.data or 0, now=now()
            )

        if _done(form, keep):
            flash(f"File {number} is kept.")
            following = number + 1
            if following <= sampling.MOST:
                return redirect(url_for("inspections.sampled_file", reference=reference, number=following))
            return redirect(url_for("inspections.files", reference=reference))
    page = render_template(
        "inspections/visit/file.html",
        inspection=inspection,
        number=number,
        form=form,
        is_open=inspection.state in ANSWERING,
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/<reference>/interviews")
@open_to(*OVERSEERS)
def talks(reference: str) -> ResponseReturnValue:
    """Whom inspectors talked to, by role and number."""
    inspection = _begun(reference)
    today = calendar_of(inspection.office_id).day_of(now())
    return _talks_page(inspection, InterviewForm(held_on=today))


@bp.post("/<reference>/interviews/new")
@open_to(*CONDUCTORS)
def note_interview(reference: str) -> ResponseReturnValue:
    """Note a talk."""
    inspection, form = _begun(reference), InterviewForm()

    def act() -> None:
        talk = interviews.Talk(form.role.data, form.people.data, form.held_on.data, form.notes.data or None)
        interviews.record_interview(house(), reference, actor(), talk, now=now())

    if form.validate() and _done(form, act):
        flash("The interview is kept.")
        return redirect(url_for("inspections.talks", reference=reference))
    return _talks_page(inspection, form), 422


def _talks_page(inspection: Inspection, form: InterviewForm) -> str:
    return render_template(
        "inspections/visit/interviews.html",
        inspection=inspection,
        rows=interviews.interviews_of(house(), inspection),
        roles=dict(INTERVIEWED),
        form=form,
        can_add=_conducts(inspection),
    )


@bp.get("/<reference>/roster")
@open_to(*OVERSEERS)
def compare_roster(reference: str) -> ResponseReturnValue:
    """The officers on record, what differs, and what became of it."""
    return _roster_page(_begun(reference), ActingForm(), DifferenceForm())


@bp.post("/<reference>/roster/compare")
@open_to(*CONDUCTORS)
def hold_against_roster(reference: str) -> ResponseReturnValue:
    """Hold the officers found on duty against the records; each difference is proposed as a finding."""
    inspection, form = _begun(reference), ActingForm()
    found: list[int] = []

    def act() -> None:
        numbers = form.numbers()
        found.append(roster.compare_roster(house(), reference, actor(), numbers, now=now()))

    if form.validate() and _done(form, act):
        flash(f"{found[0]} new: decide below." if found[0] else "Nothing new differs.")
        return redirect(url_for("inspections.compare_roster", reference=reference))
    return _roster_page(inspection, form, DifferenceForm(fresh=True)), 422


@bp.post("/<reference>/roster/differences")
@open_to(*CONDUCTORS)
def type_difference(reference: str) -> ResponseReturnValue:
    """Propose something that was seen as a finding."""
    inspection, form = _begun(reference), DifferenceForm()

    def act() -> None:
        seen = roster.Difference(form.kind.data, form.officers.data, form.words.data or "")
        roster.type_difference(house(), reference, actor(), seen, now=now())

    if form.validate() and _done(form, act):
        flash("It is proposed: decide below.")
        return redirect(url_for("inspections.compare_roster", reference=reference))
    return _roster_page(inspection, ActingForm(fresh=True), form), 422


@bp.route("/<reference>/roster/differences/<int(max=999):number>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def decide_difference(reference: str, number: int) -> ResponseReturnValue:
    """Accept a proposed finding, or decline it with a reason."""
    inspection = _begun(reference)
    found = next((d for d in roster.differences_of(house(), inspection) if d[0].number == number), None)
    if found is None:
        abort(404)
    form = DecideForm()
    if request.method == "POST" and form.validate():
        chosen = form.decision.data

        def act() -> None:
            if chosen == "decline":
                reason = form.reason.data or ""
                roster.decline(house(), reference, number, actor(), reason=reason, now=now())
            else:
                class_code = None if chosen == "area_of_concern" else chosen
                roster.accept(house(), reference, number, actor(), class_code=class_code, now=now())

        if _done(form, act):
            flash("It is no finding." if chosen == "decline" else "The finding is written.")
            return redirect(url_for("inspections.compare_roster", reference=reference))
    page = render_template(
        "inspections/visit/difference.html",
        inspection=inspection,
        row=found[0],
        said=found[1],
        kinds=dict(DIFFERENCES),
        form=form,
        is_open=inspection.state in WRITING and found[0].outcome is None,
    )
    return page, 422 if request.method == "POST" else 200


def _roster_page(inspection: Inspection, acting: BaseForm, difference: BaseForm) -> str:
    on = calendar_of(inspection.office_id).day_of(now())
    return render_template(
        "inspections/visit/roster.html",
        inspection=inspection,
        officers=roster.roster_of(inspection, on),
        differences=roster.differences_of(house(), inspection),
        kinds=dict(DIFFERENCES),
        acting=acting,
        difference=difference,
        can_write=inspection.state in WRITING and bool(actor().roles & set(CONDUCTORS)),
    )


def _begun(reference: str) -> Inspection:
    """An inspection whose visit began, for somebody who reads what was written."""
    inspection = readable_or_404(reference)
    if inspection.checklist is None:
        abort(404)
    return inspection


def _conducts(inspection: Inspection) -> bool:
    return inspection.state in ANSWERING and bool(actor().roles & set(CONDUCTORS))


def _done(form: BaseForm, act: Callable[[], Any]) -> bool:
    """Whether it could be done; what stood in its way is shown on the form."""
    try:
        act()
    except Refused as refused:
        form.show(refused.refusals)
        return False
    except NotThere:
        abort(404)
    return True
