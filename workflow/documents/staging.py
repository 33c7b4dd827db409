"""Files that come in before their case is there, or on their way to it. Which case gets them is in `service`.

How a door uses it. `cabinet` is `current_app.extensions["documents"]`; `holder` is any text that is the
same as long as it is the same person at the same form and that nobody else can guess, such as a random
value in the server session of the public wizard, or `f"{actor().id}:{form_key}"` for staff:

    taken, problems = take(cabinet, request.files.getlist("files"), holder=holder, now=now())
    tokens += [each.token for each in taken]          # keep them in the session or as hidden fields
    …show staged(tokens, holder=holder, keyring=cabinet.keyring, now=now()) and the problems…
    discard(cabinet, token, holder=holder)            # "Remove" beside one of them

and in the transaction that makes or changes the case, `service.attach(…, tokens, holder=holder, …)`, or
`cases.enclosures.enclose`, which writes the event as well. The view that takes the files is marked
`@takes(kinds.REQUEST_MEGABYTES)`, its form is `enctype="multipart/form-data"`, its input has
`accept="{{ accepted }}"` (`kinds.ACCEPTED`). Nothing is lost when a step is repeated: a token stays good
until it is attached, discarded or `STAYS` old; sweeping throws the rest away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Final, Protocol

from sqlalchemy import ColumnElement, Select, delete, func, select

from workflow.db.seal import Erased, Keyring, seal
from workflow.db.session import session, transaction
from workflow.documents import kinds, sealed
from workflow.documents.checking import Looked, look_at
from workflow.documents.kinds import Kind
from workflow.documents.models import CHECKED, QUARANTINED, Document
from workflow.documents.names import ending_of, shown_name
from workflow.documents.storage import Cabinet, put, remove
from workflow.engine.machine import Refusal, Refused

#: How long a file waits for its case: a public report can be left open over night.
STAYS: Final = timedelta(hours=24)


class Upload(Protocol):
    """A file of a form, as Werkzeug hands it over."""

    @property
    def filename(self) -> str | None: ...
    @property
    def stream(self) -> IO[bytes]: ...


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that waits for its case. Whoever has the token and is the holder may use it."""

    token: str
    name: str
    kind: str
    size: int
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one file was not taken, beside what it is called."""

    name: str
    text: str


def take(
    cabinet: Cabinet, uploads: Iterable[Upload], *, holder: str, now: datetime
) -> tuple[list[Staged], list[Problem]]:
    """Stage every file of a form that can be taken; say of each other one why not.

    A file input that was left empty is no file. At most `kinds.AT_ONCE` are looked at.
    """
    given = [upload for upload in uploads if upload.filename]
    taken: list[Staged] = []
    problems: list[Problem] = []
    for upload in given[: kinds.AT_ONCE]:
        try:
            taken.append(stage(cabinet, upload, holder=holder, now=now))
        except Refused as refused:
            name = shown_name(upload.filename or "", ending_of(upload.filename or "")[:10] or "file")
            problems += [Problem(name, refusal.text) for refusal in refused.refusals]
    if (left := len(given) - kinds.AT_ONCE) > 0:
        said = f"At most {kinds.AT_ONCE} files fit in one go; these were not looked at. Add them next."
        problems.append(Problem(f"{left} more", said))
    return taken, problems


def stage(cabinet: Cabinet, upload: Upload, *, holder: str, now: datetime) -> Staged:
    """Take one file in, look at it, keep it sealed. Raises `Refused` in words, and then nothing is kept.

    The row is written after the contents are safe, in a transaction of its own.
    """
    _room_for_one(holder, now)
    content, kind, name = _received(upload)
    looked = look_at(content, kind, scanner=cabinet.scanner)
    token, mark = secrets.token_urlsafe(24), secrets.token_hex(16)
    key, wrapped = cabinet.keyring.new_key(sealed.place_of(mark, "staged"))
    row = Document(
        token=_fingerprint(token),
        holder=_fingerprint(holder),
        expires_at=now + STAYS,
        mark=mark,
        wrapped=wrapped,
        name=seal(key, name.encode(), sealed.place_of(mark, sealed.NAME)),
        kind=kind.code,
        size=len(content),
        digest=_digest(key, content, sealed.place_of(mark, sealed.DIGEST)),
        received_at=now,
    )
    row.place = put(cabinet, seal(key, content, sealed.place_of(mark, sealed.ORIGINAL)))
    keep_looked(cabinet, row, key, kind, looked)
    with transaction() as s:
        s.add(row)
    return Staged(token, name, kind.code, len(content), looked.is_checked)


def keep_looked(cabinet: Cabinet, row: Document, key: bytes, kind: Kind, looked: Looked) -> None:
    """Write down what came of looking at a file, and keep its safe copy."""
    row.state = CHECKED if looked.is_checked else QUARANTINED
    row.scan = looked.scan
    if looked.copy is not None:
        row.copy_kind, row.copy_size = kind.copy, len(looked.copy)
        row.copy_digest = _digest(key, looked.copy, sealed.place_of(row.mark, sealed.COPY_DIGEST))
        row.copy_place = put(cabinet, seal(key, looked.copy, sealed.place_of(row.mark, sealed.COPY)))


def staged(tokens: Iterable[str], *, holder: str, keyring: Keyring, now: datetime) -> list[Staged]:
    """What waits under these tokens, in their order, without what is gone or somebody else's. One query."""
    asked = list(dict.fromkeys(tokens))[: kinds.STAGED]
    rows = {row.token: row for row in session().scalars(_waiting(asked, holder, now))}
    found: list[Staged] = []
    for token in asked:
        if (row := rows.get(_fingerprint(token))) is None:
            continue
        try:
            name = sealed.name_of(row, sealed.key_while_staged(row, keyring))
        except Erased:
            continue
        found.append(Staged(token, name, row.kind, row.size, row.state == CHECKED))
    return found


