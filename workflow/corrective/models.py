"""Corrective actions as stored: one deficiency, the agency's plan, and the days that were agreed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from workflow.cases.models import Case
from workflow.corrective.facts import CLASS_OF_TIER, TIER_OF_CLASS
from workflow.db.base import Base, pk


class CorrectiveAction(Case):
    """What is done about one deficiency. Its inspection is the case that caused it.

    Who accepted the plan, handed in the evidence and verified it is in its history; the latest of each
    stands here too, so that the database itself refuses one person for both. What was found and what will
    be done is sealed under its key: `sealed` opens it.
    """

    __tablename__ = "corrective_action"
    __table_args__: Any = (
        CheckConstraint("verified_by_id <> accepted_by_id", name="not_who_accepted"),
        CheckConstraint("verified_by_id <> evidence_by_id", name="not_who_gave_evidence"),
    )
    __mapper_args__ = {"polymorphic_identity": "corrective"}

    id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    #: The deficiency of the report; null for one that came in from another system.
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), unique=True)
    clause: Mapped[str | None] = mapped_column(String(200))
    #: The words of the report, for the agency and for whoever verifies.
    deficiency: Mapped[bytes | None] = mapped_column(LargeBinary)
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("corrective_action.id"))
    is_repeat: Mapped[bool] = mapped_column(default=False)
    position: Mapped[str | None] = mapped_column(String(20))
    action: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: A post at the agency, not a person.
    responsible: Mapped[bytes | None] = mapped_column(LargeBinary)
    target_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    #: How often a plan or a correction was sent back.
    returns: Mapped[int] = mapped_column(default=0)
    risk_until_on: Mapped[date | None]
    #: The inspection that found the same before, where no corrective action of it is on record.
    found_before_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"))
    #: Who accepted the plan, reported the correction and verified it, the latest of each.
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    evidence_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def class_code(self) -> str | None:
        """The class of the deficiency, kept as the tier of the case."""
        return CLASS_OF_TIER.get(self.tier) if self.tier is not None else None

    @class_code.setter
    def class_code(self, code: str) -> None:
        self.tier = TIER_OF_CLASS[code]

    @validates("returned_on")
    def _count(self, _key: str, value: Any) -> Any:
        self.returns = (self.returns or 0) + 1
        return value


class PlanElement(Base):
    """One part of a plan as it was handed in. Never changed: a plan that came back is handed in anew.

    The parts of one plan share the version of the case at which it was handed in. Their words are sealed
    under the key of the case.
    """

    __tablename__ = "plan_element"
    __table_args__ = (UniqueConstraint("case_id", "plan_version", "number"),)

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    plan_version: Mapped[int]
    number: Mapped[int]
    position: Mapped[str] = mapped_column(String(20))
    action: Mapped[bytes] = mapped_column(LargeBinary)
    #: A post at the agency, not a person.
    responsible: Mapped[bytes] = mapped_column(LargeBinary)
    target_on: Mapped[date]


class PlanVerdict(Base):
    """What was said of one part when its plan was reviewed: taken, or returned and why. Never changed."""

    __tablename__ = "plan_verdict"
    __table_args__ = (UniqueConstraint("element_id", "case_version"),)

    id: Mapped[pk]
    element_id: Mapped[int] = mapped_column(ForeignKey("plan_element.id"))
    #: The version of the case of the step that said it; a step that was undone said nothing.
    case_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    #: Sealed; none where the whole plan was returned for the one reason in the history.
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
