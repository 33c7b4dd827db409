"""The office that runs this database: real or a demonstration, decided once. No account is made here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.db.session import session, transaction
from workflow.engine.machine import Refusal, Refused
from workflow.people.models import Office


def office() -> Office | None:
    """The office; None as long as nothing was set up, imported or demonstrated."""
    return session().get(Office, 1)


def claim(*, is_demonstration: bool, now: datetime) -> Office:
    """Decide that this database is real, or a demonstration, for life; or agree with what was decided.

    A real one claimed by an import has no name until `plumbline init`. Raises `Refused` when it was
    decided otherwise before.
    """
    with transaction() as writing:
        found = writing.get(Office, 1)
        if found is None:
            found = Office(
                id=1,
                name="Demonstration office" if is_demonstration else "",
                address="",
                zone="America/New_York" if is_demonstration else "UTC",
                contact="",
                is_demonstration=is_demonstration,
                created_at=now,
            )
            writing.add(found)
        else:
            _agree(found, is_demonstration=is_demonstration)
    return found


def could_be_real() -> None:
    """Raises `Refused` where the database was decided to be a demonstration. Decides nothing."""
    if (found := office()) is not None:
        _agree(found, is_demonstration=False)


def _agree(found: Office, *, is_demonstration: bool) -> None:
    if found.is_demonstration != is_demonstration:
        raise Refused(Refusal("claimed", _OTHER[found.is_demonstration]))


_OTHER = {
    True: "This database holds a demonstration, which it stays. Real data needs a database of its own.",
    False: "This database holds a real office, which it stays. A demonstration needs a database of its own.",
}


def set_up(*, name: str, address: str, zone: str, contact: str, now: datetime) -> Office:
    """Give the real office its name. Raises `Refused` for a demonstration, or if it has a name already."""
    if why := why_no_zone(zone):
        raise Refused(Refusal("zone", why, "zone"))
    if not name.strip():
        raise Refused(Refusal("required", "The office needs a name.", "name"))
    with transaction():
        found = claim(is_demonstration=False, now=now)
        if found.name:
            raise Refused(Refusal("set_up", f"This database is already the one of {found.name}."))
        found.name, found.address, found.zone, found.contact = name, address, zone, contact
    return found


def why_no_zone(zone: str) -> str | None:
    """Why this is not the name of a time zone, in a sentence; None if it is one."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"{zone!r} is not the name of a time zone; write one such as America/New_York."
    return None
