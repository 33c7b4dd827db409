"""The life of an agreement as a case, contacts kept and duties waived. Its record is in `register`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases.models import Case
from workflow.db.base import Base, pk


class AgreementLife(Case):
    """One life for one record of the register, under the same reference."""

    __tablename__ = "agreement_life"
    __mapper_args__ = {"polymorphic_identity": "agreement"}

    id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    #: What the vetting found of the field office's capacity.
    capacity: Mapped[str | None] = mapped_column(String(20))
    #: Recommended or declined, as minuted.
    decision: Mapped[str | None] = mapped_column(String(20))
    signed_on: Mapped[date | None]
    operational_on: Mapped[date | None]
    last_contact_on: Mapped[date | None]
    next_contact_on: Mapped[date | None]
    suspended_from: Mapped[date | None]
    suspended_until: Mapped[date | None]
    #: When a notice takes effect.
    effective_on: Mapped[date | None]
    #: When it was replaced by a newer one.
    ended_on: Mapped[date | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    #: The field office as somebody named it.
    office_code: Mapped[str | None] = mapped_column(String(12))


class AgreementContact(Base):
    """One contact kept with an agreement. Written once: a later row corrects it, and then counts instead."""

    __tablename__ = "agreement_contact"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[pk]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    #: Counts within the agreement.
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date]
    #: Who held it; null where another system does not say.
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    #: What was covered and what came of it, sealed under the key of the agreement's life.
    covered: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The names of the duties it discharges, by the policy of its day.
    discharges: Mapped[str] = mapped_column(String(90), default="")
    #: The row this one stands for from now on.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_contact.id"), unique=True)
    #: False: it never took place, or not under this agreement.
    took_place: Mapped[bool] = mapped_column(default=True)
    #: The list it came in with; null for what was entered here.
    source: Mapped[str | None] = mapped_column(String(60))


class DutyWaiver(Base):
    """An agreement is let off a duty until a day: by two people, neither of them its own supervisor."""

    __tablename__ = "duty_waiver"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("waived_by_id <> confirmed_by_id", name="two_people"),
        CheckConstraint(
            "supervisor_id IS NULL OR (supervisor_id <> waived_by_id AND supervisor_id <> confirmed_by_id)",
            name="not_ones_own",
        ),
        CheckConstraint("until_on > from_on", name="forwards"),
    )

    id: Mapped[pk]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    #: Counts within the agreement.
    number: Mapped[int]
    duty: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date]
    #: The last day of it. It ends by itself.
    until_on: Mapped[date]
    waived_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Who oversaw the agreement then.
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
