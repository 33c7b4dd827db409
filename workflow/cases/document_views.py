"""The documents of a case: its list, adding some, one with its custody, fetching its copy or its original.

Everything here is for those who read what was written in the case; for everybody else there is nothing.
Fetching is a form that is sent, because it is written down: an address that is only opened changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import calendar_of
from workflow.cases.enclosures import (
    OVER,
    documents_in,
    enclose_in,
    key_or_none,
    reads_documents,
    takes_documents,
)
from workflow.cases.forms import new_key
from workflow.cases.models import Case
from workflow.cases.recusing import is_recused
from workflow.cases.views import case_or_404, home_of, house
from workflow.documents import kinds, queries, service, staging
from workflow.documents.models import Document
from workflow.documents.staging import Problem
from workflow.documents.storage import Cabinet
from workflow.engine.actors import Role
from workflow.engine.machine import Refusal, Refused
from workflow.engine.spans import counted
from workflow.people.queries import names
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm, choice
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.papers import AS_ATTACHMENT
from workflow.web.security import takes

bp = Blueprint("documents", __name__, url_prefix="/cases/<reference>/documents")

#: Who works on a case; auditors look and change nothing, and fetching is written down.
WORKING = tuple(ON_CASES - {Role.AUDITOR})


class PurposeForm(BaseForm):
    purpose = choice("What you need the original for", service.PURPOSES, radio=True)


@dataclass(frozen=True)
class Part:
    """The documents of a case as a part of its own page."""

    shown: list[queries.Shown]
    can_add: bool


def part_of(case: Case) -> Part | None:
    """What the page of a case shows of its documents; None for whoever does not read them. One query."""
    found = documents_in(house(), case, actor())
    if found is None:
        return None
    return Part(found, can_add=case.closed_at is None and bool(actor().roles & set(WORKING)))


def cabinet() -> Cabinet:
    """Where this application keeps documents."""
    found: Cabinet = current_app.extensions["documents"]
    return found


@bp.route("/new", methods=["GET", "POST"])
@open_to(*WORKING)
@takes(kinds.REQUEST_MEGABYTES)
def add(reference: str) -> ResponseReturnValue:
    """Add files to a case. Each one that can be taken is; of each other one it says why not."""
    case = _reading(reference)
    problems: list[Problem] = []
    added: list[str] = []
    if request.method == "POST":
        added, problems = _take(case)
        if added and not problems:
            # Without their names, which can name somebody: what is said here travels in a cookie.
            flash(f"{counted(len(added), 'file')} added.")
            return redirect(home_of(case))
    page = render_template(
        "cases/add_documents.html",
        case=case,
        home=home_of(case),
        form=BaseForm(),
        problems=problems,
        added=added,
        is_over=case.closed_at is not None,
        over=OVER,
        limits=kinds.LIMITS,
    )
    return page, 422 if request.method == "POST" else 200


def _take(case: Case) -> tuple[list[str], list[Problem]]:
    """Stage what was sent and give it to the case: what was added, and what was not and why."""
    if case.closed_at is not None:
        return [], [Problem("The case", OVER)]
    who, holder = actor(), new_key()
    taken, problems = staging.take(cabinet(), request.files.getlist("files"), holder=holder, now=now())
    if not taken and not problems:
        return [], [Problem("Files", "Choose at least one file.")]
    try:
        attached = enclose_in(
            house(), case.reference, [t.token for t in taken], who, holder=holder, now=now()
        )
    except Refused as refused:
        return [], [*problems, *(Problem("The case", refusal.text) for refusal in refused.refusals)]
    known = [
        Problem(staged.name, f"The case has the same file already, as document {done.number}.")
        for staged, done in zip(taken, attached, strict=True)
        if done.repeated
    ]
    added = [staged.name for staged, done in zip(taken, attached, strict=True) if not done.repeated]
    return added, [*problems, *known]


@bp.get("/<int(max=99999):number>")
@open_to(*ON_CASES)
def show(reference: str, number: int) -> ResponseReturnValue:
    """One document: what it is, how to fetch it, and everybody who touched it."""
    return _page(_reading(reference), number, PurposeForm())


@bp.post("/<int(max=99999):number>/copy")
@open_to(*WORKING)
def copy(reference: str, number: int) -> ResponseReturnValue:
    """The safe copy, to be saved. That it was fetched is written down."""
    case = _reading(reference)
    document = _document(case, number)
    try:
        given = service.give_copy(cabinet(), document, key=_key(case), by=actor(), now=now())
    except Refused as refused:
        return _refused(case, number, refused)
    return _attachment(case, number, given)


@bp.post("/<int(max=99999):number>/original")
@open_to(*WORKING)
def original(reference: str, number: int) -> ResponseReturnValue:
    """The document as it came, for a stated purpose, which is written down."""
    case = _reading(reference)
    document = _document(case, number)
    form = PurposeForm()
    if is_recused(case, actor().id):
        let_in = Refusal("recused", "You were let in to act: read the copy, not the original.")
        return _refused(case, number, Refused(let_in))
    if not form.validate():
        return _page(case, number, form), 422
    try:
        given = service.give_original(
            cabinet(), document, purpose=form.purpose.data, key=_key(case), by=actor(), now=now()
        )
    except Refused as refused:
        return _refused(case, number, refused)
    return _attachment(case, number, given)


# --- what the pages are made of ---------------------------------------------------------------


def _reading(reference: str) -> Case:
    """The case, for somebody who reads its documents; for everybody else it is missing."""
    case = case_or_404(reference, actor())
    if not takes_documents(house(), case) or not reads_documents(house(), case, actor()):
        abort(404)
    return case


def _document(case: Case, number: int) -> Document:
    return queries.document_of(case.id, number) or abort(404)


def _key(case: Case) -> bytes:
    """The key of a case. Raises `Refused` once it was destroyed."""
    key = key_or_none(house(), case)
    if key is None:
        raise Refused(Refusal("erased", "This document was erased with the words of its case."))
    return key


def _refused(case: Case, number: int, refused: Refused) -> ResponseReturnValue:
    form = PurposeForm(fresh=True)
    form.show(refused.refusals)
    return _page(case, number, form), 422


def _page(case: Case, number: int, form: PurposeForm) -> str:
    document = _document(case, number)
    touches = queries.custody_of(document)
    return render_template(
        "cases/document.html",
        case=case,
        home=home_of(case),
        document=queries.shown(document, key=key_or_none(house(), case)),
        touches=touches,
        people=names({touch.person_id for touch in touches}),
        purposes=dict(service.PURPOSES),
        form=form,
        can_fetch=bool(actor().roles & set(WORKING)),
        zone=str(calendar_of(case.office_id).zone),
    )


def _attachment(case: Case, number: int, given: service.Contents) -> Response:
    """A file to be saved under a name that tells whoever finds it nothing but the case."""
    answer = Response(given.content, mimetype=given.kind.mime, headers=AS_ATTACHMENT)
    name = f"{case.reference}-document-{number}.{given.kind.code}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
