"""What somebody sees when something is refused or breaks, and what the log keeps of it."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Blueprint
from sqlalchemy import text

from tests.cast import ADA, SAM
from workflow.db.session import session
from workflow.engine.machine import Invalid, Refusal, Refused, Stale
from workflow.web.access import open_to_anyone


def breaking(error):
    def view():
        raise error

    made = Blueprint("extra", __name__)
    made.add_url_rule("/extra", "page", open_to_anyone(view))
    return made


def reference_in(page):
    found = re.search(r'class="reference">([0-9A-Z]{8})<', page.text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (Stale("version 1 seen, 2 found"), 409, "Somebody else was quicker"),
        (Refused(Refusal("x", "Not on a Sunday.")), 422, "Not on a Sunday."),
        (Invalid("naive"), 422, "This could not be done"),
    ],
)
def test_a_domain_error_is_a_page(with_page, error, status, says):
    page = with_page(breaking(error)).test_client().get("/extra")

    assert page.status_code == status
    assert says in page.text
    assert "version 1 seen" not in page.text


def test_a_mistake_of_ours_is_a_page_with_a_number_that_stands_in_the_log(with_page, caplog):
    app = with_page(breaking(KeyError("ann@office.test")))

    with caplog.at_level(logging.INFO):
        page = app.test_client().get("/extra?q=ann@office.test")

    assert page.status_code == 500
    [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert reference_in(page) in line
    assert "KeyError" in line
    assert "endpoint=extra.page" in line
    assert "ann@office.test" not in caplog.text
    assert "Traceback" not in page.text
    assert "KeyError" not in page.text


def test_without_a_database_there_still_is_a_page(with_page, caplog):
    def view():
        session().execute(text("SELECT 1 FROM nowhere"))
        return ""

    made = Blueprint("extra", __name__)
    made.add_url_rule("/extra", "page", open_to_anyone(view))
    app = with_page(made)
    with app.app_context():
        session().connection().exec_driver_sql("DROP TABLE office")
        session().commit()

    page = app.test_client().get("/extra")

    assert page.status_code == 503
    assert "The database cannot be reached" in page.text
    assert "nowhere" not in page.text + caplog.text


def test_hidden_and_missing_look_the_same(client):
    page = client.get("/nothing/here")

    assert page.status_code == 404
    assert reference_in(page)


def test_a_wrong_method_names_the_right_ones(client):
    page = client.delete("/login")

    assert page.status_code in (400, 405)


def test_a_form_without_its_token_is_given_back_to_copy(sign_in):
    page = sign_in(ADA).post("/people/invite", data={"name": "Nora New", "new_password": "hidden words"})

    assert page.status_code == 400
    assert "Nora New" in page.text
    assert "hidden words" not in page.text


def test_another_site_cannot_make_us_show_its_words(sign_in):
    page = sign_in(ADA).post(
        "/people/invite", data={"name": "Call this number"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert page.status_code == 400
    assert "Call this number" not in page.text


def test_somebody_signed_out_meanwhile_keeps_what_they_typed(sign_in, clock):
    from datetime import timedelta  # noqa: PLC0415

    browser = sign_in(SAM)
    form = browser.get("/account")
    clock.now += timedelta(hours=13)

    page = browser.submit(form, {"name": "Samuel Supervisor"}, to="/account")

    assert page.status_code == 401
    assert "Samuel Supervisor" in page.text
