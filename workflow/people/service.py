"""What is done to accounts: invite, give and take roles and offices, switch off. No page here.

Every function is one transaction and raises `Refused` with sentences for whoever asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import update

from workflow.db.session import session, transaction
from workflow.engine.actors import STAFF, SYSTEM, Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.people import queries
from workflow.people.calendar_links import end_link
from workflow.people.identity import end_sessions, hash_token, set_password
from workflow.people.models import Invitation, Person, PersonAgency, PersonOffice, PersonRole, RoleRequest

#: What happens to the work of somebody who is switched off: (person, successor, who did it, when).
#: Called inside the transaction; the rooms above register here.
HandOver: TypeAlias = Callable[[int, int | None, Actor, datetime], None]
on_switch_off: Final[list[HandOver]] = []

INVITED_FOR: Final = timedelta(days=7)
GRANTABLE: Final = STAFF | {Role.AGENCY_CONTACT}


def invite(
    email: str,
    name: str,
    roles: Iterable[Role],
    *,
    by: Actor,
    now: datetime,
    offices: Iterable[int] = (),
    agencies: Iterable[int] = (),
    until: date | None = None,
) -> tuple[Person, str]:
    """Make an account and the one-time token its owner sets a password with.

    Roles wait for a second administrator as `request_role` says, and what somebody else asks for waits for
    one always. `until` is the last day for the agencies.
    """
    email, name = proper_email(email), name.strip()
    wanted = _grantable(roles)
    refusals = [] if name else [Refusal("required", "A name is needed.", "name")]
    if queries.by_email(email) is not None:
        refusals.append(Refusal("taken", "There is an account with this address.", "email"))
    if refusals:
        raise Refused(*refusals)
    with transaction() as writing:
        person = Person(email=email, name=name, fs_uniquifier=secrets.token_hex(32), created_at=now)
        person.offices = [PersonOffice(office_id=office, kind="home") for office in dict.fromkeys(offices)]
        person.agencies = [PersonAgency(agency_id=agency, until=until) for agency in dict.fromkeys(agencies)]
        writing.add(person)
        writing.flush()
        alone = queries.administrators() < 2 and Role.ADMINISTRATOR in by.roles
        for role in sorted(wanted):
            _grant_or_request(person, role, by=by, alone=alone, now=now)
        token = _new_invitation(person, by=by, now=now)
    return person, token


def renew_invitation(person_id: int, *, by: Actor, now: datetime) -> str:
    """A fresh one-time link; older ones stop working, the present password works until the new one is set."""
    with transaction():
        person = _in_use(person_id)
        return _new_invitation(person, by=by, now=now)


def accept(token: str, password: str, *, now: datetime) -> Person:
    """Set the password of an invitation and use it up."""
    with transaction():
        invitation = queries.invitation_by(token, now=now)
        person = session().get(Person, invitation.person_id) if invitation else None
        if invitation is None or person is None or not person.active:
            raise Refused(
                Refusal("used", "This link has been used, replaced or has run out. Ask for another.")
            )
        set_password(person, password, now=now)
        invitation.used_at = now
    return person


def change_password(person_id: int, password: str, *, now: datetime) -> Person:
    """Give a new password; every session ends, the one at hand included."""
    with transaction():
        person = _in_use(person_id)
        set_password(person, password, now=now)
    return person


def sign_out_everywhere(person_id: int, *, now: datetime) -> None:
    """End every session of somebody."""
    with transaction():
        end_sessions(_in_use(person_id), now=now)


def describe(person_id: int, *, name: str, zone: str | None) -> None:
    """Change what somebody is called, and the zone moments are shown in (None: the office's)."""
    with transaction():
        person = _in_use(person_id)
        person.name, person.zone = name, zone


def set_keys(person_id: int, *, off: bool, now: datetime) -> None:
    """Switch the single keys of pages off for somebody, or on again."""
    with transaction():
        _in_use(person_id).keys_off_at = now if off else None


# --- roles ------------------------------------------------------------------------------------


def request_role(person_id: int, role: Role, *, by: Actor, now: datetime) -> bool:
    """Give a role, or ask a second administrator for it once there are two. True if it was given."""
    _grantable([role])
    with transaction():
        person = _in_use(person_id)
        if role in person.held:
            raise Refused(Refusal("held", f"{person.name} has this role already.", "role"))
        if any(request.role == role for request in queries.open_requests(person_id)):
            raise Refused(Refusal("asked", "This role has been asked for and waits for its answer.", "role"))
        return _grant_or_request(person, role, by=by, alone=queries.administrators() < 2, now=now)


def decide_role(request_id: int, *, granted: bool, by: Actor, now: datetime) -> RoleRequest:
    """Confirm a request of somebody else, or decline (or withdraw) one."""
    with transaction() as writing:
        request = writing.get(RoleRequest, request_id, with_for_update=True)
        if request is None or request.decided_at is not None:
            raise Refused(Refusal("decided", "This has been decided already."))
        if granted and request.requested_by_id == by.id:
            raise Refused(Refusal("two_people", "Somebody else has to confirm what you asked for."))
        person = _in_use(request.person_id)
        request.decided_by_id, request.decided_at, request.granted = by.id, now, granted
        if granted:
            person.grants.append(
                PersonRole(role=request.role, granted_by_id=request.requested_by_id, second_id=by.id, at=now)
            )
    return request


def end_role(person_id: int, role: Role, *, by: Actor, now: datetime) -> None:
    """Take a role away, at once; the last administrator stays one."""
    with transaction():
        person = _in_use(person_id)
        grant = next((g for g in person.grants if g.role == role and g.ended_at is None), None)
        if grant is None:
            raise Refused(Refusal("not_held", f"{person.name} does not have this role."))
        if role is Role.ADMINISTRATOR:
            _not_the_last(person)
        grant.ended_at, grant.ended_by_id = now, by.id


# --- offices, agencies, the end ----------------------------------------------------------------


def set_offices(person_id: int, home: Iterable[int], cover: Iterable[tuple[int, date | None]]) -> None:
    """Say where somebody works: home offices, and others covered, each until a day (None: no end)."""
    at_home = dict.fromkeys(home)
    covered = {office: until for office, until in cover if office not in at_home}
    with transaction() as writing:
        person = _in_use(person_id)
        person.offices.clear()
        writing.flush()
        person.offices.extend(PersonOffice(office_id=office, kind="home") for office in at_home)
        person.offices.extend(
            PersonOffice(office_id=office, kind="cover", until=until) for office, until in covered.items()
        )


def set_agencies(person_id: int, agencies: Iterable[int], *, until: date | None = None) -> None:
    """Say for which agencies somebody outside answers."""
    with transaction() as writing:
        person = _in_use(person_id)
        person.agencies.clear()
        writing.flush()
        person.agencies.extend(
            PersonAgency(agency_id=agency, until=until) for agency in dict.fromkeys(agencies)
        )


def switch_off(person_id: int, *, successor_id: int | None, by: Actor, now: datetime) -> Person:
    """End an account for good: sessions, links and open requests with it; open work goes to the successor."""
    with transaction() as writing:
        person = _in_use(person_id)
        if person.id == by.id:
            raise Refused(Refusal("self", "Somebody else has to switch you off."))
        if Role.ADMINISTRATOR in person.held:
            _not_the_last(person)
        if successor_id is not None and (successor_id == person_id or not _in_use(successor_id).held & STAFF):
            raise Refused(Refusal("successor", "Choose a colleague who takes over.", "successor"))
        person.active, person.off_at, person.off_by_id = False, now, by.id
        end_sessions(person, now=now)
        _revoke_invitations(person, now)
        end_link(person_id, now=now)
        writing.execute(
            update(RoleRequest)
            .where(RoleRequest.person_id == person_id, RoleRequest.decided_at.is_(None))
            .values(decided_at=now, decided_by_id=by.id, granted=False)
        )
        for hand_over in on_switch_off:
            hand_over(person_id, successor_id, by, now)
    return person


# --- within a transaction ----------------------------------------------------------------------


def proper_email(email: str) -> str:
    """An address as it is kept. Raises `Refused` for what cannot be one."""
    try:
        # Addresses under .test are ours to use in tests and demonstrations; mail to them goes nowhere.
        found = validate_email(
            email.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        raise Refused(Refusal("email", "This is not an e-mail address we can use.", "email")) from None
    return found.normalized.casefold()


def _grantable(roles: Iterable[Role]) -> frozenset[Role]:
    wanted = frozenset(roles)
    if wanted - GRANTABLE:
        raise Refused(Refusal("role", "This role is not given to people.", "roles"))
    if Role.AGENCY_CONTACT in wanted and len(wanted) > 1:
        raise Refused(
            Refusal("outside", "An agency contact is outside the office and has no other role.", "roles")
        )
    return wanted


def _grant_or_request(person: Person, role: Role, *, by: Actor, alone: bool, now: datetime) -> bool:
    inside = bool(person.held & STAFF)
    if (role is Role.AGENCY_CONTACT and inside) or (role in STAFF and Role.AGENCY_CONTACT in person.held):
        raise Refused(
            Refusal("outside", "An agency contact is outside the office and has no other role.", "role")
        )
    if alone or by.id == SYSTEM.id:
        person.grants.append(PersonRole(role=role, granted_by_id=by.id, at=now))
        return True
    session().add(RoleRequest(person_id=person.id, role=role, requested_by_id=by.id, requested_at=now))
    return False


def _new_invitation(person: Person, *, by: Actor, now: datetime) -> str:
    _revoke_invitations(person, now)
    token = secrets.token_urlsafe(32)
    session().add(
        Invitation(
            person_id=person.id,
            token_hash=hash_token(token),
            created_at=now,
            created_by_id=by.id,
            expires_at=now + INVITED_FOR,
        )
    )
    return token


def _revoke_invitations(person: Person, now: datetime) -> None:
    session().execute(
        update(Invitation)
        .where(
            Invitation.person_id == person.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
        )
        .values(revoked_at=now)
    )


def _in_use(person_id: int) -> Person:
    person = queries.person_or_none(person_id)
    if person is None:
        raise Refused(Refusal("person", "There is no such account."))
    if not person.active:
        raise Refused(Refusal("off", f"The account of {person.name} is switched off."))
    return person


def _not_the_last(person: Person) -> None:
    others = [
        other for other in queries.holding(Role.ADMINISTRATOR) if other.id != person.id and other.password
    ]
    if not others:
        raise Refused(Refusal("last", "This is the last administrator. Make another one first."))
