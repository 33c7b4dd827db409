"""Messages between the office and the complainant as stored, and their words for the index. No rule here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases import sealed
from workflow.complaints.models import Complaint
from workflow.db.base import Base, BigKey, pk
from workflow.db.seal import Keyring
from workflow.db.session import session


class MailboxMessage(Base):
    """One message. Written once: the database refuses to change it."""

    __tablename__ = "mailbox_message"
    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    #: Counts within the complaint.
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    #: Who wrote it; the public door is the complainant.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: The letter that was handed over with it.
    letter_id: Mapped[int | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class MailboxReading(Base):
    """That somebody of the office read a message of the complainant, once."""

    __tablename__ = "mailbox_reading"

    message_id: Mapped[int] = mapped_column(BigKey, ForeignKey("mailbox_message.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


def place_of(complaint: Complaint, number: int) -> str:
    """The place for which the words of a message are sealed."""
    return f"mailbox_message:{complaint.reference}:{number}:sealed"


def texts_in(complaint: Complaint, keyring: Keyring) -> Iterator[str]:
    """The words of every message, oldest first. One query."""
    query = select(MailboxMessage).where(MailboxMessage.complaint_id == complaint.id)
    for row in session().scalars(query.order_by(MailboxMessage.number)):
        yield sealed.read(complaint, place_of(complaint, row.number), row.sealed, keyring) or ""
