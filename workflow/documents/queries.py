"""The documents of a case and who touched them, read. Nothing is opened or written here but names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.db.seal import Erased
from workflow.db.session import session
from workflow.documents import sealed
from workflow.documents.kinds import KINDS
from workflow.documents.models import CHECKED, CLEAN, REFUSED, Custody, Document

#: What stands for a name once the case's key was destroyed.
ERASED: Final = "erased"
WORDS: Final = {
    "received": "Received",
    "checked": "Looked at: it is what it says it is",
    "refused": "Looked at: it is not to be opened",
    "copied": "Safe copy made",
    "viewed": "Safe copy fetched",
    "exported": "Original fetched",
}
#: What is written down when somebody takes a document as it came.
ORIGINAL: Final = "exported"


@dataclass(frozen=True, slots=True)
class Shown:
    """A document in a list. Of when it came only the moment is kept; pages for outsiders show the day."""

    number: int
    name: str
    label: str
    size: int
    is_checked: bool
    is_refused: bool
    is_scanned: bool
    has_copy: bool
    is_erased: bool
    received_at: datetime

    @property
    def standing(self) -> str:
        """How far it may be trusted."""
        if self.is_erased:
            return "erased"
        if self.is_refused:
            return "refused: it is not to be opened"
        if not self.is_checked:
            return "quarantined: nobody has looked at it yet"
        return "checked, scanned for viruses" if self.is_scanned else "checked, unscanned"


@dataclass(frozen=True, slots=True)
class Touch:
    """One line of the custody of a document."""

    what: str
    label: str
    hash: str
    person_id: int
    purpose: str | None
    at: datetime


def documents_of(case_id: int, *, key: bytes | None) -> list[Shown]:
    """The documents of a case by number; without its key (None: erased) their names are. One query."""
    rows = select(Document).where(Document.case_id == case_id).order_by(Document.number)
    return [shown(row, key=key) for row in session().scalars(rows)]


def shown(document: Document, *, key: bytes | None) -> Shown:
    """One document of a case as a list shows it."""
    name = ERASED
    if key is not None:
        try:
            name = sealed.name_of(document, sealed.key_in_case(document, key))
        except Erased:
            key = None
    return Shown(
        number=document.number or 0,
        name=name,
        label=KINDS[document.kind].label,
        size=document.size,
        is_checked=document.state == CHECKED,
        is_refused=document.state == REFUSED,
        is_scanned=document.scan == CLEAN,
        has_copy=document.copy_place is not None,
        is_erased=key is None,
        received_at=document.received_at,
    )


def document_of(case_id: int, number: int) -> Document | None:
    """The document of a case by its number."""
    return session().scalar(select(Document).where(Document.case_id == case_id, Document.number == number))


def custody_of(document: Document) -> list[Touch]:
    """Who touched a document, first to last. One query."""
    rows = select(Custody).where(Custody.document_id == document.id).order_by(Custody.at, Custody.id)
    return [_touch(row) for row in session().scalars(rows)]


def custody_in(case_id: int) -> list[tuple[int, Touch]]:
    """Who touched which document of a case, by its number, first to last. One query."""
    rows = (
        select(Document.number, Custody)
        .join(Document, Document.id == Custody.document_id)
        .where(Document.case_id == case_id)
        .order_by(Custody.at, Custody.id)
    )
    return [(number or 0, _touch(row)) for number, row in session().execute(rows)]


def _touch(row: Custody) -> Touch:
    return Touch(row.what, WORDS[row.what], row.hash, row.person_id, row.purpose, row.at)
