"""Corrective actions as stored: one deficiency, the agency's plan, and the days that were agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from workflow.cases.models import Case
from workflow.corrective.facts import CLASS_OF_TIER, TIER_OF_CLASS


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
