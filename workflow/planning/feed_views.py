"""The calendar of one person for their calendar program: a secret address, no signing in. Adds to `views`.

The address is a secret: it stands in no log of ours, and `deploy/nginx.conf` keeps it out of its own.
"""

from __future__ import annotations

from typing import Final

from flask import Response, abort, current_app
from flask.typing import ResponseReturnValue

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.engine.actors import Actor
from workflow.people.calendar_links import HAVE_CALENDARS, link_by
from workflow.people.office import office
from workflow.people.queries import actor_of
from workflow.planning.feed import entries
from workflow.planning.ical import calendar_file
from workflow.planning.views import bp
from workflow.web import limits
from workflow.web.access import open_to_anyone
from workflow.web.clock import now

NAME: Final = "Inspections"


@bp.get("/calendar-feed/<token>.ics")
@open_to_anyone
def feed(token: str) -> ResponseReturnValue:
    """The calendar of whoever made this address, as they may see it now; 404 if they may see none."""
    person = _whose(token)
    settings, this = current_app.extensions["settings"], office()
    is_demonstration = this is not None and this.is_demonstration
    written = calendar_file(
        f"{NAME} (demonstration)" if is_demonstration else NAME,
        entries(
            person,
            base_url=settings.base_url,
            today=in_zone(HEADQUARTERS_ZONE).day_of(now()),
            demonstration=is_demonstration,
        ),
        written_at=now(),
    )
    answer = Response(written, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = 'inline; filename="inspections.ics"'
    return answer


def _whose(token: str) -> Actor:
    link = link_by(token, pepper=current_app.extensions["settings"].pepper)
    if link is None:
        limits.claim(limits.Key(limits.NO_FEED, limits.network()), now=now())
        abort(404)
    limits.claim(limits.Key(limits.FEED, str(link.id)), now=now())
    person = actor_of(link.person_id, now=now())
    return person if person.roles & frozenset(HAVE_CALENDARS) else abort(404)
