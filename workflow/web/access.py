"""Who may open which page. Every view says so; a view that says nothing stops the start."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeAlias, TypeVar

from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflow.engine.actors import STAFF, Role
from workflow.web.errors import typed
from workflow.web.login import actor_or_none

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Door(Enum):
    """Marks that are not a set of roles."""

    #: Visitors too.
    ANYONE = "anyone"
    #: Everybody with an account, agency contacts included.
    SIGNED_IN = "signed in"


Mark: TypeAlias = frozenset[Role] | Door


def open_to(*roles: Role) -> Callable[[View], View]:
    """Mark a view as open to these roles."""
    return _mark(frozenset(roles))


def open_to_staff(view: View) -> View:
    """Mark a view as open to everybody inside the office."""
    return _mark(STAFF)(view)


def open_to_signed_in(view: View) -> View:
    """Mark a view as open to everybody with an account, agency contacts included."""
    return _mark(Door.SIGNED_IN)(view)


def open_to_anyone(view: View) -> View:
    """Mark a view as open to visitors."""
    return _mark(Door.ANYONE)(view)


def _mark(mark: Mark) -> Callable[[View], View]:
    def put(view: View) -> View:
        view.__open_to__ = mark  # type: ignore[attr-defined]
        return view

    return put


def mark_of(app: Flask, endpoint: str) -> Mark | None:
    """The mark of a view, found through decorators that keep `__wrapped__` or attributes."""
    mark: Mark | None = getattr(app.view_functions.get(endpoint), "__open_to__", None)
    return mark


def may_open(roles: frozenset[Role] | None, mark: Mark | None) -> bool:
    """Whether somebody of these roles (None: a visitor) passes this mark. An absent mark admits nobody."""
    if mark is None:
        return False
    if mark is Door.ANYONE:
        return True
    if roles is None:
        return False
    return mark is Door.SIGNED_IN or bool(mark & roles)


def refuse_unmarked(app: Flask) -> None:
    """Raise if a view does not say whom it is open to. Called at the end of `create_app`."""
    silent = sorted({r.endpoint for r in app.url_map.iter_rules() if mark_of(app, r.endpoint) is None})
    if silent:
        raise RuntimeError(f"these views do not say whom they are open to: {', '.join(silent)}")


def guard() -> ResponseReturnValue | None:
    """`before_request`: refuse by default, and send visitors to the sign-in page."""
    if request.endpoint is None:
        return None
    app: Any = current_app
    mark = mark_of(app, request.endpoint)
    actor = actor_or_none() if mark is not Door.ANYONE else None
    if may_open(actor.roles if actor else None, mark):
        return None
    if mark is None:
        raise RuntimeError(f"{request.endpoint} does not say whom it is open to")
    if actor is None:
        return _to_sign_in()
    # An agency is not told which pages the office has.
    return abort(404 if Role.AGENCY_CONTACT in actor.roles else 403)


def _to_sign_in() -> ResponseReturnValue:
    """Sign in first. A form that was sent meanwhile is shown again, so that nothing typed is lost."""
    if request.method in {"GET", "HEAD"}:
        wanted = request.full_path.rstrip("?")
        return redirect(url_for("signing.sign_in", next=wanted if wanted != "/" else None))
    return render_template("errors/signed_out.html", typed=typed()), 401
