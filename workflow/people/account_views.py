"""One's own account: name, zone, password, the address of one's calendar, signing out everywhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.machine import Refused
from workflow.people import queries, service
from workflow.people.calendar_links import HAVE_CALENDARS, end_link, link_of, make_link
from workflow.people.forms import ROLE_NAMES, AccountForm, ChangePasswordForm
from workflow.people.identity import LONGEST_SESSION, is_password_of, open_session
from workflow.web import limits
from workflow.web.access import open_to, open_to_signed_in
from workflow.web.clock import now
from workflow.web.login import account, actor

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@open_to_signed_in
def show() -> ResponseReturnValue:
    return _page()


@bp.post("")
@open_to_signed_in
def save() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate():
        return _page(about=form), 422
    service.describe(actor().id, name=form.name.data, zone=form.zone.data or None)
    flash("Saved.")
    return redirect(url_for("account.show"))


@bp.post("/password")
@open_to_signed_in
def change_password() -> ResponseReturnValue:
    """A new password ends every other session."""
    form = ChangePasswordForm()
    if not form.validate():
        return _page(password=form), 422
    key = limits.Key(limits.DEVICE, f"password:{actor().id}")
    limits.claim(key, now=now())
    if not is_password_of(account(), form.password.data):
        form.password.errors = ["This is not your present password."]
        return _page(password=form), 422
    try:
        person = service.change_password(actor().id, form.new_password.data, now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return _page(password=form), 422
    limits.forgive(key)
    open_session(person, now=now())
    flash("Your password is changed. Every other session has ended.")
    return redirect(url_for("account.show"))


@bp.post("/sign-out-everywhere")
@open_to_signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    service.sign_out_everywhere(actor().id, now=now())
    flash("You are signed out everywhere.")
    return redirect(url_for("signing.sign_in"))


@bp.post("/calendar-link")
@open_to(*HAVE_CALENDARS)
def make_calendar_link() -> ResponseReturnValue:
    """A secret address for one's calendar program, shown this once; the one before ends."""
    settings = current_app.extensions["settings"]
    token = make_link(actor().id, pepper=settings.pepper, now=now())
    link = f"{settings.base_url}{url_for('planning.feed', token=token)}"
    return render_template("people/calendar_link.html", link=link)


@bp.post("/calendar-link/end")
@open_to(*HAVE_CALENDARS)
def end_calendar_link() -> ResponseReturnValue:
    end_link(actor().id, now=now())
    flash("The address of your calendar opens nothing any more.")
    return redirect(url_for("account.show"))


def _page(about: Any = None, password: Any = None) -> str:
    person = account()
    return render_template(
        "people/account.html",
        person=person,
        about=about or AccountForm(fresh=True, data={"name": person.name, "zone": person.zone or ""}),
        password=password or ChangePasswordForm(fresh=True),
        role_names=ROLE_NAMES,
        calendar=link_of(person.id),
        sessions=queries.open_sessions(person.id, since=now() - LONGEST_SESSION),
    )
