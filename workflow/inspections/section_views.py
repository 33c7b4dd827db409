"""The pages on which the sections of a draft checklist are made; its items are in `checklist_views`."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.machine import Refused, Stale
from workflow.inspections import checklist_drafts as drafts
from workflow.inspections import checklists
from workflow.inspections.checklist import Area
from workflow.inspections.checklist_forms import InForceForm, SectionForm, SeenForm
from workflow.inspections.checklist_views import DRAFTERS, acted, row_or_404
from workflow.inspections.views import bp
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor


@bp.route("/checklists/<code>/sections/new", methods=["GET", "POST"])
@open_to(*DRAFTERS)
def new_section(code: str) -> ResponseReturnValue:
    """Add a section to a draft."""
    return _section_page(code, None)


@bp.route("/checklists/<code>/sections/<section>", methods=["GET", "POST"])
@open_to(*DRAFTERS)
def rename_section(code: str, section: str) -> ResponseReturnValue:
    """Call a section of a draft otherwise."""
    return _section_page(code, section)


@bp.post("/checklists/<code>/sections/<section>/<any(up, down, remove):what>")
@open_to(*DRAFTERS)
def shift_section(code: str, section: str, what: str) -> ResponseReturnValue:
    """Move a section of a draft one place up or down, or take an empty one out."""
    seen = SeenForm().seen.data or 0

    def act() -> None:
        if what == "remove":
            drafts.remove_section(actor(), code, section, seen=seen, now=now())
        else:
            drafts.move_section(actor(), code, section, up=what == "up", seen=seen, now=now())

    return acted(code, act, f"section-{section}" if what != "remove" else "items", InForceForm(fresh=True))


def _section_page(code: str, section: str | None) -> ResponseReturnValue:
    row, revision = row_or_404(code)
    known = checklists.as_it_stands(row).checklist.area(section) if section is not None else None
    if (section is not None and known is None) or not row.is_draft or row.drafted_by_id != actor().id:
        abort(404)
    form = SectionForm(data={"seen": revision, "title": known.title if known else ""})
    status = 422
    if request.method == "POST" and form.validate():
        try:
            place = _saved(code, known, form)
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            form.outdated(row_or_404(code)[1])
            status = 409
        else:
            return redirect(url_for("inspections.version", code=code, _anchor=f"section-{place}"))
    page = render_template("inspections/checklists/section.html", row=row, section=known, form=form)
    return page, status if request.method == "POST" else 200


def _saved(code: str, known: Area | None, form: SectionForm) -> str:
    seen, title = form.seen.data or 0, str(form.title.data or "")
    if known is None:
        return drafts.add_section(actor(), code, title, seen=seen, now=now())
    drafts.rename_section(actor(), code, Area(known.code, title), seen=seen, now=now())
    return known.code
