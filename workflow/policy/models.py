"""The rule book as stored: one row a rule, under a version that is never changed once in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db.base import Base, pk


class PolicyVersion(Base):
    """A version of the book. Who proposed it did not approve it; the delivered one has neither."""

    __tablename__ = "policy_version"
    __table_args__ = (CheckConstraint("proposed_by_id <> approved_by_id", name="two_people"),)

    id: Mapped[pk]
    number: Mapped[int] = mapped_column(unique=True)
    effective_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stored_at: Mapped[datetime]

    limits: Mapped[list[PolicyLimit]] = relationship(lazy="raise")
    rules: Mapped[list[PolicyRule]] = relationship(lazy="raise")


class PolicyLimit(Base):
    """A named span, keyed by MOA template (model and revision) and tier; null means "any"."""

    __tablename__ = "policy_limit"
    __table_args__ = (UniqueConstraint("version_id", "name", "model", "revision", "tier"),)

    id: Mapped[pk]
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    name: Mapped[str] = mapped_column(String(60))
    model: Mapped[str | None] = mapped_column(String(12))
    revision: Mapped[str | None] = mapped_column(String(20))
    tier: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(30))
    amount: Mapped[int]
    source: Mapped[str] = mapped_column(Text)


class PolicyRule(Base):
    """Any other rule of the book: a model, template, cadence, duty or scale, told apart by `family`."""

    __tablename__ = "policy_rule"
    __table_args__ = (UniqueConstraint("version_id", "family", "position"),)

    id: Mapped[pk]
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    family: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
