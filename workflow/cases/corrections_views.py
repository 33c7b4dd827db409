"""Pages for putting a mistake right: undo the last step, correct an answer, move an entry."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from workflow.cases import story
from workflow.cases.corrections import move_entry, supersede
from workflow.cases.mistakes import MAY_CORRECT
from workflow.cases.models import Case
from workflow.cases.references import normalise
from workflow.cases.undoing import undo, undoable
from workflow.cases.views import case_or_404, home_of, house
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm, NumberField, choice, line, offer, text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor

bp = Blueprint("corrections", __name__, url_prefix="/cases/<reference>/corrections")


class UndoForm(FreeTextForm):
    seen = NumberField("", [], least=0, most=999_999_999)
    reason = text("What was wrong", most=2000, rows=3)


class SupersedeForm(UndoForm):
    entry = choice("Which answer", [])
    value = text("What is right", most=5000, rows=3, hint="A date as 2026-01-31.")


class MoveForm(UndoForm):
    entry = choice("Which entry", [])
    to = line("Reference of the case it belongs to", most=40)


@bp.get("/")
@open_to(*MAY_CORRECT)
def choose(reference: str) -> ResponseReturnValue:
    """What can be put right on this case."""
    case = case_or_404(reference, actor())
    return _page(case, None, None)


@bp.post("/undo")
@open_to(*MAY_CORRECT)
def undo_step(reference: str) -> ResponseReturnValue:
    case = case_or_404(reference, actor())
    form = UndoForm(prefix="undo-")

    def act() -> Any:
        return undo(
            house(), reference, actor(), reason=form.reason.data or "", seen=form.seen.data or 0, now=now()
        )

    return _carry_out(case, form, "undo", act)


@bp.post("/supersede")
@open_to(*MAY_CORRECT)
def correct_answer(reference: str) -> ResponseReturnValue:
    case = case_or_404(reference, actor())
    form = SupersedeForm(prefix="supersede-")
    offer(form.entry, _answers(case))

    def act() -> Any:
        version, _, name = (form.entry.data or "").partition(":")
        return supersede(
            house(),
            reference,
            actor(),
            version=int(version),
            name=name,
            value=form.value.data or "",
            reason=form.reason.data or "",
            seen=form.seen.data or 0,
            now=now(),
        )

    return _carry_out(case, form, "supersede", act)


@bp.post("/move")
@open_to(*MAY_CORRECT)
def move(reference: str) -> ResponseReturnValue:
    case = case_or_404(reference, actor())
    form = MoveForm(prefix="move-")
    offer(form.entry, _entries(case))

    def act() -> Any:
        target = normalise(form.to.data or "")
        if target is None:
            raise Refused(Refusal("reference", "This is not a reference; look at it again.", "to"))
        case_or_404(target, actor())
        return move_entry(
            house(),
            reference,
            actor(),
            version=int(form.entry.data or 0),
            to_reference=target,
            reason=form.reason.data or "",
            seen=form.seen.data or 0,
            now=now(),
        )

    return _carry_out(case, form, "move", act)


def _carry_out(case: Case, form: BaseForm, which: str, act: Any) -> ResponseReturnValue:
    if form.validate():
        try:
            done = act()
        except Refused as refused:
            form.show(refused.refusals)
        except Stale:
            case = case_or_404(case.reference, actor())
            form.outdated(case.version)
            return _page(case, which, form), 409
        else:
            flash(
                "Asked for. It happens when a manager has confirmed it."
                if done.awaits_second
                else "Put right. Both the old and the new stay on record."
            )
            return redirect(home_of(case))
    return _page(case, which, form), 422


def _page(case: Case, which: str | None, form: BaseForm | None) -> str:
    seen = {"seen": case.version}
    forms: dict[str, Any] = {
        "undo": UndoForm(prefix="undo-", fresh=True, data=seen),
        "supersede": SupersedeForm(prefix="supersede-", fresh=True, data=seen),
        "move": MoveForm(prefix="move-", fresh=True, data=seen),
    }
    if which is not None:
        forms[which] = form
    offer(forms["supersede"].entry, _answers(case))
    offer(forms["move"].entry, _entries(case))
    machine = house().kind_of(case).machine
    last = undoable(house(), case)
    step = machine.step(last.verb) if last else None
    return render_template(
        "cases/corrections.html", case=case, home=home_of(case), forms=forms, sent=which, last=last, step=step
    )


def _answers(case: Case) -> list[tuple[str, str]]:
    """Every answer of every entry, by entry and name."""
    machine = house().kind_of(case).machine
    page = story.page(house(), case, actor(), now=now())
    found: list[tuple[str, str]] = []
    for entry in page.entries:
        event = next(e for e in case.events if e.version == entry.version)
        step = machine.step(event.verb)
        labels = {a.label: a.name for a in step.asks} if step else {}
        found += [
            (f"{entry.version}:{labels[label]}", f"{entry.label}, {label}: {value[:60]}")
            for label, value in entry.answers
            if label in labels
        ]
    return found


def _entries(case: Case) -> list[tuple[str, str]]:
    """Entries that changed no state."""
    page = story.page(house(), case, actor(), now=now())
    staying = {e.version for e in case.events if e.source == e.target}
    return [(str(e.version), e.label) for e in page.entries if e.version in staying]
