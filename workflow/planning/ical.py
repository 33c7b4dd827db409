"""Calendars as files: iCalendar (RFC 5545), of days only. What stands in one is in `feed`; no database here.

Days have no zone, so none is described but UTC, in which the moment of writing is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

#: A line is folded before it is longer than this, in octets without its end (3.1).
LONGEST: Final = 75
#: A calendar has at least one component (3.6), also while nothing stands in it.
_UTC: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on one or more whole days. `sequence` grows with every change (3.8.7.4)."""

    uid: str
    sequence: int
    first: date
    last: date
    summary: str
    description: str
    address: str
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"] = "CONFIRMED"
    #: Whether the person is taken up by it (3.8.2.7).
    is_busy: bool = True


def calendar_file(name: str, entries: Iterable[Entry], *, written_at: datetime) -> str:
    """A whole calendar, ready to be sent as UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Plumbline//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",  # RFC 7986; the next line says the same to older programs
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *_UTC,
    ]
    for entry in entries:
        lines += _event(entry, written_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def _event(entry: Entry, written_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
        # The end of whole days is the day after (3.6.1).
        f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{text(entry.summary)}",
        f"DESCRIPTION:{text(entry.description)}",
        f"URL:{entry.address}",
        f"STATUS:{entry.status}",
        f"TRANSP:{'OPAQUE' if entry.is_busy and entry.status != 'CANCELLED' else 'TRANSPARENT'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def text(value: str) -> str:
    """A value of type TEXT (3.3.11): its signs escaped, and no control character."""
    value = value.replace("\r\n", "\n")
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(sign, written)
    return "".join(" " if c < " " or c == "\x7f" else c for c in value)


def folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, never through a character; the first alone has no blank."""
    piece, room = "", LONGEST
    for c in line:
        size = len(c.encode())
        if size > room:
            yield piece
            piece, room = " ", LONGEST - 1
        piece += c
        room -= size
    yield piece
