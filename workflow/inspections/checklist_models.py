"""Versions of the checklist that the office made, as stored: drafts, their revisions, what is in force.

A revision is written once. A version ends once: put in force by somebody else than its author, or withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db.base import Base, pk

IN_FORCE, WITHDRAWN = "in_force", "withdrawn"


class ChecklistVersion(Base):
    """One version. Until it has an outcome it is a draft of its author, and nobody else changes it."""

    __tablename__ = "checklist_version"
    __table_args__ = (
        CheckConstraint("outcome IN ('in_force', 'withdrawn')", name="outcome"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'withdrawn' OR (settled_by_id IS NOT NULL"
            " AND settled_by_id <> drafted_by_id AND effective_on IS NOT NULL AND revision IS NOT NULL)",
            name="two_people",
        ),
    )

    id: Mapped[pk]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    #: The version it was drafted from.
    base: Mapped[str] = mapped_column(String(20))
    #: What it changes and why, in a sentence.
    note: Mapped[str] = mapped_column(Text)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(20))
    #: The revision that was put in force, exactly as whoever did it saw it.
    revision: Mapped[int | None]
    effective_on: Mapped[date | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    revisions: Mapped[list[ChecklistRevision]] = relationship(
        order_by="ChecklistRevision.number", back_populates="version", lazy="select"
    )

    @property
    def is_draft(self) -> bool:
        return self.outcome is None


class ChecklistRevision(Base):
    """How a draft stood after one change. Counts within the version."""

    __tablename__ = "checklist_revision"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[pk]
    version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    number: Mapped[int]
    #: What was done to get here, such as "changed G1".
    what: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]

    version: Mapped[ChecklistVersion] = relationship(back_populates="revisions")
