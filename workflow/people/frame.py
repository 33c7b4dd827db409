"""What the frame of every page shows: the office, whoever is signed in, and where they may go."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, g

from workflow.engine.actors import Role
from workflow.people.models import Office
from workflow.people.office import office
from workflow.people.queries import agency_names
from workflow.web import navigation
from workflow.web.login import account, actor_or_none, agencies_held

#: Where an office that nobody set up yet is taken to be.
NOWHERE_YET: Final = "America/New_York"


def init_frame(app: Flask, *, version: str) -> None:
    """Give every template what its frame needs."""

    def frame() -> dict[str, Any]:
        return {
            "me": actor_or_none,
            "keys_work": keys_work,
            "navigation": lambda: navigation.links(actor_or_none()),
            "version": version,
        }

    app.context_processor(frame)
    # Macros see globals, and a page has names of its own: what the frame needs is not in its way.
    app.jinja_env.globals.update(
        has_page=navigation.has_page,
        can_open=navigation.can_open,
        this_office=this_office,
        acts_for=acts_for,
    )


def keys_work() -> bool:
    """Whether single keys do something for whoever is signed in."""
    return actor_or_none() is not None and account().keys_off_at is None


def this_office() -> Office | None:
    """The office, asked for once a request."""
    if "office" not in g:
        g.office = office()
    found: Office | None = g.office
    return found


def acts_for() -> tuple[str, bool] | None:
    """The agency a contact's pages are about now, and whether there is another one to choose.

    None for everybody inside, and for a contact of no agency; the name is empty before the choice.
    """
    actor = actor_or_none()
    if actor is None or Role.AGENCY_CONTACT not in actor.roles:
        return None
    if "acts_for" not in g:
        held = agencies_held()
        name = agency_names(actor.agencies) if actor.agencies else ""
        g.acts_for = (name, len(held) > 1) if held else None
    found: tuple[str, bool] | None = g.acts_for
    return found


def this_zone() -> str:
    """The time zone moments are shown in where a page names no other."""
    found = this_office()
    return (found.zone if found else "") or NOWHERE_YET
