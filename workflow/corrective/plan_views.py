"""The pages of three steps that ask more than a step can: the plan, its review, the evidence of a correction.

They are drawn at the address of the step (`CaseKind.pages`); a correction is sent to an address of its own,
which takes files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import calendar_of
from workflow.cases.document_views import cabinet
from workflow.cases.forms import new_key
from workflow.cases.perform import Done
from workflow.cases.views import case_or_404, home_of, house, offer_of, said_of
from workflow.corrective import evidence, plan_service
from workflow.corrective.evidence import Evidence
from workflow.corrective.facts import CLASSES
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.plan import plan_of
from workflow.corrective.plan_forms import claim_form, plan_form, review_form
from workflow.corrective.plan_service import MOST
from workflow.corrective.sealed import words_of
from workflow.documents import kinds, staging
from workflow.documents.staging import Problem
from workflow.engine.machine import Refused, Stale
from workflow.web.access import open_to_signed_in
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.security import takes

bp = Blueprint("plans", __name__, url_prefix="/corrective/<reference>")


@bp.route("/<any(submit_plan):verb>", methods=["GET", "POST"])
@open_to_signed_in
def submit(reference: str, verb: str) -> ResponseReturnValue:
    """Hand in a plan: as many parts as it needs, all at once."""
    case = _case_or_404(reference, verb)
    before = plan_of(case, house().keyring)
    form = plan_form(calendar_of(case.office_id).zone, case.version, before)
    more = {"form": form, "rows": form.rows(before), "most": MOST}
    if request.method == "POST" and "more" in request.form:
        return _page("corrective/plan.html", case, verb, more)

    def write() -> Done:
        return plan_service.hand_in(
            house(), reference, actor(), form.given(), now=now(), **_beside(form), **_late(form)
        )

    return _answer("corrective/plan.html", case, verb, more, write)


@bp.route("/<any(accept_plan):verb>", methods=["GET", "POST"])
@open_to_signed_in
def review(reference: str, verb: str) -> ResponseReturnValue:
    """Review a plan part by part: it is accepted whole, or returned for the parts that are not."""
    case = _case_or_404(reference, verb)
    plan = plan_of(case, house().keyring)
    form = review_form(case.version, plan)
    more = {"form": form, "rows": form.rows(plan)}

    def write() -> Done:
        note = form.note.data or ""
        return plan_service.review(
            house(), reference, actor(), form.said(), note=note, now=now(), **_beside(form)
        )

    return _answer("corrective/review.html", case, verb, more, write)


@bp.route("/<any(claim_corrected):verb>", methods=["GET", "POST"])
@open_to_signed_in
@takes(kinds.REQUEST_MEGABYTES)
def claim(reference: str, verb: str) -> ResponseReturnValue:
    """Report a correction, with the files that show it. What is wrong with one keeps all of it here."""
    case = _case_or_404(reference, verb)
    form = claim_form(calendar_of(case.office_id).zone, case.version)
    problems: list[Problem] = []
    more = {"form": form, "problems": problems, "limits": kinds.LIMITS}

    def write() -> Done:
        holder = new_key()
        files = [sent for sent in request.files.getlist("files") if sent.filename]
        if files:
            taken, wrong = staging.take(cabinet(), files, holder=holder, now=now())
            problems.extend(wrong)
            tokens = tuple(each.token for each in taken)
        else:
            tokens = ()
        if problems:
            raise Refused
        shown = Evidence(form.answers()["evidence"], tokens, holder)
        return evidence.report(house(), reference, actor(), shown, now=now(), **_beside(form), **_late(form))

    return _answer("corrective/claim.html", case, verb, more, write)


# --- what the three have in common --------------------------------------------------------------


def _beside(form: Any) -> dict[str, Any]:
    """What travels with every form: the version of the page, and the key that makes it count once."""
    return {"seen": form.seen.data or 0, "key": (form.form_key.data or "")[:64] or None}


def _late(form: Any) -> dict[str, Any]:
    return {name: form.data.get(name) for name in ("occurred_at", "late_reason")}


def _case_or_404(reference: str, verb: str) -> CorrectiveAction:
    """The corrective action, for somebody whose roles could ever take this step."""
    case = case_or_404(reference, actor())
    step = house().kind_of(case).machine.step(verb)
    if not isinstance(case, CorrectiveAction) or step is None or not step.by & actor().roles:
        abort(404)
    return case


def _answer(
    template: str, case: CorrectiveAction, verb: str, more: dict[str, Any], write: Callable[[], Done]
) -> ResponseReturnValue:
    """Take the step if the form is whole; else show it again with what was typed."""
    form = more["form"]
    if request.method == "POST" and form.validate():
        try:
            done = write()
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            fresh = _case_or_404(case.reference, verb)
            form.outdated(fresh.version)
            form.form_key.data, form.form_key.raw_data = new_key(), None
            return _page(template, fresh, verb, more, status=409)
        else:
            flash(_said(case, verb, form, done))
            return redirect(home_of(case))
    return _page(template, case, verb, more, status=422 if request.method == "POST" else 200)


def _said(case: CorrectiveAction, verb: str, form: Any, done: Done) -> str:
    if verb == "accept_plan" and not all(each.is_accepted for each in form.said()):
        return "The plan is returned."
    return said_of(house().step(case.kind, verb), awaits_second=done.awaits_second)


def _page(
    template: str, case: CorrectiveAction, verb: str, more: dict[str, Any], *, status: int = 200
) -> ResponseReturnValue:
    offer = offer_of(case, verb)
    clock = next((c for c in case.clocks if c.name == "correct"), None)
    calendar = calendar_of(case.office_id)
    page = render_template(
        template,
        case=case,
        home=home_of(case),
        words=words_of(case, house().keyring),
        class_label=dict(CLASSES).get(case.class_code or "", "no class"),
        due_at=clock.due_at if clock else None,
        due_on=calendar.day_of(clock.due_at) if clock and clock.due_at else None,
        refusals=offer.refusals if offer else (),
        stage=house().kind_of(case).machine.stage(case.state).label,
        out_of_place=offer is None,
        zone=str(calendar.zone),
        **more,
    )
    return page, status
