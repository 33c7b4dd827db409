"""Invitations, roles with two people, offices, switching off: what administrators do to accounts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.cast import ADA, ALDER, ATLANTA, AXEL, BOSTON, CARL, MONDAY, RUTH, SAM, SUE
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Role
from workflow.engine.machine import Refused
from workflow.people import queries, service
from workflow.people.models import Person, PersonRole, RoleRequest

pytestmark = pytest.mark.usefixtures("ctx")
NEW = "seven green lanterns hang"


def why(refused):
    return [refusal.code for refusal in refused.value.refusals]


def invited(email="nora@office.test", roles=(Role.REVIEWER,), **more):
    return service.invite(email, "Nora New", roles, by=ADA, now=MONDAY, **more)


def held(person_id):
    session().expire_all()
    return session().get(Person, person_id).held


# --- invitations ------------------------------------------------------------------------------


def test_a_link_sets_a_password_once():
    _, token = invited()

    person = service.accept(token, NEW, now=MONDAY)

    assert person.password
    with pytest.raises(Refused) as refused:
        service.accept(token, NEW + " again", now=MONDAY)
    assert why(refused) == ["used"]


def test_a_link_runs_out():
    _, token = invited()

    with pytest.raises(Refused) as refused:
        service.accept(token, NEW, now=MONDAY + service.INVITED_FOR)
    assert why(refused) == ["used"]


def test_a_new_link_replaces_the_old_one():
    person, old = invited()
    new = service.renew_invitation(person.id, by=ADA, now=MONDAY)

    assert queries.invitation_by(old, now=MONDAY) is None
    assert queries.invitation_by(new, now=MONDAY) is not None


def test_a_weak_password_does_not_use_the_link_up():
    _, token = invited()

    with pytest.raises(Refused):
        service.accept(token, "short", now=MONDAY)
    assert queries.invitation_by(token, now=MONDAY) is not None


@pytest.mark.parametrize("email", ["SAM@office.test", "sam@OFFICE.test", " sam@office.test "])
def test_an_address_has_one_account_whatever_its_letters(email):
    with pytest.raises(Refused) as refused:
        invited(email)
    assert why(refused) == ["taken"]


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "a@b@c.test", "a\r\nBcc: x@y.test", "r\u00fcth@office.test", "x" * 250 + "@a.org"],
)
def test_what_cannot_be_an_address_is_refused(email):
    with pytest.raises(Refused) as refused:
        invited(email)
    assert why(refused) == ["email"]


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.PUBLIC])
def test_some_roles_are_for_nobody(role):
    with pytest.raises(Refused) as refused:
        invited(roles=[role])
    assert why(refused) == ["role"]


def test_an_agency_contact_stays_outside():
    with pytest.raises(Refused):
        invited(roles=[Role.AGENCY_CONTACT, Role.REVIEWER])
    with pytest.raises(Refused) as refused:
        service.request_role(CARL.id, Role.REVIEWER, by=ADA, now=MONDAY)
    assert why(refused) == ["outside"]


# --- roles ------------------------------------------------------------------------------------


def test_a_role_waits_for_a_second_administrator():
    given = service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)

    assert not given
    assert held(RUTH.id) == {Role.REVIEWER}


def test_the_second_administrator_gives_it():
    service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)
    [request] = queries.open_requests(RUTH.id)

    service.decide_role(request.id, granted=True, by=AXEL, now=MONDAY)

    assert held(RUTH.id) == {Role.REVIEWER, Role.MANAGER}
    [grant] = [g for g in session().get(Person, RUTH.id).grants if g.role is Role.MANAGER]
    assert (grant.granted_by_id, grant.second_id) == (ADA.id, AXEL.id)


def test_nobody_confirms_what_they_asked_for():
    service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)
    [request] = queries.open_requests(RUTH.id)

    with pytest.raises(Refused) as refused:
        service.decide_role(request.id, granted=True, by=ADA, now=MONDAY)
    assert why(refused) == ["two_people"]


def test_who_asked_may_withdraw():
    service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)
    [request] = queries.open_requests(RUTH.id)

    service.decide_role(request.id, granted=False, by=ADA, now=MONDAY)

    assert held(RUTH.id) == {Role.REVIEWER}
    assert queries.open_requests(RUTH.id) == []


def test_a_request_is_decided_once():
    service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)
    [request] = queries.open_requests(RUTH.id)
    service.decide_role(request.id, granted=False, by=AXEL, now=MONDAY)

    with pytest.raises(Refused) as refused:
        service.decide_role(request.id, granted=True, by=AXEL, now=MONDAY)
    assert why(refused) == ["decided"]


def test_the_roles_of_an_invitation_wait_too():
    person, _ = invited(roles=[Role.REVIEWER, Role.MANAGER])

    assert held(person.id) == frozenset()
    assert {r.role for r in queries.open_requests(person.id)} == {Role.REVIEWER, Role.MANAGER}


def test_a_single_administrator_gives_roles_alone():
    service.end_role(AXEL.id, Role.ADMINISTRATOR, by=ADA, now=MONDAY)

    assert service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)
    assert held(RUTH.id) == {Role.REVIEWER, Role.MANAGER}


def test_a_role_is_asked_for_once():
    service.request_role(RUTH.id, Role.MANAGER, by=ADA, now=MONDAY)

    with pytest.raises(Refused) as refused:
        service.request_role(RUTH.id, Role.MANAGER, by=AXEL, now=MONDAY)
    assert why(refused) == ["asked"]
    with pytest.raises(Refused) as refused:
        service.request_role(RUTH.id, Role.REVIEWER, by=ADA, now=MONDAY)
    assert why(refused) == ["held"]


def test_the_database_itself_knows_that_two_are_two():
    def insert(row):
        with transaction() as writing:
            writing.add(row)

    with pytest.raises(IntegrityError):
        insert(
            PersonRole(
                person_id=RUTH.id, role=Role.MANAGER, granted_by_id=ADA.id, second_id=ADA.id, at=MONDAY
            )
        )
    with pytest.raises(IntegrityError):
        insert(
            RoleRequest(
                person_id=RUTH.id,
                role=Role.MANAGER,
                requested_by_id=ADA.id,
                requested_at=MONDAY,
                decided_by_id=ADA.id,
                decided_at=MONDAY,
                granted=True,
            )
        )


def test_a_role_taken_away_stays_on_record():
    service.end_role(RUTH.id, Role.REVIEWER, by=ADA, now=MONDAY)

    [grant] = session().get(Person, RUTH.id).grants
    assert held(RUTH.id) == frozenset()
    assert (grant.ended_at, grant.ended_by_id) == (MONDAY, ADA.id)


def test_the_last_administrator_stays_one():
    service.end_role(AXEL.id, Role.ADMINISTRATOR, by=ADA, now=MONDAY)

    with pytest.raises(Refused) as refused:
        service.end_role(ADA.id, Role.ADMINISTRATOR, by=ADA, now=MONDAY)
    assert why(refused) == ["last"]
    with pytest.raises(Refused) as refused:
        service.switch_off(ADA.id, successor_id=None, by=SYSTEM, now=MONDAY)
    assert why(refused) == ["last"]


# --- offices ----------------------------------------------------------------------------------


def test_cover_counts_until_its_last_day():
    service.set_offices(SAM.id, [ATLANTA], [(BOSTON, date(2026, 1, 6))])
    sam = session().get(Person, SAM.id)

    def offices(days):
        return sam.actor_at(now=MONDAY + timedelta(days=days)).offices

    assert offices(0) == offices(1) == {ATLANTA, BOSTON}
    assert offices(2) == {ATLANTA}
    assert sam.actor.offices == {ATLANTA}


def test_offices_are_replaced_as_a_whole():
    service.set_offices(SAM.id, [BOSTON], [(BOSTON, None)])

    [place] = session().get(Person, SAM.id).offices
    assert (place.office_id, place.kind) == (BOSTON, "home")


def test_an_agency_contact_has_their_agencies():
    assert session().get(Person, CARL.id).actor_at(now=MONDAY).agencies == {ALDER}


# --- switching off ------------------------------------------------------------------------------


def test_switching_off_hands_the_work_over():
    calls = []
    hand_over = lambda *what: calls.append(what)  # noqa: E731
    service.on_switch_off.append(hand_over)
    try:
        service.switch_off(SAM.id, successor_id=SUE.id, by=ADA, now=MONDAY)
    finally:
        service.on_switch_off.remove(hand_over)

    assert calls == [(SAM.id, SUE.id, ADA, MONDAY)]


def test_whoever_is_off_has_no_roles_links_or_open_requests():
    service.request_role(SAM.id, Role.MANAGER, by=ADA, now=MONDAY)
    token = service.renew_invitation(SAM.id, by=ADA, now=MONDAY)

    service.switch_off(SAM.id, successor_id=None, by=ADA, now=MONDAY)

    sam = session().get(Person, SAM.id)
    assert (sam.off_at, sam.off_by_id) == (MONDAY, ADA.id)
    assert sam.actor_at(now=MONDAY).roles == frozenset()
    assert queries.open_requests(SAM.id) == []
    assert queries.invitation_by(token, now=MONDAY) is None
    with pytest.raises(Refused):
        service.request_role(SAM.id, Role.MANAGER, by=ADA, now=MONDAY)


def test_nobody_switches_themselves_off():
    with pytest.raises(Refused) as refused:
        service.switch_off(ADA.id, successor_id=None, by=ADA, now=MONDAY)
    assert why(refused) == ["self"]


@pytest.mark.parametrize("successor", [SAM.id, CARL.id, 999_999, SYSTEM.id])
def test_only_a_colleague_takes_over(successor):
    with pytest.raises(Refused):
        service.switch_off(SAM.id, successor_id=successor, by=ADA, now=MONDAY)
    assert session().get(Person, SAM.id).active


@pytest.mark.parametrize("person_id", [1, 2, 999_999])
def test_accounts_that_are_nobodys_are_left_alone(person_id):
    with pytest.raises(Refused):
        service.renew_invitation(person_id, by=ADA, now=MONDAY)
