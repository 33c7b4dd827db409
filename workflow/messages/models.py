"""The outbox: what has to be told to somebody, written in the transaction of its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk


class Outbox(Base):
    """One message to one recipient. Final states: sent, written, failed, cancelled."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next", "state", "next_at"),)

    id: Mapped[pk]
    #: The same cause never makes the same message twice.
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    #: "letter" to a party outside, "notice" to people of the office.
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    #: A party (complainant, subject, agency) or a role; addresses are looked up when it is sent.
    recipient: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str] = mapped_column(String(24), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("field_office.id"))
    #: Codes for the template; never a name, an address or a narrative.
    codes: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)
