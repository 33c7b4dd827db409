"""The signed-in person. The only module that touches Flask-Login's `current_user`.

How somebody signs in is in `people`; who that is, as an actor, is kept in `g` for the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from flask import abort, g, session
from flask_login import current_user  # type: ignore[import-untyped]

from workflow.engine.actors import Actor
from workflow.web.clock import now

#: Where a session keeps for which agencies (one, and what was merged with it) somebody outside acts.
_ACTS_FOR: Final = "acts_for"


class SignedIn(Protocol):
    """What an account has to offer."""

    def actor_at(self, *, now: datetime) -> Actor: ...


def actor_or_none() -> Actor | None:
    """The person signed in, as the rules know them; None for a visitor."""
    if "actor" not in g:
        g.actor = _as_chosen(current_user.actor_at(now=now())) if current_user.is_authenticated else None
    found: Actor | None = g.actor
    return found


def _as_chosen(whole: Actor) -> Actor:
    """Whoever answers for several agencies acts for one of them at a time; before the choice, for none."""
    if len(whole.agencies) < 2:
        return whole
    return replace(whole, agencies=whole.agencies & frozenset(session.get(_ACTS_FOR, ())))


def agencies_held() -> frozenset[int]:
    """Every agency the person signed in answers for now, whichever was chosen."""
    return frozenset() if actor_or_none() is None else current_user.actor_at(now=now()).agencies


def act_for(agency_ids: Iterable[int]) -> None:
    """From here on this session is about these agencies alone."""
    session[_ACTS_FOR] = sorted(agency_ids)
    forget_actor()


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
