"""Calendar files read back, by a few lines of their own. No test lives here."""

from __future__ import annotations

import re


def unfolded(written: str) -> list[str]:
    """The lines of a calendar file as they were before folding."""
    return written.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def events_of(written: str) -> list[dict[str, str]]:
    """The events of a calendar file: each property with its parameters, and its value unescaped."""
    found: list[dict[str, str]] = []
    inside = False
    for line in unfolded(written):
        if line in ("BEGIN:VEVENT", "END:VEVENT"):
            inside = line.startswith("BEGIN")
            found += [{}] if inside else []
        elif inside:
            name, _, value = line.partition(":")
            found[-1][name] = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return found
