"""What should never be sent, sent anyway: a clear answer, nothing lost, nothing changed, never a 500."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import ANN, MAX, MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint
from workflow.db.session import session
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
NASTY = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%F0%9F%94%8E",
    "%25%5F%5C",
    "x" * 3000,
    "'%22;--",
    "%E2%80%AEx",
    "-1",
    "9" * 20,
)
FILTERS = ("words", "state", "tier", "office", "model", "channel", "sort", "after")


def answered(nasty: str) -> int:
    """An address with a NUL is refused as unreadable before any page sees it."""
    return 400 if "%00" in nasty else 200


def how_many() -> int:
    return session().scalar(select(func.count()).select_from(Complaint)) or 0


@pytest.mark.parametrize("nasty", NASTY, ids=lambda n: n[:12])
def test_a_list_is_shown_whatever_stands_in_its_filters(sign_in: SignIn, nasty: str):
    browser = sign_in(RUTH)

    for name in FILTERS:
        assert browser.get(f"/complaints?{name}={nasty}").status_code == answered(nasty), name


@pytest.mark.parametrize("nasty", NASTY, ids=lambda n: n[:12])
def test_an_address_that_names_nothing_is_a_404(sign_in: SignIn, house: House, nasty: str):
    reference = received(house)
    browser = sign_in(RUTH)

    for path in (
        f"/complaints/{nasty}",
        f"/complaints/{nasty}/allegations/new",
        f"/complaints/{reference}/allegations/{nasty}/finding",
        f"/complaints/{reference}/{nasty}",
        f"/cases/{reference}/{nasty}",
        f"/cases/{reference}/tasks/{nasty}/",
    ):
        assert browser.get(path).status_code == 404, path


@pytest.mark.parametrize("nasty", NASTY, ids=lambda n: n[:12])
def test_looking_for_an_agency_by_nonsense_finds_none(sign_in: SignIn, house: House, nasty: str):
    reference = received(house)

    page = sign_in(RUTH).get(f"/complaints/{reference}/agency?words={nasty}")

    assert page.status_code == answered(nasty)


def test_a_form_sent_twice_makes_one_complaint(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    page = browser.get("/complaints/new")
    answers = {"narrative": "They would not call an interpreter.", "channel": "telephone"}

    first = browser.submit(page, answers, to="/complaints/new")
    again = browser.submit(page, answers, to="/complaints/new")

    assert first.status_code == again.status_code == 200
    assert how_many() == 1


@pytest.mark.parametrize("seen", ["", "0", "999", "-1", "1e3", "x", "9" * 40])
def test_a_tampered_version_changes_nothing(sign_in: SignIn, house: House, seen: str):
    reference = received(house)
    before = complaint(reference).version
    browser = sign_in(RUTH)

    answer = browser.send(
        f"/complaints/{reference}/allegations/new",
        {"code": "force", "subject": "unknown", "seen": seen},
    )

    assert answer.status_code in (409, 422)
    assert complaint(reference).version == before


@pytest.mark.parametrize("choice", ["", "murder", "force\0", "x" * 4000])
def test_a_tampered_choice_is_refused(sign_in: SignIn, house: House, choice: str):
    reference = received(house)

    answer = sign_in(RUTH).send(
        f"/complaints/{reference}/allegations/new", {"code": choice, "subject": "unknown"}
    )

    assert answer.status_code == 422
    assert len(complaint(reference).allegations) == 1


def test_a_step_taken_from_an_old_tab_keeps_what_was_typed(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.TRIAGED)
    browser = sign_in(MAX)
    old = browser.get(f"/cases/{reference}/assign")
    new = browser.get(f"/cases/{reference}/assign")
    choice = {"investigator": str(RUTH.id), "why": "Knows the county"}
    browser.submit(new, choice, to=f"/cases/{reference}/assign")

    answer = browser.submit(old, {**choice, "why": "Typed in the old tab"}, to=f"/cases/{reference}/assign")

    assert answer.status_code == 409
    assert "Typed in the old tab" in answer.text
    assert [e.verb for e in complaint(reference).events].count("assign") == 1


def test_a_forged_investigator_is_refused(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.TRIAGED)
    browser = sign_in(MAX)

    for forged in (ANN.id, 1, 2, 99_999, "x"):
        answer = browser.send(f"/cases/{reference}/assign", {"investigator": str(forged), "why": "Because"})
        assert answer.status_code == 422

    assert complaint(reference).state == "triaged"
    assert complaint(reference).received_at == MONDAY
