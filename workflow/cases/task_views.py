"""The page of one task and its moves; claiming and giving back from the queue."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.cases import sealed, story
from workflow.cases.access import NotThere
from workflow.cases.calendars import HEADQUARTERS_ZONE
from workflow.cases.forms import new_key, step_form
from workflow.cases.models import Task
from workflow.cases.promises import is_follow_up
from workflow.cases.queue_views import WORKERS
from workflow.cases.task_machine import TASK
from workflow.cases.task_moves import could_hold, facts_of, move, moves_open, task_for
from workflow.cases.views import case_or_404, house
from workflow.engine.actors import STAFF
from workflow.engine.machine import AskKind, Refused, Stale
from workflow.people.queries import names
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.login import actor

bp = Blueprint("tasks", __name__, url_prefix="/cases/<reference>/tasks/<int(max=99999):number>")


@bp.get("/")
@open_to(*WORKERS)
def show(reference: str, number: int) -> ResponseReturnValue:
    """One task: whose it is, until when, what can be done with it, and its log."""
    task, who = _task_or_404(reference, number), actor()
    kind = house().kind_of(task.case)
    reads = kind.reads(who, task.case)
    reasons = sealed.reasons(task, house().keyring)
    ids = {m.actor_id for m in task.moves} | {m.holder_id for m in task.moves if m.holder_id}
    return render_template(
        "cases/task.html",
        task=task,
        due_words=story.when_due(task, kind.machine, who, reads=reads, now=now()),
        is_follow_up=is_follow_up(task),
        offers=moves_open(task, who, now=now()),
        version=task.move_count,
        # An agency is not told who does what inside the office.
        people=names(ids) if who.roles & STAFF else {who.id: who.name},
        reasons={m.id: reasons.get(m.id) for m in task.moves if reads or m.actor_id == who.id},
        labels={step.verb: step.label for step in TASK.transitions},
        key=new_key(),
    )


@bp.route("/<verb>", methods=["GET", "POST"])
@open_to(*WORKERS)
def take(reference: str, number: int, verb: str) -> ResponseReturnValue:
    """Make a move; one without questions happens at once."""
    step = TASK.step(verb)
    if step is None or step.is_entry or not step.by & actor().roles:
        abort(404)
    if request.method == "POST" and _is_gone(reference, number):
        return _moved_on(reference, step_form(step, ZoneInfo(HEADQUARTERS_ZONE), {}, late_entry=False)())
    task = _task_or_404(reference, number)
    options = {a.name: could_hold(task, now=now()) for a in step.asks if a.kind is AskKind.PERSON}
    drawn = step_form(step, ZoneInfo(task.zone), options, late_entry=False)
    form = drawn(data={"seen": task.move_count, "form_key": new_key()})
    if request.method == "POST" and form.validate():
        try:
            _move(task, verb, form)
        except Refused as refused:
            form.show(refused.refusals)
        except (Stale, NotThere):
            return _moved_on(reference, form)
        else:
            flash(f"{task.title}: {step.label.lower()}.")
            return redirect(_back(task))
    page = render_template("cases/task_move.html", task=task, step=step, form=form, facts=facts_of(task))
    return page, 422 if request.method == "POST" else 200


def _is_gone(reference: str, number: int) -> bool:
    """Whether a task of a case one sees is done, or somebody else's, by now."""
    case = case_or_404(reference, actor())
    try:
        return task_for(actor(), reference, number).closed_at is not None
    except NotThere:
        return any(t.number == number for t in case.tasks)


def _moved_on(reference: str, form: Any) -> ResponseReturnValue:
    """Somebody else was quicker; what was typed is shown, so that it can be copied."""
    case = case_or_404(reference, actor())
    return render_template("cases/task_moved_on.html", case=case, form=form), 409


def _task_or_404(reference: str, number: int) -> Task:
    try:
        return task_for(actor(), reference, number)
    except NotThere:
        abort(404)


def _move(task: Task, verb: str, form: Any) -> None:
    seen = form.seen.data or 0
    move(house(), actor(), task.reference, task.number, verb, form.answers(), seen=seen, now=now())


def _back(task: Task) -> str:
    if request.form.get("back") == "queue":
        return url_for("queue.show")
    return url_for("cases.show", reference=task.reference)
