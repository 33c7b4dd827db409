"""Cases and what hangs on them: events, tasks, clocks, intervals, approvals. Columns only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db.base import Base, BigKey, pk
from workflow.engine.actors import Role
from workflow.engine.clock import Happened
from workflow.register.models import Agency, FieldOffice

#: The state of what was entered by mistake: it never was a case, so it counts nowhere.
VOIDED: Final = "voided"
#: Queues and starts read what is open only, so their indexes hold nothing else.
_OPEN: dict[str, Any] = {
    "postgresql_where": text("closed_at IS NULL"),
    "sqlite_where": text("closed_at IS NULL"),
}
_LEFT: dict[str, Any] = {
    "postgresql_where": text("left_at IS NOT NULL"),
    "sqlite_where": text("left_at IS NOT NULL"),
}
_COUNTED: Final = ("kind", "office_id", "received_at", "model", "owner_id", "supervised_by_id")


def _receipt(context: Any) -> Any:
    return context.get_current_parameters()["received_at"]


class Case(Base):
    """The part of a case that every kind shares. `state` and `version` are written by `perform` only."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_kind_state", "kind", "state", "received_at"),
        # Triage: what stands in a state, the most urgent first.
        Index("ix_case_file_urgency", "kind", "state", "tier", "counts_from", "id"),
        Index("ix_case_file_office_kind", "office_id", "kind", "received_at"),
        Index("ix_case_file_kind_received", "kind", "received_at", "id"),
        # Closure times read this and nothing else of a case.
        Index(
            "ix_case_spans", "kind", "office_id", "received_at", "closed_at", "owner_id", "supervised_by_id"
        ),
        # The start of a manager counts open cases, and finds the oldest, without reading a case.
        Index("ix_case_open", *_COUNTED, **_OPEN),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    state: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column()
    #: What lists call it: a subject in neutral words, never a name of a complainant.
    title: Mapped[str] = mapped_column(String(200))
    #: When the matter reached the office (complaint) or came to be owed; total age counts from here.
    received_at: Mapped[datetime]
    #: From when it counts where cases stand in order: its receipt, or the earliest of its group. No date of
    #: its own hangs on it.
    counts_from: Mapped[datetime] = mapped_column(default=_receipt)
    #: When the first event was recorded.
    opened_at: Mapped[datetime]
    #: When the case last came to a final state; null while open.
    closed_at: Mapped[datetime | None]
    #: When the present state was entered.
    state_since: Mapped[datetime]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("field_office.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    model: Mapped[str | None] = mapped_column(String(12))
    template: Mapped[str | None] = mapped_column(String(20))
    tier: Mapped[int | None]
    #: The investigator or lead; who "has" the case.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: The supervisor whose own supervision the case is about; that person never sees it.
    supervised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: From here on the agency's contact sees its own part.
    sent_to_agency_at: Mapped[datetime | None]
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    #: The case whose step opened this one, by a reaction.
    caused_by_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    #: Hash of the latest event: the head of the chain, locked with the row.
    last_hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    events: Mapped[list[Event]] = relationship(order_by="Event.version", back_populates="case", lazy="select")
    tasks: Mapped[list[Task]] = relationship(order_by="Task.id", back_populates="case", lazy="select")
    clocks: Mapped[list[Clock]] = relationship(order_by="Clock.id", back_populates="case", lazy="select")
    intervals: Mapped[list[StageInterval]] = relationship(
        order_by="StageInterval.entered_version", back_populates="case", lazy="select"
    )
    agency: Mapped[Agency | None] = relationship(lazy="select")
    office: Mapped[FieldOffice | None] = relationship(lazy="select")

    # The version is set by hand: SQLAlchemy's own counter misses steps that change no column.
    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version, "version_id_generator": False}


