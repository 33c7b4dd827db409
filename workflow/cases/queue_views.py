"""The queue and the search: where a person's day begins. Reading only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases import worklist as work
from workflow.cases.access import visible
from workflow.cases.models import Case
from workflow.cases.references import normalise
from workflow.cases.tasks import NO_DATE
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.policy.queries import in_force
from workflow.register.models import FieldOffice
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import looked_for
from workflow.web.login import actor
from workflow.web.paging import decode

bp = Blueprint("queue", __name__)

#: Everybody who can have tasks.
WORKERS = frozenset(Role) - {Role.PUBLIC, Role.SYSTEM, Role.ADMINISTRATOR, Role.AUDITOR}
#: Everybody who may look for cases.
SEARCHERS = frozenset(Role) - {Role.PUBLIC, Role.SYSTEM, Role.ADMINISTRATOR, Role.AGENCY_CONTACT}
PAGE = 50
FOUND = 25


@bp.get("/queue")
@open_to(*WORKERS)
def show() -> ResponseReturnValue:
    """What this person can work on, what is due first on top."""
    wanted = wanted_of()
    cursor = decode(request.args.get("after"), (type(NO_DATE), int))
    if cursor is not None and None in cursor:
        cursor = None
    page = work.worklist(actor(), wanted, now=now(), after=cursor, limit=PAGE)
    counts = work.counts(actor(), wanted, now=now())
    offices = _offices()
    return render_template(
        "cases/queue.html",
        page=page,
        counts=counts,
        wanted=wanted,
        chips=_chips(wanted, offices),
        models=[(m.code, m.code) for m in in_force(now().date())[1].models],
        due_words=DUE_WORDS,
        holder_words=HOLDER_WORDS,
        kept={k: v for k, v in request.args.items() if v and k != "after"},
        offices=offices,
        kinds=KINDS,
        upcoming=None if page.rows else work.next_due(actor(), now=now()),
        sentence=_sentence(wanted, counts),
    )


@bp.get("/search")
@open_to(*SEARCHERS)
def search() -> ResponseReturnValue:
    """A reference leads straight to its case; words look in what lists call a case."""
    words = looked_for(request.args.get("q"))
    reference = normalise(words)
    if reference and session().scalar(
        visible(actor()).where(Case.reference == reference).with_only_columns(Case.id)
    ):
        return redirect(url_for("cases.show", reference=reference))
    found = _search(words) if len(words) >= 2 else []
    return render_template("cases/search.html", words=words, found=found[:FOUND], more=len(found) > FOUND)


KINDS = {
    "complaint": "Complaints",
    "inspection": "Inspections",
    "corrective": "Corrective actions",
    "agreement": "Agreements",
}


def _search(words: str) -> list[Case]:
    pattern = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    query = (
        visible(actor())
        .where(
            Case.title.ilike(f"%{pattern}%", escape="\\") | Case.reference.ilike(f"{pattern}%", escape="\\")
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(FOUND + 1)
    )
    return list(session().scalars(query))


def wanted_of() -> work.Wanted:
    """The filters of the address; whatever is not one of the list is no filter."""
    asked = request.args
    office = asked.get("office", "")
    return work.Wanted(
        kind=asked.get("kind") if asked.get("kind") in KINDS else None,
        model=(asked.get("model") or "")[:12].replace("\0", "") or None,
        office_id=int(office) if office.isascii() and office.isdigit() and len(office) < 9 else None,
        due=_one_of(work.DueFilter, asked.get("due")),
        holder=_one_of(work.HolderFilter, asked.get("holder")),
    )


def _one_of(kind: Any, written: str | None) -> Any:
    return kind(written) if written in set(kind) else None


def _offices() -> list[tuple[int, str]]:
    found = session().execute(select(FieldOffice.id, FieldOffice.name).order_by(FieldOffice.name))
    return [(i, name) for i, name in found if not actor().offices or i in actor().offices]


DUE_WORDS = {"late": "late", "today": "due today", "week": "due within a week", "later": "due later"}
HOLDER_WORDS = {"mine": "mine", "unclaimed": "unclaimed"}


def _chips(wanted: work.Wanted, offices: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """What is filtered, each with the address that takes it away."""
    said: dict[str, str | None] = {
        "kind": KINDS.get(wanted.kind or ""),
        "model": wanted.model,
        "office": dict(offices).get(wanted.office_id or 0),
        "due": DUE_WORDS.get(wanted.due or ""),
        "holder": HOLDER_WORDS.get(wanted.holder or ""),
    }
    kept = {k: v for k, v in request.args.items() if k in said and v}
    return [(words, _without(kept, name)) for name, words in said.items() if words]


def _without(kept: dict[str, str], name: str) -> str:
    values: dict[str, Any] = {k: v for k, v in kept.items() if k != name}
    return url_for("queue.show", **values)


def _sentence(wanted: work.Wanted, counts: dict[str, int]) -> str:
    """One line that says what the list is."""
    what = KINDS.get(wanted.kind or "", "Everything")
    whose = {"mine": "you hold", "unclaimed": "nobody holds"}.get(wanted.holder or "", "you can work on")
    total = sum(counts.values())
    number = f"{work.CAP:,}+" if total >= work.CAP else f"{total:,}"
    return f"{what} {whose}: {number}, what is due first on top."
