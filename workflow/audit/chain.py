"""The arithmetic of the chain: exact bytes, their hash, and what does not fit. It knows no tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

#: What the first event of a case follows: the hash of nothing, told apart by the case's reference.
_SCHEMA: Final = 1


def origin(reference: str) -> bytes:
    """What stands before the first event of a case."""
    return hashlib.sha256(f"plumbline:{reference}".encode()).digest()


def canonical(fields: Mapping[str, Any], prev: bytes) -> bytes:
    """The exact bytes that are hashed and stored: sorted, compact JSON with the previous hash inside."""
    body = {**fields, "prev": prev.hex(), "schema": _SCHEMA}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest(canon: bytes) -> bytes:
    return hashlib.sha256(canon).digest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event as the verifier sees it; `columns` are the values beside the bytes."""

    id: int
    version: int
    canon: bytes
    prev: bytes
    hash: bytes
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing wrong in a chain, in words."""

    reference: str
    version: int
    event_id: int | None
    words: str


def first_break(reference: str, links: Iterable[Link], head: bytes, version: int) -> Break | None:
    """Walk one case's events in order. None when every byte, column and the head agree."""
    return next(_breaks(reference, links, head, version), None)


def _breaks(reference: str, links: Iterable[Link], head: bytes, version: int) -> Iterator[Break]:
    expected, count = origin(reference), 0
    for link in links:
        count += 1
        for words in _wrong(link, expected, count):
            yield Break(reference, link.version, link.id, words)
        expected = link.hash
    if count != version:
        yield Break(reference, count + 1, None, f"the case counts {version} events, the chain has {count}")
    if expected != head:
        yield Break(reference, count, None, "the case's head is not the hash of its last event")


def _wrong(link: Link, expected: bytes, place: int) -> Iterator[str]:
    if link.version != place:
        yield f"event {place} is missing"
    if link.prev != expected:
        yield "does not follow the event before it"
    if digest(link.canon) != link.hash:
        yield "the stored bytes are not those that were hashed"
        return
    body = json.loads(link.canon)
    if body.get("prev") != link.prev.hex():
        yield "the hashed bytes name another predecessor"
    for name, value in link.columns.items():
        if body.get(name) != value:
            yield f"the column “{name}” differs from what was hashed"
