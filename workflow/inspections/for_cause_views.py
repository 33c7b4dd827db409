"""The pages of inspections for cause that are proposed: the list, and deciding on one."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.for_cause import DECIDERS, PROMISES, READERS, Proposal, of_case, proposals
from workflow.cases.views import case_or_404, house
from workflow.engine.machine import Refused, Stale
from workflow.inspections import for_cause
from workflow.inspections.views import bp
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import NumberField, choice, text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor

#: So many decided ones are listed, the latest.
DECIDED = 50
_ANSWERS = (
    ("open", "Open an inspection for cause"),
    ("not", "No inspection: give the reasons"),
)


class DecideForm(FreeTextForm):
    """What comes of a proposal, and in words."""

    seen = NumberField("", [], least=0, most=999_999_999)
    decision = choice("What comes of it", _ANSWERS, radio=True)
    words = text(
        "What happened, in a sentence, or why there is no inspection",
        hint="The inspection is opened with this sentence. Never say who complained.",
        rows=4,
    )


@bp.get("/causes")
@open_to(*READERS)
def causes() -> ResponseReturnValue:
    """What is proposed, and what came of the others."""
    return render_template(
        "inspections/causes.html",
        waiting=proposals(house(), actor(), is_open=True, limit=200),
        decided=proposals(house(), actor(), is_open=False, limit=DECIDED),
        came_of=PROMISES,
        decides=bool(actor().roles & DECIDERS),
    )


@bp.route("/causes/<reference>/<int(max=99999):number>", methods=["GET", "POST"])
@open_to(*DECIDERS)
def decide_cause(reference: str, number: int) -> ResponseReturnValue:
    """Open the inspection that is proposed, or say why not."""
    found = of_case(house(), actor(), reference, number) or abort(404)
    case = case_or_404(reference, actor())
    form = DecideForm(data={"seen": case.version})
    if request.method == "POST" and form.validate():
        return _decided(found, form)
    return _page(found, form, 422 if request.method == "POST" else 200)


def _decided(found: Proposal, form: DecideForm) -> ResponseReturnValue:
    who, words, seen = actor(), form.words.data or "", form.seen.data or 0
    given = (found.reference, found.number, who, words)

    def opened() -> ResponseReturnValue:
        made = for_cause.accept(house(), *given, seen=seen, now=now())
        flash("The inspection for cause is opened.")
        return redirect(url_for("inspections.show", reference=made.reference))

    def declined() -> ResponseReturnValue:
        for_cause.decline(house(), *given, seen=seen, now=now())
        flash("There is no inspection; the reasons are kept.")
        return redirect(url_for("inspections.causes"))

    return _tried(found, form, opened if form.decision.data == "open" else declined)


def _tried(found: Proposal, form: DecideForm, act: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    try:
        return act()
    except Refused as refused:
        form.show(refused.refusals)
        return _page(found, form, 422)
    except Stale:
        fresh = of_case(house(), actor(), found.reference, found.number) or abort(404)
        form.outdated(case_or_404(found.reference, actor()).version)
        return _page(fresh, form, 409)
    except NotThere:
        abort(404)


def _page(found: Proposal, form: DecideForm, status: int) -> ResponseReturnValue:
    return render_template("inspections/cause.html", found=found, form=form, came_of=PROMISES), status
