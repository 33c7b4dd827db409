"""Pages for administrators: accounts, invitations, roles, offices, switching off."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.fields import HiddenField

from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.machine import Refusal, Refused
from workflow.people import queries, service
from workflow.people.forms import (
    ROLE_NAMES,
    InviteForm,
    InviteManyForm,
    OfficesForm,
    RoleForm,
    SwitchOffForm,
)
from workflow.people.models import Person
from workflow.people.roster import invite_rows
from workflow.register.models import Agency, FieldOffice
from workflow.web.access import open_to
from workflow.web.clock import now
from workflow.web.forms import BaseForm
from workflow.web.login import actor

bp = Blueprint("people", __name__, url_prefix="/people")
ADMINISTRATOR = open_to(Role.ADMINISTRATOR)


@bp.get("")
@ADMINISTRATOR
def index() -> ResponseReturnValue:
    """Everybody with an account, and what waits for a second administrator."""
    requests = queries.open_requests()
    ids = {r.person_id for r in requests} | {r.requested_by_id for r in requests}
    return render_template(
        "people/index.html",
        people=queries.everybody(),
        requests=requests,
        names=queries.names(ids),
        role_names=ROLE_NAMES,
        offices=dict(_offices()),
    )


@bp.route("/invite", methods=["GET", "POST"])
@ADMINISTRATOR
def invite() -> ResponseReturnValue:
    """Invite one person; the one-time link is shown once, on this page."""
    form = InviteForm(offices=_offices())
    if request.method == "POST" and form.validate():
        try:
            person, token = service.invite(
                form.email.data,
                form.name.data,
                [Role(r) for r in form.roles.data or ()],
                offices=[int(o) for o in form.offices.data or ()],
                agencies=_agency_ids(form.agencies.data),
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return _link_page(person, token)
    return render_template("people/invite.html", form=form), 422 if request.method == "POST" else 200


@bp.route("/invite-many", methods=["GET", "POST"])
@ADMINISTRATOR
def invite_many() -> ResponseReturnValue:
    """Invite everybody of a list; rows that cannot be used are refused with a reason, the others go in."""
    form = InviteManyForm()
    done: list[tuple[str, str]] = []
    refused: list[tuple[int, str]] = []
    if request.method == "POST" and form.validate():
        offices = {name.casefold(): int(i) for i, name in _offices()}
        for number, answer in invite_rows(form.rows.data or "", offices, by=actor(), now=now()):
            if isinstance(answer, str):
                refused.append((number, answer))
            else:
                person, token = answer
                done.append((person.name, url_for("signing.invitation", token=token, _external=True)))
    status = 422 if request.method == "POST" and not done else 200
    return render_template("people/invite_many.html", form=form, done=done, refused=refused), status


@bp.get("/export")
@ADMINISTRATOR
def export() -> ResponseReturnValue:
    """Accounts as CSV; cells that a sheet would take for a formula are made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["email", "name", "roles", "offices", "active"])
    offices = dict(_offices())
    for person in queries.everybody():
        places = ";".join(offices.get(str(o.office_id), "") for o in person.offices)
        roles = ";".join(sorted(person.held))
        row = (person.email, person.name, roles, places, "yes" if person.active else "no")
        writer.writerow([_as_text(cell) for cell in row])
    return (
        out.getvalue(),
        200,
        {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="people.csv"',
        },
    )


@bp.get("/<int:person_id>")
@ADMINISTRATOR
def show(person_id: int) -> ResponseReturnValue:
    return _person_page(_person_or_404(person_id))


@bp.post("/<int:person_id>/invitation")
@ADMINISTRATOR
def renew(person_id: int) -> ResponseReturnValue:
    """A new one-time link; earlier ones stop working."""
    person = _person_or_404(person_id)
    return _link_page(person, service.renew_invitation(person_id, by=actor(), now=now()))


@bp.post("/<int:person_id>/roles")
@ADMINISTRATOR
def give_role(person_id: int) -> ResponseReturnValue:
    """Give a role, or ask a second administrator for it."""
    form = RoleForm()

    def act() -> str:
        given = service.request_role(person_id, Role(form.role.data), by=actor(), now=now())
        return "Given." if given else "Asked for. A second administrator has to confirm it."

    return _carry_out(person_id, form, act)


