"""Reading accounts. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from workflow.db.session import session
from workflow.engine.actors import PUBLIC, SYSTEM, Actor, Role
from workflow.people.identity import hash_token
from workflow.people.models import Invitation, Person, PersonRole, RoleRequest, SignIn
from workflow.register.models import Agency

#: Accounts that are not people.
NOBODY = (SYSTEM.id, PUBLIC.id)


def actor_of(person_id: int, *, now: datetime) -> Actor:
    """The actor of an account, with the roles and offices it has now. Raises `LookupError` for none."""
    if person_id in NOBODY:
        return SYSTEM if person_id == SYSTEM.id else PUBLIC
    person = session().get(Person, person_id)
    if person is None:
        raise LookupError(person_id)
    return person.actor_at(now=now)


def person_or_none(person_id: int) -> Person | None:
    """Somebody with an account; None for the accounts that are nobody's."""
    return None if person_id in NOBODY else session().get(Person, person_id)


def by_email(email: str) -> Person | None:
    """The account of an address, in whatever letters it was typed."""
    found = select(Person).where(Person.email == email.strip().casefold(), Person.id.not_in(NOBODY))
    return session().scalars(found).unique().one_or_none()


def everybody() -> Sequence[Person]:
    """All accounts of people, those in use first, by name. An office has at most a few hundred."""
    listed = (
        select(Person).where(Person.id.not_in(NOBODY)).order_by(Person.active.desc(), Person.name, Person.id)
    )
    return session().scalars(listed).unique().all()


def holding(role: Role) -> Sequence[Person]:
    """Who holds a role and may act, by name."""
    listed = (
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.active.is_(True), PersonRole.role == role, PersonRole.ended_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return session().scalars(listed).unique().all()


def agency_names(ids: Iterable[int]) -> str:
    """What agencies are called, those merged into another left out where that one is named. One query."""
    rows = session().execute(
        select(Agency.id, Agency.name, Agency.merged_into_id).where(Agency.id.in_(list(ids)))
    )
    found = list(rows)
    here = {agency_id for agency_id, _, _ in found}
    return ", ".join(sorted(name for _, name, into in found if into not in here))


def names(ids: set[int]) -> dict[int, str]:
    """What people are called, by id. One query, none for nobody."""
    if not ids:
        return {}
    found = session().execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in found}


def administrators() -> int:
    """How many administrators could confirm something: in use, with a password."""
    counted = (
        select(func.count(Person.id.distinct()))
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            Person.active.is_(True),
            Person.password.is_not(None),
            PersonRole.role == Role.ADMINISTRATOR,
            PersonRole.ended_at.is_(None),
        )
    )
    return session().scalar(counted) or 0


def open_requests(person_id: int | None = None) -> Sequence[RoleRequest]:
    """Roles waiting for a second administrator, oldest first."""
    waiting = select(RoleRequest).where(RoleRequest.decided_at.is_(None)).order_by(RoleRequest.id)
    if person_id is not None:
        waiting = waiting.where(RoleRequest.person_id == person_id)
    return session().scalars(waiting).all()


def invitation_by(token: str, *, now: datetime) -> Invitation | None:
    """The invitation of a link that still works."""
    found = (
        session().scalars(select(Invitation).where(Invitation.token_hash == hash_token(token))).one_or_none()
    )
    if found is None or found.used_at or found.revoked_at or found.expires_at <= now:
        return None
    return found


def how_it_ended(token: str, *, now: datetime) -> tuple[str, datetime | None]:
    """Why a link no longer works ("used", "replaced", "run out") and when it would have run out; "" for none.

    Whoever has the link was given it, so it tells nobody else anything.
    """
    found = session().scalar(select(Invitation).where(Invitation.token_hash == hash_token(token)))
    if found is None:
        return "", None
    if found.used_at is not None:
        return "used", found.expires_at
    if found.revoked_at is not None:
        return "replaced", found.expires_at
    return ("run out" if found.expires_at <= now else ""), found.expires_at


def open_sessions(person_id: int, *, since: datetime) -> int:
    """How many sessions of this person are open that began after `since`."""
    counted = select(func.count()).where(
        SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.started_at > since
    )
    return session().scalar(counted) or 0
