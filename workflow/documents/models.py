"""Documents and who touched them, as stored. Contents lie in the storage, sealed; no query here.

A case is known by its id alone: this room lies below the cases.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk

#: Nobody has looked at it yet, so nobody can open it.
QUARANTINED = "quarantined"
#: It is what it says it is, and within the limits.
CHECKED = "checked"
#: It turned out to be something that is not to be opened; it stays sealed.
REFUSED = "refused"
#: Whether a virus scanner saw it; without one, that is what is said.
UNSCANNED, CLEAN = "unscanned", "clean"


class Document(Base):
    """One file. Until its case is known it is staged: it has a holder and a day on which it is thrown away.

    It has a key of its own, wrapped by the application's while staged and by its case's from then on;
    what the file is called, its hash and its contents are sealed under it.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        UniqueConstraint("case_id", "sameness"),
        CheckConstraint("(case_id IS NULL) = (number IS NULL)", name="numbered_in_a_case"),
        CheckConstraint("(case_id IS NULL) = (token IS NOT NULL)", name="staged_or_in_a_case"),
    )

    id: Mapped[pk]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    #: Counts within the case, for addresses.
    number: Mapped[int | None]
    #: The fingerprint of what its holder was given for it, and of the holder.
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    holder: Mapped[str | None] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    #: Random; binds what is sealed to this document.
    mark: Mapped[str] = mapped_column(String(32), unique=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    #: SHA-256 of the contents, sealed: in the open it would tell which cases hold the same file.
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    #: The same under the case's key: a file is kept once in a case.
    sameness: Mapped[str | None] = mapped_column(String(64))
    #: Where the sealed contents lie: SHA-256 of the sealed bytes.
    place: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(20), default=QUARANTINED)
    scan: Mapped[str] = mapped_column(String(20), default=UNSCANNED)
    #: The safe copy, made anew without metadata or anything that acts; null where none can be made.
    copy_kind: Mapped[str | None] = mapped_column(String(8))
    copy_size: Mapped[int | None]
    copy_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    copy_place: Mapped[str | None] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Custody(Base):
    """Something happened to a document of a case. Written once: the database refuses to change it.

    `hash` is keyed by the case's key: it proves which contents these were to whoever holds the key, and
    says nothing to anybody else.
    """

    __tablename__ = "document_event"
    __table_args__ = (Index("ix_document_event_document", "document_id", "at"),)

    id: Mapped[pk]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    #: received, checked, refused, copied, viewed, exported
    what: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str | None] = mapped_column(String(30))
    at: Mapped[datetime]
