"""What remembers an import: its batch, and under which number the other system knew each thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, BigKey, pk


class ImportBatch(Base):
    """One run of an import that brought something. Kept when it is voided."""

    __tablename__ = "import_batch"

    id: Mapped[pk]
    #: The list it came from, as the command names it: "complaints", "inspections" …
    listing: Mapped[str] = mapped_column(String(20), default="complaints", server_default="complaints")
    source: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class ImportedThing(Base):
    """Where a case, or a row of the register, came from.

    The other system's number is a number of a file, never of a person.
    """

    __tablename__ = "imported_thing"
    __table_args__ = (
        # A number that was voided can be brought in again.
        Index(
            "uq_imported_thing_number",
            "listing",
            "source",
            "number",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        CheckConstraint("(case_id IS NULL) <> (row_id IS NULL)", name="one_thing"),
    )

    id: Mapped[pk]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    listing: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(80))
    #: The case it became; null for what is no case.
    case_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("case_file.id"), unique=True)
    #: The row of the listing's own table it became; null for a case.
    row_id: Mapped[int | None] = mapped_column(BigKey)
    #: What its rows said, to notice a later file that says something else.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
