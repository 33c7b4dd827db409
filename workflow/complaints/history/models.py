"""What remembers an import: its batch, and under which number the other system knew each complaint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, BigKey, pk


class ImportBatch(Base):
    """One run of an import that brought something. Kept when it is voided."""

    __tablename__ = "import_batch"

    id: Mapped[pk]
    source: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class ImportedComplaint(Base):
    """Where a complaint came from. The other system's number is a number of a file, never of a person."""

    __tablename__ = "imported_complaint"
    __table_args__ = (
        # A number that was voided can be brought in again.
        Index(
            "uq_imported_complaint_number",
            "source",
            "number",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    source: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(80))
    #: What its rows said, to notice a later file that says something else.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
