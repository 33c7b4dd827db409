"""Inspections and their children as stored: findings, answers to the checklist, who is trained for a model.

What people write about them is sealed under the key of the inspection: `sealed` opens it.

No column holds a name, a birth date or a number of somebody arrested, and none is to come.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship, validates

from workflow.cases.models import Case, Clock
from workflow.db.base import Base, pk
from workflow.inspections.checklists import in_force
from workflow.inspections.facts import ROUTINE, one_higher


class Inspection(Case):
    """One inspection of one agreement. Its lead is the owner of the case."""

    __tablename__ = "inspection"
    __mapper_args__ = {"polymorphic_identity": "inspection"}

    id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    kind_of: Mapped[str] = mapped_column(String(20), default=ROUTINE)
    mode: Mapped[str | None] = mapped_column(String(20))
    due_on: Mapped[date | None] = mapped_column(index=True)
    #: Why it is due then, in words.
    basis: Mapped[str | None] = mapped_column(String(200))
    scheduled_on: Mapped[date | None] = mapped_column(index=True)
    until_on: Mapped[date | None]
    unannounced: Mapped[bool] = mapped_column(default=False)
    #: What the agency answered to the notice of this visit, as a code; null before it did.
    agency_reply: Mapped[str | None] = mapped_column(String(20))
    postponed_on: Mapped[date | None]
    postponements: Mapped[int] = mapped_column(default=0)
    begun_on: Mapped[date | None]
    #: The version of the checklist it was begun under.
    checklist: Mapped[str | None] = mapped_column(String(20))
    fieldwork_completed_on: Mapped[date | None]
    second_reader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    rating: Mapped[str | None] = mapped_column(String(60))
    rating_scale: Mapped[str | None] = mapped_column(String(60))
    report_issued_on: Mapped[date | None]
    #: What an inspection for cause was opened for.
    trigger: Mapped[str | None] = mapped_column(String(30))
    #: The agreement, as long as this is its one routine inspection until the end of fieldwork: two planners
    #: at once meet here, whatever the rules saw.
    occupies_agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), unique=True)

    findings: Mapped[list[Finding]] = relationship(
        order_by="Finding.number", back_populates="inspection", lazy="select"
    )
    answers: Mapped[list[ChecklistAnswer]] = relationship(
        order_by="ChecklistAnswer.id", back_populates="inspection", lazy="select"
    )

    @property
    def next_correction_on(self) -> datetime | None:
        """When the next of its open corrections is due; its own follow-up hangs on that. One query."""
        here = object_session(self)
        assert here is not None
        due = (
            select(func.min(Clock.due_at))
            .join(Case, Clock.case_id == Case.id)
            .where(
                Case.caused_by_id == self.id,
                Case.kind == "corrective",
                Case.closed_at.is_(None),
                Clock.name == "correct",
            )
        )
        return here.scalar(due)

    @property
    def checklist_kept(self) -> bool:
        """Whether a version of the checklist is kept; setting it keeps the one in force when it was begun."""
        return self.checklist is not None

    @checklist_kept.setter
    def checklist_kept(self, _: bool) -> None:
        assert self.begun_on is not None
        self.checklist = in_force(self.begun_on)

    @property
    def urgent_finding(self) -> str | None:
        """The number of the finding escalated last, as the answer of a question."""
        urgent = [finding.number for finding in self.findings if finding.is_urgent]
        return str(urgent[-1]) if urgent else None

    @urgent_finding.setter
    def urgent_finding(self, number: str) -> None:
        next(f for f in self.findings if str(f.number) == number).is_urgent = True

    @validates("postponed_on")
    def _count(self, _key: str, value: Any) -> Any:
        self.postponements = (self.postponements or 0) + 1
        return value

    @validates("begun_on")
    def _move_window(self, _key: str, value: Any) -> Any:
        """A visit that begins on another day than scheduled has as long as was planned."""
        if isinstance(value, date) and self.scheduled_on and self.until_on:
            self.until_on = value + (self.until_on - self.scheduled_on)
        return value


class Finding(Base):
    """What was established about one requirement. An area of concern is no deficiency and makes no case."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        CheckConstraint("result IN ('met', 'deficiency', 'area_of_concern')", name="result"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    #: Counts within the inspection, for addresses.
    number: Mapped[int]
    #: The item of the checklist it is about.
    item: Mapped[str] = mapped_column(String(12))
    clause: Mapped[str | None] = mapped_column(String(200))
    result: Mapped[str] = mapped_column(String(20))
    #: As the inspector judged it; `cited_class` is one higher for a repeat.
    class_code: Mapped[str | None] = mapped_column(String(10))
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The same requirement was deficient in one of the last two inspections of the agreement.
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    #: The numbers of the documents that show it.
    documents: Mapped[list[int] | None] = mapped_column(JSON)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    #: A corrective action was opened for it; from then on it is not changed here.
    is_cited: Mapped[bool] = mapped_column(default=False)
    #: What was asked for when it was cited: the corrective action, and the first days it set.
    correction: Mapped[str | None] = mapped_column(String(24))
    plan_by: Mapped[date | None]
    correct_by: Mapped[date | None]
    #: A dispute took it back; it stays on record and counts no more.
    is_withdrawn: Mapped[bool] = mapped_column(default=False)

    inspection: Mapped[Inspection] = relationship(back_populates="findings")

    @property
    def is_deficiency(self) -> bool:
        return self.result == "deficiency" and not self.is_withdrawn

    @property
    def is_whole(self) -> bool:
        """Whether a deficiency has all it needs to be cited."""
        return not self.is_deficiency or None not in (self.clause, self.evidence, self.class_code)

    @property
    def cited_class(self) -> str | None:
        if self.class_code is None or self.repeat_of_id is None:
            return self.class_code
        return one_higher(self.class_code)


class ChecklistAnswer(Base):
    """What the operations on one item of the checklist come to, with who answered last.

    While two people disagree it shows the earlier answer; `heads` are the numbers of all that stand.
    """

    __tablename__ = "checklist_answer"
    __table_args__ = (
        UniqueConstraint("inspection_id", "item"),
        CheckConstraint("answer IN ('yes', 'no', 'not_applicable', 'not_seen')", name="answer"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    item: Mapped[str] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(String(20))
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]
    #: The operations that nothing replaced yet, such as "3" or, where two stand beside each other, "3,5".
    heads: Mapped[str] = mapped_column(String(60), default="")
    is_disputed: Mapped[bool] = mapped_column(default=False)

    inspection: Mapped[Inspection] = relationship(back_populates="answers")


class ChecklistOperation(Base):
    """One answering of one item, written once. `base` are the operations it replaces: those its author saw.

    Two that replace the same and answer differently both stand until somebody chooses.
    """

    __tablename__ = "checklist_operation"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        UniqueConstraint("inspection_id", "operation"),
        CheckConstraint("answer IN ('yes', 'no', 'not_applicable', 'not_seen')", name="answer"),
    )

    id: Mapped[pk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    #: Counts within the inspection.
    number: Mapped[int]
    #: Made by whoever sends it: the same one twice changes nothing.
    operation: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(12))
    base: Mapped[list[int]] = mapped_column(JSON)
    answer: Mapped[str] = mapped_column(String(20))
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: The day on which it was noted on paper, and the document that holds the scan.
    noted_on: Mapped[date | None]
    document: Mapped[int | None]


class ModelQualification(Base):
    """Somebody was trained to inspect agreements of a model, and since when."""

    __tablename__ = "model_qualification"
    __table_args__ = (UniqueConstraint("person_id", "model"),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    model: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
