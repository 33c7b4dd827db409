"""The pages that serve every kind of case: a step, a date explained, the diagram.

What a second person confirms is in `confirm_views`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from workflow.cases import clocks, story
from workflow.cases.access import NotThere, case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.forms import StepForm, new_key, only_seen, step_form
from workflow.cases.history import common
from workflow.cases.kinds import Choices, House
from workflow.cases.models import Case
from workflow.cases.perform import perform
from workflow.engine.actors import STAFF, Actor
from workflow.engine.clock import explain
from workflow.engine.diagram import as_svg
from workflow.engine.machine import AskKind, Offer, Refused, Stale, Transition, offers
from workflow.engine.spans import words
from workflow.web.access import open_to_signed_in, open_to_staff
from workflow.web.clock import now
from workflow.web.login import actor

bp = Blueprint("cases", __name__, url_prefix="/cases")

_FROM_LISTS = frozenset({AskKind.CHOICE, AskKind.PERSON, AskKind.AGENCY, AskKind.AGREEMENT})


def house() -> House:
    """The house of this application, for views."""
    found: House = current_app.extensions["house"]
    return found


@bp.app_errorhandler(NotThere)
def gone_meanwhile(_: NotThere) -> ResponseReturnValue:
    """A case that was there when the page was drawn, and is not for this person any more."""
    return current_app.handle_http_exception(NotFound())


def case_or_404(reference: str, who: Actor) -> Case:
    """Hidden and missing look the same from outside."""
    try:
        return case_for(who, reference)
    except NotThere:
        abort(404)


def home_of(case: Case) -> str:
    """The address of a case's own page."""
    return url_for(house().kind_of(case).endpoint, reference=case.reference)


def offer_of(case: Case, verb: str) -> Offer[Any, Any] | None:
    """Whether whoever is signed in can take a step now, and if not why; None where its state has none."""
    kind = house().kind_of(case)
    offered = offers(kind.machine, kind.facts_of(case, common(case)), actor(), now())
    return next((offer for offer in offered if offer.step.verb == verb), None)


@bp.get("/<reference>")
@open_to_signed_in
def show(reference: str) -> ResponseReturnValue:
    return redirect(home_of(case_or_404(reference, actor())))


@bp.route("/<reference>/<verb>", methods=["GET", "POST"])
@open_to_signed_in
def take_step(reference: str, verb: str) -> ResponseReturnValue:
    """Show the form of a step, and take it."""
    case = case_or_404(reference, actor())
    step = _step_or_404(case, verb, actor())
    if own := house().kind_of(case).pages.get(verb):
        view = current_app.ensure_sync(current_app.view_functions[own])
        answer: ResponseReturnValue = view(reference=reference, verb=verb)
        return answer
    form = _form(case, step)
    if request.method == "POST" and form.validate():
        try:
            done = _perform(case, step, form)
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            return _moved_on(reference, step, form)
        else:
            flash(said_of(step, awaits_second=done.awaits_second))
            return redirect(home_of(case))
    return _step_page(case, step, form), 422 if request.method == "POST" else 200


@bp.get("/<reference>/clocks/<name>")
@open_to_staff
def explain_clock(reference: str, name: str) -> ResponseReturnValue:
    """Every day of a date: counted or skipped, and why."""
    case = case_or_404(reference, actor())
    clock = next((c for c in case.clocks if c.name == name), None) or abort(404)
    machine = house().kind_of(case).machine
    calendar = calendar_of(case.office_id)
    limited = machine.clock(name).limit is not None
    return render_template(
        "cases/clock.html",
        case=case,
        home=home_of(case),
        clock=story.clock_view(machine, clock, calendar, now=now()),
        days=explain(clocks.events_of(clock), calendar) if limited else (),
        reading=clocks.reading_of(clock, calendar),
        rule=(rule := clocks.rule_of(case, machine, name)),
        rule_words=words(rule.span) if rule else "",
        zone=str(calendar.zone),
    )


@bp.get("/<reference>/diagram")
@open_to_staff
def diagram(reference: str) -> ResponseReturnValue:
    """The machine of a case, drawn, with the place where it stands."""
    case = case_or_404(reference, actor())
    machine = house().kind_of(case).machine
    been = [i.state for i in case.intervals]
    picture = as_svg(machine, case.state, done=been, title=f"Where {case.reference} stands")
    return render_template(
        "cases/diagram.html", case=case, home=home_of(case), picture=picture, machine=machine
    )


# --- what the step page is made of ------------------------------------------------------------


def _step_or_404(case: Case, verb: str, who: Actor) -> Transition[Any, Any]:
    """A step of the machine which this person's roles could ever take; entries are not steps of a case."""
    step = house().kind_of(case).machine.step(verb)
    if step is None or step.is_entry or not step.by & who.roles:
        abort(404)
    return step


def _form(case: Case, step: Transition[Any, Any]) -> StepForm:
    kind = house().kind_of(case)
    options: dict[str, Choices] = {
        ask.name: only_seen(kind.choices(case, ask), actor())
        for ask in step.asks
        if ask.kind in _FROM_LISTS and not ask.choices
    }
    drawn = step_form(step, calendar_of(case.office_id).zone, options)
    return drawn(data={"seen": case.version, "form_key": new_key()})


def _perform(case: Case, step: Transition[Any, Any], form: StepForm) -> Any:
    return perform(
        house(),
        case.reference,
        step.verb,
        actor(),
        form.answers(),
        seen=form.seen.data or 0,
        now=now(),
        occurred_at=form.data.get("occurred_at"),
        late_reason=form.data.get("late_reason"),
        idempotency_key=(form.form_key.data or "")[:64] or None,
    )


def _step_page(case: Case, step: Transition[Any, Any], form: StepForm) -> str:
    kind = house().kind_of(case)
    offer = offer_of(case, step.verb)
    return render_template(
        "cases/take_step.html",
        case=case,
        home=home_of(case),
        step=step,
        form=form,
        refusals=offer.refusals if offer else (),
        out_of_place=offer is None,
        stage=kind.machine.stage(case.state).label,
        beside=kind.beside(case, step.verb, now()),
        zone=str(calendar_of(case.office_id).zone),
    )


def _moved_on(reference: str, step: Transition[Any, Any], form: StepForm) -> ResponseReturnValue:
    """Somebody else was quicker: show what happened, keep what was typed, let the person decide again."""
    case = case_or_404(reference, actor())
    before = form.seen.data or 0
    page = story.page(house(), case, actor(), now=now())
    form.seen.data, form.seen.raw_data = case.version, None
    form.form_key.data = new_key()
    possible = any(o.step is step and o.open for o in page.offers)
    return render_template(
        "cases/stale.html",
        case=case,
        home=home_of(case),
        step=step,
        form=form,
        before=before,
        # An agency is not told who did what inside the office.
        since=[e for e in page.entries if e.version > before] if actor().roles & STAFF else [],
        stage=page.stage,
        possible=possible,
        zone=page.zone,
    ), 409


def said_of(step: Transition[Any, Any], *, awaits_second: bool) -> str:
    """What is said after a step was taken, or asked for."""
    later = "asked for. It happens when a second person has confirmed it."
    return f"{step.label}: {later if awaits_second else 'done.'}"
