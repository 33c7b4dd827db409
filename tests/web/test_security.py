"""What every answer says to the browser, and which requests are not even looked at."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import encode_multipart

from tests.cast import ADA, SAM
from tests.conftest import settings_for
from workflow.web import security


@pytest.mark.parametrize("path", ["/", "/login", "/health", "/nothing", "/queue"])
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path).headers

    for name, value in security.HEADERS.items():
        assert headers[name] == value
    assert "Server" not in headers or "Python" not in headers["Server"]


def test_nothing_but_our_own_files_may_run():
    rules = dict(rule.strip().split(" ", 1) for rule in security.POLICY.split(";"))

    assert rules["default-src"] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'"}
    assert "unsafe" not in security.POLICY


def test_a_page_behind_the_door_is_kept_nowhere(sign_in):
    assert sign_in(SAM).get("/queue").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach(client):
    client.get("/login")
    cookie = client.get_cookie("plumbline")

    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_with_https_the_cookie_belongs_to_this_host_alone():
    from dataclasses import replace  # noqa: PLC0415

    config = security.config(replace(settings_for("sqlite://"), base_url="https://plumbline.office.test"))

    assert config["SESSION_COOKIE_NAME"] == "__Host-plumbline"
    assert config["SESSION_COOKIE_SECURE"] is True
    assert config["SESSION_COOKIE_PATH"] == "/"


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test", "localhost:99999x", "127.0.0.1.evil.test"]
)
def test_another_host_is_not_answered(client, host):
    page = client.get("/login", headers={"Host": host})

    assert page.status_code == 400
    assert host not in page.text


def test_a_forged_proxy_header_changes_nothing(sign_in):
    browser = sign_in(ADA)
    headers = {
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Proto": "https",
        "X-HTTP-Method-Override": "DELETE",
    }

    answer = browser.get("/people", headers=headers)

    assert answer.status_code == 200
    assert "evil.test" not in answer.text


def test_too_many_fields_are_not_read(client):
    body = "&".join(f"a{n}=1" for n in range(1001))

    assert (
        client.post("/login", data=body, content_type="application/x-www-form-urlencoded").status_code == 413
    )


def test_too_large_a_body_is_not_read(client):
    assert client.post("/login", data={"email": "x" * 1_100_000}).status_code == 413


def test_too_many_parameters_are_not_read(client):
    assert client.get("/login?" + "&".join("a=1" for _ in range(300))).status_code == 400
    assert client.get("/login?q=" + "x" * 9000).status_code == 400


@pytest.mark.parametrize("path", ["/agencies/%00", "/cases/C-2026-%00/x", "/%ff", "/people/%ed%a0%80"])
def test_a_broken_address_is_nobodys(client, path):
    assert client.get(path).status_code in (302, 404)


@pytest.mark.parametrize("query", ["q=%00", "%00=1", "next=/queue&q=a%00b"])
def test_a_broken_question_is_refused(client, query):
    assert client.get(f"/login?{query}").status_code == 400


def test_a_view_may_take_more_than_others(with_page):
    from flask import Blueprint, request  # noqa: PLC0415

    from workflow.web.access import open_to_anyone  # noqa: PLC0415

    @security.takes(megabytes=3)
    @open_to_anyone
    def view():
        return str(len(request.get_data())), 200, {"Content-Type": "text/plain"}

    made = Blueprint("extra", __name__)
    made.add_url_rule("/extra", "page", view, methods=["POST"])
    app = with_page(made)
    app.config["WTF_CSRF_ENABLED"] = False

    browser = app.test_client()

    assert browser.post("/extra", data=b"x" * 2_000_000).text == "2000000"
    assert browser.post("/extra", data=b"x" * 3_200_000).status_code == 413


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_was_typed_into_a_request_that_is_too_large_is_shown_again(client: FlaskClient, kind: str):
    long = "a lantern & more of it. " * 60_000
    said = {"paragraph": long, "name": "Zoë", "password": "hunter2", "csrf_token": "secret-token"}

    if kind == "multipart/form-data":
        # Put together here: the client would leave the file open that it keeps a long form in.
        edge, body = encode_multipart(said)
        answer = client.post("/login", data=body, content_type=f"{kind}; boundary={edge}")
    else:
        answer = client.post("/login", data=said, content_type=kind)

    assert answer.status_code == 413
    assert str(escape(long.strip())) in answer.text
    assert "Zoë" in answer.text
    assert "hunter2" not in answer.text
    assert "secret-token" not in answer.text


def test_of_a_file_that_is_too_large_nothing_is_read_back_and_the_text_before_it_is(client: FlaskClient):
    parts = ('name="paragraph"', "Kept."), ('name="file"; filename="a.txt"', "of the file" * 100_000)
    head = "--edge\r\nContent-Disposition: form-data; "
    body = "".join(f"{head}{name}\r\n\r\n{held}\r\n" for name, held in parts) + "--edge--\r\n"

    answer = client.post("/login", data=body, content_type="multipart/form-data; boundary=edge")

    assert answer.status_code == 413
    assert "Kept." in answer.text
    assert "of the file" not in answer.text


def test_another_site_is_shown_nothing_of_what_it_sent(client: FlaskClient):
    headers = {"Sec-Fetch-Site": "cross-site"}

    answer = client.post("/login", data={"paragraph": "x" * 1_100_000}, headers=headers)

    assert (answer.status_code, "xxxx" in answer.text) == (413, False)
