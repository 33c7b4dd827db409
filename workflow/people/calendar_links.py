"""The secret address of one's calendar: made, made anew, ended, found. What it shows is in `planning.feed`.

Whoever has the address reads the calendar without signing in, so it is shown once and kept as a keyed hash:
neither the database nor a copy of it gives the address away.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from workflow.db.session import session, transaction
from workflow.engine.actors import Role
from workflow.people.models import CalendarLink, Person

#: Who can have something in a calendar: whoever leads inspections, or oversees agreements.
HAVE_CALENDARS: Final = (Role.FIELD_SUPERVISOR, Role.INSPECTOR)


def make_link(person_id: int, *, pepper: bytes, now: datetime) -> str:
    """A fresh secret, returned this once; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    with transaction() as writing:
        # Two presses at once come one after the other: the second one's address is the one that stands.
        writing.execute(select(Person.id).where(Person.id == person_id).with_for_update())
        _end(person_id, now)
        writing.add(CalendarLink(person_id=person_id, fingerprint=_fingerprint(token, pepper), made_at=now))
    return token


def end_link(person_id: int, *, now: datetime) -> None:
    """The address of this person opens nothing any more."""
    with transaction():
        _end(person_id, now)


def link_of(person_id: int) -> CalendarLink | None:
    """The address that stands, without its secret."""
    return session().scalar(
        select(CalendarLink).where(CalendarLink.person_id == person_id, CalendarLink.ended_at.is_(None))
    )


def link_by(token: str, *, pepper: bytes) -> CalendarLink | None:
    """The link of a secret, if it stands. One query."""
    return session().scalar(
        select(CalendarLink).where(
            CalendarLink.fingerprint == _fingerprint(token, pepper), CalendarLink.ended_at.is_(None)
        )
    )


def _end(person_id: int, now: datetime) -> None:
    session().execute(
        update(CalendarLink)
        .where(CalendarLink.person_id == person_id, CalendarLink.ended_at.is_(None))
        .values(ended_at=now)
    )


def _fingerprint(token: str, pepper: bytes) -> str:
    return hmac.new(pepper, f"calendar:{token}".encode(), hashlib.sha256).hexdigest()
