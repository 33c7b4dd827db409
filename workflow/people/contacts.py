"""Contacts of agencies: who answers for which agency, and how far their invitation came. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.calendar import day_words
from workflow.people.models import Invitation, Person, PersonAgency, PersonRole, RoleRequest
from workflow.register.models import Agency


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for an agency, and how far their invitation came."""

    person_id: int
    name: str
    email: str
    agency: str
    slug: str
    until: date | None
    has_password: bool
    is_confirmed: bool
    last_sign_in_at: datetime | None
    link_until: datetime | None

    def standing(self, *, now: datetime) -> str:
        """Whether they can sign in, and what it hangs on."""
        waits = "" if self.is_confirmed else "; waits for an administrator to confirm"
        if self.has_password:
            last = self.last_sign_in_at
            return (f"signed in last on {day_words(last.date())}" if last else "can sign in") + waits
        if self.link_until is not None and self.link_until > now:
            return f"invited, the link runs out on {day_words(self.link_until.date())}{waits}"
        return f"the invitation has run out{waits}"

    def can_be_invited_again(self) -> bool:
        """Whoever has a password signs in with it, or asks an administrator."""
        return not self.has_password


def contacts(
    agency_ids: Iterable[int] | None = None, *, words: str = "", now: datetime, limit: int = 200
) -> list[Contact]:
    """Who answers for these agencies now (None: for any), by agency and name. One query."""
    link = (
        select(func.max(Invitation.expires_at))
        .where(
            Invitation.person_id == Person.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
        )
        .correlate(Person)
        .scalar_subquery()
    )
    found = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Agency.name,
            Agency.slug,
            PersonAgency.until,
            Person.password.is_not(None),
            _holds(),
            Person.last_sign_in_at,
            link,
        )
        .join(PersonAgency, PersonAgency.person_id == Person.id)
        .join(Agency, PersonAgency.agency_id == Agency.id)
        .where(
            Person.active.is_(True),
            or_(PersonAgency.until.is_(None), PersonAgency.until >= now.date()),
        )
        .order_by(Agency.name, Agency.id, Person.name, Person.id)
        .limit(limit)
    )
    if agency_ids is not None:
        found = found.where(PersonAgency.agency_id.in_(list(agency_ids)))
    if words:
        found = found.where(
            or_(Agency.name.icontains(words, autoescape=True), Person.name.icontains(words, autoescape=True))
        )
    rows: Iterable[Any] = session().execute(found)
    return [Contact(*row) for row in rows]


def is_contact(person_id: int) -> bool:
    """Whether an account is an agency contact's, or waits to become one; never one of the office."""
    asked = exists().where(
        RoleRequest.person_id == Person.id,
        RoleRequest.role == Role.AGENCY_CONTACT,
        RoleRequest.decided_at.is_(None),
    )
    other = exists().where(
        PersonRole.person_id == Person.id,
        PersonRole.ended_at.is_(None),
        PersonRole.role != Role.AGENCY_CONTACT,
    )
    found = select(Person.id).where(
        Person.id == person_id, Person.active.is_(True), or_(_holds(), asked), ~other
    )
    return session().scalar(found) is not None


def _holds() -> ColumnElement[bool]:
    return exists().where(
        PersonRole.person_id == Person.id,
        PersonRole.role == Role.AGENCY_CONTACT,
        PersonRole.ended_at.is_(None),
    )
