"""The page on which somebody else confirms exactly what was asked for, or declines it. Adds to `views`."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases import approvals, story
from workflow.cases.calendars import calendar_of
from workflow.cases.corrections import CORRECTIONS, agree
from workflow.cases.mistakes import MAY_AGREE
from workflow.cases.models import Approval, Case
from workflow.cases.perform import confirm
from workflow.cases.views import bp, case_or_404, home_of, house
from workflow.engine.machine import AskKind, Refused, Stale, Transition
from workflow.people.queries import names
from workflow.web.access import open_to_signed_in
from workflow.web.clock import now
from workflow.web.forms import NumberField, line
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor


class ConfirmForm(FreeTextForm):
    """What the second person saw travels along: the version and the hash of the proposal."""

    seen = NumberField("", [], least=0, most=999_999_999)
    payload = line("", most=64)
    reason = line("Why you decline", required=False, hint="Needed only to decline.")


@bp.route("/<reference>/confirm/<verb>", methods=["GET", "POST"])
@open_to_signed_in
def confirm_step(reference: str, verb: str) -> ResponseReturnValue:
    """Show what somebody asked for, and confirm or decline exactly that."""
    case = case_or_404(reference, actor())
    approval = story.pending(case, verb)
    if approval is None and request.method == "POST":
        return _proposal_moved_on(case, verb, ConfirmForm())
    if approval is None or not _may_answer(case, approval):
        abort(404)
    form = ConfirmForm(data={"seen": case.version, "payload": approval.payload_hash.hex()})
    if request.method == "POST" and form.validate():
        agrees = "confirm" in request.form
        try:
            _answer(approval, form, agrees=agrees)
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            return _proposal_moved_on(case_or_404(reference, actor()), verb, form)
        else:
            flash("Confirmed." if agrees else "Declined.")
            return redirect(home_of(case))
    page = _confirm_page(case, approval, form)
    return page, 422 if request.method == "POST" else 200


def _may_answer(case: Case, approval: Approval) -> bool:
    """What was asked for is shown to who asked and who could confirm it, if they read such words."""
    kind, who = house().kind_of(case), actor()
    step = kind.machine.step(approval.verb)
    by = MAY_AGREE if step is None else approvals.seconds(step)
    return kind.reads(who, case) and (who.id == approval.requested_by_id or bool(by & who.roles))


def _answer(approval: Approval, form: ConfirmForm, *, agrees: bool) -> None:
    """Confirm or decline: a correction by its own door, a step by the machine."""
    given: dict[str, Any] = {
        "seen": form.seen.data or 0,
        "payload_hash": _bytes(form.payload.data),
        "now": now(),
        "reason": form.reason.data,
    }
    if approval.verb in CORRECTIONS:
        agree(house(), approval.id, actor(), agrees=agrees, **given)
    else:
        confirm(house(), approval.id, actor(), agree=agrees, **given)


def _proposal_moved_on(case: Case, verb: str, form: ConfirmForm) -> ResponseReturnValue:
    """Show the proposal as it stands now, or that there is none any more; the reason that was typed stays."""
    approval = story.pending(case, verb)
    if approval is None:
        return render_template("cases/moved_on.html", case=case, home=home_of(case), form=form), 409
    form.outdated(case.version)
    form.payload.data = approval.payload_hash.hex()
    return _confirm_page(case, approval, form), 409


def _confirm_page(case: Case, approval: Approval, form: ConfirmForm) -> str:
    body = approvals.body_of(house(), case, approval)
    kind = house().kind_of(case)
    step = kind.machine.step(approval.verb)
    said = (v for v in body.get("answers", {}).values() if type(v) is int)
    people = names({approval.requested_by_id, *said})
    return render_template(
        "cases/confirm.html",
        case=case,
        home=home_of(case),
        label=step.label if step else approval.verb.replace("void", "Undo the last step").capitalize(),
        form=form,
        approval=approval,
        requester=people.get(approval.requested_by_id, "somebody"),
        is_own=approval.requested_by_id == actor().id,
        backdated=bool(body.get("backdated")),
        shown=_shown(step, body, people),
        beside=kind.beside(case, approval.verb, now()),
        zone=str(calendar_of(case.office_id).zone),
    )


def _shown(
    step: Transition[Any, Any] | None, body: dict[str, Any], people: dict[int, str]
) -> list[tuple[str, str]]:
    """What was asked for, in words: every answer of a step, or what a correction says."""
    if step is None:
        return [(name.capitalize(), str(value)) for name, value in body.items()]
    answers = body["answers"]
    shown: list[tuple[str, str]] = []
    for ask in (ask for ask in step.asks if ask.name in answers):
        value = answers[ask.name]
        said = people.get(value, str(value)) if ask.kind is AskKind.PERSON else str(value)
        shown.append((ask.label, dict(ask.choices).get(said, said)))
    return shown


def _bytes(written: str | None) -> bytes:
    try:
        return bytes.fromhex(written or "")
    except ValueError:
        return b""
