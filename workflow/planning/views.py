"""The plan as a page: what is owed, by whom, when, and which duties a model has no rhythm for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.for_cause import waiting_for
from workflow.cases.takeout_views import Columns, narrowed_to, whole
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.planning.obligations import Obligation, kinds
from workflow.planning.queries import SOON, Plan, plan
from workflow.policy.queries import in_force
from workflow.register.models import FieldOffice
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor
from workflow.web.paging import Page, decode, page_of

bp = Blueprint("planning", __name__)

READERS: Final = (Role.FIELD_SUPERVISOR, Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR)
PAGE: Final = 50

#: What the list can be narrowed to, in the words of its filter.
WHEN: Final = {
    "overdue": "overdue",
    "soon": "due within 90 days",
    "unplanned": "inspections due by then without a day",
    "past": "nothing on record, past the house cadence",
    "none": "nothing on record here",
    "waived": "waived for now",
}

#: What a file of the plan has.
COLUMNS: Final[Columns] = {
    "agreement": ("Agreement", lambda o: o.agreement),
    "agency": ("Agency", lambda o: o.agency),
    "state": ("State", lambda o: o.state),
    "model": ("Model", lambda o: o.model),
    "office": ("Office", lambda o: o.office),
    "owed": ("What is owed", lambda o: o.title),
    "due": ("Due", lambda o: o.due_on),
    "overdue_days": ("Days overdue", lambda o: o.overdue_days),
    "basis": ("Why then", lambda o: o.basis),
    "waived_until": ("Waived until", lambda o: o.waived_until),
    "opened": ("Inspection", lambda o: o.opened),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is narrowed to."""

    model: str | None
    office_id: int | None
    when: str | None
    kind: str | None


@bp.get("/planning")
@open_to(*READERS)
def index() -> ResponseReturnValue:
    """What is owed, earliest due first, fifty on a page."""
    today = in_zone(HEADQUARTERS_ZONE).day_of(now())
    book = in_force(today)[1]
    models, offices = [m.code for m in book.models], offices_of_reader()
    wanted = _wanted(models, dict(offices), kinds(book))
    made = _made(wanted, today)
    kept = {k: v for k, v in request.args.items() if v and k in ("model", "office", "when", "kind")}
    return render_template(
        "planning/index.html",
        plan=made,
        page=_page(_narrowed(made, wanted.when, today)),
        wanted=wanted,
        chips=_chips(wanted, dict(offices), kinds(book), kept),
        kept=kept,
        models=[(m, m) for m in models],
        offices=offices,
        kinds=list(kinds(book).items()),
        when_words=WHEN,
        for_cause=waiting_for(actor()),
        office_ids={name: i for i, name in offices},
    )


@bp.post("/planning/export")
@open_to(*(role for role in READERS if role is not Role.AUDITOR))
def export() -> ResponseReturnValue:
    """What is owed, as it is narrowed, as a file."""
    today = in_zone(HEADQUARTERS_ZONE).day_of(now())
    book = in_force(today)[1]
    wanted = _wanted([m.code for m in book.models], dict(offices_of_reader()), kinds(book))
    rows = _narrowed(_made(wanted, today), wanted.when, today)
    return whole("plan", COLUMNS, rows, narrowed_to(wanted), back="planning.index")


def _made(wanted: Wanted, today: date) -> Plan:
    return plan(actor(), as_of=today, model=wanted.model, office_id=wanted.office_id, kind=wanted.kind)


def offices_of_reader() -> list[tuple[int, str]]:
    """The offices this person can choose from: their own, or all of them."""
    found = session().execute(select(FieldOffice.id, FieldOffice.name).order_by(FieldOffice.name))
    return [(i, name) for i, name in found if not actor().offices or i in actor().offices]


def _wanted(models: list[str], offices: dict[int, str], known: dict[str, str]) -> Wanted:
    model, office, when, kind = (request.args.get(name, "") for name in ("model", "office", "when", "kind"))
    office_id = int(office) if office.isascii() and office.isdigit() and len(office) < 10 else None
    return Wanted(
        model=model if model in models else None,
        office_id=office_id if office_id in offices else None,
        when=when if when in WHEN else None,
        kind=kind if kind in known else None,
    )


def _narrowed(made: Plan, when: str | None, today: date) -> list[Obligation]:
    match when:
        case "overdue":
            return [o for o in made.obligations if o.is_overdue]
        case "soon":
            return [o for o in made.obligations if today <= o.due_on <= today + SOON]
        case "unplanned":
            return [o for o in made.obligations if o.is_unplanned(today + SOON)]
        case "past":
            return [o for o in made.obligations if not o.has_history and o.due_on < today]
        case "none":
            return [o for o in made.obligations if not o.has_history]
        case "waived":
            return [o for o in made.obligations if o.waived_until is not None]
    return list(made.obligations)


def _page(owed: list[Obligation]) -> Page[Obligation]:
    cursor = decode(request.args.get("after"), (date, str, str))
    if cursor is not None and None in cursor:
        cursor = None
    rest = [o for o in owed if cursor is None or _place(o) > cursor]
    return page_of(rest[: PAGE + 1], PAGE, _place, cursor=cursor)


def _place(o: Obligation) -> tuple[date, str, str]:
    return (o.due_on, o.agreement, o.kind)


def _chips(
    wanted: Wanted, offices: dict[int, str], known: dict[str, str], kept: dict[str, str]
) -> list[tuple[str, str]]:
    """What is filtered, each with the address that takes it away."""
    said = {
        "model": wanted.model,
        "office": offices.get(wanted.office_id or 0),
        "kind": known.get(wanted.kind or ""),
        "when": WHEN.get(wanted.when or ""),
    }
    return [
        (words, url_for("planning.index", **{k: v for k, v in kept.items() if k != name}))  # type: ignore[arg-type]
        for name, words in said.items()
        if words
    ]
