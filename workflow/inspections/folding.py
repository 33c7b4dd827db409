"""What the operations on one item of the checklist come to. Pure.

An operation replaces those its author saw. What nothing replaced stands; where several stand and answer
differently, two people disagree, and both answers are kept until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """One answering of one item. Numbers count within the inspection."""

    number: int
    base: tuple[int, ...]
    answer: str
    comment: str | None
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Fold:
    """What stands of an item, in the order of its operations."""

    heads: tuple[Operation, ...]

    @property
    def is_disputed(self) -> bool:
        return len({head.answer for head in self.heads}) > 1

    @property
    def shown(self) -> Operation:
        """The latest; while two people disagree the earliest: nobody's answer replaces another's unseen."""
        return self.heads[0] if self.is_disputed else self.heads[-1]

    @property
    def remark(self) -> str | None:
        """What was remarked; where several say the same answer, all their remarks."""
        said = [self.shown] if self.is_disputed else self.heads
        return "\n".join(dict.fromkeys(o.comment for o in said if o.comment)) or None

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(head.number for head in self.heads)


def fold(operations: Iterable[Operation]) -> Fold:
    """Whatever nothing replaced. There is at least one: an operation replaces only earlier ones."""
    known = sorted(operations, key=lambda o: o.number)
    replaced = {number for o in known for number in o.base}
    return Fold(tuple(o for o in known if o.number not in replaced))
