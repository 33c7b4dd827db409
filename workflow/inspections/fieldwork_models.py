"""What else is noted on a visit, as stored: files of a sample, interviews, what differs from the roster.

No column holds a name, a birth date or a number of somebody arrested: files are numbered, people counted.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk


class SampledFile(Base):
    """One file of the sample as it was looked at; looked at again, it is a row of the next revision."""

    __tablename__ = "sampled_file"
    __table_args__ = (UniqueConstraint("inspection_id", "number", "revision"),)

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    #: Counts within the inspection: the only thing a file is called.
    number: Mapped[int]
    revision: Mapped[int]
    #: The answer to each question of the checklist about files, by its code.
    marks: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Interview(Base):
    """One talk at the visit: with how many people of a role, never with whom."""

    __tablename__ = "interview"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        CheckConstraint("people > 0", name="people"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    role: Mapped[str] = mapped_column(String(30))
    people: Mapped[int]
    held_on: Mapped[date]
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class RosterDiscrepancy(Base):
    """Where officers and the office's records differ: proposed as a finding, accepted or not by a person."""

    __tablename__ = "roster_discrepancy"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        UniqueConstraint("inspection_id", "mark"),
        CheckConstraint("outcome IN ('accepted', 'declined')", name="outcome"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    item: Mapped[str] = mapped_column(String(12))
    officers: Mapped[int]
    #: Stands for exactly this difference, so that comparing twice proposes it once.
    mark: Mapped[str] = mapped_column(String(64))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(20))
    #: The finding it became, or why it became none.
    finding: Mapped[int | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
