"""Signing in and out: what begins a session, and everything that ends one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cast import ADA, AXEL, PASSWORD, SAM, email_of
from workflow.db.session import session
from workflow.people import service
from workflow.people.models import Person, SignIn
from workflow.people.signing import own_path


def is_in(browser):
    return browser.get("/account").status_code == 200


def test_signing_in_is_remembered_without_an_address(sign_in, app):
    assert is_in(sign_in(SAM))

    with app.app_context():
        person = session().get(Person, SAM.id)
        assert person.last_sign_in_at == app.extensions["clock"].now
        assert not any("ip" in column.name.split("_") for column in SignIn.__table__.columns)


@pytest.mark.parametrize("typed", ["SAM@OFFICE.TEST", "  Sam@office.test "])
def test_an_address_may_be_typed_in_any_letters(client, typed):
    assert client.send("/login", {"email": typed, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "password",
    [PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, "x" * 1025, PASSWORD + "\0", ""],
)
def test_another_password_is_wrong(client, password):
    assert client.send("/login", {"email": email_of(SAM), "password": password}).status_code == 422


def test_what_was_typed_as_password_is_never_shown_again(client):
    page = client.send("/login", {"email": email_of(SAM), "password": "my other password"})

    assert "my other password" not in page.text
    assert email_of(SAM) in page.text


@pytest.mark.parametrize("email", ["system@plumbline", "public@plumbline"])
def test_accounts_that_are_nobodys_cannot_sign_in(client, email):
    assert client.send("/login", {"email": email, "password": PASSWORD}).status_code == 422


def test_a_session_has_nothing_of_the_one_before(client):
    client.get("/login")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
        token = before["csrf_token"]

    client.sign_in(SAM)

    with client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token


def test_a_copied_cookie_is_worthless_after_signing_out(sign_in, app):
    browser = sign_in(SAM)
    stolen = browser.get_cookie("plumbline")
    browser.submit(browser.get("/account"), {}, to="/logout")

    thief = app.test_client()
    thief.set_cookie("plumbline", stolen.value)

    assert thief.get("/account").status_code == 302


def test_a_copied_cookie_is_worthless_in_another_browser(sign_in, app):
    stolen = sign_in(SAM).get_cookie("plumbline")

    thief = app.test_client()
    thief.set_cookie("plumbline", stolen.value)

    assert thief.get("/account", headers={"User-Agent": "another"}).status_code == 302


def test_a_session_ends_after_twelve_hours_however_busy(sign_in, clock):
    browser = sign_in(SAM)
    clock.now += timedelta(hours=11, minutes=59)
    assert is_in(browser)

    clock.now += timedelta(minutes=2)

    assert not is_in(browser)


def test_somebody_switched_off_is_out_at_once(sign_in, app, clock):
    browser = sign_in(SAM)

    with app.app_context():
        service.switch_off(SAM.id, successor_id=None, by=ADA, now=clock.now)

    assert not is_in(browser)
    assert browser.send("/login", {"email": email_of(SAM), "password": PASSWORD}).status_code == 422


def test_a_new_password_ends_every_other_session(sign_in):
    here, elsewhere = sign_in(SAM), sign_in(SAM)
    new = "seven green lanterns hang"

    answer = here.submit(
        here.get("/account"),
        {"password": PASSWORD, "new_password": new, "again": new},
        to="/account/password",
    )

    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert elsewhere.send("/login", {"email": email_of(SAM), "password": new}).status_code == 302


def test_a_new_password_needs_the_present_one(sign_in):
    browser = sign_in(SAM)
    new = "seven green lanterns hang"

    page = browser.submit(
        browser.get("/account"),
        {"password": "not the present one", "new_password": new, "again": new},
        to="/account/password",
    )

    assert page.status_code == 422
    assert "This is not your present password." in page.text


@pytest.mark.parametrize(
    ("new", "again", "why"),
    [
        ("short", "short", "at least 12 characters"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "different characters"),
        ("password1234", "password1234", "first that would be guessed"),
        ("sam@office.test", "sam@office.test", "first that would be guessed"),
        ("seven green lanterns", "seven green lantern", "not the same"),
    ],
)
def test_a_weak_password_is_refused_in_words(sign_in, new, again, why):
    browser = sign_in(SAM)

    page = browser.submit(
        browser.get("/account"),
        {"password": PASSWORD, "new_password": new, "again": again},
        to="/account/password",
    )

    assert page.status_code == 422
    assert why in page.text


def test_signing_out_everywhere_ends_every_session(sign_in):
    here, elsewhere = sign_in(SAM), sign_in(SAM)

    here.submit(here.get("/account"), {}, to="/account/sign-out-everywhere")

    assert not is_in(here)
    assert not is_in(elsewhere)


def test_a_role_taken_away_counts_at_the_next_request(sign_in, app, clock):
    from workflow.engine.actors import Role  # noqa: PLC0415

    browser = sign_in(AXEL)
    assert browser.get("/people").status_code == 200

    with app.app_context():
        service.end_role(AXEL.id, Role.ADMINISTRATOR, by=ADA, now=clock.now)

    assert browser.get("/people").status_code == 403


@pytest.mark.parametrize("target", ["/queue", "/queue?kind=complaint&due=late", "/account"])
def test_after_signing_in_one_goes_on_to_where_one_wanted(client, target):
    page = client.get("/login", query_string={"next": target})

    answer = client.submit(page, {"email": email_of(SAM), "password": PASSWORD}, to="/login")

    assert answer.location == target


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test", "/\\evil.test", "https:evil.test", "https://evil.test", "\t//evil.test",
        "/\t/evil.test",
        "javascript:alert(1)", "evil.test", "", None, "/logout", "/a\nSet-Cookie:x=1", "///evil.test",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(app, target):
    with app.test_request_context("/login"):
        assert own_path(target) == "/"


def test_no_session_token_is_kept_as_it_is(sign_in, app):
    browser = sign_in(SAM)
    with browser.session_transaction() as kept:
        token = kept["sign_in"]

    with app.app_context():
        hashes = session().scalars(select(SignIn.token_hash)).all()
    assert token not in hashes
    assert all(len(each) == 64 for each in hashes)
