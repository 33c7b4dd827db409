"""The page on which an agency's contact writes to the office and hands in files, on a case sent to it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.fields import HiddenField

from workflow.cases.document_views import cabinet
from workflow.cases.enclosures import OVER
from workflow.cases.forms import new_key
from workflow.cases.handed_in import hand_in, sent_case
from workflow.cases.models import Case
from workflow.cases.views import home_of, house
from workflow.documents import kinds, staging
from workflow.documents.staging import Problem
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor
from workflow.web.security import takes

bp = Blueprint("handed_in", __name__, url_prefix="/cases/<reference>/from-agency")


class WriteForm(FreeTextForm):
    """What the agency says; files lie beside it."""

    words = text(
        "What you want to say",
        required=False,
        hint="The office reads it. Leave out names, birth dates and numbers of people who were arrested.",
    )
    form_key = HiddenField()


@bp.route("", methods=["GET", "POST"])
@open_to(Role.AGENCY_CONTACT)
@takes(kinds.REQUEST_MEGABYTES)
def write(reference: str) -> ResponseReturnValue:
    """Write to the office, hand in files, or both. What cannot be taken is said; nothing typed is lost."""
    case = sent_case(actor(), reference)
    form = WriteForm(data={"form_key": new_key()})
    problems: list[Problem] = []
    taken: list[str] = []
    if request.method == "POST" and form.validate():
        taken, problems = _take(case, form)
        if not problems and not form.errors and not form.form_errors:
            flash("It is with the office now.")
            return redirect(home_of(case))
        if taken:
            form = WriteForm(fresh=True, data={"form_key": new_key()})
    page = render_template(
        "cases/from_agency.html",
        case=case,
        home=home_of(case),
        form=form,
        problems=problems,
        taken=taken,
        over=OVER if case.closed_at is not None else "",
        limits=kinds.LIMITS,
    )
    return page, 422 if request.method == "POST" else 200


def _take(case: Case, form: WriteForm) -> tuple[list[str], list[Problem]]:
    """Stage the files and hand everything in: what was taken of them, and what was not and why."""
    holder = new_key()
    files = [] if case.closed_at is not None else request.files.getlist("files")
    staged, problems = staging.take(cabinet(), files, holder=holder, now=now())
    if problems and not staged:
        # Nothing is sent before its files are right: what was written waits in the form.
        return [], problems
    try:
        attached = hand_in(
            house(),
            case.reference,
            actor(),
            words=form.words.data or "",
            tokens=[each.token for each in staged],
            holder=holder,
            form_key=(form.form_key.data or "")[:64] or None,
            now=now(),
        )
    except Refused as refused:
        form.show(refused.refusals)
        return [], problems
    again = [
        Problem(each.name, f"The office has the same file already, as document {done.number}.")
        for each, done in zip(staged, attached, strict=False)
        if done.repeated
    ]
    return [each.name for each in staged], [*problems, *again]
