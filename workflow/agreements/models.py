"""The life of an agreement as a case: days and codes its steps leave behind. Its record is in `register`."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases.models import Case


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
