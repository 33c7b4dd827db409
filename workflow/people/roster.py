"""Inviting many from a pasted list: every good row goes in, every bad one is refused with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refused
from workflow.people.models import Person
from workflow.people.service import invite

HEADER: Final = ["email", "name", "roles", "offices"]


def invite_rows(
    written: str, offices: Mapping[str, int], *, by: Actor, now: datetime
) -> Iterator[tuple[int, tuple[Person, str] | str]]:
    """Invite the rows of a list one by one: (line, what came of it or why it was refused).

    `offices` gives the id of an office by its name in small letters.
    """
    rows = list(csv.reader(io.StringIO(written.strip())))
    if not rows or [cell.strip().casefold() for cell in rows[0]] != HEADER:
        yield 1, f"The first line has to be: {','.join(HEADER)}"
        return
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            yield number, _invite(cells, offices, by=by, now=now)


def _invite(
    cells: list[str], offices: Mapping[str, int], *, by: Actor, now: datetime
) -> tuple[Person, str] | str:
    if len(cells) != len(HEADER):
        return f"This line has {len(cells)} columns; {len(HEADER)} are needed."
    email, name, roles, places = (cell.strip() for cell in cells)
    wanted = [piece.strip().casefold().replace(" ", "_") for piece in roles.split(";") if piece.strip()]
    unknown = [role for role in wanted if role not in set(Role)]
    if unknown:
        return f"roles: there is no role “{unknown[0]}”."
    named = [piece.strip() for piece in places.split(";") if piece.strip()]
    missing = [place for place in named if place.casefold() not in offices]
    if missing:
        return f"offices: there is no office “{missing[0]}”."
    try:
        return invite(
            email,
            name,
            [Role(r) for r in wanted],
            by=by,
            now=now,
            offices=[offices[p.casefold()] for p in named],
        )
    except Refused as refused:
        return " ".join(r.text for r in refused.refusals)