@bp.post("/<int:person_id>/roles/<role>/end")
@ADMINISTRATOR
def end_role(person_id: int, role: str) -> ResponseReturnValue:
    if role not in set(Role):
        abort(404)
    form = BaseForm()

    def act() -> str:
        service.end_role(person_id, Role(role), by=actor(), now=now())
        return "Taken away."

    return _carry_out(person_id, form, act)


@bp.post("/requests/<int:request_id>")
@ADMINISTRATOR
def decide(request_id: int) -> ResponseReturnValue:
    """Confirm or decline a role somebody else asked for."""
    form = DecideForm()
    if not form.validate():
        abort(400)
    try:
        service.decide_role(request_id, granted=form.answer.data == "yes", by=actor(), now=now())
    except Refused as refused:
        flash(" ".join(r.text for r in refused.refusals))
    else:
        flash("Confirmed." if form.answer.data == "yes" else "Declined.")
    return redirect(url_for("people.index"))


@bp.post("/<int:person_id>/offices")
@ADMINISTRATOR
def place(person_id: int) -> ResponseReturnValue:
    form = OfficesForm(offices=_offices())

    def act() -> str:
        cover = [(int(o), form.until.data) for o in form.cover.data or ()]
        service.set_offices(person_id, [int(o) for o in form.home.data or ()], cover)
        return "Saved."

    return _carry_out(person_id, form, act)


@bp.post("/<int:person_id>/off")
@ADMINISTRATOR
def switch_off(person_id: int) -> ResponseReturnValue:
    """Switch an account off for good; its open work goes to the successor."""
    form = SwitchOffForm(colleagues=_colleagues(person_id))

    def act() -> str:
        successor = int(form.successor.data) if form.successor.data else None
        service.switch_off(person_id, successor_id=successor, by=actor(), now=now())
        return "Switched off."

    return _carry_out(person_id, form, act)


class DecideForm(BaseForm):
    """A button with two answers."""

    answer = HiddenField()


def _carry_out(person_id: int, form: Any, act: Any) -> ResponseReturnValue:
    person = _person_or_404(person_id)
    if form.validate():
        try:
            flash(act())
        except Refused as refused:
            form.show(refused.refusals)
        else:
            return redirect(url_for("people.show", person_id=person_id))
    return _person_page(person, form), 422


def _person_page(person: Person, sent: Any = None) -> str:
    offices = _offices()
    forms: dict[str, Any] = {
        "role": RoleForm(fresh=True),
        "offices": OfficesForm(
            fresh=True,
            offices=offices,
            data={
                "home": [str(o.office_id) for o in person.offices if o.kind == "home"],
                "cover": [str(o.office_id) for o in person.offices if o.kind == "cover"],
                "until": next((o.until for o in person.offices if o.until), None),
            },
        ),
        "off": SwitchOffForm(fresh=True, colleagues=_colleagues(person.id)),
    }
    errors: list[str] = []
    for name, form in forms.items():
        if sent is not None and type(form) is type(sent):
            forms[name] = sent
    if sent is not None:
        errors = [*sent.form_errors]
    return render_template(
        "people/show.html",
        person=person,
        forms=forms,
        errors=errors,
        role_names=ROLE_NAMES,
        requests=queries.open_requests(person.id),
    )


def _link_page(person: Person, token: str) -> str:
    link = url_for("signing.invitation", token=token, _external=True)
    return render_template("people/link.html", person=person, link=link, waits=False)


def _person_or_404(person_id: int) -> Person:
    if person_id >= 2**31:
        abort(404)
    return queries.person_or_none(person_id) or abort(404)


def _offices() -> list[tuple[str, str]]:
    found = session().execute(select(FieldOffice.id, FieldOffice.name).order_by(FieldOffice.name))
    return [(str(i), name) for i, name in found]


def _colleagues(person_id: int) -> list[tuple[str, str]]:
    return [(str(p.id), p.name) for p in queries.everybody() if p.active and p.id != person_id]


def _agency_ids(written: str | None) -> list[int]:
    """The agencies named by their short names. Raises `Refused` for one that is not there."""
    slugs = [piece.strip() for piece in (written or "").split(",") if piece.strip()]
    rows = session().scalars(select(Agency).where(Agency.slug.in_(slugs)))
    found = {agency.slug: agency.id for agency in rows}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        raise Refused(Refusal("agency", f"There is no agency “{missing[0]}”.", "agencies"))
    return [found[slug] for slug in slugs]


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
