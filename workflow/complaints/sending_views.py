"""The end of a report: the last look, sending it, its receipt, and away from here. Nothing is asked here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import Signer

from workflow.cases.document_views import cabinet
from workflow.cases.views import house
from workflow.complaints import expected, floods, visits, wizard
from workflow.complaints.intake_views import BUSY, bp, holder_of
from workflow.complaints.new_code import is_current
from workflow.complaints.receipt import code_for
from workflow.complaints.service import receive
from workflow.complaints.visit_views import CODE, REPORT, take_away, this_draft, token_in
from workflow.complaints.visits import Draft
from workflow.complaints.wizard_forms import SendForm
from workflow.documents import staging
from workflow.engine.actors import PUBLIC
from workflow.engine.machine import Refusal, Refused
from workflow.people.frame import this_zone
from workflow.web import limits
from workflow.web.access import open_to_anyone
from workflow.web.clock import now
from workflow.web.errors import TooMany, too_early
from workflow.web.language import _, choose, lazy, way_back

HALF_TYPED: Final = lazy(
    "Something you typed is not saved yet. Open the question that is marked and press Continue."
)


@bp.route("/check", methods=["GET", "POST"])
@open_to_anyone
def check() -> ResponseReturnValue:
    """Everything that was answered, to be looked at once more and sent."""
    draft = this_draft()
    if draft is None:
        return redirect(url_for("intake.report"))
    if request.form.get("speak"):
        choose(request.form["speak"])
        return redirect(url_for("intake.check"))
    form = SendForm(data={"form_key": _signer().sign(draft.form_key).decode()})
    if request.method == "POST" and draft.sent:
        return _to_receipt()
    if request.method == "POST" and _is_whole(draft, form):
        try:
            _wait_for_the_turn(draft)
            return _send()
        except TooMany as early:
            form.form_errors.append(f"{BUSY} {early.says}")
            return too_early(early, _check_page(draft, form))
        except Refused as refused:
            form.show(refused.refusals)
    if draft.sent:
        return redirect(url_for("intake.received"))
    return _check_page(draft, form), 422 if request.method == "POST" else 200


@bp.get("/received")
@open_to_anyone
def received() -> ResponseReturnValue:
    """The receipt: shown once, right after it was saved; sending the same report again shows it again."""
    draft, pepper = this_draft(), current_app.extensions["settings"].pepper
    is_due = session.pop("receipt", False)
    code = code_for(draft.form_key, pepper) if draft and draft.sent else ""
    is_here = bool(code) and is_current(code, pepper)
    if draft is None or not is_here or not is_due:
        return render_template("intake/received.html", receipt=None, is_here=is_here)
    return render_template(
        "intake/received.html",
        receipt={"reference": draft.sent, "code": code, "holds_number": draft.holds_number},
        is_here=True,
        dates=expected.dates_of(draft.sent, zone=this_zone()),
    )


@bp.post("/new")
@open_to_anyone
def start_over() -> ResponseReturnValue:
    """Erase what this browser was writing, or the way back to a receipt."""
    draft, token = this_draft(), token_in(REPORT)
    if token is not None:
        for each in draft.documents if draft and not draft.sent else ():
            staging.discard(cabinet(), each, holder=holder_of(token))
        visits.forget_draft(token)
    return take_away(make_response(redirect(url_for("intake.report"))), REPORT)


@bp.post("/language")
@open_to_anyone
def change_language() -> ResponseReturnValue:
    """Speak another language on the page somebody came from."""
    choose(request.form.get("speak", ""))
    return redirect(way_back(request.form.get("to", "")))


@bp.get("/leave")
@open_to_anyone
def leave() -> ResponseReturnValue:
    """Away from here, now: to a page about nothing, with everything forgotten on the way.

    It changes nothing in the database: without the cookies nobody can open what they led to. Another
    site's page cannot have anything forgotten here.
    """
    answer = make_response(redirect(current_app.extensions["settings"].exit_url))
    if request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
        return answer
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    for name in ("language", "receipt", "csrf_token"):
        session.pop(name, None)
    return take_away(answer, REPORT, CODE)


# --- what the pages are made of ---------------------------------------------------------------


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="report")


def _is_whole(draft: Draft, form: SendForm) -> bool:
    """Whether it can be sent: the page is of this very report, and nothing is missing or half typed."""
    if form.form_key.data != _signer().sign(draft.form_key).decode():
        form.form_errors.append(_("This page was of another report. Please look at it and send it again."))
        form.form_key.data = _signer().sign(draft.form_key).decode()
    elif wizard.missing(draft.answers):
        form.form_errors.append(_("Tell us what happened: this question needs an answer."))
    elif draft.unsaved:
        form.form_errors.append(str(HALF_TYPED))
    return not form.form_errors


def _wait_for_the_turn(draft: Draft) -> None:
    """Where very many are sent each report waits once, for a time of its own. Raises `TooMany` until then.

    The turn stands in the report itself: whoever else hammers at the door cannot take it.
    """
    if not draft.turn_at:
        looked = floods.look(
            limits.network(), limits.network_around(), draft.answers.get("narrative", ""), now=now()
        )

        def keep(kept: Draft) -> None:
            kept.turn_at = kept.turn_at or (now() + looked.wait).isoformat()
            kept.apart = kept.apart or looked.why

        draft = visits.change(token_in(REPORT) or "", house().keyring, keep, now=now()) or draft
    wait = datetime.fromisoformat(draft.turn_at) - now() if draft.turn_at else timedelta(0)
    if wait > timedelta(0):
        raise TooMany(wait)


def _send() -> ResponseReturnValue:
    """Take the report in, as it stands under its lock; only then the receipt is spoken of."""
    token = token_in(REPORT) or ""

    def take(draft: Draft) -> None:
        if draft.unsaved:
            raise Refused(Refusal("half", str(HALF_TYPED)))
        taken = receive(
            house(),
            wizard.told_of(
                draft.answers,
                documents=tuple(draft.documents),
                holder=holder_of(token),
                apart=draft.apart,
            ),
            PUBLIC,
            pepper=current_app.extensions["settings"].pepper,
            form_key=draft.form_key,
            now=now(),
        )
        draft.holds_number = any(wizard.holding_number(q, draft.answers) for q in wizard.QUESTIONS)
        draft.answers, draft.documents, draft.unsaved = {}, [], {}
        draft.sent = taken.reference

    if visits.change(token, house().keyring, take, now=now()) is None:
        return redirect(url_for("intake.report"))
    return _to_receipt()


def _to_receipt() -> ResponseReturnValue:
    session["receipt"] = True
    return redirect(url_for("intake.received"))


def _check_page(draft: Draft, form: SendForm) -> str:
    token = token_in(REPORT) or ""
    return render_template(
        "intake/check.html",
        form=form,
        rows=expected.answered(draft),
        files=staging.staged(draft.documents, holder=holder_of(token), keyring=house().keyring, now=now()),
        holds_form=True,
    )
