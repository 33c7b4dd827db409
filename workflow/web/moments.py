"""A field for a moment of an office's day: a date with a time, read in that office's zone."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from wtforms.fields import StringField

from workflow.web.forms import Needed, read_day

#: The day has so many characters: a long text is not looked through again from each of its own.
_FORM: Final = re.compile(r"([0-9/-]{6,12})[T ]+([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)


class MomentField(StringField):
    """A moment as 2026-01-31 14:30 in a zone; an hour its clocks skip or repeat is refused in words."""

    data: Any

    def __init__(self, label: str, validators: list[Any], *, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.zone = zone

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.data.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        written = valuelist[0].strip() if valuelist else ""
        if written:
            self.data = read_moment(written, self.zone)


def read_moment(written: str, zone: ZoneInfo) -> datetime:
    """A moment in an office's zone. Raises `ValueError` with a sentence."""
    found = _FORM.fullmatch(written)
    if not found:
        raise ValueError("Write the date and time as 2026-01-31 14:30.")
    day, hour, minute = read_day(found[1]), int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        raise ValueError("There is no such time of day.")
    local = datetime.combine(day, time(hour, minute), zone)
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        if local.utcoffset() < local.replace(fold=1).utcoffset():  # type: ignore[operator]
            raise ValueError("The clocks skip this hour on that day. Write another time.")
        raise ValueError("This hour happens twice on that day. Write a time outside it.")
    return local


def moment(label: str, zone: ZoneInfo, *, required: bool = True, hint: str = "") -> MomentField:
    """A date and time in an office's zone."""
    return MomentField(
        label,
        [Needed()] if required else [],
        zone=zone,
        description=hint,
        render_kw={"type": "datetime-local"},
    )
