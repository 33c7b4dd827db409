"""Lists of what is owed, grouped and narrowed as the queue is: late, this week, later; an office; one's own.

Which rows there are is for the lists themselves; nothing is written here, and no page is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import ColumnElement, case, select

from workflow.cases.models import Case
from workflow.cases.worklist import edges
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.register.models import FieldOffice

#: The groups of a list, in their order; "this week" ends with the seventh day from today, as in the queue.
BANDS: Final = ("Late", "This week", "Later")
_DIGITS: Final = 9


class Owed(Protocol):
    """A row of such a list."""

    @property
    def next_due_at(self) -> datetime:
        """When the next thing is due."""


R = TypeVar("R", bound=Owed)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to: an office, the complaints of whoever reads it."""

    office_id: int | None = None
    is_mine: bool = False

    def conditions(self, actor: Actor) -> list[ColumnElement[bool]]:
        """What a complaint must be like."""
        found = [Case.office_id == self.office_id] if self.office_id is not None else []
        return [*found, Case.owner_id == actor.id] if self.is_mine else found


def narrowed(asked: Mapping[str, str]) -> Narrowed:
    """What an address asks for; what is no office is not asked."""
    office = asked.get("office", "")
    is_number = office.isascii() and office.isdigit() and len(office) < _DIGITS
    return Narrowed(int(office) if is_number else None, is_mine=asked.get("whose") == "mine")


def offices_of(actor: Actor) -> list[tuple[int, str]]:
    """The offices this person can narrow a list to. One query."""
    query = select(FieldOffice.id, FieldOffice.name).order_by(FieldOffice.name)
    return [(i, name) for i, name in session().execute(query) if not actor.offices or i in actor.offices]


def band(due_at: Any, *, now: datetime) -> ColumnElement[int]:
    """The place of the group something due then belongs to, for ordering by."""
    return case((due_at < now, 0), (due_at < edges(now)[1], 1), else_=2)


def banded(rows: Iterable[R], *, now: datetime) -> list[tuple[str, list[R]]]:
    """The rows by group, in the order they came; groups without any are left out."""
    week = edges(now)[1]
    found: dict[str, list[R]] = {name: [] for name in BANDS}
    for row in rows:
        due_at = row.next_due_at
        found[BANDS[0 if due_at < now else 1 if due_at < week else 2]].append(row)
    return [(name, each) for name, each in found.items() if each]
