"""What should never be sent to the public pages, sent anyway: no 500, and nothing typed is lost.

What is sent stands as data in `tests/data/bad`.
"""

from __future__ import annotations

import json
from html import escape, unescape
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.bad import DATA, FORM, body, rows, text_of
from tests.complaints.door import answer, page_of, tell, write
from tests.complaints.walk import complaint
from tests.conftest import Clock
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.complaints.mailbox import messages_of
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.web.errors import shown
from workflow.web.forms import clean
from workflow.web.identifiers import looks_like_identifier

#: What carries a whole question, a message; the body that is too large as a whole is not read at all.
FIELDS: Final = (("what", "narrative"), ("where", "place"), ("officers", "officers"))

#: What looks like nothing, and is not shown again.
BLANKS: Final = "\u200b\u2060\ufeff \u00a0"


def how_many() -> int:
    return session().scalar(select(func.count()).select_from(Complaint)) or 0


def post(client: PageClient, path: str, name: str, value: Any, **more: str) -> Any:
    fields = {**hidden_fields(client.get(path).text), **more}
    return client.post(path, data=body(fields, name, value), content_type=FORM)


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", rows("texts"))
def test_whatever_is_typed_is_kept_or_shown_again(client: PageClient, house: House, value: Any):
    client.checks = not isinstance(value, dict)  # a page that shows broken text is looked at by nobody
    for question, name in FIELDS:
        answered = post(client, page_of(question), name, value)

        assert answered.status_code in (302, 413, 422), (question, answered.status_code)
        if answered.status_code == 302:
            kept = unescape(client.get(page_of(question)).text)
            assert (clean(text_of(value), lines=True) or "") in kept or isinstance(value, dict)
        elif answered.status_code == 422 and isinstance(value, str) and value.strip(BLANKS):
            assert escape(shown(value).strip(), quote=False)[:20] in answered.text.replace(
                "&#34;", '"'
            ).replace("&#39;", "'")
    assert how_many() == 0


@pytest.mark.parametrize("value", rows("texts"))
def test_whatever_was_kept_is_sent_and_read_back_whole(client: PageClient, house: House, value: Any):
    client.checks = not isinstance(value, dict)
    if post(client, page_of("what"), "narrative", value).status_code != 302:
        return
    if client.send("/report/check", {}).status_code != 302:
        assert text_of(value).strip() == "" or isinstance(value, dict)
        return

    assert how_many() == 1
    assert client.get("/report/received").status_code == 200


@pytest.mark.parametrize("value", rows("texts"))
def test_whatever_is_written_as_a_message_is_taken_or_shown_again(
    client: PageClient, house: House, value: Any
):
    reference, code = tell(client)
    client.send("/report/status", {"code": code})
    client.checks = not isinstance(value, dict)

    answered = post(client, "/report/status", "message", value, act="message")

    assert answered.status_code in (303, 413, 422)
    assert len(messages_of(complaint(reference), house)) == (answered.status_code == 303)
    is_pointed_out = not isinstance(value, dict) and looks_like_identifier(text_of(value))
    assert ("Send it as it is" in answered.text) == is_pointed_out
    if is_pointed_out:
        assert text_of(value).strip() in unescape(answered.text)


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("month", "day", "year", "status"), rows("dates"))
def test_a_date_is_taken_or_refused_at_its_field_and_kept(
    client: PageClient, ctx: Flask, clock: Clock, month: str, day: str, year: str, status: int
):
    answer(client, "what", {"narrative": "They laughed."})
    page = client.get(page_of("when"))
    fields = {**hidden_fields(page.text), "month": month, "day": day, "year": year, "about": "about Easter"}

    answered = client.post(page_of("when"), data=fields)

    assert answered.status_code == status
    if status == 422:
        assert "usa-error-message" in answered.text
        assert 'value="about Easter"' in answered.text
        assert f'value="{escape(shown(year).strip())}"' in answered.text


# --- codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", rows("codes"))
def test_a_wrong_code_opens_nothing(client: PageClient, ctx: Flask, value: Any):
    answered = post(client, "/report/status", "code", value)

    assert answered.status_code in (302, 422)
    assert "You told us" not in client.get("/report/status").text


