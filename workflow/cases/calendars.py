"""The calendar in which the clocks of a case count: federal holidays in the zone of its office."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from workflow.db.session import session
from workflow.engine.calendar import OfficeCalendar
from workflow.register.models import FieldOffice

#: Where cases without a field office are counted.
HEADQUARTERS_ZONE: Final = "America/New_York"


def calendar_of(office_id: int | None) -> OfficeCalendar:
    """The office's calendar; headquarters' for a case without an office. At most one query."""
    office = session().get(FieldOffice, office_id) if office_id is not None else None
    return in_zone(office.zone if office else HEADQUARTERS_ZONE)


@cache
def in_zone(zone: str) -> OfficeCalendar:
    return OfficeCalendar(ZoneInfo(zone))