def discard(cabinet: Cabinet, token: str, *, holder: str) -> None:
    """Throw a staged file away, because its holder does not want it after all."""
    mine = (Document.token == _fingerprint(token), Document.holder == _fingerprint(holder))
    _throw_away(cabinet, *mine)


def sweep(cabinet: Cabinet, *, now: datetime) -> int:
    """Throw away what waited for longer than it may; how many files. Safe to run twice."""
    return _throw_away(cabinet, Document.expires_at < now)


def claimed(tokens: Iterable[str], holder: str, now: datetime) -> list[Document]:
    """The rows of these tokens, locked for being attached. Inside a transaction.

    Raises `Refused` when one of them is gone or is not this holder's.
    """
    asked = list(dict.fromkeys(tokens))
    rows = {row.token: row for row in session().scalars(_waiting(asked, holder, now).with_for_update())}
    if len(rows) != len(asked):
        said = "A file you had added is no longer here: it waited for too long. Add it again."
        raise Refused(Refusal("gone", said, "files"))
    return [rows[_fingerprint(token)] for token in asked]


def _waiting(tokens: list[str], holder: str, now: datetime) -> Select[Document]:
    return select(Document).where(
        Document.token.in_([_fingerprint(token) for token in tokens]),
        Document.holder == _fingerprint(holder),
        Document.case_id.is_(None),
        Document.expires_at >= now,
    )


def _throw_away(cabinet: Cabinet, *which: ColumnElement[bool]) -> int:
    columns = (Document.id, Document.place, Document.copy_place)
    with transaction() as s:
        rows = s.execute(select(*columns).where(Document.case_id.is_(None), *which).with_for_update()).all()
        s.execute(delete(Document).where(Document.id.in_([row.id for row in rows])))
    remove(cabinet, *(p for row in rows for p in (row.place, row.copy_place) if p))
    return len(rows)


def _room_for_one(holder: str, now: datetime) -> None:
    mine = (Document.holder == _fingerprint(holder), Document.case_id.is_(None), Document.expires_at >= now)
    if (session().scalar(select(func.count()).select_from(Document).where(*mine)) or 0) >= kinds.STAGED:
        said = f"At most {kinds.STAGED} files can wait at once. Send these first, then add more."
        raise Refused(Refusal("many", said, "files"))


def _received(upload: Upload) -> tuple[bytes, Kind, str]:
    """The contents of a file, never more than may be; its kind, and its name made safe."""
    sent = upload.filename or ""
    content = upload.stream.read(kinds.LARGEST + 1)
    if len(content) > kinds.LARGEST:
        said = f"This file is larger than {kinds.LARGEST // kinds.MEGABYTE} MB."
        raise Refused(Refusal("large", f"{said} Save it smaller, or send it in parts.", "files"))
    ending = ending_of(sent)
    kind = kinds.told_apart(content, ending)
    return content, kind, shown_name(sent, ending if ending in kind.endings else kind.code)


def _fingerprint(text: str) -> str:
    return hashlib.sha256(f"staged\0{text}".encode("utf-8", "replace")).hexdigest()


def _digest(key: bytes, content: bytes, place: str) -> bytes:
    return seal(key, hashlib.sha256(content).digest(), place)
