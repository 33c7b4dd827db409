"""The report of an inspection as stored: its text, the agency's comments on the facts, what was issued.

Everything somebody wrote is sealed under the key of the inspection, and so is the report itself.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk


class ReportText(Base):
    """The text of a report as somebody saved it; saved again, it is a row of the next number."""

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("inspection_id", "number"),)

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    summary: Mapped[bytes] = mapped_column(LargeBinary)
    method: Mapped[bytes | None] = mapped_column(LargeBinary)
    strengths: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class FactComment(Base):
    """What the agency says of a fact of the draft, and what came of it before the report was issued."""

    __tablename__ = "fact_comment"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        CheckConstraint("outcome IN ('corrected', 'partly', 'kept', 'noted')", name="outcome"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    #: The number of the finding it is about; none for the draft as a whole.
    finding: Mapped[int | None]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    #: Somebody of the office wrote down what came by another way; otherwise the agency's contact gave it.
    is_recorded: Mapped[bool]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class IssuedReport(Base):
    """A report exactly as it went to the agency. Who wrote it neither read it a second time nor issued it."""

    __tablename__ = "issued_report"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        CheckConstraint("issued_by_id <> author_id", name="issued_by_another"),
        CheckConstraint("reader_id <> author_id", name="read_by_another"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    #: Another one than the first replaces those before.
    number: Mapped[int]
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    #: SHA-256 of the bytes that the agency gets.
    digest: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime]
