"""Accounts and what hangs on them, and the office itself, as stored. No rule and no query here.

People are never deleted, only switched off. Which cases somebody must not touch is kept with the cases.
"""

from __future__ import annotations

from datetime import date, datetime

from flask_security import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from workflow.db.base import Base, pk
from workflow.engine.actors import Actor, Role
from workflow.register.models import FieldOffice


class Office(Base):
    """The office that runs this database: one row. Demonstration or real is decided once, for life."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[pk]
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(String(40))
    #: Lines that say how the office is reached, printed as they are.
    contact: Mapped[str] = mapped_column(Text)
    is_demonstration: Mapped[bool]
    created_at: Mapped[datetime]


class Person(UserMixin, Base):
    """Somebody with an account. E-mail addresses are kept in small letters."""

    __tablename__ = "person"

    id: Mapped[pk]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: A hash; null until the invitation was accepted.
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    #: Changes when every session of this person has to end.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    #: The zone moments are shown in; null for the office's.
    zone: Mapped[str | None] = mapped_column(String(40))
    #: Days a week this person gives to visits of agencies; null for what the policy says.
    visit_days: Mapped[int | None]
    #: Since when single keys do nothing for this person; null while they work.
    keys_off_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    off_at: Mapped[datetime | None]
    off_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    grants: Mapped[list[PersonRole]] = relationship(
        foreign_keys="PersonRole.person_id", lazy="joined", order_by="PersonRole.id"
    )
    offices: Mapped[list[PersonOffice]] = relationship(
        lazy="joined", order_by="PersonOffice.id", cascade="all, delete-orphan"
    )
    agencies: Mapped[list[PersonAgency]] = relationship(
        lazy="joined", order_by="PersonAgency.id", cascade="all, delete-orphan"
    )

    @property
    def held(self) -> frozenset[Role]:
        """The roles this person has now."""
        return frozenset(grant.role for grant in self.grants if grant.ended_at is None)

    @property
    def actor(self) -> Actor:
        """The actor by what was given without an end; what ends some day needs `actor_at`."""
        return self._actor(None)

    def actor_at(self, *, now: datetime) -> Actor:
        """The actor at a moment: cover and agencies count until their last day (UTC), it included."""
        return self._actor(now.date(), now)

    def _actor(self, today: date | None, at: datetime | None = None) -> Actor:
        def holds(until: date | None) -> bool:
            return until is None or (today is not None and today <= until)

        return Actor(
            self.id,
            self.name,
            self.held if self.active else frozenset(),
            frozenset(office for place in self.offices if holds(place.until) for office in place.reach),
            frozenset(place.agency_id for place in self.agencies if holds(place.until)),
            at,
        )


class PersonRole(Base):
    """A role given to somebody: by whom, and by which second person. Ended, never removed."""

    __tablename__ = "person_role"
    __table_args__ = (
        CheckConstraint("second_id IS NULL OR second_id <> granted_by_id", name="two_people"),
        Index(
            "uq_person_role_held",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RoleRequest(Base):
    """A role asked for somebody, waiting for a second administrator."""

    __tablename__ = "role_request"
    __table_args__ = (
        CheckConstraint(
            "granted IS NULL OR NOT granted OR decided_by_id <> requested_by_id", name="two_people"
        ),
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_whole"),
        Index(
            "uq_role_request_open",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    #: True for granted, false for declined or withdrawn.
    granted: Mapped[bool | None]


class PersonOffice(Base):
    """An office somebody works in: their home, or one they cover until a day."""

    __tablename__ = "person_office"
    __table_args__ = (
        CheckConstraint("kind IN ('home', 'cover')", name="kind"),
        Index("uq_person_office", "person_id", "office_id", unique=True),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("field_office.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    until: Mapped[date | None]

    #: Neighbours this office covers: theirs are within reach of whoever is at home here.
    covers: Mapped[list[FieldOffice]] = relationship(
        primaryjoin=lambda: PersonOffice.office_id == foreign(FieldOffice.covered_by_id),
        lazy="joined",
        viewonly=True,
        order_by=lambda: FieldOffice.id,
    )

    @property
    def reach(self) -> frozenset[int]:
        """The office itself, and for whoever is at home in it those it covers."""
        return frozenset({self.office_id, *(o.id for o in self.covers if self.kind == "home")})


class PersonAgency(Base):
    """An agency somebody outside answers for, and until when."""

    __tablename__ = "person_agency"
    __table_args__ = (Index("uq_person_agency", "person_id", "agency_id", unique=True),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    until: Mapped[date | None]


class Absence(Base):
    """Days on which somebody is away, and who stands in."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="forwards"),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Invitation(Base):
    """A link that lets its person set a password, once. Only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    #: Null for the one `plumbline init` prints.
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class CalendarLink(Base):
    """The secret address of somebody's calendar. Only a keyed hash of it is kept; ended, never removed."""

    __tablename__ = "calendar_link"
    __table_args__ = (
        Index(
            "uq_calendar_link_live",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignIn(Base):
    """A session: what makes a stolen cookie worthless after signing out. No address is kept."""

    __tablename__ = "sign_in"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
