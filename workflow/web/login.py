"""The signed-in person. The only module that touches Flask-Login's `current_user`.

How somebody signs in is in `people`; who that is, as an actor, is kept in `g` for the request.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from flask import abort, g
from flask_login import current_user  # type: ignore[import-untyped]

from workflow.engine.actors import Actor
from workflow.web.clock import now


class SignedIn(Protocol):
    """What an account has to offer."""

    def actor_at(self, *, now: datetime) -> Actor: ...


def actor_or_none() -> Actor | None:
    """The person signed in, as the rules know them; None for a visitor."""
    if "actor" not in g:
        g.actor = current_user.actor_at(now=now()) if current_user.is_authenticated else None
    found: Actor | None = g.actor
    return found


def actor() -> Actor:
    """The person signed in; 401 if nobody is."""
    return actor_or_none() or abort(401)


def account() -> Any:
    """The signed-in account itself, for its owner's own pages; 401 if nobody is signed in."""
    if actor_or_none() is None:
        abort(401)
    return current_user._get_current_object()


def forget_actor() -> None:
    """Ask again who is signed in: for whatever signs somebody in or out."""
    g.pop("actor", None)
