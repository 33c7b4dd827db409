"""Who must not touch a case. Columns only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, pk


class Recusal(Base):
    """A person who must not touch a case. It always wins over every role."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: A code, never words: why somebody is too near to a case can say who complained.
    reason: Mapped[str] = mapped_column(String(40))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
