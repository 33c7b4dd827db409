"""Pages about who must not touch a case: saying so, taking it back, letting somebody in, the list of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import HiddenField

from workflow.cases import recusal_report as report
from workflow.cases import recusing
from workflow.cases.calendars import calendar_of
from workflow.cases.models import Case
from workflow.cases.recusals import LET_IN_FOR, REASONS
from workflow.cases.recusing import MANAGES
from workflow.cases.views import case_or_404, home_of, house
from workflow.engine.actors import STAFF, Role
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.people.queries import everybody
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm, NumberField, choice, day, offer, text
from workflow.web.free_text import FreeTextForm
from workflow.web.login import actor
from workflow.web.navigation import ON_CASES
from workflow.web.paging import decode

bp = Blueprint("recusals", __name__)

LOOKS = (*MANAGES, Role.AUDITOR)
CASE = "/cases/<reference>/recusals"


class OwnForm(BaseForm):
    """One must not touch this case oneself."""

    seen = NumberField("", [], least=0, most=999_999_999)
    reason = choice("Why you must not touch this case", REASONS, radio=True)


class OtherForm(BaseForm):
    """Somebody else must not."""

    seen = NumberField("", [], least=0, most=999_999_999)
    person = choice("Who must not touch this case", [])
    reason = choice("Why", REASONS)


class PersonForm(BaseForm):
    """A button beside somebody."""

    seen = NumberField("", [], least=0, most=999_999_999)
    person = HiddenField()


class LetInForm(FreeTextForm):
    """For a few days, where nobody else can."""

    seen = NumberField("", [], least=0, most=999_999_999)
    person = choice("Who is let in", [])
    until_on = day("Until the end of", hint=f"At most {LET_IN_FOR.days} days; then it ends by itself.")
    reason = text("Why nobody else can", most=2000, rows=3)


@bp.route(f"{CASE}/new", methods=["GET", "POST"])
@open_to(*(ON_CASES - {Role.AUDITOR}))
def declare(reference: str) -> ResponseReturnValue:
    """Say that one must not touch a case oneself; it is gone from every page of theirs then."""
    case = case_or_404(reference, actor())
    form = OwnForm(data={"seen": case.version})

    def act() -> None:
        recusing.recuse(
            house(), reference, actor(), actor().id, form.reason.data, seen=form.seen.data or 0, now=now()
        )

    status = _act(form, act, case) if request.method == "POST" else 200
    if status is None:
        flash("You are recused. What you had of it was passed on.")
        return redirect(url_for("queue.show"))
    return render_template("cases/recuse.html", case=case, form=form, home=home_of(case)), status


@bp.get(CASE)
@open_to(*LOOKS)
def show(reference: str) -> ResponseReturnValue:
    """Who must not touch a case and who was let in; for managers, the ways to change it."""
    return _page(case_or_404(reference, actor()))


@bp.post(f"{CASE}/others")
@open_to(*MANAGES)
def recuse(reference: str) -> ResponseReturnValue:
    """Say it of somebody else."""
    case = case_or_404(reference, actor())
    form = OtherForm()
    offer(form.person, _colleagues())

    def act() -> None:
        recusing.recuse(
            house(),
            reference,
            actor(),
            int(form.person.data),
            form.reason.data,
            seen=form.seen.data or 0,
            now=now(),
        )

    return _done(case, "other", form, act, "They are recused. What they had of it was passed on.")


@bp.post(f"{CASE}/withdraw")
@open_to(*MANAGES)
def withdraw(reference: str) -> ResponseReturnValue:
    return _beside(reference, recusing.withdraw, "Withdrawn. Both stay on record.")


@bp.post(f"{CASE}/end")
@open_to(*MANAGES)
def end(reference: str) -> ResponseReturnValue:
    return _beside(reference, recusing.end_let_in, "They are not let in any more.")


@bp.post(f"{CASE}/let-in")
@open_to(*MANAGES)
def let_in(reference: str) -> ResponseReturnValue:
    """Let somebody recused act for a few days, where nobody else can."""
    case = case_or_404(reference, actor())
    form = LetInForm(prefix="in")
    offer(form.person, _could_be_let_in(case))

    def act() -> None:
        recusing.let_in(
            house(),
            reference,
            actor(),
            int(form.person.data),
            form.reason.data,
            until=_until(case, form.until_on.data),
            seen=form.seen.data or 0,
            now=now(),
        )

    return _done(case, "let_in", form, act, "They are let in until then. It is on record and ends by itself.")


@bp.get("/recusals")
@open_to(*LOOKS)
def index() -> ResponseReturnValue:
    """Recusals of the cases one may see, with how many for which reason, and who is let in."""
    cursor = decode(request.args.get("after"), report.CURSOR)
    page = report.listed(actor(), now=now(), after=None if cursor and None in cursor else cursor)
    return render_template("cases/recusals.html", page=page, counts=report.counts(actor(), now=now()))


# --- what the pages are made of -------------------------------------------------------------------


def _until(case: Case, last: date) -> datetime:
    """The end of a day of the office; the fifth day from now ends when five days are over."""
    calendar = calendar_of(case.office_id)
    end = datetime.combine(last, time(23, 59, 59), calendar.zone)
    is_fifth = last == calendar.day_of(now()) + LET_IN_FOR
    return now() + LET_IN_FOR if is_fifth else end


def _act(form: Any, act: Callable[[], object], case: Case) -> int | None:
    """Carry out a form; the status of the page that says why not, or None when it is done."""
    if not form.validate():
        return 422
    try:
        act()
    except Refused as refused:
        form.show(refused.refusals)
        return 422
    except Stale:
        form.outdated(case_or_404(case.reference, actor()).version)
        return 409
    return None


def _done(case: Case, name: str, form: Any, act: Callable[[], object], says: str) -> ResponseReturnValue:
    status = _act(form, act, case)
    if status is not None:
        return _page(case_or_404(case.reference, actor()), **{name: form}), status
    flash(says)
    return redirect(url_for("recusals.show", reference=case.reference))


def _beside(reference: str, change: Callable[..., object], says: str) -> ResponseReturnValue:
    case = case_or_404(reference, actor())
    form = PersonForm()

    def act() -> None:
        given = form.person.data or ""
        if not (given.isascii() and given.isdigit() and len(given) < 10):
            raise Refused(Refusal("person", "There is no such colleague."))
        change(house(), reference, actor(), int(given), seen=form.seen.data or 0, now=now())

    return _done(case, "beside", form, act, says)


def _page(case: Case, *, other: Any = None, let_in: Any = None, beside: Any = None) -> str:
    manages = bool(actor().roles & MANAGES)
    forms: dict[str, Any] = {
        "other": other or OtherForm(fresh=True, data={"seen": case.version}),
        "let_in": let_in or LetInForm(fresh=True, prefix="in", data={"seen": case.version}),
    }
    offer(forms["other"].person, _colleagues() if manages else [])
    offer(forms["let_in"].person, _could_be_let_in(case))
    return render_template(
        "cases/case_recusals.html",
        case=case,
        home=home_of(case),
        rows=report.of_case(case, now=now()),
        manages=manages,
        forms=forms,
        errors=beside.form_errors if beside else [],
        zone=str(calendar_of(case.office_id).zone),
    )


def _colleagues() -> list[tuple[str, str]]:
    return [(str(p.id), p.name) for p in everybody() if p.active and p.held & STAFF and p.id != actor().id]


def _could_be_let_in(case: Case) -> list[tuple[str, str]]:
    return [
        (str(r.person_id), r.person)
        for r in report.of_case(case, now=now())
        if r.can_be_let_in and r.person_id != actor().id
    ]
