"""The pages of an investigation: plan, log, requests to the agency, interim action, asking again."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import calendar_of
from workflow.cases.followup_views import follow_up_or_404
from workflow.cases.views import house
from workflow.complaints import inquiry, inquiry_page, interim, referrals
from workflow.complaints.inquiry_facts import CHASER, INTERIM_ACTION, PLAN, REQUEST
from workflow.complaints.inquiry_forms import (
    AnswerForm,
    ChaseForm,
    DecideInterimForm,
    InterimForm,
    PlanForm,
    RequestForm,
    log_form,
)
from workflow.complaints.models import Complaint
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor


@bp.route("/<reference>/plan", methods=["GET", "POST"])
@open_to(*inquiry.INVESTIGATORS)
def replan(reference: str) -> ResponseReturnValue:
    """Another plan in the place of the one it was begun with."""
    complaint = complaint_or_404(reference)
    held = dict(inquiry_page.inquiry_of(house(), complaint, actor(), now=now()).plan)
    before = {a.name: held[a.label] for a in PLAN if a.label in held and a.name != "report_by"}
    form = PlanForm(data={"seen": complaint.version, **before})

    def act() -> None:
        plan = {ask.name: form[ask.name].data for ask in PLAN}
        inquiry.replan(house(), reference, actor(), plan, seen=form.seen.data or 0, now=now())

    return write(complaint, form, "Change the plan", act)


@bp.route("/<reference>/log/new", methods=["GET", "POST"])
@open_to(*inquiry.LOGGERS)
def log(reference: str) -> ResponseReturnValue:
    """Somebody was heard, called or written to, or it was tried."""
    complaint = complaint_or_404(reference)
    form = log_form(calendar_of(complaint.office_id).zone)(data={"seen": complaint.version})

    def act() -> None:
        heard = inquiry.Heard(
            kind=form.kind.data,
            part=form.part.data,
            way=form.way.data,
            at=form.at.data,
            reached=not form.not_reached.data,
            statement=form.statement.data,
            who=form.who.data or "",
            said=form.said.data or "",
            corrects=form.corrects.data,
        )
        inquiry.log(house(), reference, actor(), heard, seen=form.seen.data or 0, now=now())

    return write(complaint, form, "Write into the log", act)


@bp.route("/<reference>/requests/new", methods=["GET", "POST"])
@open_to(*inquiry.ASKERS)
def ask_agency(reference: str) -> ResponseReturnValue:
    """Something the agency is asked for, and until when."""
    complaint = complaint_or_404(reference)
    form = RequestForm(data={"seen": complaint.version})

    def act() -> None:
        given = (form.what.data, form.asked.data, form.due_on.data)
        inquiry.ask_agency(house(), reference, actor(), *given, seen=form.seen.data or 0, now=now())

    return write(complaint, form, "Ask the agency for something", act)


@bp.route("/<reference>/requests/<int:number>", methods=["GET", "POST"])
@open_to(*inquiry.ASKERS)
def answer_request(reference: str, number: int) -> ResponseReturnValue:
    """What the agency answered."""
    complaint = complaint_or_404(reference)
    _line_or_404(complaint, "requests", number)
    form = AnswerForm(data={"seen": complaint.version})

    def act() -> None:
        given = (number, form.outcome.data, form.answer.data)
        inquiry.answer_request(house(), reference, actor(), *given, seen=form.seen.data or 0, now=now())

    return write(complaint, form, f"Answer to request {number}", act)


@bp.route("/<reference>/chasers/<int:number>", methods=["GET", "POST"])
@open_to(*referrals.FOLLOWERS)
def chase(reference: str, number: int) -> ResponseReturnValue:
    """Asking again: an authority for its outcome, or the agency for what it owes."""
    complaint = complaint_or_404(reference)
    _, row = follow_up_or_404(reference, number)
    if row.kind not in (CHASER, REQUEST):
        abort(404)
    form = ChaseForm(data={"seen": complaint.version})

    def act() -> None:
        words, seen = form.words.data, form.seen.data or 0
        referrals.chase(house(), reference, actor(), number, words, seen=seen, now=now())

    return write(complaint, form, row.task.title, act)


@bp.route("/<reference>/interim/new", methods=["GET", "POST"])
@open_to(*inquiry.INVESTIGATORS)
def propose_interim(reference: str) -> ResponseReturnValue:
    """What should happen until it is decided."""
    complaint = complaint_or_404(reference)
    form = InterimForm(data={"seen": complaint.version})

    def act() -> None:
        given = (form.action.data, form.why.data)
        interim.propose_interim(house(), reference, actor(), *given, seen=form.seen.data or 0, now=now())

    return write(complaint, form, "Propose an interim action", act)


@bp.route("/<reference>/interim/<int:number>", methods=["GET", "POST"])
@open_to(*interim.DECIDERS)
def decide_interim(reference: str, number: int) -> ResponseReturnValue:
    """Agree to an interim action, or decline it. The number is that of its follow-up."""
    complaint = complaint_or_404(reference)
    _, row = follow_up_or_404(reference, number)
    if row.kind != INTERIM_ACTION or row.about is None:
        abort(404)
    about = row.about
    proposed = _line_or_404(complaint, "interims", about)
    form = DecideInterimForm(data={"seen": complaint.version})

    def act() -> None:
        given = (about, form.decision.data, form.reasons.data)
        interim.decide_interim(house(), reference, actor(), *given, seen=form.seen.data or 0, now=now())

    return write(complaint, form, f"Decide: {proposed.what}", act, said=proposed.said)


def _line_or_404(complaint: Complaint, part: str, number: int) -> inquiry_page.Line:
    """A line of the page that is still to be ended, by this reader."""
    lines: tuple[inquiry_page.Line, ...] = getattr(
        inquiry_page.inquiry_of(house(), complaint, actor(), now=now()), part
    )
    return next((line for line in lines if line.number == number and not line.ended), None) or abort(404)
