"""Coming back with the code: where it stands, messages, and what a complainant can ask for. One address.

Until a code opened something, a right one and a wrong one are answered alike: a redirect, a cookie, one
row. What can be asked for is written as a message; the steps that follow stay with the office.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.document_views import cabinet
from workflow.cases.enclosures import key_or_none
from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints import expected, mailbox, new_code, receipt, visits
from workflow.complaints.facts import UNDECIDED, State
from workflow.complaints.intake_views import bp
from workflow.complaints.models import Complaint
from workflow.complaints.queries import complaint_by_code
from workflow.complaints.status_forms import ACTS, CodeForm, holds_number
from workflow.complaints.visit_views import (
    CODE,
    REPORT,
    keep_visiting,
    take_away,
    this_draft,
    this_visit,
    token_in,
    visit_token,
)
from workflow.complaints.visits import Visit
from workflow.complaints.wizard_forms import PublicForm
from workflow.documents import kinds, staging
from workflow.engine.machine import Refused
from workflow.people.frame import this_zone
from workflow.web import limits
from workflow.web.access import open_to_anyone
from workflow.web.clock import now
from workflow.web.errors import TooMany, too_early, typed
from workflow.web.language import _, choose, lazy
from workflow.web.security import takes

TOO_MANY_CODES: Final = lazy("Too many codes were tried.")
WRONG: Final = lazy("This is not a code of ours. Look at it again.")
OVER: Final = lazy(
    "The page was closed: nobody used it for ten minutes, or the code was changed. Type the code again."
)
#: Complaints that can still be taken back; and those whose decision can be looked at again.
WITHDRAWABLE: Final = UNDECIDED
REVIEWABLE: Final = frozenset({State.CLOSED})


@bp.route("/status", methods=["GET", "POST"])
@open_to_anyone
def status() -> ResponseReturnValue:
    """Where it stands, for whoever has the code. Neither the code nor a number is ever in the address."""
    visit = this_visit()
    complaint = visit.complaint if visit else None
    if request.method != "POST":
        return _page(complaint) if complaint else _ask_for_code(visit)
    act = request.form.get("act", "")
    if request.form.get("speak"):
        choose(request.form["speak"])
        form = CodeForm()
        return (
            _page(complaint, drawn=True)
            if complaint
            else render_template("intake/code.html", form=form, holds_form=True)
        )
    if act == "end":
        return _end()
    if act and complaint is None:
        return render_template("intake/stale.html", says=[OVER], typed=typed()), 409
    if act == "code" and complaint is not None and act in _offered(complaint):
        return _new_code(complaint)
    if act and complaint is not None:
        return _act(complaint, act)
    return _try_code()


# --- before a code opened anything ----------------------------------------------------------------


def _ask_for_code(visit: Visit | None) -> ResponseReturnValue:
    form = CodeForm(fresh=True, data={"code": visit.typed if visit else ""})
    if visit is not None:
        form.code.errors = [str(WRONG)]
    page = make_response(render_template("intake/code.html", form=form, holds_form=True))
    return take_away(page, CODE) if visit is not None else page


def _try_code() -> ResponseReturnValue:
    """Look a code up. Whatever it is, the same is counted, looked up, written and answered."""
    form = CodeForm()
    if not form.validate():
        return render_template("intake/code.html", form=form, holds_form=True), 422
    written = str(form.code.data)
    try:
        _count(written)
    except TooMany as early:
        form.form_errors.append(f"{TOO_MANY_CODES} {early.says}")
        return too_early(early, render_template("intake/code.html", form=form, holds_form=True))
    found = complaint_by_code(written, pepper=current_app.extensions["settings"].pepper)
    token = visits.new_token()
    visits.arrive(token, found.id if found else None, written, house().keyring, now=now())
    return keep_visiting(make_response(redirect(url_for("intake.status"))), token)


def _count(written: str) -> None:
    """Count one try of a code, wherever it is typed. Raises `TooMany`."""
    limits.claim(
        limits.Key(limits.CODE_NETWORK, limits.network()),
        limits.Key(limits.CODE_PREFIX, receipt.prefix(written)),
        limits.Key(limits.CODES, "all"),
        now=now(),
    )


def _end() -> ResponseReturnValue:
    if token := visit_token():
        visits.leave(token)
    flash(_("The page is closed. Nobody can open it from here without the code."))
    return take_away(make_response(redirect(url_for("intake.status"))), CODE)


# --- with a code ----------------------------------------------------------------------------------


def _page(
    complaint: Complaint,
    forms: Mapping[str, PublicForm] = {},
    *,
    drawn: bool = False,
    pointed_out: str = "",
    problems: Any = (),
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a complaint. `forms` were sent and not taken; `drawn` keeps what was typed."""
    shown = {name: forms.get(name) or _form(name, fresh=not drawn) for name in _offered(complaint)}
    if not drawn and "message" in shown and "message" not in forms and (late := _late(complaint)):
        shown["message"].process(data={"message": late})
    is_erased = key_or_none(house(), complaint) is None
    page = render_template(
        "intake/status.html",
        words=expected.ERASED if is_erased else expected.where_it_stands(complaint),
        follows=expected.what_follows(complaint, zone=this_zone(), now=now()),
        reference=complaint.reference,
        received_on=expected.day_of(complaint.received_at, this_zone()),
        messages=[] if is_erased else mailbox.messages_of(complaint, house()),
        day=lambda moment: expected.day_of(moment, this_zone()),
        forms=shown,
        opened=[*forms],
        pointed_out=pointed_out,
        form_key=new_key(),
        can_add=complaint.closed_at is None,
        problems=problems,
        kinds=kinds,
        holds_form=bool(shown),
    )
    token = visit_token()
    answer = make_response(page, status)
    return keep_visiting(answer, token) if token else answer


