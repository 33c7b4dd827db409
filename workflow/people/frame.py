"""What the frame of every page shows: the office, whoever is signed in, and where they may go."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, g

from workflow.people.models import Office
from workflow.people.office import office
from workflow.web import navigation
from workflow.web.login import account, actor_or_none

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
        has_page=navigation.has_page, can_open=navigation.can_open, this_office=this_office
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


def this_zone() -> str:
    """The time zone moments are shown in where a page names no other."""
    found = this_office()
    return (found.zone if found else "") or NOWHERE_YET
