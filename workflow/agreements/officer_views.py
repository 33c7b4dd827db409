"""The roster of an agreement: who is on it, how each stands, and what is due next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.agreements import queries
from workflow.agreements.models import AgreementLife
from workflow.agreements.officer_forms import EnterForm, RecordForm
from workflow.agreements.officers import KEEPS, days_of, enter_officer, of_agreement, record_officer
from workflow.agreements.views import bp
from workflow.cases.access import NotThere
from workflow.cases.views import case_or_404, house
from workflow.engine.actors import Role
from workflow.engine.machine import Refused, Stale
from workflow.policy import queries as policy
from workflow.register.queries import officers_standing, record_of
from workflow.register.training import COURSES, SAID, course_of, standing
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm
from workflow.web.login import actor

KEEPERS = (Role.FIELD_SUPERVISOR, Role.MANAGER, Role.PROGRAMME_MANAGER)
READERS = (*KEEPERS, Role.INSPECTOR, Role.AUDITOR)
#: What was passed, or not, in words.
PASSED = {**dict(COURSES), "certification": "Certified", "failed": "Examination not passed"}


@bp.get("/<reference>/officers")
@open_to(*READERS)
def officers(reference: str) -> ResponseReturnValue:
    """Everybody on the roster: lapsed first, then what is due soonest."""
    life = _life(reference)
    record = queries.record_of(life)
    today = now().date()
    book = policy.in_force(today)[1]
    rows = officers_standing([record.id], today, book).get(record.id, [])
    rows.sort(key=lambda row: (not row[1].lapses, not row[1].acts, row[1].next.on if row[1].next else today))
    return render_template(
        "agreements/officers.html",
        life=life,
        record=record,
        rows=rows,
        course=course_of(book, record.model),
        keeps=bool(actor().roles & KEEPS),
    )


@bp.route("/<reference>/officers/new", methods=["GET", "POST"])
@open_to(*KEEPERS)
def new_officer(reference: str) -> ResponseReturnValue:
    """Put somebody on the roster whom the agency nominated."""
    life = _life(reference)
    form = EnterForm(data={"seen": life.version})

    def write() -> None:
        enter_officer(
            house(),
            reference,
            actor(),
            number=form.number.data or "",
            name=form.name.data or "",
            nominated_on=form.nominated_on.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    if request.method == "POST" and form.validate():
        return _written(life, form, write, "The officer is on the roster.", "agreements/officer_new.html", {})
    return _page("agreements/officer_new.html", life, form, {})


@bp.route("/<reference>/officers/<int:officer_id>", methods=["GET", "POST"])
@open_to(*KEEPERS)
def officer(reference: str, officer_id: int) -> ResponseReturnValue:
    """One officer: what is on record, and what happened since."""
    life = _life(reference)
    try:
        found = of_agreement(life, officer_id)
    except NotThere:
        abort(404)
    form = RecordForm(data={"seen": life.version})

    def write() -> None:
        record_officer(
            house(),
            reference,
            officer_id,
            actor(),
            form.what.data,
            form.on.data,
            score=form.score.data,
            until=form.until.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    today = now().date()
    course = course_of(policy.in_force(today)[1], life.model or "")
    shown = {
        "officer": found,
        "days": [(SAID[name], day) for name, day in days_of(found).items()],
        "passed": [
            (PASSED.get(t.kind, t.kind), t.passed_on, t.score)
            for t in sorted(found.trainings, key=lambda t: t.passed_on, reverse=True)
        ],
        "stands": standing(record_of(found), course, today),
    }
    if request.method == "POST" and form.validate():
        return _written(life, form, write, "It is recorded.", "agreements/officer.html", shown)
    return _page("agreements/officer.html", life, form, shown)


def _life(reference: str) -> AgreementLife:
    life = case_or_404(reference, actor())
    if not isinstance(life, AgreementLife):
        abort(404)
    return life


def _written(
    life: AgreementLife,
    form: BaseForm,
    write: Callable[[], None],
    said: str,
    template: str,
    shown: dict[str, Any],
) -> ResponseReturnValue:
    reference = life.reference
    try:
        write()
    except Refused as refused:
        form.show(refused.refusals)
        return _page(template, _life(reference), form, shown)
    except NotThere:
        abort(404)
    except Stale:
        fresh = _life(reference)
        form.outdated(fresh.version)
        return _page(template, fresh, form, shown, status=409)
    flash(said)
    return redirect(url_for("agreements.officers", reference=reference))


def _page(
    template: str, life: AgreementLife, form: BaseForm, shown: dict[str, Any], *, status: int = 0
) -> ResponseReturnValue:
    page = render_template(template, life=life, form=form, **shown)
    return page, status or (422 if request.method == "POST" else 200)
