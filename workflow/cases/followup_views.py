"""The page that serves every follow-up: what was promised, and saying what came of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases import followups
from workflow.cases.access import NotThere
from workflow.cases.models import Case
from workflow.cases.promises import FollowUp
from workflow.cases.queue_views import WORKERS
from workflow.cases.task_moves import task_for
from workflow.cases.views import case_or_404, house
from workflow.engine.actors import STAFF
from workflow.engine.machine import Refused, Stale
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import NumberField, choice, text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor

bp = Blueprint("followups", __name__, url_prefix="/cases/<reference>/follow-ups/<int(max=99999):number>")


class FollowUpForm(FreeTextForm):
    """What came of it, as a code and in words."""

    seen = NumberField("", [], least=0, most=999_999_999)
    result = choice("What came of it", followups.RESULTS, radio=True)
    words = text("In words", rows=4)


class CancelForm(FreeTextForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    words = text("Why it is cancelled", rows=3)


@bp.route("", methods=["GET", "POST"])
@open_to(*(WORKERS & STAFF))
def show(reference: str, number: int) -> ResponseReturnValue:
    """Keep one follow-up; where it has a page of its own, go there."""
    case, row = follow_up_or_404(reference, number)
    if row.page is not None:
        return redirect(url_for(row.page, reference=reference, number=number), 303)
    form = FollowUpForm(data={"seen": case.version})

    def act() -> None:
        given = (form.result.data, form.words.data)
        followups.keep(house(), reference, number, actor(), *given, seen=form.seen.data or 0, now=now())

    return _answered(case, row, form, act, "cases/follow_up.html")


@bp.route("/cancel", methods=["GET", "POST"])
@open_to(*followups.CANCELS)
def cancel(reference: str, number: int) -> ResponseReturnValue:
    """Take back what was promised, with the reason."""
    case, row = follow_up_or_404(reference, number)
    if row.kind in house().kind_of(case).must_be_kept:
        abort(404)
    form = CancelForm(data={"seen": case.version})

    def act() -> None:
        words, seen = form.words.data, form.seen.data or 0
        followups.cancel(house(), reference, number, actor(), words, seen=seen, now=now())

    return _answered(case, row, form, act, "cases/follow_up_cancel.html")


def follow_up_or_404(reference: str, number: int) -> tuple[Case, FollowUp]:
    """A follow-up whose task this person can work on or manages; what is ended already is gone."""
    case = case_or_404(reference, actor())
    row = next((r for r in followups.of_case(case) if r.number == number), None) or abort(404)
    try:
        task_for(actor(), reference, number)
    except NotThere:
        abort(404)
    return case, row


def _answered(
    case: Case, row: FollowUp, form: FreeTextForm, act: Callable[[], None], template: str
) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.validate():
        try:
            act()
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            status, case = 409, case_or_404(case.reference, actor())
            form.outdated(case.version)
        else:
            flash("Saved.")
            return redirect(url_for("cases.show", reference=case.reference))
    can_cancel = (
        bool(actor().roles & followups.CANCELS) and row.kind not in house().kind_of(case).must_be_kept
    )
    return render_template(template, case=case, row=row, form=form, can_cancel=can_cancel), status
