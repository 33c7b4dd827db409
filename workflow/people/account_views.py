"""One's own account: name, zone, password, signing out everywhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.machine import Refused
from workflow.people import queries, service
from workflow.people.forms import ROLE_NAMES, AccountForm, ChangePasswordForm
from workflow.people.identity import LONGEST_SESSION, is_password_of, open_session
from workflow.web import limits
from workflow.web.access import open_to_signed_in
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


def _page(about: Any = None, password: Any = None) -> str:
    person = account()
    return render_template(
        "people/account.html",
        person=person,
        about=about or AccountForm(fresh=True, data={"name": person.name, "zone": person.zone or ""}),
        password=password or ChangePasswordForm(fresh=True),
        role_names=ROLE_NAMES,
        sessions=queries.open_sessions(person.id, since=now() - LONGEST_SESSION),
    )
