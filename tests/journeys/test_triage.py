"""A reviewer triages ten complaints without touching the mouse, and looks at the page on a telephone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.browser import PHONE, barriers
from tests.cast import MONDAY, RUTH
from tests.complaints.walk import complaint, received
from tests.journeys.conftest import Desk, Desks
from workflow.cases.kinds import House
from workflow.complaints.facts import State

pytestmark = pytest.mark.journey
TYPES = ("crime", "force", "interpreter", "courtesy", "other")
TIERS = {"crime": "1", "force": "2", "interpreter": "3", "courtesy": "3", "other": "4"}


def arrived(app: Flask, number: int) -> list[str]:
    """New complaints of every sort, each an hour after the other."""
    house: House = app.extensions["house"]
    with app.app_context():
        return [
            received(house, allegations=(TYPES[n % 5],), now=MONDAY - timedelta(hours=30 - n))
            for n in range(number)
        ]


def triage_by_keys(desk: Desk, tier: str, key: str) -> None:
    """The tier by its number, the rest of the form by tabulator, arrow and space, then one key to save."""
    keyboard = desk.page.keyboard
    keyboard.press(tier)
    desk.tab_to("subject")
    keyboard.press("ArrowDown")
    for box in ("recusal_checked", "duplicates_checked"):
        desk.tab_to(box)
        keyboard.press("Space")
    with desk.page.expect_navigation():
        keyboard.press(key)
    desk.look()


def test_ten_complaints_are_triaged_by_keyboard_alone(desks: Desks, app: Flask):
    references = arrived(app, 10)
    ruth = desks(RUTH)
    ruth.open("/complaints/triage")
    ruth.keep("triage-list")

    ruth.page.keyboard.press("j")
    ruth.page.keyboard.press("j")
    ruth.page.keyboard.press("k")
    with ruth.page.expect_navigation():
        ruth.page.keyboard.press("o")
    ruth.look()
    ruth.keep("triage-one")
    seen = []
    for left in range(10, 0, -1):
        found = re.search(r"C-\d{4}-[0-9A-Z]{8}-[0-9A-Z]", ruth.page.url)
        assert found, ruth.page.url
        seen.append(found[0])
        assert f"1 of {left}" in ruth.said()
        with app.app_context():
            kind = complaint(found[0]).allegations[0].code
        triage_by_keys(ruth, TIERS[kind], "n")

    assert "That was the last one of this list." in ruth.said()
    with app.app_context():
        cases = [complaint(reference) for reference in seen]
        assert sorted(seen) == sorted(references)
        assert {case.state for case in cases} == {State.TRIAGED}
        assert [case.tier for case in cases] == sorted(case.tier or 9 for case in cases)


def test_keys_leave_alone_whoever_is_typing_or_has_switched_them_off(desks: Desks, app: Flask):
    first, second = arrived(app, 2)
    ruth = desks(RUTH)
    ruth.open(f"/complaints/{first}/triage")
    keyboard = ruth.page.keyboard

    keyboard.press("c")
    keyboard.type("just nonsense")
    assert ruth.page.locator("[name=tier_reasons]").input_value() == "just nonsense"
    assert first in ruth.page.url
    keyboard.press("Escape")
    keyboard.press("?")
    assert ruth.page.locator("#keys").evaluate("e => e.open")
    # What was typed is to be thrown away; the browser asks whether it really is.
    ruth.page.on("dialog", lambda dialog: dialog.accept())
    ruth.open("/complaints/triage")
    keyboard.press("?")
    ruth.send("Switch single keys off")

    ruth.open(f"/complaints/{first}/triage")
    for key in ("1", "s", "n", "j"):
        keyboard.press(key)
    assert first in ruth.page.url
    assert ruth.page.locator("[name=tier]:checked").count() == 0
    with app.app_context():
        assert complaint(first).state == complaint(second).state == State.RECEIVED


def test_triage_fits_a_telephone(desks: Desks, app: Flask):
    [reference] = arrived(app, 1)
    ruth = desks(RUTH, PHONE)

    ruth.open("/complaints/triage")
    ruth.keep("triage-list-phone")
    listed = barriers(ruth.page)
    ruth.open(f"/complaints/{reference}/triage")
    ruth.keep("triage-one-phone")

    assert (listed, barriers(ruth.page)) == ([], [])
    assert "Save and next" in ruth.page.content()


def test_lists_of_complaints_stand_row_by_row_on_a_telephone(desks: Desks, app: Flask):
    arrived(app, 1)
    ruth = desks(RUTH, PHONE)
    sideways = "e => e.scrollWidth > e.clientWidth"

    for path in ("/complaints", "/complaints/search?q=after:2025-12-01"):
        ruth.open(path)
        cell = ruth.page.locator("table.rows td").first
        assert cell.is_visible(), path
        assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"State"'
        assert not ruth.page.locator(".scroll").evaluate(sideways), path
    for path in ("/complaints/check-ins", "/complaints/referrals", "/complaints/letters"):
        ruth.open(path)
        assert not ruth.page.locator("html").evaluate(sideways), path


def test_the_buttons_of_triage_are_in_sight_and_hide_nothing_that_has_the_focus(desks: Desks, app: Flask):
    [reference] = arrived(app, 1)
    ruth = desks(RUTH)
    ruth.open(f"/complaints/{reference}/triage")

    assert ruth.page.locator(".acts [name=next]").evaluate(
        "e => e.getBoundingClientRect().bottom <= innerHeight"
    )
    for name in ("subject", "rank", "agreement", "protected", "duplicates_checked"):
        ruth.tab_to(name)
        over = ruth.page.evaluate(
            "document.activeElement.getBoundingClientRect().bottom"
            " - document.querySelector('.acts').getBoundingClientRect().top"
        )
        assert over <= 0, name
