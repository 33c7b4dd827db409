"""The public door: one question a page, answers kept between them. Nobody signs in here.

The last look and the receipt are in `sending_views`, what a code opens in `status_views`; both add their
pages to the blueprint that is made here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]

from workflow.cases.document_views import cabinet
from workflow.cases.forms import new_key
from workflow.cases.views import house
from workflow.complaints import visits, wizard
from workflow.complaints.visit_views import REPORT, give, this_draft, token_in
from workflow.complaints.visits import Draft
from workflow.complaints.wizard_forms import FORMS, PublicForm
from workflow.documents import kinds, staging
from workflow.web import limits
from workflow.web.access import open_to_anyone
from workflow.web.clock import now
from workflow.web.errors import TooMany, shown, too_early, typed
from workflow.web.language import _, choose, lazy
from workflow.web.security import takes

bp = Blueprint("intake", __name__, url_prefix="/report")

BUSY = lazy(
    "Too many reports came from your network at once. What you wrote is still here: leave this page open."
)
STALE = lazy(
    "This page was open for a long time, so nothing was saved yet."
    " What you wrote is still here: send it again."
)
COOKIES = lazy(
    "If this happens again, allow cookies for this site: without them we cannot keep your answers."
)
#: Characters of one field that are kept before they were looked through.
_TYPED: Final = 30_000
#: Where the language may be changed: pages of ours, by their path.
_OURS: Final = re.compile(r"/|/report(?:/[a-z0-9-]+)*", re.ASCII)


@bp.get("")
@open_to_anyone
def report() -> ResponseReturnValue:
    """What is asked and what becomes of it, before the first question."""
    draft = this_draft()
    return render_template("intake/start.html", draft=draft, go_on=_goes_on_at(draft))


@bp.route("/questions/<int(max=99):number>", methods=["GET", "POST"])
@open_to_anyone
def question(number: int) -> ResponseReturnValue:
    """One question. Whatever button is pressed, what was typed is kept."""
    asked = wizard.question(number) or abort(404)
    if asked.name == "documents":
        return redirect(url_for("intake.documents"))
    draft = this_draft()
    if draft is not None and draft.sent:
        return _sent_already(asked) if request.method == "POST" else redirect(url_for("intake.received"))
    form = _form_of(asked, draft)
    if request.method != "POST":
        return _question_page(number, form, draft)
    given = _given(form)
    if request.form.get("speak"):
        choose(request.form["speak"])
        return _save(
            lambda d: d.unsaved.__setitem__(asked.name, given), request.full_path.rstrip("?"), form, number
        )
    is_valid = form.validate()
    if request.form.get("move") == "back":
        keep = _answered(asked, form) if is_valid else lambda d: d.unsaved.__setitem__(asked.name, given)
        return _save(keep, _back_from(number, draft), form, number)
    if is_valid and not form.is_asking_on:
        return _save(_answered(asked, form), None, form, number)
    return _question_page(number, form, draft), 422 if not is_valid else 200


@bp.route("/documents", methods=["GET", "POST"])
@open_to_anyone
@takes(kinds.REQUEST_MEGABYTES)
def documents() -> ResponseReturnValue:
    """The question for pictures and papers: they are staged at once, and taken away again if wanted."""
    number, draft, token = wizard.number_of("documents"), this_draft(), token_in(REPORT)
    if draft is not None and draft.sent:
        return _sent_already() if request.method == "POST" else redirect(url_for("intake.received"))
    form = _form_of(wizard.QUESTIONS[number - 1], draft)
    here = request.full_path.rstrip("?")
    if request.method != "POST":
        return _question_page(number, form, draft)
    if request.form.get("speak"):
        choose(request.form["speak"])
    if request.form.get("move") == "back":
        return redirect(_back_from(number, draft))
    if draft is None or token is None:
        form.form_errors.append(_("Answer the first question before you add pictures or papers."))
        return _question_page(number, form, draft), 422
    gone = request.form.get("discard", "")
    if gone in draft.documents:
        staging.discard(cabinet(), gone, holder=holder_of(token))
        visits.change(token, house().keyring, lambda d: d.put_aside(gone), now=now())
        return redirect(here)
    given = request.files.getlist("files")
    taken, problems = staging.take(cabinet(), given, holder=holder_of(token), now=now())
    tokens = [each.token for each in taken]
    draft = visits.change(token, house().keyring, lambda d: d.documents.extend(tokens), now=now()) or draft
    if draft.sent:
        for each in tokens:
            staging.discard(cabinet(), each, holder=holder_of(token))
        return _sent_already()
    if problems:
        return _question_page(number, form, draft, problems), 422
    return redirect(here if taken or request.form.get("speak") else _next(number, draft))


@bp.after_request
def _nothing_stays(answer: Any) -> Any:
    """No page of this room is kept by the browser, and its form stays good while somebody is writing."""
    answer.headers["Cache-Control"] = "no-store"
    if session.get("csrf_token"):
        session.modified = True
    return answer


@bp.errorhandler(CSRFError)
def _was_open_for_long(error: CSRFError) -> ResponseReturnValue:
    """A form whose token ran out: shown again with everything that was typed, and a new one."""
    number = (request.view_args or {}).get("number")
    asked = wizard.question(number) if number else None
    if request.endpoint != "intake.question" or asked is None:
        return render_template("intake/stale.html", says=[STALE, COOKIES], typed=typed()), 400
    draft = this_draft()
    form = _form_of(asked, draft)
    form.form_errors.extend([str(STALE), str(COOKIES)])
    return _question_page(number or 1, form, draft), 400


# --- what the pages are made of ---------------------------------------------------------------


def _form_of(asked: wizard.Question, draft: Draft | None) -> PublicForm:
    """The form of a question, with what was answered or typed before."""
    known = draft.unsaved.get(asked.name, draft.answers) if draft else {}
    form = FORMS[asked.name](data={name: known.get(name) for name in asked.fields})
    form.prepare(now=now())
    return form


def _given(form: PublicForm) -> dict[str, str]:
    """What was typed, as it can be shown again; not looked through."""
    sent = {name: request.form.get(name, "") for name in form._fields}
    return {name: shown(said)[:_TYPED] for name, said in sent.items()}


def _answered(asked: wizard.Question, form: PublicForm) -> Callable[[Draft], None]:
    answers = form.answers()

    def alter(draft: Draft) -> None:
        draft.answers.update(answers)
        draft.unsaved.pop(asked.name, None)

    return alter


def _save(
    alter: Callable[[Draft], object], to: str | None, form: PublicForm, number: int
) -> ResponseReturnValue:
    """Keep what changes in the draft (a new one if there is none), and go on; by default to what follows."""
    token, ring = token_in(REPORT), house().keyring
    draft = visits.change(token, ring, alter, now=now()) if token else None
    if draft is not None and draft.sent:
        return _sent_already(wizard.QUESTIONS[number - 1])
    if draft is not None:
        return redirect(to or _next(number, draft))
    try:
        limits.claim(limits.Key(limits.DRAFTS, f"draft:{limits.network()}"), now=now())
    except TooMany as early:
        form.form_errors.append(f"{BUSY} {early.says}")
        return too_early(early, _question_page(number, form, None))
    token, draft = visits.new_token(), Draft(form_key=new_key())
    alter(draft)
    visits.begin(token, draft, ring, now=now())
    return give(make_response(redirect(to or _next(number, draft))), REPORT, token)


def _next(number: int, draft: Draft) -> str:
    follows = None if "check" in request.args else wizard.after(number, draft.answers)
    return _address(follows) if follows else url_for("intake.check")


def _back_from(number: int, draft: Draft | None) -> str:
    if "check" in request.args:
        return url_for("intake.check")
    earlier = wizard.before(number, draft.answers if draft else {})
    return _address(earlier) if earlier else url_for("intake.report")


def _address(number: int) -> str:
    """Where a question is asked."""
    if number == wizard.number_of("documents"):
        return url_for("intake.documents")
    return url_for("intake.question", number=number)


def _goes_on_at(draft: Draft | None) -> int | None:
    """The question an unfinished report goes on at; None for the last look, or without one."""
    if draft is None or draft.sent:
        return None
    done = [n for n, q in enumerate(wizard.QUESTIONS, 1) if any(draft.answers.get(f) for f in q.fields)]
    return wizard.after(max(done, default=0), draft.answers)


def _question_page(number: int, form: PublicForm, draft: Draft | None, problems: Any = ()) -> str:
    token = token_in(REPORT)
    files = (
        staging.staged(draft.documents, holder=holder_of(token), keyring=house().keyring, now=now())
        if draft and token and draft.documents and number == wizard.number_of("documents")
        else []
    )
    asked, earlier = wizard.QUESTIONS[number - 1], wizard.before(number, draft.answers if draft else {})
    return render_template(
        "intake/question.html",
        form=form,
        number=number,
        last=wizard.LAST,
        name=asked.name,
        is_change="check" in request.args,
        flagged=wizard.holding_number(asked, {n: str(form[n].data or "") for n in asked.fields}),
        flagged_before=_flagged(earlier, draft) if request.method != "POST" else None,
        files=files,
        problems=problems,
        holds_form=True,
        kinds=kinds,
    )


def _flagged(number: int | None, draft: Draft | None) -> dict[str, Any] | None:
    """The question before, where what was just saved looks like a number of a person."""
    if number is None or draft is None or "check" in request.args:
        return None
    asked = wizard.QUESTIONS[number - 1]
    if not wizard.holding_number(asked, draft.answers):
        return None
    return {"heading": FORMS[asked.name].heading, "address": _address(number)}


def holder_of(token: str) -> str:
    return f"report:{token}"


def _sent_already(asked: wizard.Question | None = None) -> ResponseReturnValue:
    """A question of a report that was sent meanwhile, perhaps in another tab: what was typed is shown.

    What answers a question is kept for as long as the receipt, for the message the code lets them write.
    """
    said = [] if asked is None else [shown(request.form.get(name, "")).strip() for name in asked.written]
    late = "\n".join(piece for piece in said if piece)
    kept = visits.keep_late(token_in(REPORT) or "", house().keyring, late, now=now()) if late else None
    return render_template("intake/sent.html", typed=typed(), is_kept=kept is not None), 409
