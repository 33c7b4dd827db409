"""What an investigation and a referral leave on record, words sealed. No query here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.complaints.models import Complaint
from workflow.db.base import Base, pk


class InquiryEntry(Base):
    """One line of the log: somebody was heard, called or written to, or it was tried. Written once."""

    __tablename__ = "inquiry_entry"
    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    #: Whose part in the matter; who it was, if that is needed, is sealed beside.
    part: Mapped[str] = mapped_column(String(20))
    who: Mapped[bytes | None] = mapped_column(LargeBinary)
    way: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    #: False for an attempt.
    reached: Mapped[bool]
    statement: Mapped[str] = mapped_column(String(20), default="none")
    said: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The line this one puts right; both stay.
    corrects: Mapped[int | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    complaint: Mapped[Complaint] = relationship()


class AgencyRequest(Base):
    """Something an agency was asked for, until when, and what came."""

    __tablename__ = "agency_request"
    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(20))
    asked: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
    due_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: answered, partly or refused; null while it is open.
    outcome: Mapped[str | None] = mapped_column(String(12))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    complaint: Mapped[Complaint] = relationship()


class InterimAction(Base):
    """What is proposed for the meantime, and what a manager says to it: never the same person."""

    __tablename__ = "interim_action"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int]
    action: Mapped[str] = mapped_column(String(20))
    why: Mapped[bytes] = mapped_column(LargeBinary)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(12))
    reasons: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    complaint: Mapped[Complaint] = relationship()


class Referral(Base):
    """One authority was offered or sent the complaint: what is due and what came; the step says what."""

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        Index("ix_referral_open", "ended_as", "destination", "sent_at"),
    )

    id: Mapped[pk]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int]
    destination: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    acknowledgement_due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    their_reference: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: When the agency's own inquiry ended: its result is due so long after.
    resolved_on: Mapped[date | None]
    outcome_due_at: Mapped[datetime]
    #: A code of how it ended; null while it is open.
    ended_as: Mapped[str | None] = mapped_column(String(12))
    ended_at: Mapped[datetime | None]

    complaint: Mapped[Complaint] = relationship()
