"""Calendar files against the text of RFC 5545."""

from __future__ import annotations

from datetime import date

from tests.cast import MONDAY
from tests.planning.reading_calendars import events_of, unfolded
from workflow.planning.ical import Entry, calendar_file


def entry(summary: str = "Inspection", **more: object) -> Entry:
    given = {
        "uid": "I-1-visit@plumbline",
        "sequence": 3,
        "first": date(2026, 12, 31),
        "last": date(2026, 12, 31),
        "summary": summary,
        "description": "I-1",
        "address": "http://localhost/inspections/I-1",
    }
    return Entry(**given | more)  # type: ignore[arg-type]


def test_a_day_ends_on_the_next_one_and_the_moment_is_utc():
    written = calendar_file("Inspections", [entry()], written_at=MONDAY)

    (event,) = events_of(written)
    assert event["DTSTART;VALUE=DATE"] == "20261231"
    assert event["DTEND;VALUE=DATE"] == "20270101"
    assert event["DTSTAMP"] == "20260105T140000Z"


def test_lines_end_in_crlf_and_are_folded_at_75_octets_never_through_a_character():
    name = "Sheriff's Office of " + "Ñandú " * 30

    written = calendar_file("Inspections", [entry(name)], written_at=MONDAY).encode()

    assert written.endswith(b"END:VCALENDAR\r\n")
    lines = written.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) == 75
    assert [line.decode() for line in lines]  # each piece is whole characters
    assert events_of(written.decode())[0]["SUMMARY"] == name


def test_signs_are_escaped_and_no_name_makes_a_line_of_its_own():
    name = "Alder; Birch, \\ and\r\nEND:VCALENDAR\x00\tx"

    written = calendar_file("Inspections", [entry(name)], written_at=MONDAY)

    assert "SUMMARY:Alder\\; Birch\\, \\\\ and\\nEND:VCALENDAR  x" in unfolded(written)
    assert unfolded(written).count("END:VCALENDAR") == 1


def test_nothing_is_a_whole_calendar_too():
    lines = unfolded(calendar_file("Inspections", [], written_at=MONDAY))

    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "END:VTIMEZONE",
        "END:VCALENDAR",
    ]  # fmt: skip
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"} < set(lines)


def test_what_is_cancelled_takes_no_time():
    written = calendar_file("Inspections", [entry(status="CANCELLED"), entry()], written_at=MONDAY)

    first, second = events_of(written)
    assert (first["STATUS"], first["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert (second["STATUS"], second["TRANSP"]) == ("CONFIRMED", "OPAQUE")