def _offered(complaint: Complaint) -> list[str]:
    """What can be asked for as the complaint stands."""
    if key_or_none(house(), complaint) is None:
        return []
    state = State(complaint.state)
    asked = [("withdraw", state in WITHDRAWABLE), ("review", state in REVIEWABLE)]
    return ["message", "contact", "code", *(name for name, is_open in asked if is_open)]


def _form(name: str, *, fresh: bool) -> PublicForm:
    form = ACTS[name](fresh=fresh)
    form.prepare(now=now())
    return form


def _act(complaint: Complaint, act: str) -> ResponseReturnValue:
    """Do what was asked for, once however often it is sent; shown again by another request."""
    if act not in _offered(complaint):
        flash(_("This cannot be asked for any more. Write us a message instead."))
        return redirect(url_for("intake.status"))
    form = _form(act, fresh=False)
    if not form.validate():
        return _page(complaint, {act: form}, status=422)
    if holds_number(form) and not request.form.get("as_it_is"):
        return _page(complaint, {act: form}, pointed_out=act, status=422)
    try:
        flash(_DO[act](complaint, form, _key(complaint, act)))
    except Refused as refused:
        form.form_errors.extend(refusal.text for refusal in refused.refusals)
        return _page(complaint, {act: form}, status=422)
    return redirect(url_for("intake.status"), 303)


def _new_code(complaint: Complaint) -> ResponseReturnValue:
    """Show the new code, on the page that answers: it is in no address, cookie or row, and kept nowhere."""
    form: Any = _form("code", fresh=False)
    token = visit_token() or ""
    if not form.validate():
        return _page(complaint, {"code": form}, status=422)
    typed_code = str(form.receipt_code.data)
    try:
        _count(typed_code)
        code = new_code.change_code(
            house(),
            complaint.reference,
            typed_code,
            token=token,
            form_key=request.form.get("form_key", "")[:100] or new_key(),
            pepper=current_app.extensions["settings"].pepper,
            now=now(),
        )
    except TooMany as early:
        form.form_errors.append(f"{TOO_MANY_CODES} {early.says}")
        answer = make_response(_page(complaint, {"code": form}, status=429))
        answer.headers["Retry-After"] = str(early.seconds)
        return answer
    except new_code.Closed:
        return render_template("intake/stale.html", says=[OVER], typed=[]), 409
    except Refused:
        form.receipt_code.errors = [str(WRONG)]
        return _page(complaint, {"code": form}, status=422)
    return keep_visiting(
        make_response(render_template("intake/new_code.html", code=code, shown_once=True)), token
    )


def _late(complaint: Complaint) -> str:
    """What this browser typed in another tab after it had sent this very report."""
    draft = this_draft()
    return draft.late if draft and draft.sent == complaint.reference else ""


def _message(complaint: Complaint, form: Any, key: str) -> str:
    mailbox.answer(house(), complaint.reference, form.message.data, key=key, now=now())
    if _late(complaint):
        visits.drop_late(token_in(REPORT) or "", house().keyring, now=now())
    return _("Your message was sent.")


def _contact(complaint: Complaint, form: Any, key: str) -> str:
    mailbox.change_contact(house(), complaint.reference, form.contact(), key=key, now=now())
    return _("How we may reach you was changed.")


def _withdraw(complaint: Complaint, form: Any, key: str) -> str:
    said = [form.why.data or "", str(form.freely.label.text) if form.freely.data else ""]
    text = "\n".join(piece for piece in said if piece) or _("No reason was given.")
    mailbox.answer(house(), complaint.reference, text, kind=mailbox.WITHDRAWAL, key=key, now=now())
    return _("We have your request. Until we answered it, nothing changes.")


def _review(complaint: Complaint, form: Any, key: str) -> str:
    text = "\n".join(piece for piece in (form.grounds.data, form.late.data) if piece)
    mailbox.answer(house(), complaint.reference, text, kind=mailbox.REVIEW, key=key, now=now())
    return _("We have your request for a review. We answer it here.")


_DO: Final = {"message": _message, "contact": _contact, "withdraw": _withdraw, "review": _review}


@bp.route("/status/documents", methods=["GET", "POST"])
@open_to_anyone
@takes(kinds.REQUEST_MEGABYTES)
def add_documents() -> ResponseReturnValue:
    """Take files of the complainant to the case; of each that cannot be taken, say so."""
    visit = this_visit()
    complaint = visit.complaint if visit else None
    if request.method != "POST":
        return redirect(url_for("intake.status"))
    if complaint is None:
        return render_template("intake/stale.html", says=[OVER], typed=[]), 409
    holder = new_key()
    taken, problems = staging.take(cabinet(), request.files.getlist("files"), holder=holder, now=now())
    if taken:
        try:
            tokens = [each.token for each in taken]
            mailbox.add_documents(house(), complaint.reference, tokens, holder=holder, now=now())
        except Refused as refused:
            problems += [staging.Problem("", refusal.text) for refusal in refused.refusals]
    if problems or not taken:
        return _page(
            complaint, problems=problems or [staging.Problem("", _("Choose at least one file."))], status=422
        )
    flash(_("What you added has been saved."))
    return redirect(url_for("intake.status"), 303)


def _key(complaint: Complaint, act: str) -> str:
    """What makes a form count once, of this complaint alone."""
    pepper = current_app.extensions["settings"].pepper
    said = f"{complaint.id}:{act}:{request.form.get('form_key', '')[:100] or new_key()}"
    return hmac.new(pepper, said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
