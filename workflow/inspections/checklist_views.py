"""The pages on which checklists are made: versions, one of them, a draft, comparing, putting in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.engine.actors import Role
from workflow.engine.machine import Refused, Stale
from workflow.inspections import checklist_drafts as drafts
from workflow.inspections import checklists
from workflow.inspections.checklist import Checklist, compare
from workflow.inspections.checklist_forms import InForceForm, SeenForm, draft_form, item_form
from workflow.inspections.checklist_models import ChecklistVersion
from workflow.inspections.checklist_standard import STANDARD
from workflow.inspections.views import bp, today
from workflow.people.queries import names
from workflow.policy import queries as policy
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

DRAFTERS: Final = (Role.MANAGER, Role.PROGRAMME_MANAGER)
READERS: Final = (*DRAFTERS, Role.AUDITOR)


@bp.get("/checklists")
@open_to(*READERS)
def versions() -> ResponseReturnValue:
    """Every version of the checklist, and which is in force."""
    rows = checklists.versions()
    return render_template(
        "inspections/checklists/versions.html",
        rows=rows,
        standard=STANDARD,
        in_force=checklists.in_force(today()),
        who=names({p for row in rows for p in (row.drafted_by_id, row.settled_by_id) if p is not None}),
        codes=[*(row.code for row in rows), STANDARD.version],
        may_draft=bool(actor().roles & drafts.DRAFTERS),
        today=today(),
    )


@bp.route("/checklists/new", methods=["GET", "POST"])
@open_to(*DRAFTERS)
def new_draft() -> ResponseReturnValue:
    """Begin a draft from another version."""
    codes = [*(row.code for row in checklists.versions()), STANDARD.version]
    form = draft_form(codes, request.args.get("base", "")[:20] or checklists.in_force(today()))
    if request.method == "POST" and form.validate():
        code = drafts.begin_draft(actor(), base=form.base.data, note=form.note.data or "", now=now())
        flash(f"The draft {code} is begun.")
        return redirect(url_for("inspections.version", code=code))
    page = render_template("inspections/checklists/new.html", form=form)
    return page, 422 if request.method == "POST" else 200


@bp.get("/checklists/compare")
@open_to(*READERS)
def compare_versions() -> ResponseReturnValue:
    """Two versions item by item."""
    codes = [*(row.code for row in checklists.versions()), STANDARD.version]
    old, new = (_wanted(name, codes) for name in ("old", "new"))
    return render_template(
        "inspections/checklists/compare.html",
        old=old,
        new=new,
        codes=[(code, code) for code in codes],
        changes=compare(old, new),
    )


def _wanted(name: str, codes: list[str]) -> Checklist:
    code = request.args.get(name, "")[:20] or (codes[0] if name == "new" else STANDARD.version)
    return checklists.any_of(code) or abort(404)


@bp.get("/checklists/<code>")
@open_to(*READERS)
def version(code: str) -> ResponseReturnValue:
    """One version with its items; its author changes a draft here, somebody else puts it in force."""
    return _version_page(code, InForceForm(effective_on=today()))


@bp.route("/checklists/<code>/items/new", methods=["GET", "POST"])
@open_to(*DRAFTERS)
def new_item(code: str) -> ResponseReturnValue:
    """Add an item to a draft."""
    return _item_page(code, None)


@bp.route("/checklists/<code>/items/<item>", methods=["GET", "POST"])
@open_to(*DRAFTERS)
def change_item(code: str, item: str) -> ResponseReturnValue:
    """Write an item of a draft anew."""
    return _item_page(code, item)


@bp.post("/checklists/<code>/items/<item>/<any(up, down, retire):what>")
@open_to(*DRAFTERS)
def shift_item(code: str, item: str, what: str) -> ResponseReturnValue:
    """Move an item of a draft one place up or down, or retire it."""
    seen = SeenForm().seen.data or 0

    def act() -> None:
        if what == "retire":
            drafts.retire_item(actor(), code, item, seen=seen, now=now())
        else:
            drafts.move_item(actor(), code, item, up=what == "up", seen=seen, now=now())

    return acted(code, act, f"item-{item}" if what != "retire" else "items", InForceForm(fresh=True))


@bp.post("/checklists/<code>/withdraw")
@open_to(*DRAFTERS)
def withdraw_draft(code: str) -> ResponseReturnValue:
    """Give a draft up."""
    return acted(code, lambda: drafts.withdraw(actor(), code, now=now()), "items", InForceForm(fresh=True))


@bp.post("/checklists/<code>/in-force")
@open_to(*DRAFTERS)
def put_in_force(code: str) -> ResponseReturnValue:
    """Put a draft in force, by somebody else than its author."""
    form = InForceForm()
    if not form.validate():
        return _version_page(code, form)

    def act() -> None:
        drafts.put_in_force(
            actor(),
            code,
            seen=form.seen.data or 0,
            effective_on=form.effective_on.data,
            today=today(),
            now=now(),
        )

    return acted(code, act, "items", form)


def acted(code: str, act: Callable[[], None], place: str, form: InForceForm) -> ResponseReturnValue:
    """Do something to a draft and show it; what stood in its way is said on its page."""
    try:
        act()
    except NotThere:
        abort(404)
    except Refused as refused:
        form.show(refused.refusals)
        return _version_page(code, form)
    except Stale:
        form.outdated(row_or_404(code)[1])
        return _version_page(code, form, status=409)
    return redirect(url_for("inspections.version", code=code, _anchor=place))


def _version_page(code: str, form: InForceForm, *, status: int = 422) -> ResponseReturnValue:
    if code == STANDARD.version:
        row, checklist, revision = None, STANDARD, 0
    else:
        row, revision = row_or_404(code)
        checklist = checklists.as_it_stands(row).checklist
    form.seen.data, form.seen.raw_data = revision, None
    mine = row is not None and row.drafted_by_id == actor().id
    base = checklists.any_of(row.base) if row else None
    page = render_template(
        "inspections/checklists/version.html",
        row=row,
        checklist=checklist,
        sections=[(area, [i for i in checklist.items if i.area == area.code]) for area in checklist.areas],
        changes=compare(base, checklist) if base else (),
        problems=drafts.problems(checklist, base) if base and row and row.is_draft else [],
        revision=revision,
        form=form,
        who=names({p for p in (row.drafted_by_id, row.settled_by_id) if p is not None}) if row else {},
        may_change=mine and row is not None and row.is_draft and bool(actor().roles & drafts.DRAFTERS),
        may_settle=row is not None and row.is_draft and not mine and bool(actor().roles & drafts.DRAFTERS),
        may_draft=bool(actor().roles & drafts.DRAFTERS),
    )
    return page, status if request.method == "POST" else 200


def _item_page(code: str, item: str | None) -> ResponseReturnValue:
    row, revision = row_or_404(code)
    checklist = checklists.as_it_stands(row).checklist
    known = checklist.item(item) if item is not None else None
    if (item is not None and known is None) or not row.is_draft or row.drafted_by_id != actor().id:
        abort(404)
    form = item_form(checklist, policy.in_force(today())[1], revision, known)
    status = 422
    if request.method == "POST" and form.validate():
        seen = form.seen.data or 0
        try:
            if known is None:
                place = drafts.add_item(actor(), code, form.item(""), seen=seen, now=now())
            else:
                place = known.code
                drafts.change_item(actor(), code, form.item(place), seen=seen, now=now())
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            form.outdated(row_or_404(code)[1])
            status = 409
        else:
            return redirect(url_for("inspections.version", code=code, _anchor=f"item-{place}"))
    page = render_template("inspections/checklists/item.html", row=row, item=known, form=form)
    return page, status if request.method == "POST" else 200


def row_or_404(code: str) -> tuple[ChecklistVersion, int]:
    """A version of the office with the number of its latest revision."""
    row = checklists.version_of(code)
    if row is None:
        abort(404)
    return row, checklists.as_it_stands(row).revision
