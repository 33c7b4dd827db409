"""The outbox: what has to be told, written in the transaction of its cause; and letters that went out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk


class Outbox(Base):
    """One message to one recipient. Final states: sent, written, failed, cancelled."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next", "state", "next_at"),)

    id: Mapped[pk]
    #: The same cause never makes the same message twice.
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    #: "letter" to a party outside, "notice" to people of the office, "mail" that says a letter is there.
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


class SentLetter(Base):
    """A letter exactly as it went out, sealed under the key of its case. Only its posting is added later."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[pk]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    #: Which letter of its case: letters count as they were asked for, those not sent too.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    #: The party it is written to, never who that is.
    recipient: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    #: The version of its wording, as a hash of the file.
    wording: Mapped[str] = mapped_column(String(64))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    #: Whether name and address of the complainant stand on the paper: then fetching it is a look at them.
    is_addressed: Mapped[bool] = mapped_column(default=False)
    #: Of both forms, keyed: it proves the bytes and says nothing without the key.
    digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: When it was laid on the complainant's secure page; null for other parties, and where nobody has a code.
    on_page_at: Mapped[datetime | None]
    #: Printed and posted by hand, once.
    posted_on: Mapped[date | None]
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
