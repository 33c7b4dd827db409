"""Work on a case that is no state's task: what was promised, until when, what came of it. Columns only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.cases.models import Case, Task
from workflow.db.base import Base, pk

#: How the kind of a follow-up's task begins; no step of the case ends such a task.
FOLLOW: Final = "follow:"


def is_follow_up(task: Task) -> bool:
    """Whether a task outlives the states of its case: it ends when what was promised is kept."""
    return task.kind.startswith(FOLLOW)


class FollowUp(Base):
    """One promise. It ends once, kept or cancelled; the next of a series is a row of its own."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_follow_up_kind", "kind", "outcome", "due_at"),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    #: The number of its task within the case, for addresses.
    number: Mapped[int]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), unique=True)
    #: A code of whoever promises it: `check_in`, `chaser` …
    kind: Mapped[str] = mapped_column(String(30))
    #: The number of the child row it is about (a referral, a request), within its case.
    about: Mapped[int | None]
    #: The version of the case whose event led to it: undoing that step takes it back.
    promised_at_version: Mapped[int]
    promised_at: Mapped[datetime]
    #: As promised; more time for its task does not move it.
    due_at: Mapped[datetime]
    #: When the rest of the series falls due, as ISO moments, soonest first.
    later: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: The endpoint of the page where it is done; null for the one that serves every follow-up.
    page: Mapped[str | None] = mapped_column(String(60))
    #: kept or cancelled; null while it is open.
    outcome: Mapped[str | None] = mapped_column(String(12))
    #: What came of it, as a code.
    result: Mapped[str | None] = mapped_column(String(30))
    #: The same in words, sealed under the key of the case.
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    case: Mapped[Case] = relationship()
    task: Mapped[Task] = relationship()
