"""What should never be asked of a page, asked anyway: searches, filters, places, numbers, bodies, headers.

What is looked for and counted stands as data in `tests/data/bad`; never a 500, and nothing is changed.
"""

from __future__ import annotations

import gzip
import json
from base64 import urlsafe_b64encode
from urllib.parse import quote_plus

import pytest
from flask import Flask

from tests import bad
from tests.cast import ANN, CARL, LEO, MONDAY, RUTH
from tests.complaints.inside import SignIn, how_many, only
from tests.complaints.test_bad_input import NASTY, answered
from tests.complaints.walk import received
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.complaints import sealed
from workflow.engine.actors import Actor

# --- searches, filters and numbers ----------------------------------------------------------------

LOOKING = (
    "/complaints/search?q=",
    "/search?q=",
    "/complaints?words=",
    "/complaints/agencies-named?agency=",
    "/complaints/triage?agency=",
)
#: What the list of triage is narrowed by, and where the next page begins.
NARROWED = ("stage", "office", "tier", "channel", "agency", "unread", "after", "found")
#: Places of a list that were written by hand: too large, too early, of another kind.
FORGED = (
    [2**63, "2026-01-05T14:00:00+00:00", 1],
    [2**62, "0001-01-01T00:00:00+14:00", 2**62],
    [30, "9999-12-31T23:59:59-12:00", 1],
    [30, "2026-01-05T14:00:00", 1],
    [True, "2026-01-05T14:00:00+00:00", 1],
    [None, None, None],
    ["30", 1, {}],
    [1e999, "2026-01-05T14:00:00+00:00", 1],
)


@pytest.mark.parametrize("value", bad.rows("searches"))
def test_whatever_is_looked_for_is_answered_and_stands_in_its_field(
    sign_in: SignIn, house: House, value: object
):
    received(house)
    browser = sign_in(RUTH)
    typed = bad.text_of(value)

    for path in LOOKING:
        browser.checks = "agencies-named" not in path
        answer = browser.get(path + quote_plus(typed))
        assert answer.status_code == 200, path
    shown = bad.stands_in(browser.get("/complaints/search?q=" + quote_plus(typed)).text, "q")
    assert shown is not None


@pytest.mark.parametrize("nasty", NASTY, ids=lambda n: n[:12])
def test_the_list_of_triage_is_shown_whatever_it_is_narrowed_by(sign_in: SignIn, house: House, nasty: str):
    reference = received(house)
    browser = sign_in(RUTH)

    for name in NARROWED:
        for path in ("/complaints/triage", f"/complaints/{reference}/triage"):
            assert browser.get(f"{path}?{name}={nasty}").status_code == answered(nasty), (path, name)


@pytest.mark.parametrize("place", FORGED, ids=str)
@pytest.mark.parametrize(
    "path", ["/complaints/triage?after=", "/complaints?after=", "/complaints/search?q=tier:3&after="]
)
def test_a_forged_place_in_a_list_is_its_beginning_or_a_place(
    sign_in: SignIn, house: House, path: str, place: list[object]
):
    received(house)
    for length in (len(place), 2):
        cursor = urlsafe_b64encode(json.dumps(place[-length:]).encode()).decode().rstrip("=")
        assert sign_in(RUTH).get(f"{path}after={cursor}").status_code == 200


@pytest.mark.parametrize("number", json.loads((bad.DATA / "numbers.json").read_text(encoding="utf-8")))
def test_a_number_that_counts_nothing_is_a_404(sign_in: SignIn, house: House, number: str):
    reference = received(house)
    browser = sign_in(LEO)
    ruth = sign_in(RUTH)

    for place in (
        f"/complaints/{reference}/allegations/{{}}/finding",
        f"/complaints/{reference}/witnesses/{{}}",
        f"/complaints/{reference}/referrals/{{}}",
        f"/complaints/{reference}/requests/{{}}",
        f"/complaints/{reference}/chasers/{{}}",
        f"/complaints/{reference}/check-ins/{{}}",
        f"/complaints/{reference}/interim/{{}}",
        f"/complaints/{reference}/letters/{{}}",
        f"/complaints/{reference}/documents/{{}}",
        f"/cases/{reference}/documents/{{}}",
        f"/cases/{reference}/tasks/{{}}/block",
        f"/cases/{reference}/follow-ups/{{}}",
        f"/cases/{reference}/clocks/{{}}",
    ):
        for who in (browser, ruth):
            assert who.get(place.format(number)).status_code in (403, 404, 405), place


# --- requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("application/json", b'{"narrative": "a", "narrative": "b"}'),
        ("application/json", b"[" * 100_000),
        ("application/json", b"null"),
        ("text/plain", b"narrative=They+laughed."),
        ("application/x-www-form-urlencoded; charset=utf-16", "narrative=x".encode("utf-16")),
        ("application/x-www-form-urlencoded; charset=no-such", b"narrative=x"),
        ("multipart/form-data", b"narrative"),
        ("multipart/form-data; boundary=", b"--\r\n\r\n"),
        ("multipart/form-data; boundary=" + "b" * 300, b"--" + b"b" * 300 + b"\r\n"),
        ("", b"narrative=x"),
        ("\u00e9/\u00e9", b"narrative=x"),
    ],
    ids=range(11),
)
@pytest.mark.parametrize(
    "path", ["/complaints/new", "/complaints/paper", "/report/questions/1", "/report/status"]
)
def test_a_body_of_another_kind_changes_nothing(
    sign_in: SignIn, ctx: Flask, path: str, kind: str, sent: bytes
):
    browser = sign_in(ANN)

    answer = browser.post(path, data=sent, content_type=kind)

    assert answer.status_code in (400, 413, 415, 422)
    assert how_many() == 0


