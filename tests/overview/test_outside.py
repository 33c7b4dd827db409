"""Where an agency's contact begins: what waits, what was sent, and one agency at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests.cast import ANN, BIRCH, CARL, SAM
from tests.corrective.walk import corrective_at
from tests.inspections.walk import go, inspection_at, planned
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.corrective.facts import State as Correcting
from workflow.db.session import db, session, transaction
from workflow.engine.actors import Actor
from workflow.inspections.facts import State
from workflow.people.models import Person, PersonAgency

SignIn = Callable[[Actor], PageClient]


@pytest.fixture
def of_two(house: House) -> None:
    """Carl answers for Birch County as well."""
    with transaction() as s:
        s.add(PersonAgency(person_id=CARL.id, agency_id=BIRCH))


@pytest.fixture
def others(house: House) -> str:
    """An inspection of Birch County of which it was told."""
    reference = planned(house, agency_id=BIRCH)
    go(house, reference, "schedule", "notify")
    return reference


def choose(browser: PageClient, slug: str, **more: str) -> str:
    """Say for which agency one is here; where that leads."""
    answer = browser.send("/waiting/agency", {"agency": slug, **more})
    assert answer.status_code == 302, answer.text
    return answer.location


def test_the_day_of_a_contact_begins_with_what_waits_and_until_when(house: House, sign_in: SignIn):
    asked = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)

    assert browser.get("/").location == "/waiting"
    page = browser.get("/waiting").text
    assert "Send the documents asked for" in page
    assert f"/cases/{asked}/receive_documents" in page
    assert "by the end of" in page
    assert "the office: send the notice" in page

    browser.send(f"/cases/{asked}/receive_documents", {"received": "The roster."})
    page = browser.get("/waiting").text
    assert "Nothing waits for your agency." in page
    assert "Coming inspections" in page


def test_a_plan_waits_for_whoever_answers_for_the_agency(house: House, sign_in: SignIn):
    reference = corrective_at(house, Correcting.OPEN)

    page = sign_in(CARL).get("/waiting").text

    assert f"/cases/{reference}/submit_plan" in page
    assert "Sam Supervisor" not in page


@pytest.mark.usefixtures("of_two")
def test_a_contact_of_two_agencies_says_for_which_before_anything_is_shown(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)

    for path in ("/waiting", "/inspections", f"/inspections/{reference}", "/complaints/from-agency"):
        assert browser.get(path).location == f"/waiting/agency?next={path}"
    page = browser.get("/waiting/agency").text
    assert "Alder County" in page
    assert "Birch County" in page
    assert choose(browser, "alder-county-ga", next=f"/inspections/{reference}") == f"/inspections/{reference}"
    assert browser.get(f"/inspections/{reference}").status_code == 200


@pytest.mark.usefixtures("of_two")
def test_nothing_of_the_one_is_on_pages_of_the_other(house: House, others: str, sign_in: SignIn):
    mine = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)
    paths = ("/waiting", "/inspections", "/corrective", "/queue", "/complaints/from-agency")
    choose(browser, "alder-county-ga")

    pages = "".join(browser.get(path).text for path in paths)
    assert mine in pages
    assert others not in pages
    assert "Birch County" not in pages
    assert browser.get(f"/inspections/{others}").status_code == 404
    refused = browser.send("/account", {"received": "The roster."}, to=f"/cases/{others}/receive_documents")
    assert refused.status_code == 404
    assert "The roster." in refused.text

    choose(browser, "birch-county-ga")
    assert browser.get(f"/inspections/{others}").status_code == 200
    assert browser.get(f"/inspections/{mine}").status_code == 404


@pytest.mark.usefixtures("of_two")
def test_only_an_agency_one_answers_for_can_be_chosen(sign_in: SignIn):
    browser = sign_in(CARL)

    for slug in ("cedar-county-ma", "nowhere-ga", ""):
        answer = browser.send("/waiting/agency", {"agency": slug})
        assert answer.status_code == 404
    assert browser.get("/waiting").status_code == 302


@pytest.mark.usefixtures("of_two")
def test_an_agency_one_no_longer_answers_for_is_gone_although_it_was_chosen(
    house: House, others: str, sign_in: SignIn
):
    browser = sign_in(CARL)
    choose(browser, "birch-county-ga")
    assert browser.get(f"/inspections/{others}").status_code == 200

    with transaction() as s:
        ended = s.scalars(select(PersonAgency).where(PersonAgency.agency_id == BIRCH)).one()
        s.delete(ended)

    assert browser.get(f"/inspections/{others}").status_code == 404
    assert "Birch County" not in browser.get("/waiting").text


def test_a_contact_of_no_agency_is_told_so(app: Flask, sign_in: SignIn):
    with app.app_context(), transaction() as s:
        s.get_one(Person, CARL.id).agencies = []

    page = sign_in(CARL).get("/waiting").text

    assert "answers for no agency now" in page


@pytest.mark.parametrize("person", [SAM, ANN], ids=lambda p: p.name)
def test_nobody_of_the_office_has_that_page(sign_in: SignIn, person: Actor):
    assert sign_in(person).get("/waiting").status_code == 403


def test_what_the_start_of_a_contact_costs_does_not_grow(house: House, sign_in: SignIn):
    inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)
    browser.get("/waiting")
    session().rollback()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    browser.get("/waiting")

    assert len(asked) <= 9, asked
