"""Agencies, their agreements' records, field offices and officers, as stored. No rule and no query here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.db.base import Base, pk


class FieldOffice(Base):
    """One of the areas in which field supervisors oversee agreements; its calendar counts there."""

    __tablename__ = "field_office"
    __table_args__ = (
        CheckConstraint("covered_by_id IS NULL OR NOT covered_by_headquarters", name="one_cover"),
    )

    id: Mapped[pk]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    zone: Mapped[str] = mapped_column(String(40))
    #: The neighbour whose people at home work on the cases of this one as well.
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("field_office.id"))
    #: The same for the people of headquarters: those who are in no office.
    covered_by_headquarters: Mapped[bool] = mapped_column(default=False)


class Agency(Base):
    """A state or local law-enforcement agency. `slug` is its address; old slugs stay as aliases."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("state", "comparable"),)

    id: Mapped[pk]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    comparable: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(40), index=True)
    county: Mapped[str | None] = mapped_column(String(120))
    type: Mapped[str | None] = mapped_column(String(40))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("field_office.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))

    office: Mapped[FieldOffice | None] = relationship(lazy="raise")
    agreements: Mapped[list[Agreement]] = relationship(back_populates="agency", lazy="raise")


class AgencyAlias(Base):
    """Another spelling or an old address of an agency; links by it still resolve."""

    __tablename__ = "agency_alias"
    __table_args__ = (UniqueConstraint("state", "comparable"),)

    id: Mapped[pk]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    comparable: Mapped[str] = mapped_column(String(300))
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)


class RegisterEvent(Base):
    """What was done to the register by hand: merges and splits of agencies, each reversible."""

    __tablename__ = "register_event"

    id: Mapped[pk]
    what: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    #: What was moved, so that it can be moved back exactly: ids of agreements.
    moved: Mapped[dict[str, Any]]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("register_event.id"))


class Agreement(Base):
    """The record of one signed agreement: one agency under one model. Its life is a case in `agreements`."""

    __tablename__ = "agreement"
    __table_args__ = (
        Index("ix_agreement_office_model", "office_id", "model"),
        CheckConstraint("ended_on IS NULL OR ended_on >= signed_on", name="ends_after_it_began"),
    )

    id: Mapped[pk]
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    model: Mapped[str] = mapped_column(String(12))
    #: Revision of the MOA template; `template_inferred` says that no document was seen.
    template: Mapped[str] = mapped_column(String(20))
    template_inferred: Mapped[bool] = mapped_column(default=False)
    signed_on: Mapped[date | None]
    operational_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("field_office.id"), index=True)
    #: The supervisor who oversees it; inspections are led by somebody else.
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    county: Mapped[str | None] = mapped_column(String(120))
    moa_url: Mapped[str | None] = mapped_column(String(2000))
    moa_pending: Mapped[bool] = mapped_column(default=False)
    #: State of its life, copied by the steps of its case so that lists need no join.
    status: Mapped[str] = mapped_column(String(30), default="active", index=True)
    #: First and last list on which it stood; a list without it does not end it.
    listed_first_on: Mapped[date | None]
    listed_last_on: Mapped[date | None]
    vanished_on: Mapped[date | None]

    agency: Mapped[Agency] = relationship(back_populates="agreements", lazy="raise")
    office: Mapped[FieldOffice | None] = relationship(lazy="raise")


class Officer(Base):
    """A designated officer of an agency under one agreement."""

    __tablename__ = "officer"
    __table_args__ = (
        Index(
            "uq_officer_number",
            "agreement_id",
            "number",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    nominated_on: Mapped[date | None]
    cleared_on: Mapped[date | None]
    training_from: Mapped[date | None]
    certified_on: Mapped[date | None]
    authorised_on: Mapped[date | None]
    authorised_until: Mapped[date | None]
    revoked_on: Mapped[date | None]
    left_on: Mapped[date | None]
    #: An import brought them by mistake.
    voided_at: Mapped[datetime | None]

    trainings: Mapped[list[Training]] = relationship(back_populates="officer", lazy="raise")


class Training(Base):
    """One training an officer passed: certification, annual or refresher."""

    __tablename__ = "training"
    __table_args__ = (UniqueConstraint("officer_id", "kind", "passed_on"),)

    id: Mapped[pk]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    passed_on: Mapped[date]
    score: Mapped[int | None]

    officer: Mapped[Officer] = relationship(back_populates="trainings", lazy="raise")