def test_what_is_packed_is_not_unpacked(sign_in: SignIn, ctx: Flask):
    bomb = gzip.compress(b"narrative=" + b"x" * 5_000_000)

    answer = sign_in(ANN).post(
        "/complaints/new", data=bomb, content_type=bad.FORM, headers={"Content-Encoding": "gzip"}
    )

    assert answer.status_code in (400, 415, 422)
    assert how_many() == 0


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "GARBAGE"])
@pytest.mark.parametrize("path", ["/complaints/new", "/report/questions/1", "/complaints/triage"])
def test_no_other_method_is_answered(sign_in: SignIn, ctx: Flask, path: str, method: str):
    assert sign_in(ANN).open(path, method=method).status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "javascript", "X-Forwarded-For": "';--"},
        {"Accept-Language": "es;q=\u00e9, " + "x," * 2000},
        {"Accept-Language": "zz-" + "9" * 3000 + ";q=1e999"},
        {"Range": "bytes=0-,-1,5-2," + "1-1," * 1000},
        {"If-None-Match": '"' * 500, "If-Modified-Since": "Sat, 99 Foo 20226 99:99:99 ZZZ"},
        {"Cookie": "plumbline=x; plumbline=y; =; ;;; \x01=\x02"},
        {"Content-Length": "-1"},
        {"X-Typing": "\u00e9"},
    ],
    ids=lambda h: next(iter(h)),
)
def test_a_header_that_means_nothing_does_nothing(client: PageClient, ctx: Flask, headers: dict[str, str]):
    for path in ("/report", "/report/questions/1", "/login"):
        answer = client.get(path, headers=headers)

        assert answer.status_code in (200, 400)
        assert "evil.test" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost:99999", "", "localhost@evil.test", "local host", "[::1", "\u00e9"]
)
def test_another_host_is_not_answered(client: PageClient, ctx: Flask, host: str):
    client.checks = False

    assert client.get("/report", headers={"Host": host}).status_code in (200, 400)
    assert "evil.test" not in client.get("/report", headers={"Host": host}).text


# --- forms of the doors ---------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "x", "\u00e9" * 50, "x" * 5000])
@pytest.mark.parametrize(("path", "person"), [("/complaints/new", ANN), ("/complaints/from-agency", CARL)])
def test_a_form_without_its_token_is_refused_and_what_was_typed_comes_back(
    sign_in: SignIn, ctx: Flask, path: str, person: Actor, token: str
):
    browser = sign_in(person)
    page = browser.get(path)

    answer = browser.submit(page, {"narrative": "They laughed.", "csrf_token": token}, to=path)

    assert answer.status_code == 400
    assert "They laughed." in answer.text
    assert how_many() == 0


def test_what_a_door_does_not_ask_is_not_taken(sign_in: SignIn, ctx: Flask):
    more = {
        "id": "7", "state": "closed", "tier": "4", "owner_id": "101", "created_at": "2001-01-01",
        "received_at": "2001-01-01", "is_anonymous": "false", "office_id": "3", "narrative[]": "b",
        "a[b][c]": "d", "__proto__": "x", "version": "99",
    }  # fmt: skip

    sign_in(ANN).send("/complaints/new", {"narrative": "They laughed.", **more})

    case = only()
    assert (case.state, case.owner_id, case.received_at) == ("received", None, MONDAY)
    assert case.reference.startswith("C-2026-")


def test_of_a_field_that_is_sent_twice_the_first_counts_and_a_thousand_boxes_are_too_many(
    sign_in: SignIn, house: House
):
    browser = sign_in(ANN)
    hidden = hidden_fields(browser.get("/complaints/new").text)
    first = bad.body(hidden, "narrative", "one")
    first += "&narrative=two&kinds=force&kinds=force&danger=no&danger=yes"

    many = browser.post("/complaints/new", data=first + "&kinds=force" * 2000, content_type=bad.FORM)
    twice = browser.post("/complaints/new", data=first, content_type=bad.FORM)

    assert (many.status_code, twice.status_code) == (413, 200)
    case = only()
    assert sealed.words_of(case, house.keyring)["narrative"] == "one"
    assert [a.code for a in case.allegations] == ["force"]
    assert case.in_danger is False


def test_when_the_session_is_over_what_was_typed_comes_back(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    page = browser.get("/complaints/new")
    browser.delete_cookie("plumbline")

    answer = browser.submit(page, {"narrative": "They laughed."}, to="/complaints/new")

    assert answer.status_code == 400
    assert "They laughed." in answer.text
