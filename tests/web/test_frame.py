"""The frame of every page: visitors, signing in, what is refused."""

from __future__ import annotations

from tests.cast import ADA, ANN, SAM


def test_a_visitor_is_told_what_this_is(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "Staff sign-in" in page.text


def test_somebody_signs_in_and_sees_their_queue(sign_in):
    browser = sign_in(SAM)

    page = browser.get("/queue")

    assert "Nothing waits for you." in page.text
    assert "Sam Supervisor" in page.text


def test_a_wrong_password_says_nothing_about_the_account(client):
    known = client.send("/login", {"email": "sam@office.test", "password": "not the password"})
    unknown = client.send("/login", {"email": "nobody@office.test", "password": "not the password"})

    assert known.status_code == unknown.status_code == 422
    said = "do not belong together"
    assert said in known.text
    assert said in unknown.text


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client):
    answer = client.get("/queue")

    assert answer.status_code == 302
    assert answer.location == "/login?next=/queue"


def test_a_page_of_another_role_is_refused(sign_in):
    assert sign_in(ANN).get("/people").status_code == 403
    assert sign_in(ADA).get("/people").status_code == 200


def test_without_a_token_nothing_happens(sign_in):
    browser = sign_in(ADA)

    answer = browser.post("/people/invite", data={"email": "new@office.test", "name": "New"})

    assert answer.status_code == 400
    assert "new@office.test" not in browser.get("/people").text
