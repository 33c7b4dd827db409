"""The pages for use at the jail: the checklist section by section. Findings are in `finding_views`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases.access import NotThere
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import OVERSEERS
from workflow.cases.views import house
from workflow.engine.actors import Role
from workflow.engine.machine import Refused
from workflow.inspections import sealed
from workflow.inspections.answers import answer_items, operations_on
from workflow.inspections.blank import hint_of
from workflow.inspections.checklist import Area, Item
from workflow.inspections.checklists import checklist_of
from workflow.inspections.facts import ANSWERING
from workflow.inspections.folding import Operation, fold
from workflow.inspections.forms import SectionForm, section_form
from workflow.inspections.models import ChecklistAnswer, Inspection
from workflow.inspections.views import WORDS, bp, readable_or_404
from workflow.people.queries import names
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.filters import moment
from workflow.web.login import actor

CONDUCTORS = (Role.INSPECTOR, Role.FIELD_SUPERVISOR)


@bp.get("/<reference>/checklist")
@open_to(*OVERSEERS)
def checklist(reference: str) -> ResponseReturnValue:
    """The whole checklist with its answers, to read and to print."""
    inspection = readable_or_404(reference)
    return render_template(
        "inspections/checklist.html",
        inspection=inspection,
        sections=_sections(inspection),
        answers={a.item: a for a in inspection.answers},
        remarks=sealed.remarks(inspection, house().keyring),
        findings={f.item: f for f in inspection.findings},
        is_open=inspection.state in ANSWERING,
        may_answer=bool(actor().roles & set(CONDUCTORS)),
        words=WORDS,
    )


@bp.route("/<reference>/checklist/<area>", methods=["GET", "POST"])
@open_to(*CONDUCTORS)
def section(reference: str, area: str) -> ResponseReturnValue:
    """Answer one section. With script each item is saved as it is answered, without as a whole."""
    inspection = readable_or_404(reference)
    sections = _sections(inspection)
    place = next((n for n, (a, _) in enumerate(sections) if a.code == area), None)
    if place is None:
        abort(404)
    items = sections[place][1]
    known = {a.item: a for a in inspection.answers}
    form = _form_of(inspection, items, known)
    if request.method == "POST" and form.validate():
        if (wrong := _keep(inspection, form)) is None:
            flash(f"Saved: {sections[place][0].title}.")
            return redirect(_after(inspection.reference, sections, place))
        form.show(wrong.refusals)
        known = {a.item: a for a in readable_or_404(reference).answers}
    page = render_template(
        "inspections/section.html",
        inspection=inspection,
        items=items,
        known=known,
        both=_both(inspection, items, known),
        findings={f.item: f for f in inspection.findings},
        sections=sections,
        place=place,
        left=_left(sections, known),
        form=form,
        words=WORDS,
        hint_of=hint_of,
        is_open=inspection.state in ANSWERING,
        zone=calendar_of(inspection.office_id).zone.key,
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/<reference>/checklist/<area>/<item>")
@open_to(*CONDUCTORS)
def answer(reference: str, area: str, item: str) -> ResponseReturnValue:
    """Keep one item as it is answered, for the script of the section: says when, and what is left."""
    inspection = readable_or_404(reference)
    sections = _sections(inspection)
    asked = next((i for a, found in sections for i in found if (a.code, i.code) == (area, item)), None)
    if asked is None:
        abort(404)
    form = _form_of(inspection, (asked,), {a.item: a for a in inspection.answers})
    if not form.validate():
        return {"errors": [str(e) for field in form for e in field.errors]}, 422
    if (wrong := _keep(inspection, form)) is not None:
        return {"errors": [refusal.text for refusal in wrong.refusals]}, 409
    known = {a.item: a for a in inspection.answers}
    zone = calendar_of(inspection.office_id).zone.key
    stands = known.get(item)
    both = _both(inspection, (asked,), known).get(item)
    return {
        "at": moment(stands.answered_at if stands else now(), zone),
        "base": stands.heads if stands else "",
        "left": _left(sections, known),
        "both": render_template("inspections/_both.html", both=both, words=WORDS, zone=zone) if both else "",
    }


def _form_of(inspection: Inspection, items: Sequence[Item], known: Mapping[str, Any]) -> SectionForm:
    return section_form(items, inspection.checklist or "", known, sealed.remarks(inspection, house().keyring))


def _keep(inspection: Inspection, form: SectionForm) -> Refused | None:
    """Keep what was answered; what stood in its way, if anything did."""
    try:
        answer_items(
            house(),
            inspection.reference,
            actor(),
            form.given(),
            now=now(),
            checklist=form.checklist.data or None,
        )
    except Refused as refused:
        return refused
    except NotThere:
        abort(404)
    return None


def _both(
    inspection: Inspection, items: Sequence[Item], known: Mapping[str, ChecklistAnswer]
) -> dict[str, list[tuple[Operation, str]]]:
    """What stands beside each other where two people disagree, with who said it; else nothing is read."""
    disputed = [i.code for i in items if i.code in known and known[i.code].is_disputed]
    if not disputed:
        return {}
    heads = {item: fold(ops).heads for item, ops in operations_on(house(), inspection, disputed).items()}
    who = names({head.by_id for each in heads.values() for head in each})
    return {item: [(head, who.get(head.by_id, "")) for head in each] for item, each in heads.items()}


def _left(sections: tuple[tuple[Area, tuple[Item, ...]], ...], known: Mapping[str, Any]) -> int:
    return len({i.code for _, found in sections for i in found} - set(known))


def _sections(inspection: Inspection) -> tuple[tuple[Area, tuple[Item, ...]], ...]:
    if inspection.checklist is None:
        abort(404)
    return checklist_of(inspection.checklist).sections(inspection.model, inspection.template)


def _after(reference: str, sections: tuple[Any, ...], place: int) -> str:
    if place + 1 < len(sections):
        return url_for("inspections.section", reference=reference, area=sections[place + 1][0].code)
    return url_for("inspections.checklist", reference=reference)
