"""What the public door remembers of a visitor between two pages: a report being written, or a code's visit.

Nothing of it lies in a cookie but an unguessable token, and the words are sealed under a key made of that
token and of the application's: neither the database nor the browser alone can read them. No page here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from workflow.complaints.models import Complaint
from workflow.db.base import Base, BigKey
from workflow.db.retry import retried
from workflow.db.seal import Erased, Keyring, seal, unseal
from workflow.db.session import session, transaction

#: How long an unfinished report stays after its last page, and a receipt after it was made.
DRAFT_STAYS: Final = timedelta(hours=6)
RECEIPT_STAYS: Final = timedelta(minutes=15)
#: How long a code's visit lasts without a page, and at most.
VISIT_IDLE: Final = timedelta(minutes=10)
VISIT_STAYS: Final = timedelta(hours=2)
#: What was typed in another tab after sending is kept in so many characters: those of a message.
LATE: Final = 10_000
#: A typed code is kept in so many characters whatever its length: right and wrong ones look alike.
_TYPED: Final = 80


class ReportDraft(Base):
    """A report that is being written at the public door, sealed."""

    __tablename__ = "report_draft"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class CodeVisit(Base):
    """A code that was typed: the complaint it opened, or none. A wrong one leaves the same row."""

    __tablename__ = "code_visit"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    complaint_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("complaint.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime] = mapped_column(index=True)


@dataclass
class Draft:
    """What was answered so far. `unsaved` is what was typed on a page but not looked through yet."""

    form_key: str
    answers: dict[str, str] = field(default_factory=dict)
    unsaved: dict[str, dict[str, str]] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    #: The number of the complaint it became; the answers are gone then.
    sent: str = ""
    #: Whether what was sent held something like a number of a person.
    holds_number: bool = False
    #: What was typed in another tab after it was sent, to be added as a message with the code.
    late: str = ""
    #: From when on it may be sent, once it waits for its turn, and why it is set apart then.
    turn_at: str = ""
    apart: str = ""

    def put_aside(self, document: str) -> None:
        """Leave a document out; pressing twice leaves it out once."""
        self.documents = [kept for kept in self.documents if kept != document]


@dataclass(frozen=True, slots=True)
class Visit:
    """An open visit: the complaint, or what was typed in vain."""

    complaint: Complaint | None
    typed: str


def new_token() -> str:
    """What a browser keeps of a visit."""
    return secrets.token_urlsafe(32)


# --- a report being written -----------------------------------------------------------------------


def draft_of(token: str, keyring: Keyring, *, now: datetime) -> Draft | None:
    """The report being written under a token; None if there is none any more. One query."""
    row = session().get(ReportDraft, _fingerprint(token))
    return None if row is None or row.ends_at <= now else _opened(token, row, keyring)


@retried
def begin(token: str, draft: Draft, keyring: Keyring, *, now: datetime) -> None:
    """Keep a new report under a new token, and throw away whatever ran out."""
    with transaction() as s:
        sweep(now=now)
        sealed = _sealed(token, draft, keyring)
        s.add(ReportDraft(key=_fingerprint(token), sealed=sealed, ends_at=now + DRAFT_STAYS))


@retried
def change(token: str, keyring: Keyring, alter: Callable[[Draft], object], *, now: datetime) -> Draft | None:
    """Change a report under its lock, so that two tabs never undo one another. None if it is gone.

    One that was sent meanwhile stays as it is. `alter` may send it: both stand or fall together, so
    what another tab saved before is in what was sent, and what comes later finds it sent.
    """
    return _change(token, keyring, lambda draft: None if draft.sent else alter(draft), now=now)


@retried
def keep_late(token: str, keyring: Keyring, said: str, *, now: datetime) -> Draft | None:
    """Keep what was typed in another tab after sending, as long as the receipt; once, if sent twice."""

    def alter(draft: Draft) -> None:
        if draft.sent and said and said not in draft.late:
            draft.late = f"{draft.late}\n\n{said}".strip()[:LATE]

    return _change(token, keyring, alter, now=now)


@retried
def drop_late(token: str, keyring: Keyring, *, now: datetime) -> None:
    """Forget what was typed too late: it was added."""
    _change(token, keyring, lambda draft: setattr(draft, "late", ""), now=now)


def _change(token: str, keyring: Keyring, alter: Callable[[Draft], object], *, now: datetime) -> Draft | None:
    with transaction() as s:
        found = select(ReportDraft).where(ReportDraft.key == _fingerprint(token), ReportDraft.ends_at > now)
        row = s.scalar(found.with_for_update().execution_options(populate_existing=True))
        draft = None if row is None else _opened(token, row, keyring)
        if row is None or draft is None:
            return None
        alter(draft)
        row.sealed = _sealed(token, draft, keyring)
        row.ends_at = now + (RECEIPT_STAYS if draft.sent else DRAFT_STAYS)
        return draft


@retried
def forget_draft(token: str) -> None:
    """Erase a report that is not to be written any further, or whose receipt was written down."""
    with transaction() as s:
        s.execute(delete(ReportDraft).where(ReportDraft.key == _fingerprint(token)))


# --- a visit with a code --------------------------------------------------------------------------


@retried
def arrive(token: str, complaint_id: int | None, typed: str, keyring: Keyring, *, now: datetime) -> None:
    """Open a visit for a code that was typed. The same work whether or not it fits a complaint."""
    with transaction() as s:
        sweep(now=now)
        kept = (
            ("" if complaint_id else typed)[:_TYPED]
            .encode("utf-8", "replace")[: 4 * _TYPED]
            .ljust(4 * _TYPED)
        )
        sealed = seal(_key(token, keyring.keys[-1]), kept, _place(token, "code_visit"))
        s.add(
            CodeVisit(
                key=_fingerprint(token), complaint_id=complaint_id, sealed=sealed, ends_at=now + VISIT_STAYS
            )
        )


def visit_of(token: str, keyring: Keyring, *, now: datetime) -> Visit | None:
    """The open visit of a token. Two queries."""
    row = session().get(CodeVisit, _fingerprint(token))
    if row is None or row.ends_at <= now:
        return None
    complaint = session().get(Complaint, row.complaint_id) if row.complaint_id else None
    typed = "" if complaint else (_unsealed(token, row.sealed, keyring, "code_visit") or b"").decode().strip()
    return Visit(complaint, typed)


def is_open(token: str, complaint_id: int, *, now: datetime) -> bool:
    """Whether a visit is still open, asked inside a transaction that has the complaint locked."""
    found = select(CodeVisit.key).where(
        CodeVisit.key == _fingerprint(token), CodeVisit.complaint_id == complaint_id, CodeVisit.ends_at > now
    )
    return session().scalar(found) is not None


def end_others(token: str, complaint_id: int) -> None:
    """End every other visit of a complaint, inside a running transaction: they came with the old code."""
    others = delete(CodeVisit).where(
        CodeVisit.complaint_id == complaint_id, CodeVisit.key != _fingerprint(token)
    )
    session().execute(others)


@retried
def leave(token: str) -> None:
    """End a visit."""
    with transaction() as s:
        s.execute(delete(CodeVisit).where(CodeVisit.key == _fingerprint(token)))


@retried
def tidy(*, now: datetime) -> None:
    """Erase what ran out, as time passes: nobody else may come to the door for days."""
    with transaction():
        sweep(now=now)


def sweep(*, now: datetime) -> None:
    """The same inside a running transaction."""
    session().execute(delete(ReportDraft).where(ReportDraft.ends_at <= now))
    session().execute(delete(CodeVisit).where(CodeVisit.ends_at <= now))


# --- tokens and keys ------------------------------------------------------------------------------


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(token: str, ours: bytes) -> bytes:
    return hmac.new(ours, f"visit:{token}".encode(), hashlib.sha256).digest()


def _place(token: str, table: str) -> str:
    return f"{table}:{_fingerprint(token)}:sealed"


def _sealed(token: str, draft: Draft, keyring: Keyring) -> bytes:
    words = json.dumps(asdict(draft), ensure_ascii=False).encode()
    return seal(_key(token, keyring.keys[-1]), words, _place(token, "report_draft"))


def _opened(token: str, row: ReportDraft, keyring: Keyring) -> Draft | None:
    words = _unsealed(token, row.sealed, keyring, "report_draft")
    if words is None:
        return None
    kept: dict[str, Any] = json.loads(words)
    return Draft(**kept)


def _unsealed(token: str, sealed: bytes, keyring: Keyring, table: str) -> bytes | None:
    """What was sealed under a token, with whichever of our keys it was."""
    for ours in reversed(keyring.keys):
        try:
            return unseal(_key(token, ours), sealed, _place(token, table))
        except Erased:
            continue
    return None
