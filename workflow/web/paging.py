"""Keyset pages: the cursor in the address, and a page of rows. No query here.

A cursor is the sort key of the last row shown. It is only a position in a list the reader may see
anyway, so it is not signed; whatever cannot be read means the first page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar

Row = TypeVar("Row")
Kinds = tuple[type, ...]

LONGEST: Final = 400


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page; `after` is the cursor of the next one, None on the last."""

    rows: Sequence[Row]
    after: str | None
    is_first: bool = True


def page_of(
    found: Sequence[Row],
    size: int,
    key: Callable[[Row], tuple[Any, ...]],
    *,
    cursor: tuple[Any, ...] | None = None,
) -> Page[Row]:
    """Cut `size` rows from `found`, which the query filled with at most `size + 1`."""
    rows = found[:size]
    more = len(found) > size
    return Page(rows, encode(key(rows[-1])) if more else None, is_first=cursor is None)


def encode(key: tuple[Any, ...]) -> str:
    """A sort key of numbers, texts, days, moments and None as text for an address."""
    return base64.urlsafe_b64encode(json.dumps([_out(v) for v in key]).encode()).decode().rstrip("=")


def decode(cursor: str | None, kinds: Kinds) -> tuple[Any, ...] | None:
    """The sort key again, each part None or of its kind; None (the first page) for anything else."""
    if not cursor or len(cursor) > LONGEST or not cursor.isascii():
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(raw, list) or len(raw) != len(kinds):
            return None
        return tuple(_in(value, kind) for value, kind in zip(raw, kinds, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _in(value: Any, kind: type) -> Any:
    if value is None:
        return None
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("naive")
        return moment.astimezone(UTC)  # at the ends of the calendar there is no such moment
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError(kind)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("too large")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise ValueError("unfit")
    return value
