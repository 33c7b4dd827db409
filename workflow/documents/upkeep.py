"""What is done to documents without anybody asking: looked at again, compared, tidied up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from workflow.db.seal import Erased, unseal
from workflow.db.session import session, transaction
from workflow.documents import sealed, storage
from workflow.documents.checking import look_at
from workflow.documents.kinds import KINDS
from workflow.documents.models import CHECKED, QUARANTINED, REFUSED, Custody, Document
from workflow.documents.staging import keep_looked
from workflow.documents.storage import Cabinet
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused

#: What no row names is thrown away once it is older than any upload that could still be under way.
OLD: Final = timedelta(days=1)
#: How many quarantined documents one sweep looks at.
AT_ONCE: Final = 20


def quarantined(*, limit: int = AT_ONCE) -> list[tuple[int, int]]:
    """(document, case) of what nobody could look at yet, oldest first. One query, at most `limit` rows."""
    found = (
        select(Document.id, Document.case_id)
        .where(Document.state == QUARANTINED, Document.case_id.is_not(None))
        .order_by(Document.id)
        .limit(limit)
    )
    return [(row.id, row.case_id) for row in session().execute(found)]


def look_again(cabinet: Cabinet, document_id: int, *, key: bytes, by: Actor, now: datetime) -> bool:
    """Look at a quarantined document of a case, whose `key` this is; whether it could be looked at now."""
    row = session().get_one(Document, document_id)
    kind = KINDS[row.kind]
    try:
        own = sealed.key_in_case(row, key)
        content = unseal(own, storage.get(cabinet, row.place), sealed.place_of(row.mark, sealed.ORIGINAL))
    except (Erased, Refused):
        return False
    try:
        looked = look_at(content, kind, scanner=cabinet.scanner)
    except Refused:
        looked = None
    if looked is not None and not looked.is_checked:
        return False
    with transaction() as s:
        row = s.get_one(Document, document_id, populate_existing=True)
        if looked is None:
            row.state = REFUSED
        else:
            keep_looked(cabinet, row, own, kind, looked)
        s.add_all(_touches(row, own, key, by, now))
    return True


def _touches(row: Document, own: bytes, key: bytes, by: Actor, now: datetime) -> list[Custody]:
    what = "checked" if row.state == CHECKED else "refused"
    by_whom = {"document_id": row.id, "person_id": by.id, "at": now}
    written = [Custody(what=what, hash=row.sameness or "", **by_whom)]
    if (copied := sealed.hash_of(row, own, sealed.COPY_DIGEST)) is not None:
        written.append(Custody(what="copied", hash=sealed.keyed(copied, key), **by_whom))
    return written


# --- is it still what it was ------------------------------------------------------------------


def chosen(*, sample: int | None = None) -> list[tuple[int, int, int]]:
    """(document, case, number in it) of every document of a case, or of a few by chance."""
    columns = (Document.id, Document.case_id, Document.number)
    found = select(*columns).where(Document.case_id.is_not(None))
    found = found.order_by(Document.id) if sample is None else found.order_by(func.random()).limit(sample)
    return [(row.id, row.case_id, row.number) for row in session().execute(found)]


def differences(cabinet: Cabinet, document_id: int, *, key: bytes | None) -> Iterator[str]:
    """What is not as it was kept, in words. Without the case's key (erased) only what lies in the storage."""
    row = session().get_one(Document, document_id)
    said = session().execute(
        select(Custody.what, Custody.hash).where(
            Custody.document_id == row.id, Custody.what.in_(("received", "copied"))
        )
    )
    hashes: dict[str, str] = {touch.what: touch.hash for touch in said}
    parts = (
        ("the original", row.place, sealed.ORIGINAL, sealed.DIGEST, hashes.get("received")),
        ("the safe copy", row.copy_place, sealed.COPY, sealed.COPY_DIGEST, hashes.get("copied")),
    )
    for words, place, which, digest, in_custody in parts:
        if place is None:
            continue
        try:
            kept = storage.get(cabinet, place)
        except Refused:
            yield f"{words} is not there, or was changed"
            continue
        if key is not None and not _is_same(row, kept, which, digest, in_custody, key):
            yield f"{words} is not what its custody says"


def _is_same(row: Document, kept: bytes, which: str, digest: str, in_custody: str | None, key: bytes) -> bool:
    try:
        own = sealed.key_in_case(row, key)
        found = hashlib.sha256(unseal(own, kept, sealed.place_of(row.mark, which))).digest()
        return found == sealed.hash_of(row, own, digest) and sealed.keyed(found, key) == in_custody
    except Erased:
        return False


# --- what nobody names any more ---------------------------------------------------------------


def tidy(cabinet: Cabinet, *, now: datetime) -> int:
    """Throw away contents that no row names, left by an upload that ended half-way; how many."""
    batch: list[str] = []
    thrown = 0
    for place, since in storage.places(cabinet):
        if since < now - OLD:
            batch.append(place)
        if len(batch) == 500:
            thrown += _throw_away(cabinet, batch)
            batch = []
    return thrown + _throw_away(cabinet, batch)


def _throw_away(cabinet: Cabinet, places: list[str]) -> int:
    named: set[str] = set()
    for column in (Document.place, Document.copy_place):
        named |= {place for place in session().scalars(select(column).where(column.in_(places))) if place}
    loose = [place for place in places if place not in named]
    storage.remove(cabinet, *loose)
    return len(loose)
