"""Two inspectors fill in one checklist at once, each on a tablet, and disagree on one item."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browser import Screen
from tests.cast import IRIS, IVAN
from tests.inspections.walk import go, inspection, planned
from tests.journeys.conftest import Desk, Desks
from workflow.cases.verify import verify
from workflow.db.session import db

pytestmark = pytest.mark.journey
TABLET = Screen(810, 1080)
#: What a finger hits.
FINGER = 44


def tick(desk: Desk, item: str, answer: str) -> str:
    """Answer an item as it is sent, and what the page says of it then."""
    with desk.page.expect_response(lambda reply: reply.url.endswith(f"/{item}")):
        desk.fill(**{item: answer})
    said = desk.page.locator(f"[data-item='{item}'] [data-saved]")
    said.filter(has_not_text="Saving").wait_for()
    return said.inner_text()


def too_small(desk: Desk) -> list[str]:
    """What a finger misses on the page."""
    found: list[str] = desk.page.evaluate(
        "least => [...document.querySelectorAll('main form :is(.usa-radio__label, button, a)')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < least)"
        ".map(e => e.textContent.trim())",
        FINGER,
    )
    return found


def answers(app: Flask, reference: str) -> dict[str, tuple[str, bool]]:
    with app.app_context():
        found = {a.item: (a.answer, a.is_disputed) for a in inspection(reference).answers}
        db.session.remove()
    return found


def test_two_tablets_merge_item_by_item_and_a_conflict_is_chosen(desks: Desks, app: Flask):
    with app.app_context():
        house = app.extensions["house"]
        reference = planned(house)
        go(house, reference, "schedule", "notify", "begin")
        db.session.remove()
    iris, ivan = desks(IRIS, TABLET), desks(IVAN, TABLET)
    address = f"/inspections/{reference}/checklist/complaints"
    iris.open(address)
    ivan.open(address)
    assert too_small(iris) == []
    assert "Section 7 of 9" in iris.said()
    assert tick(iris, "G1", "no").startswith("Saved 5 Jan 2026")
    assert tick(ivan, "G2", "yes").startswith("Saved 5 Jan 2026")
    assert answers(app, reference) == {"G1": ("no", False), "G2": ("yes", False)}

    assert tick(ivan, "G1", "yes") == "Both answers are kept."
    ivan.look()
    ivan.keep("tablet-two-answers")
    both = ivan.page.locator("[data-item='G1'] [data-both]").inner_text()
    assert all(said in both for said in ("Iris Inspector", "Ivan Inspector", "No", "Yes"))
    assert not ivan.page.locator("[name=G1]:checked").count()
    assert answers(app, reference)["G1"] == ("no", True)

    # Leaving and coming back loses nothing: the page shows both again, and somebody chooses.
    ivan.open(f"/inspections/{reference}")
    ivan.open(address)
    assert "Two people answered differently" in ivan.said()
    assert tick(ivan, "G1", "no").startswith("Saved")
    assert answers(app, reference) == {"G1": ("no", False), "G2": ("yes", False)}
    assert ivan.page.get_by_role("link", name="Write the finding on G1").is_visible()
    with app.app_context():
        assert verify().breaks == ()


def test_without_a_network_what_was_answered_waits_on_the_page_and_is_sent_again(desks: Desks, app: Flask):
    with app.app_context():
        house = app.extensions["house"]
        reference = planned(house)
        go(house, reference, "schedule", "notify", "begin")
        db.session.remove()
    iris = desks(IRIS, TABLET)
    iris.open(f"/inspections/{reference}/checklist/complaints")
    iris.page.context.set_offline(True)

    iris.fill(G1="no")
    iris.page.locator("[data-item='G1'] [data-saved]").filter(has_text="Not saved yet").wait_for()
    assert answers(app, reference) == {}
    iris.page.context.set_offline(False)
    iris.page.locator("[data-item='G1'] [data-saved]").filter(has_text="Saved 5 Jan").wait_for(timeout=20_000)
    assert answers(app, reference) == {"G1": ("no", False)}
