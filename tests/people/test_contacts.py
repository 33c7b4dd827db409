"""Contacts of agencies: a liaison invites them, an administrator confirms, a link runs out and is renewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import ADA, ANN, AXEL, CARL, LEO, MONDAY, SAM
from tests.conftest import Clock
from tests.pages import PageClient
from workflow.engine.actors import Actor, Role
from workflow.people import queries, service
from workflow.people.models import Person

SignIn = Callable[[Actor], PageClient]
INVITED = {"email": "dana@alder.test", "name": "Dana Deputy"}
PASSWORD = "a bridge over cold water"


def link_on(page: str) -> str:
    [link] = re.findall(r"http://localhost(/invitation/[\w-]+)", page)
    return str(link)


@pytest.fixture
def invited(sign_in: SignIn) -> tuple[PageClient, str]:
    """The liaison invited somebody of Alder County: the liaison's browser and the link."""
    browser = sign_in(LEO)
    answer = browser.send("/contacts/invite/alder-county-ga", INVITED)
    assert answer.status_code == 200, answer.text
    return browser, link_on(answer.text)


def invited_person() -> Person:
    person = queries.by_email(INVITED["email"])
    assert person is not None
    return person


def test_a_contact_sees_nothing_before_an_administrator_confirmed(app, invited, sign_in: SignIn):
    browser, link = invited
    assert "waits for an administrator" in browser.get("/contacts").text
    guest = app.test_client()
    done = guest.send(link, {"new_password": PASSWORD, "again": PASSWORD})
    assert done.status_code == 302, done.text
    assert guest.get("/waiting").status_code == 403

    with app.app_context():
        [request] = queries.open_requests(invited_person().id)
        service.decide_role(request.id, granted=True, by=ADA, now=MONDAY)

    assert guest.get("/waiting").status_code == 200
    assert "For Alder County" in guest.get("/waiting").text


def test_what_a_liaison_asks_for_waits_even_where_there_is_one_administrator(app, sign_in: SignIn):
    with app.app_context():
        service.end_role(AXEL.id, Role.ADMINISTRATOR, by=ADA, now=MONDAY)

    sign_in(LEO).send("/contacts/invite/alder-county-ga", INVITED)

    with app.app_context():
        assert invited_person().held == frozenset()


def test_a_link_that_ran_out_says_so_and_a_new_one_ends_it(app, invited, sign_in: SignIn, clock: Clock):
    browser, link = invited
    clock.now = MONDAY + timedelta(days=8)
    late = app.test_client().get(link)
    assert late.status_code == 404
    assert "It ran out on" in late.text
    assert "(555) 010-0100" in late.text

    browser = sign_in(LEO)
    assert "the invitation has run out" in browser.get("/contacts?words=dana").text
    with app.app_context():
        person_id = invited_person().id
    renewed = browser.send("/contacts", {}, to=f"/contacts/{person_id}/invitation")
    fresh = link_on(renewed.text)

    assert "A newer link was made for you" in app.test_client().get(link).text
    assert app.test_client().get(fresh).status_code == 200


def test_a_link_that_was_used_leads_to_the_sign_in(app, invited):
    _, link = invited
    app.test_client().send(link, {"new_password": PASSWORD, "again": PASSWORD})

    page = app.test_client().get(link).text

    assert "It has been used" in page
    assert "/login" in page


@pytest.mark.parametrize("person", [CARL, SAM, ADA], ids=lambda p: p.name)
def test_a_liaison_makes_no_link_for_who_signs_in_or_is_no_contact(sign_in: SignIn, person: Actor):
    browser = sign_in(LEO)

    answer = browser.send("/account", {}, to=f"/contacts/{person.id}/invitation")

    assert answer.status_code == 404


def test_a_bad_address_or_one_that_is_taken_is_said_at_its_field(sign_in: SignIn):
    browser = sign_in(LEO)

    for email in ("dana", "carl@office.test"):
        answer = browser.send("/contacts/invite/alder-county-ga", {**INVITED, "email": email})
        assert answer.status_code == 422
        assert 'id="email-error"' in answer.text
        assert "Dana Deputy" in answer.text
    assert browser.get("/contacts/invite/nowhere-ga").status_code == 404


@pytest.mark.parametrize("person", [ANN, SAM, ADA, CARL], ids=lambda p: p.name)
def test_nobody_but_the_liaison_keeps_contacts(sign_in: SignIn, person: Actor):
    assert sign_in(person).get("/contacts").status_code == (404 if person is CARL else 403)
