"""Giving staged files to a case, and giving contents out; every touch is written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from workflow.db.seal import Erased, Keyring, unseal
from workflow.db.session import session, transaction
from workflow.documents import kinds, sealed
from workflow.documents.kinds import KINDS, Kind
from workflow.documents.models import CHECKED, Custody, Document
from workflow.documents.staging import claimed
from workflow.documents.storage import Cabinet, get
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refusal, Refused

#: What an original can be fetched for; the safe copy needs no reason.
PURPOSES: Final = (
    ("investigation", "To investigate what the complaint is about"),
    ("referral", "To hand it to an authority the complaint was referred to"),
    ("records", "To answer a request for records"),
    ("check", "To compare it with the safe copy"),
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A document of a case now. `repeated`: the case had the same file already, under this number."""

    number: int
    kind: str
    hash: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What is given out."""

    content: bytes
    kind: Kind


def attach(
    case_id: int,
    tokens: Iterable[str],
    *,
    holder: str,
    key: bytes,
    keyring: Keyring,
    by: Actor,
    now: datetime,
) -> tuple[Attached, ...]:
    """Give staged files to a case, inside the transaction that makes or changes it, the case being locked.

    `key` is the case's, `keyring` the application's. From here on only the case's key opens them. A file
    the case has already is not kept twice. Raises `Refused` when one of them is no longer there.
    """
    s = session()
    rows = claimed(tokens, holder, now)
    highest = s.scalar(select(func.max(Document.number)).where(Document.case_id == case_id)) or 0
    if highest + len(rows) > kinds.IN_A_CASE:
        said = f"A case holds at most {kinds.IN_A_CASE} documents. Start another one that refers to it."
        raise Refused(Refusal("many", said, "files"))
    held = select(Document.sameness, Document.number).where(Document.case_id == case_id)
    known: dict[str | None, int | None] = {row.sameness: row.number for row in s.execute(held)}
    done: list[Attached] = []
    for row in rows:
        own = sealed.key_while_staged(row, keyring)
        same = sealed.keyed(sealed.hash_of(row, own) or b"", key)
        if (number := known.get(same)) is not None:
            s.delete(row)  # its contents are found by the next tidying
            done.append(Attached(number, row.kind, same, repeated=True))
            continue
        highest += 1
        known[same] = highest
        sealed.hand_over(row, own, key)
        row.case_id, row.number, row.sameness = case_id, highest, same
        row.token = row.holder = row.expires_at = None
        row.received_by_id = by.id
        s.add_all(_first_custody(row, own, key, same))
        done.append(Attached(highest, row.kind, same))
    s.flush()
    return tuple(done)


def _first_custody(row: Document, own: bytes, case_key: bytes, same: str) -> list[Custody]:
    """What happened to it before it came to the case."""
    here = {"document_id": row.id, "at": row.received_at}
    written = [Custody(what="received", hash=same, person_id=row.received_by_id, **here)]
    if row.state == CHECKED:
        written.append(Custody(what="checked", hash=same, person_id=SYSTEM.id, **here))
    if (copied := sealed.hash_of(row, own, sealed.COPY_DIGEST)) is not None:
        keyed = sealed.keyed(copied, case_key)
        written.append(Custody(what="copied", hash=keyed, person_id=SYSTEM.id, **here))
    return written


def give_copy(cabinet: Cabinet, document: Document, *, key: bytes, by: Actor, now: datetime) -> Contents:
    """The safe copy of a document, for somebody who may read the case; that they did is written down first.

    `key` is the case's. Raises `Refused` when there is no copy, or its contents are not to be had.
    """
    if document.copy_place is None or document.copy_kind is None:
        raise Refused(Refusal("copy", "There is no safe copy of this document."))
    return _give(cabinet, document, sealed.COPY, "viewed", key=key, by=by, now=now)


def give_original(
    cabinet: Cabinet, document: Document, *, purpose: str, key: bytes, by: Actor, now: datetime
) -> Contents:
    """A document exactly as it came, for a stated purpose, which is written down with who asked."""
    if purpose not in dict(PURPOSES):
        raise Refused(Refusal("purpose", "Say what you need the original for.", "purpose"))
    if document.state != CHECKED:
        raise Refused(Refusal("quarantined", "Nobody has looked at this file yet, so it cannot be opened."))
    return _give(cabinet, document, sealed.ORIGINAL, "exported", key=key, by=by, now=now, purpose=purpose)


def _give(
    cabinet: Cabinet,
    document: Document,
    which: str,
    what: str,
    *,
    key: bytes,
    by: Actor,
    now: datetime,
    purpose: str | None = None,
) -> Contents:
    is_copy = which == sealed.COPY
    content = opened(cabinet, document, which, key)
    own = sealed.key_in_case(document, key)
    digest = sealed.hash_of(document, own, sealed.COPY_DIGEST if is_copy else sealed.DIGEST)
    keyed = sealed.keyed(digest or b"", key)
    kind = KINDS[(document.copy_kind if is_copy else None) or document.kind]
    touched = Custody(
        document_id=document.id, what=what, hash=keyed, person_id=by.id, purpose=purpose, at=now
    )
    with transaction() as s:
        s.add(touched)
    return Contents(content, kind)


def opened(cabinet: Cabinet, document: Document, which: str, key: bytes) -> bytes:
    """The contents of a document of a case, unsealed. Raises `Refused`, in words, when they cannot be."""
    place = document.place if which == sealed.ORIGINAL else document.copy_place
    try:
        own = sealed.key_in_case(document, key)
        return unseal(own, get(cabinet, place or ""), sealed.place_of(document.mark, which))
    except Erased as gone:
        raise Refused(Refusal("erased", "This document was erased with the words of its case.")) from gone
