"""Passwords and sessions, by Flask-Security kept small. The pages are in `signing` and `account`."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, request, session
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.proxies import _pwd_context
from flask_security.utils import hash_password, login_user, logout_user, verify_password
from sqlalchemy import select, update

from workflow.db.session import db, transaction
from workflow.db.session import session as database
from workflow.engine.machine import Refusal, Refused
from workflow.people.models import Person, PersonRole, SignIn
from workflow.settings import Settings
from workflow.web.clock import now as request_now
from workflow.web.login import forget_actor

#: A session ends after so long, however busy it is.
LONGEST_SESSION: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 12
#: What many people would choose; NIST SP 800-63B asks to refuse such.
COMMON: Final = ("password", "qwerty", "letmein", "welcome", "administrator", "plumbline", "123456")

_CHEAP: Final = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


def init_identity(app: Flask, settings: Settings) -> None:
    """Set up hashing and the loading of whoever is signed in."""
    app.config |= {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": _CHEAP if settings.testing else {},
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SESSION_PROTECTION": "strong",
    }
    store = SQLAlchemyUserDatastore(db, Person, PersonRole)  # type: ignore[arg-type]
    security = Security(app, store, register_blueprint=False)
    manager: Any = security.login_manager
    manager.user_loader(_load)
    manager.request_loader(None)  # no tokens: a session is the only way in
    # Strong protection by browser, not by address: a supervisor's tablet changes networks all day.
    manager._session_identifier_generator = _browser


def _browser() -> str:
    return hashlib.sha256(request.headers.get("User-Agent", "").encode()).hexdigest()


def _load(uniquifier: str) -> Person | None:
    """The person of a session that is still open. One query."""
    token = session.get("sign_in")
    # Flask-Login protects a session that has an end (as ours all have) only weakly: so we look ourselves.
    if not token or session.get("_id") != _browser():
        return None
    return (
        database()
        .scalars(
            select(Person)
            .join(SignIn, SignIn.person_id == Person.id)
            .where(
                Person.fs_uniquifier == uniquifier,
                Person.active.is_(True),
                SignIn.token_hash == hash_token(token),
                SignIn.ended_at.is_(None),
                SignIn.started_at > request_now() - LONGEST_SESSION,
            )
        )
        .unique()
        .one_or_none()
    )


def open_session(person: Person, *, now: datetime) -> None:
    """Sign this person in, in a session that has nothing of the one before."""
    token = secrets.token_urlsafe(32)
    with transaction() as writing:
        person.last_sign_in_at = now
        writing.add(SignIn(person_id=person.id, token_hash=hash_token(token), started_at=now))
    session.clear()
    login_user(person, authn_via=["password"])
    session["sign_in"] = token
    session.permanent = True
    forget_actor()


def close_session(*, now: datetime) -> None:
    """Sign out: the session ends here and in the database."""
    token = session.get("sign_in", "")
    with transaction() as writing:
        writing.execute(
            update(SignIn)
            .where(SignIn.token_hash == hash_token(token), SignIn.ended_at.is_(None))
            .values(ended_at=now)
        )
    logout_user()
    session.clear()
    forget_actor()


def end_sessions(person: Person, *, now: datetime) -> None:
    """End every session of this person, here and everywhere. Call inside `transaction()`."""
    person.fs_uniquifier = secrets.token_hex(32)
    database().execute(
        update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def set_password(person: Person, password: str, *, now: datetime) -> None:
    """Give a new password and end every session. Call inside `transaction()`. Raises `Refused`."""
    if why := why_unfit(password, person):
        raise Refused(Refusal("password", why, "new_password"))
    person.password = hash_password(normalised(password))
    end_sessions(person, now=now)


def is_password_of(person: Person | None, password: str) -> bool:
    """Whether the password is right. Takes as long for nobody, so that it tells nothing about accounts."""
    given = normalised(password)
    if person is None or person.password is None:
        hash_password(given)
        return False
    return verify_password(given, person.password) and person.active


def renew_hash(person: Person, password: str) -> None:
    """Hash a right password anew if today's settings are stronger than those it was hashed with."""
    if person.password is not None and _pwd_context.needs_update(person.password):
        with transaction():
            person.password = hash_password(normalised(password))


def why_unfit(password: str, person: Person) -> str | None:
    """Why this cannot be the person's password, in a sentence; None if it can."""
    folded = normalised(password).casefold()
    if len(folded) < SHORTEST_PASSWORD:
        return f"Use at least {SHORTEST_PASSWORD} characters. A few words in a row are easy to remember."
    if len(set(folded)) < 5:
        return "Use more different characters."
    own = {person.email, person.email.split("@", maxsplit=1)[0], person.name.casefold()}
    if folded in own or any(folded.startswith(word) and len(folded) < len(word) + 6 for word in COMMON):
        return "This is among the first that would be guessed. Choose another."
    return None


def normalised(password: str) -> str:
    """NFKD, as Flask-Security would: the same password from every keyboard."""
    return unicodedata.normalize("NFKD", password)


def hash_token(token: str) -> str:
    """How a one-time or session token is kept: it has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
