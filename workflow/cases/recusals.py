"""Who must not touch a case, and who was let in for a few days all the same. Columns and codes only.

Why nobody else could is in the words of the event.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk

#: Why somebody is too near to a case. A closed list: words could say who complained.
REASONS: Final = (
    ("subject", "It is about them"),
    ("witness", "They saw or heard it"),
    ("relative", "They are a relative or close friend of somebody in it"),
    ("own_supervision", "It questions their own supervision"),
    ("supervises_subject", "They supervise whom it is about"),
    ("investigated_before", "They investigated it before"),
    ("other_interest", "They have another interest in it"),
)
#: Reasons for which nobody is ever let in: nobody handles a case about themselves, their own or their kin.
NEVER_LET_IN: Final = frozenset({"subject", "witness", "relative", "own_supervision"})
#: For how long somebody is let in at most.
LET_IN_FOR: Final = timedelta(days=5)

_STANDING: Final[dict[str, Any]] = {
    "postgresql_where": text("withdrawn_at IS NULL"),
    "sqlite_where": text("withdrawn_at IS NULL"),
}


class Recusal(Base):
    """A person who must not touch a case. It wins over every role; once withdrawn it stays on record."""

    __tablename__ = "recusal"
    __table_args__ = (
        Index("uq_recusal_standing", "case_id", "person_id", unique=True, **_STANDING),
        CheckConstraint("withdrawn_by_id IS NULL OR withdrawn_by_id <> person_id", name="two_people"),
        Index("ix_recusal_at", "at", "id"),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: A code, never words: why somebody is too near to a case can say who complained.
    reason: Mapped[str] = mapped_column(String(40))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class LetIn(Base):
    """Somebody recused who may act for a few days, where nobody else can. It ends by the clock."""

    __tablename__ = "recusal_override"
    __table_args__ = (
        CheckConstraint("granted_by_id <> person_id", name="two_people"),
        Index("ix_recusal_override_person", "case_id", "person_id", "until_at"),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    until_at: Mapped[datetime]
    #: Ended earlier than by the clock.
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
