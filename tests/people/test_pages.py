"""The pages of administrators, and one's own account, as they are used."""

from __future__ import annotations

import re

import pytest

from tests.cast import ADA, ATLANTA, AXEL, BOSTON, RUTH, SAM, SUE, email_of
from workflow.db.session import session
from workflow.people.models import Person

NEW = "seven green lanterns hang"


@pytest.fixture
def ada(sign_in):
    return sign_in(ADA)


def link_in(page):
    found = re.search(r"http://localhost(/invitation/[\w-]+)", page.text)
    assert found
    return found[1]


def test_somebody_is_invited_and_comes_in(ada, client):
    page = ada.send(
        "/people/invite", {"email": "nora@office.test", "name": "Nora New", "roles": ["reviewer"]}
    )
    assert page.status_code == 200
    link = link_in(page)

    answer = client.send(link, {"new_password": NEW, "again": NEW})

    assert answer.status_code == 302
    assert "Nora New" in client.get("/account").text
    assert client.get(link).status_code == 404


def test_looking_at_a_link_does_not_use_it_up(ada, client):
    link = link_in(ada.send("/people/invite", {"email": "nora@office.test", "name": "Nora New"}))

    assert client.get(link).status_code == client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"email": "", "name": "Nora"}, "an answer is needed"),
        ({"email": "not an address", "name": "Nora"}, "not an e-mail address"),
        ({"email": "sam@office.test", "name": "Sam"}, "There is an account with this address."),
        ({"email": "nora@office.test", "name": "a\0b"}, "control character"),
        ({"email": "nora@office.test", "name": "N" * 121}, "At most 120 characters"),
        ({"email": "nora@office.test", "name": "Nora", "roles": ["system"]}, "Choose from the list."),
        ({"email": "nora@office.test", "name": "Nora", "offices": ["999"]}, "Choose from the list."),
        ({"email": "nora@office.test", "name": "Nora", "agencies": "nowhere-xx"}, "There is no agency"),
    ],
)
def test_an_invitation_that_cannot_be_says_why(ada, answers, says):
    page = ada.send("/people/invite", answers)

    assert page.status_code == 422
    assert says in page.text


def test_a_role_takes_two_administrators(ada, sign_in, app):
    ada.submit(ada.get(f"/people/{RUTH.id}"), {"role": "manager"}, to=f"/people/{RUTH.id}/roles")
    assert "waits for a second administrator" in ada.get(f"/people/{RUTH.id}").text

    axel = sign_in(AXEL)
    page = axel.get("/people")
    [request] = re.findall(r"/people/requests/(\d+)", page.text)[:1]
    axel.submit(page, {"answer": "yes"}, to=f"/people/requests/{request}")

    with app.app_context():
        assert {role.value for role in session().get(Person, RUTH.id).held} == {"reviewer", "manager"}


def test_a_tampered_confirmation_of_ones_own_request_is_refused(ada, app):
    ada.submit(ada.get(f"/people/{RUTH.id}"), {"role": "manager"}, to=f"/people/{RUTH.id}/roles")
    page = ada.get("/people")
    [request] = re.findall(r"/people/requests/(\d+)", page.text)[:1]

    ada.submit(page, {"answer": "yes"}, to=f"/people/requests/{request}")

    assert "Somebody else has to confirm what you asked for." in ada.get("/people").text
    with app.app_context():
        assert {role.value for role in session().get(Person, RUTH.id).held} == {"reviewer"}


def test_offices_are_set_and_shown(ada, app):
    page = ada.get(f"/people/{SAM.id}")

    answer = ada.submit(
        page,
        {"home": [str(BOSTON)], "cover": [str(ATLANTA)], "until": "2026-02-01"},
        to=f"/people/{SAM.id}/offices",
    )

    assert answer.status_code == 302
    with app.app_context():
        assert [(o.office_id, o.kind) for o in session().get(Person, SAM.id).offices] == [
            (BOSTON, "home"),
            (ATLANTA, "cover"),
        ]


def test_switching_off_is_asked_twice(ada, app):
    page = ada.get(f"/people/{SAM.id}")
    assert ada.submit(page, {"successor": str(SUE.id)}, to=f"/people/{SAM.id}/off").status_code == 422

    answer = ada.submit(page, {"successor": str(SUE.id), "sure": "y"}, to=f"/people/{SAM.id}/off")

    assert answer.status_code == 302
    assert "switched off" in ada.get(f"/people/{SAM.id}").text


def test_many_are_invited_and_bad_rows_say_why(ada):
    rows = (
        "email,name,roles,offices\n"
        "nora@office.test,Nora New,reviewer;manager,\n"
        "sam@office.test,Sam Again,reviewer,\n"
        "olaf@office.test,Olaf Other,wizard,\n"
        "pia@office.test,Pia Plain,reviewer,Nowhere\n"
        "too,few\n"
        "quin@office.test,Quin Quick,field supervisor,Atlanta\n"
    )
    page = ada.send("/people/invite-many", {"rows": rows})

    assert "Invited: 2" in page.text
    assert "Not invited: 4" in page.text
    assert "Line 3: There is an account with this address." in page.text
    assert "Line 4: roles: there is no role “wizard”." in page.text
    assert "Line 5: offices: there is no office “Nowhere”." in page.text
    assert "Line 6: This line has 2 columns; 4 are needed." in page.text


@pytest.mark.parametrize("rows", ["nora@office.test,Nora", 'email,name,roles,offices\n"unbalanced', "x"])
def test_a_list_that_is_none_is_refused(ada, rows):
    page = ada.send("/people/invite-many", {"rows": rows})

    assert "Invited:" not in page.text.replace("Not invited:", "")


def test_the_list_is_saved_without_formulas(ada):
    ada.send("/people/invite", {"email": "nora@office.test", "name": "=HYPERLINK(1)"})

    answer = ada.get("/people/export")

    assert answer.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in answer.text
    assert email_of(SAM) in answer.text
    assert "argon2" not in answer.text


@pytest.mark.parametrize("path", ["/people/1", "/people/2", "/people/999999", "/people/99999999999999999999"])
def test_nobody_is_not_there(ada, path):
    assert ada.get(path).status_code == 404


@pytest.mark.parametrize("role", ["wizard", "system", "manager"])
def test_a_role_that_is_not_held_cannot_be_taken(ada, role):
    page = ada.get(f"/people/{RUTH.id}")

    assert ada.submit(page, {}, to=f"/people/{RUTH.id}/roles/{role}/end").status_code in (404, 422)


def test_one_says_what_one_is_called_and_where(sign_in):
    browser = sign_in(SAM)

    browser.submit(browser.get("/account"), {"name": "Samuel S.", "zone": "America/Denver"}, to="/account")

    page = browser.get("/account")
    assert "Samuel S." in page.text
    assert re.search(r'<option selected value="America/Denver">', page.text)


def test_ones_account_takes_nothing_else(sign_in, app):
    browser = sign_in(SAM)

    browser.submit(
        browser.get("/account"),
        {"name": "Sam", "zone": "", "roles": "administrator", "active": "0", "id": str(ADA.id)},
        to="/account",
    )

    with app.app_context():
        assert session().get(Person, SAM.id).held == SAM.roles
        assert session().get(Person, ADA.id).name == ADA.name
