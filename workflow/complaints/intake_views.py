"""The public door: tell what happened, get a receipt, come back with its code. Nobody signs in here."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import Signer

from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints.facts import State
from workflow.complaints.forms import CodeForm, ReportForm, told_in
from workflow.complaints.service import complaint_by_code, receive
from workflow.engine.actors import PUBLIC
from workflow.web import limits
from workflow.web.access import open_to_anyone
from workflow.web.clock import now
from workflow.web.errors import TooMany, too_early
from workflow.web.identifiers import looks_like_identifier

bp = Blueprint("intake", __name__, url_prefix="/report")

#: What a complainant is told about where their complaint stands: nothing that could turn out false.
PUBLIC_WORDS = {
    State.RECEIVED: "We have received what you told us. Somebody will read it.",
    State.TRIAGED: "Somebody has read it and is deciding what happens next.",
    State.AWAITING_OIG: "We have asked another authority whether it takes this up.",
    State.REFERRED_OUT: "Another authority is looking at it. We ask them what came of it.",
    State.DECIDED: "A decision has been made. We will tell you what it is.",
    State.NOTIFIED: "A decision has been made.",
    State.APPEALED: "You asked for a review. Somebody who was not involved is looking at it.",
    State.CLOSED: "This has ended.",
    State.MERGED: "We look at this together with another report about the same.",
    State.VOIDED: "This was entered by mistake.",
}
IN_WORK = "We are looking into it."
BUSY = "Too many reports came from your network at once. What you wrote is still here: leave this page open."
TOO_MANY_CODES = "Too many codes were tried from your network."


@bp.route("", methods=["GET", "POST"])
@open_to_anyone
def report() -> ResponseReturnValue:
    """One plain form; what is typed is kept when something is missing, or when too many came at once."""
    form = ReportForm(data={"form_key": _signer().sign(new_key()).decode()})
    if request.method == "POST" and form.validate() and _is_ours(form):
        try:
            limits.claim(limits.Key(limits.PUBLIC_FORM, f"report:{limits.network()}"), now=now())
        except TooMany as early:
            form.form_errors.append(f"{BUSY} {early.says}")
            return too_early(early, _report_page(form))
        taken = receive(
            house(),
            told_in(form, channel="web", agency=None, kinds=()),
            PUBLIC,
            pepper=current_app.extensions["settings"].pepper,
            form_key=str(form.form_key.data),
            now=now(),
        )
        session["receipt"] = {
            "reference": taken.reference,
            "code": taken.code,
            "holds_number": looks_like_identifier(form.narrative.data or ""),
        }
        return redirect(url_for("intake.received"))
    return _report_page(form), 422 if request.method == "POST" else 200


def _report_page(form: ReportForm) -> str:
    flagged = request.method == "POST" and looks_like_identifier(form.narrative.data or "")
    return render_template("intake/report.html", form=form, flagged=flagged)


@bp.get("/received")
@open_to_anyone
def received() -> ResponseReturnValue:
    """The receipt: shown once, right after it was saved."""
    receipt = session.pop("receipt", None)
    return render_template("intake/received.html", receipt=receipt)


@bp.route("/status", methods=["GET", "POST"])
@open_to_anyone
def status() -> ResponseReturnValue:
    """Where it stands, for whoever has the code. The code is never in the address."""
    form = CodeForm()
    words = None
    if request.method == "POST" and form.validate():
        try:
            limits.claim(limits.Key(limits.PUBLIC_FORM, f"code:{limits.network()}"), now=now())
        except TooMany as early:
            form.form_errors.append(f"{TOO_MANY_CODES} {early.says}")
            return too_early(early, render_template("intake/status.html", form=form, words=None))
        found = complaint_by_code(form.code.data, pepper=current_app.extensions["settings"].pepper)
        if found is None:
            form.code.errors = ["This is not a code of ours. Look at it again."]
        else:
            words = PUBLIC_WORDS.get(State(found.state), IN_WORK)
            return render_template("intake/status.html", form=CodeForm(fresh=True), words=words)
    page = render_template("intake/status.html", form=form, words=words)
    return page, 422 if request.method == "POST" else 200


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="report")


def _is_ours(form: ReportForm) -> bool:
    """Whether we gave out the form's key: two people must never share one, nor the receipt made of it."""
    if _signer().validate(form.form_key.data or ""):
        return True
    form.form_errors.append("This form is not the one we showed. Please send it again.")
    form.form_key.data = _signer().sign(new_key()).decode()
    return False
