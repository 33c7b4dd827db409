"""Pages of agreements: the list with its filters, one agreement, and opening one by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.cast import ALDER, AUDRA, BOB, CARL, MAX, MONDAY, PAM, SAM
from workflow.agreements.service import register_by_hand

Entered = Callable[..., str]


@pytest.fixture
def entered(app: Flask) -> Entered:
    """Enter an agreement in force, in a context of its own as pages have theirs; its reference."""

    def enter(model: str = "WSO", *, signed_on: date = date(2025, 3, 3)) -> str:
        with app.app_context():
            return register_by_hand(
                app.extensions["house"],
                agency_id=ALDER,
                model=model,
                signed_on=signed_on,
                template=None,
                source="The memorandum",
                actor=PAM,
                now=MONDAY,
            ).reference

    return enter


def test_the_list_shows_what_its_reader_may_see(sign_in: Any, entered: Entered):
    reference = entered("WSO")

    assert reference in sign_in(SAM).get("/agreements").text
    assert reference in sign_in(AUDRA).get("/agreements").text
    assert reference not in sign_in(BOB).get("/agreements").text
    assert sign_in(CARL).get("/agreements").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("model=WSO", True),
        ("model=JEM", False),
        ("office=ATL", True),
        ("office=none", False),
        ("state=Georgia", True),
        ("state=Texas", False),
        ("status=active", True),
        ("status=suspended", False),
        ("vanished=yes", False),
        ("words=alder", True),
        ("words=%25", False),
        ("after=nonsense", True),
    ],
)
def test_the_list_is_narrowed(sign_in: Any, entered: Entered, query: str, found: bool):
    reference = entered("WSO")

    page = sign_in(SAM).get(f"/agreements?{query}")

    assert (reference in page.text) is found


def test_an_agreement_shows_its_template_as_inferred_with_the_row_it_came_from(
    sign_in: Any, entered: Entered
):
    reference = entered("WSO")

    page = sign_in(SAM).get(f"/agreements/{reference}").text

    assert "inferred" in page
    assert "signed from 20 Jan 2025 on" in page
    assert "No designated officer is on record here" in page
    assert "Keep the next contact" in page


def test_a_model_without_a_rhythm_says_so_on_its_agreements(sign_in: Any, entered: Entered):
    reference = entered("TFM", signed_on=date(2025, 6, 2))

    assert "No oversight rule for TFM" in sign_in(SAM).get(f"/agreements/{reference}").text


def test_hidden_and_missing_agreements_look_the_same(sign_in: Any, entered: Entered):
    reference = entered("WSO")
    browser = sign_in(BOB)

    assert browser.get(f"/agreements/{reference}").status_code == 404
    assert browser.get("/agreements/G-2026-00000000-0").status_code == 404


def test_a_programme_manager_opens_an_application(sign_in: Any):
    answers = {"model": "JEM", "facility": "The jail", "contact": "The captain"}

    done = sign_in(PAM).send("/agreements/apply/alder-county-ga", answers)

    assert done.status_code == 302
    assert "Applied" in sign_in(PAM).get(done.headers["Location"]).text


def test_a_programme_manager_enters_an_agreement_in_force_once(sign_in: Any):
    answers = {"model": "WSO", "signed_on": "2025-03-03", "template": "", "source": "The memorandum"}
    browser = sign_in(PAM)

    done = browser.send("/agreements/register/alder-county-ga", answers)
    again = browser.send("/agreements/register/alder-county-ga", answers)

    assert done.status_code == 302
    assert (again.status_code, "already" in again.text) == (422, True)


def test_a_step_is_taken_on_the_page_and_reaches_the_record(sign_in: Any, entered: Entered):
    reference = entered("WSO")
    answers = {
        "contact_kind": "visit",
        "held_on": "2026-01-05",
        "outcome": "They know the rules.",
        "next_on": "2026-11-02",
    }

    done = sign_in(SAM).send(f"/cases/{reference}/record_contact", answers)

    assert done.status_code == 302
    page = sign_in(SAM).get(f"/agreements/{reference}").text
    assert "next planned for 2 Nov 2026" in page


def test_an_inspection_is_opened_from_the_page_by_whoever_may(sign_in: Any, entered: Entered):
    reference = entered("WSO")
    plan, cause = f"/inspections/plan/{reference}", f"/inspections/for-cause/{reference}"

    offered = {
        person.name: [path for path in (plan, cause) if path in page.text]
        for person in (PAM, MAX, SAM)
        if (page := sign_in(person).get(f"/agreements/{reference}")).status_code == 200
    }

    assert offered == {PAM.name: [plan, cause], MAX.name: [cause], SAM.name: []}
    opened = sign_in(MAX).send(cause, {"trigger": "access_refused", "explanation": "The door stayed shut."})
    assert opened.status_code == 302
    assert opened.headers["Location"].startswith("/inspections/I-")