class CaseKey(Base):
    """The key of a case's personal words, wrapped by the key file's; destroying the row erases the words."""

    __tablename__ = "case_key"

    case_id: Mapped[int] = mapped_column(BigKey, ForeignKey("case_file.id"), primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    erased_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()


class Event(Base):
    """One line of a case's history. Never changed, never deleted: the database refuses it too."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        UniqueConstraint("case_id", "prev"),
        CheckConstraint("second_id IS NULL OR second_id <> actor_id", name="two_people"),
        Index("ix_case_event_recorded", "recorded_at", "id"),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    version: Mapped[int]
    verb: Mapped[str] = mapped_column(String(60))
    source: Mapped[str | None] = mapped_column(String(30))
    target: Mapped[str] = mapped_column(String(30))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    #: Entered later than it happened, so that a late act counted as on time: counted in the figures.
    backdated: Mapped[bool] = mapped_column(default=False)
    #: Identifiers and codes of the answers; words are only committed to in `canon`.
    codes: Mapped[dict[str, Any]]
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id"))
    canon: Mapped[bytes] = mapped_column(LargeBinary)
    prev: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    case: Mapped[Case] = relationship(back_populates="events")
    answers: Mapped[list[EventAnswer]] = relationship(back_populates="event", lazy="select")
    cause: Mapped[Event | None] = relationship(remote_side="Event.id", lazy="select")


class EventAnswer(Base):
    """The words of an answer, encrypted under the key of the case, outside the hashed bytes."""

    __tablename__ = "event_answer"

    event_id: Mapped[int] = mapped_column(BigKey, ForeignKey("case_event.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    event: Mapped[Event] = relationship(back_populates="answers")


class StageInterval(Base):
    """From when to when a case stood in a state; once left it is never written again."""

    __tablename__ = "stage_interval"
    __table_args__ = (
        UniqueConstraint("case_id", "entered_version"),
        Index("ix_stage_interval_kind_state", "kind", "state", "entered_at"),
        # Which cases were opened again, without reading all that were ever closed.
        Index("ix_stage_interval_left", "state", "case_id", **_LEFT),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(30))
    entered_at: Mapped[datetime]
    entered_version: Mapped[int]
    left_at: Mapped[datetime | None]
    left_version: Mapped[int | None]

    case: Mapped[Case] = relationship(back_populates="intervals")


class Task(Base):
    """Work for a person or a role. Carries what a queue row shows, so that a queue needs no join."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_task_open_place", "role", "office_id", "sort_at", "id", **_OPEN),
        Index("ix_task_open_holder", "holder_id", "sort_at", "id", **_OPEN),
        # For those who work for every office: the earliest first, until the page is full.
        Index("ix_task_open_earliest", "sort_at", "id", **_OPEN),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    #: Counts within the case, for addresses.
    number: Mapped[int]
    #: The state of the case that owns it, or `confirm:<verb>`, `notice`, or `follow:<kind>`.
    kind: Mapped[str] = mapped_column(String(70))
    title: Mapped[str] = mapped_column(String(120))
    #: The step of the case that ends it, offered in the queue; null for a plain notice.
    verb: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), default="open")
    role: Mapped[Role]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    original_due_at: Mapped[datetime | None]
    #: Due moment for sorting, sooner where the case has a group that came earlier; those without come last.
    sort_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: Whom it waits for, in words of the machine's or of a closed list: a queue shows it.
    waiting_for: Mapped[str | None] = mapped_column(String(60))
    waiting_since: Mapped[datetime | None]
    hand_overs: Mapped[int] = mapped_column(default=0)
    #: How many moves its log has: the version a claim from the queue is decided on.
    move_count: Mapped[int] = mapped_column(default=1)
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id"))
    # Copied from the case:
    reference: Mapped[str] = mapped_column(String(24))
    case_kind: Mapped[str] = mapped_column(String(20))
    case_title: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("field_office.id"))
    office_name: Mapped[str | None] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    agency_name: Mapped[str | None] = mapped_column(String(300))
    model: Mapped[str | None] = mapped_column(String(12))
    tier: Mapped[int | None]
    supervised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    case: Mapped[Case] = relationship(back_populates="tasks")
    moves: Mapped[list[TaskMove]] = relationship(order_by="TaskMove.id", back_populates="task", lazy="select")


class TaskMove(Base):
    """The log of a task; its moves are not steps of the case."""

    __tablename__ = "task_move"

    id: Mapped[pk]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    verb: Mapped[str] = mapped_column(String(30))
    source: Mapped[str | None] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why, in words, sealed under the key of the case.
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]

    task: Mapped[Task] = relationship(back_populates="moves")


class Clock(Base):
    """A running deadline. The truth is its events; the moments here are a copy for lists."""

    __tablename__ = "clock"
    __table_args__ = (UniqueConstraint("case_id", "name"),)

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(30))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    original_due_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(back_populates="clocks")
    events: Mapped[list[ClockRow]] = relationship(
        order_by="ClockRow.id", back_populates="clock", lazy="select"
    )


class ClockRow(Base):
    """What happened to a clock, appended by a step. A voided step's rows are marked, never removed."""

    __tablename__ = "clock_event"

    id: Mapped[pk]
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    what: Mapped[Happened]
    at: Mapped[datetime]
    unit: Mapped[str | None] = mapped_column(String(30))
    amount: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(200), default="")
    from_first_start: Mapped[bool] = mapped_column(default=False)
    case_version: Mapped[int]
    voided_by_version: Mapped[int | None]

    clock: Mapped[Clock] = relationship(back_populates="events")


class Approval(Base):
    """A step that waits for a second person, exactly as it was asked for."""

    __tablename__ = "approval"
    __table_args__ = (CheckConstraint("decided_by_id <> requested_by_id", name="two_people"),)

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    verb: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(30))
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    #: The answers, sealed under the key of the case; `payload_hash` binds what was confirmed.
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    payload_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    #: confirmed, declined or lapsed (the case moved on); null while it waits.
    outcome: Mapped[str | None] = mapped_column(String(20))

    case: Mapped[Case] = relationship()
