"""Marks on views: nothing is open because somebody forgot to say so."""

from __future__ import annotations

import pytest
from flask import Blueprint

from tests.cast import ADA, RUTH
from workflow.engine.actors import STAFF, Role
from workflow.web.access import Door, mark_of, may_open, open_to, open_to_anyone, refuse_unmarked


def page_of(view):
    made = Blueprint("extra", __name__)
    made.add_url_rule("/extra", "page", view)
    return made


def test_a_view_without_a_mark_stops_the_start(with_page):
    app = with_page(page_of(lambda: "open to nobody in particular"))

    with pytest.raises(RuntimeError, match=r"extra\.page"):
        refuse_unmarked(app)


def test_a_view_without_a_mark_answers_nobody(with_page):
    app = with_page(page_of(lambda: "secret"))

    answer = app.test_client().get("/extra")

    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_a_marked_view_lets_the_start_go_on(with_page):
    app = with_page(page_of(open_to_anyone(lambda: ("hello", 200, {"Content-Type": "text/plain"}))))

    refuse_unmarked(app)

    assert mark_of(app, "extra.page") is Door.ANYONE
    assert app.test_client().get("/extra").text == "hello"


def test_who_passes_which_mark():
    intake = frozenset({Role.INTAKE})
    outside = frozenset({Role.AGENCY_CONTACT})

    assert may_open(None, Door.ANYONE)
    assert not may_open(None, Door.SIGNED_IN)
    assert may_open(outside, Door.SIGNED_IN)
    assert not may_open(outside, STAFF)
    assert may_open(intake, STAFF)
    assert not may_open(intake, frozenset({Role.MANAGER}))
    assert not may_open(intake, None)
    assert not may_open(None, STAFF)


def test_a_role_is_needed_as_well_as_an_account(sign_in):
    assert sign_in(ADA).get("/people").status_code == 200
    refused = sign_in(RUTH).get("/people")
    assert refused.status_code == 403
    assert "not for your role" in refused.text


def test_open_to_keeps_the_view_itself():
    def view():
        return "x"

    assert open_to(Role.MANAGER)(view) is view