@pytest.mark.parametrize(
    "change", ["lower", "spaces", "no dashes", "o for 0", "i for 1", "dots", "long dashes"]
)
def test_a_code_is_understood_however_it_is_written(client: PageClient, ctx: Flask, change: str):
    _, code = tell(client)
    written = {
        "lower": code.lower(),
        "spaces": f"  {code.replace('-', ' ')} ",
        "no dashes": code.replace("-", ""),
        "o for 0": code.replace("0", "o"),
        "i for 1": code.replace("1", "i"),
        "dots": code.replace("-", "."),
        "long dashes": code.replace("-", "\u2013"),
    }[change]

    client.send("/report/status", {"code": written})

    assert "You told us" in client.get("/report/status").text


@pytest.mark.parametrize("place", range(0, 27, 5))
def test_one_wrong_character_is_answered_like_any_wrong_code(client: PageClient, ctx: Flask, place: int):
    _, code = tell(client)
    bare = code.replace("-", "")
    wrong = bare[:place] + ("7" if bare[place] != "7" else "8") + bare[place + 1 :]

    client.send("/report/status", {"code": wrong})

    page = client.get("/report/status").text
    assert "This is not a code of ours." in page


# --- addresses and forms --------------------------------------------------------------------------


@pytest.mark.parametrize("path", json.loads((DATA / "addresses.json").read_text(encoding="utf-8")))
def test_an_address_that_means_nothing_is_answered_in_words(client: PageClient, ctx: Flask, path: str):
    answered = client.get(path)

    assert answered.status_code in (200, 302, 308, 400, 404, 405)
    assert "evil.test" not in (answered.location or "")
    assert not answered.headers.get("Set-Cookie", "").startswith("x")


@pytest.mark.parametrize(
    "more",
    [
        {"step": "12"},
        {"case_id": "1"},
        {"state": "closed"},
        {"tier": "4"},
        {"form_key": "mine"},
        {"a[]": "1"},
        {"move": "sideways"},
        {"speak": "xx"},
        {"is_anonymous": "false"},
        {"csrf_token": ""},
    ],
    ids=lambda d: next(iter(d)),
)
def test_what_is_not_asked_is_not_taken(client: PageClient, house: House, more: dict[str, str]):
    write(client, narrative="They laughed.")

    answered = client.send(page_of("remedy"), {"remedy": "An apology", **more})

    assert answered.status_code in (302, 400)
    assert how_many() == 0
    assert "They laughed." in client.get(page_of("what")).text
    if answered.status_code == 400:
        assert "An apology" in answered.text


def test_repeated_fields_and_thousands_of_them_do_no_harm(client: PageClient, ctx: Flask):
    fields = hidden_fields(client.get(page_of("what")).text)

    twice = client.post(
        page_of("what"), data=body(fields, "narrative", "one") + "&narrative=two", content_type=FORM
    )
    many = client.post(
        page_of("what"), data=body(fields, "narrative", "one") + "&x=1" * 2000, content_type=FORM
    )

    assert (twice.status_code, many.status_code) == (302, 413)
    assert "one</textarea>" in client.get(page_of("what")).text


def test_a_forged_last_page_sends_nothing(client: PageClient, ctx: Flask):
    write(client, narrative="They laughed.")

    refused = client.send("/report/check", {"form_key": "mine"})

    assert refused.status_code == 422
    assert "They laughed." in refused.text
    assert how_many() == 0


def test_without_cookies_what_was_typed_comes_back(app: Flask, client: PageClient):
    answered = client.post(page_of("what"), data={"narrative": "They laughed."})

    assert answered.status_code == 400
    assert "They laughed." in answered.text
    assert "allow cookies" in answered.text


@pytest.mark.parametrize("cookie", ["", "x", "a" * 3000, "..", "%00"])
def test_a_cookie_that_opens_no_report_starts_a_new_one(client: PageClient, ctx: Flask, cookie: str):
    client.set_cookie("plumbline-report", cookie)

    assert answer(client, "what", {"narrative": "They laughed."}).status_code == 302
    assert "They laughed." in client.get("/report/check").text
