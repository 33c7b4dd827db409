"""Signing in and out, and the one-time link. Passwords and sessions themselves are in `identity`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from workflow.engine.machine import Refused
from workflow.people import queries, service
from workflow.people.forms import NewPasswordForm, SignInForm
from workflow.people.identity import close_session, is_password_of, open_session, renew_hash
from workflow.people.models import Person
from workflow.people.office import office
from workflow.web import limits
from workflow.web.access import open_to_anyone
from workflow.web.clock import now
from workflow.web.errors import TooMany, too_early
from workflow.web.login import actor_or_none

bp = Blueprint("signing", __name__)

WRONG: Final = "The address and the password do not belong together, or the account is not in use."


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """A way in that a demonstration prints for everybody."""

    name: str
    roles: str
    email: str
    password: str


#: Who can sign in to the demonstration; the room `demo` registers here. Asked in demonstrations only.
demonstration_accounts: Final[list[Callable[[], Iterable[DemonstrationAccount]]]] = []


@bp.get("/login")
@open_to_anyone
def sign_in() -> ResponseReturnValue:
    target = own_path(request.args.get("next"))
    if actor_or_none() is not None:
        return redirect(target)
    return _sign_in_page(SignInForm(data={"next": request.args.get("next", "")}))


@bp.post("/login")
@open_to_anyone
def sign_in_now() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    device = _device()
    keys = _keys(form.email.data, device)
    try:
        limits.claim(*keys, now=now())
    except TooMany as early:
        form.form_errors.append(f"Too many attempts. {early.says}")
        return too_early(early, _sign_in_page(form))
    person = _checked(form.email.data, form.password.data)
    if person is None:
        form.form_errors.append(WRONG)
        return _sign_in_page(form), 422
    limits.forgive(*(key for key in keys if key.limit is not limits.ADDRESS))
    open_session(person, now=now())
    answer = make_response(redirect(own_path(form.next.data)))
    _remember_device(answer, device, person)
    return answer


@bp.post("/logout")
@open_to_anyone
def sign_out() -> ResponseReturnValue:
    close_session(now=now())
    flash("You are signed out.")
    return redirect(url_for("start.index"))


@bp.get("/invitation/<token>")
@open_to_anyone
def invitation(token: str) -> ResponseReturnValue:
    found = queries.invitation_by(token, now=now())
    if found is None:
        return _over(token)
    return _invitation_page(NewPasswordForm(), queries.person_or_none(found.person_id))


@bp.post("/invitation/<token>")
@open_to_anyone
def accept_invitation(token: str) -> ResponseReturnValue:
    limits.claim(limits.Key(limits.PUBLIC_FORM, f"invitation:{limits.network()}"), now=now())
    found = queries.invitation_by(token, now=now())
    if found is None:
        return _over(token)
    form = NewPasswordForm()
    person = queries.person_or_none(found.person_id)
    if not form.validate():
        return _invitation_page(form, person), 422
    try:
        accepted = service.accept(token, form.new_password.data, now=now())
    except Refused as refused:
        form.show(refused.refusals)
        return _invitation_page(form, person), 422
    open_session(accepted, now=now())
    flash("Your password is set, and you are signed in.")
    return redirect(url_for("start.index"))


def own_path(target: str | None) -> str:
    """Where to go next: a path of ours as it was asked for, the start page for anything else."""
    start = url_for("start.index")
    if not target or not target.startswith("/") or target.startswith("//"):
        return start
    if any(ord(character) < 33 or character == "\\" for character in target):
        return start
    parts = urlsplit(target)
    return start if parts.scheme or parts.netloc or parts.path == url_for("signing.sign_out") else target


def _sign_in_page(form: SignInForm) -> str:
    accounts: list[DemonstrationAccount] = []
    found = office()
    if found is not None and found.is_demonstration:
        accounts = [account for hook in demonstration_accounts for account in hook()]
    return render_template("security/sign_in.html", form=form, accounts=accounts)


def _over(token: str) -> ResponseReturnValue:
    """Why a link no longer works, to whoever has it, and what to do."""
    ended, at = queries.how_it_ended(token, now=now())
    return render_template("security/invitation_over.html", ended=ended, ran_out_at=at), 404


def _invitation_page(form: NewPasswordForm, person: Person | None) -> str:
    return render_template("security/invitation.html", form=form, person=person)


def _checked(email: str, password: str) -> Person | None:
    person = queries.by_email(email)
    if not is_password_of(person, password):
        return None
    assert person is not None
    renew_hash(person, password)
    return person


# --- machines that have signed in before ---------------------------------------------------------


def _keys(email: str, device: dict[str, Any]) -> list[limits.Key]:
    """What is counted: the network, and the account (apart for a machine its owner has used before)."""
    account = email.strip().casefold()
    known = _mark(account) in device["accounts"]
    of_account = (
        limits.Key(limits.DEVICE, f"{account}:{device['id']}")
        if known
        else limits.Key(limits.ACCOUNT, account)
    )
    return [limits.Key(limits.ADDRESS, limits.network()), of_account]


def _device() -> dict[str, Any]:
    fresh = {"id": secrets.token_urlsafe(16), "accounts": []}
    try:
        kept = _serializer().loads(request.cookies.get(_cookie(), ""))
    except BadSignature:
        return fresh
    is_ours = isinstance(kept, dict) and isinstance(kept.get("accounts"), list) and kept.get("id")
    return kept if is_ours else fresh


def _remember_device(answer: Response, device: dict[str, Any], person: Person) -> None:
    mark = _mark(person.email)
    device["accounts"] = [mark, *(other for other in device["accounts"] if other != mark)][:5]
    answer.set_cookie(
        _cookie(),
        _serializer().dumps(device),
        max_age=180 * 24 * 3600,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="device")


def _mark(account: str) -> str:
    return sha256(f"{current_app.config['SECRET_KEY']}:{account}".encode()).hexdigest()[:16]
