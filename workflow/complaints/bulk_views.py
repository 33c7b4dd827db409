"""One act on many complaints: a preview, the questions once, what came of each; and the page of a group."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.fields import HiddenField

from workflow.cases.access import NotThere, case_for
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.forms import new_key, step_form
from workflow.cases.references import is_reference, normalise
from workflow.cases.views import house
from workflow.complaints import bulk, groups
from workflow.complaints.bulk import AT_ONCE, GROUP
from workflow.complaints.facts import CLOSING_REASONS, DISPOSITIONS, STANDARDS_OF_PROOF
from workflow.complaints.kind import KIND
from workflow.complaints.models import Complaint
from workflow.complaints.triage import LOOKS
from workflow.complaints.views import bp, complaint_or_404, write
from workflow.engine.actors import Role
from workflow.people.queries import holding
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import NumberField, choice, line, text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor

LABELS = {
    GROUP: "Put into a group",
    **{s.verb: s.label for s in KIND.machine.transitions if s.verb in AT_ONCE},
}


class ReasonForm(FreeTextForm):
    """Why a complaint leaves its group."""

    seen = NumberField("", [], least=0, most=999_999_999)
    reason = text("Reason", rows=3)


@bp.route("/bulk/<verb>", methods=["GET", "POST"])
@open_to(*LOOKS)
def bulk_act(verb: str) -> ResponseReturnValue:
    """Show who can and who cannot, ask once, and say what came of each."""
    if verb not in LABELS:
        abort(404)
    chosen = _chosen()
    form = _form(verb)
    into = _into(form) if verb == GROUP else None
    if request.method == "POST" and chosen and form.validate() and _fits(form, into):
        results = bulk.carry_out(
            house(),
            chosen,
            verb,
            actor(),
            _answers(verb, form),
            form_key=(form.form_key.data or new_key())[:64],
            comment=form.comment.data or "",
            disposition={name: form[name].data for name in _DISPOSITION if name in form},
            group_id=into,
            now=now(),
        )
        return render_template("complaints/bulk_done.html", label=LABELS[verb], results=results)
    references = list(chosen) or request.args.getlist("reference")
    lines = bulk.preview(references, verb, actor(), now=now())
    page = render_template(
        "complaints/bulk.html",
        verb=verb,
        label=LABELS[verb],
        form=form,
        ready=[each for each in lines if not each.why],
        blocked=[each for each in lines if each.why],
        chosen=chosen,
        most=groups.MOST,
        too_many=len(set(references)) > groups.MOST,
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/<reference>/group")
@open_to(*LOOKS)
def group(reference: str) -> ResponseReturnValue:
    """The group a complaint is in: its members, when it is due, what can be done at once."""
    complaint = complaint_or_404(reference)
    return render_template(
        "complaints/group.html",
        complaint=complaint,
        members=groups.members(complaint, actor()),
        due_at=groups.due_of(complaint, actor()),
        stages={s.state.value: s.label for s in KIND.machine.stages},
        acts=[(verb, LABELS[verb]) for verb in AT_ONCE],
        can_group=bool(actor().roles & groups.GROUPS),
    )


@bp.route("/<reference>/ungroup", methods=["GET", "POST"])
@open_to(*groups.GROUPS)
def ungroup(reference: str) -> ResponseReturnValue:
    """Take a complaint out of its group, with the reason."""
    complaint = complaint_or_404(reference)
    form = ReasonForm(data={"seen": complaint.version})

    def act() -> None:
        said, seen = form.reason.data or "", form.seen.data or 0
        groups.leave(house(), reference, actor(), said, seen=seen, now=now())

    return write(complaint, form, "Take out of the group", act)


_DISPOSITION = ("disposition", "standard_of_proof", "closing_reason", "rationale")


def _form(verb: str) -> Any:
    """The questions of the step, once for all, and the remark; for deciding, the disposition as well."""
    step = KIND.machine.step(verb)
    people = [(str(p.id), p.name) for p in holding(Role.REVIEWER)] if verb == "assign" else []
    drawn: Any = FreeTextForm
    if step is not None:
        drawn = step_form(step, in_zone(HEADQUARTERS_ZONE).zone, {"investigator": people}, late_entry=False)
    fields: dict[str, Any] = {"comment": _comment(verb)}
    if step is None:
        fields |= {
            "form_key": HiddenField(),
            "into": line(
                "Into the group of", required=False, most=24, hint="A reference; empty: a new group."
            ),
        }
    if verb == "decide":
        fields |= {
            "disposition": choice("Disposition of every allegation that has none", DISPOSITIONS),
            "standard_of_proof": choice("Standard of proof", STANDARDS_OF_PROOF),
            "closing_reason": choice("Why there is no finding", CLOSING_REASONS, required=False),
            "rationale": text("Reasons"),
        }
    made = type("BulkForm", (drawn,), fields)
    return made(data={"form_key": new_key(), "seen": 0})


def _into(form: Any) -> int | None:
    """The group of the complaint that is named on the form."""
    reference = normalise(form.into.data or "")
    try:
        case = case_for(actor(), reference) if reference else None
    except NotThere:
        return None
    return case.group_id if isinstance(case, Complaint) else None


def _fits(form: Any, into: int | None) -> bool:
    """Whether a group that is named is there."""
    if "into" in form and form.into.data and into is None:
        form.into.errors = [*form.into.errors, "There is no such complaint, or it is in no group."]
        return False
    return True


def _comment(verb: str) -> Any:
    if verb == GROUP:
        return text("Why these belong together", rows=3)
    return text("Remark, kept with each", required=False, rows=3)


def _answers(verb: str, form: Any) -> dict[str, Any]:
    if verb == GROUP:
        return {}
    # Closing without a finding asks for its reason itself.
    beside = {"comment", *(_DISPOSITION if verb == "decide" else ())}
    return {k: v for k, v in form.answers().items() if k not in beside}


def _chosen() -> dict[str, int]:
    """The complaints of the form, each with the version that the preview showed."""
    found: dict[str, int] = {}
    for written in request.form.getlist("case")[: groups.MOST]:
        reference, _, seen = written.rpartition(":")
        if seen.isascii() and seen.isdigit() and len(seen) < 10 and is_reference(reference):
            found.setdefault(reference, int(seen))
    return found
