"""What the guide of the reviewers shows, walked as it tells it: triage, a case, a letter, a search."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import ALDER, ANN, BIRCH, MONDAY, RUTH
from tests.complaints.letter_ways import with_letter
from tests.complaints.walk import complaint_at, received
from tests.journeys.conftest import Desks
from workflow.cases.kinds import House
from workflow.complaints.facts import State
from workflow.db.session import db

pytestmark = pytest.mark.journey

TOLD = (
    (
        "They would not fetch an interpreter, although it was asked for twice.",
        "interpreter",
    ),
    ("She was pushed against the wall on the way to her cell.", "force"),
    ("Nobody answered the bell for three hours in the night.", "safety"),
    ("The sheet that says how to complain was not hanging anywhere.", "posters"),
    ("He was laughed at for his accent in front of everybody.", "courtesy"),
)


def brought(app: Flask) -> list[str]:
    """Complaints of a few days about agencies that do not exist; their references, the newest last."""
    house: House = app.extensions["house"]
    with app.app_context():
        found = [
            received(
                house,
                words={"narrative": said, "where": "In the jail of the county", "remedy": "That it stops."},
                allegations=(kind,),
                now=MONDAY - timedelta(hours=30 - n * 6),
                agency_id=BIRCH if n % 3 == 2 else ALDER,
            )
            for n, (said, kind) in enumerate(TOLD)
        ]
        db.session.remove()
    return found


def test_the_list_and_the_page_of_triage_say_what_is_needed_to_decide(desks: Desks, app: Flask):
    references = brought(app)
    ruth = desks(RUTH)

    ruth.open("/complaints/triage")
    assert all(reference in ruth.said() for reference in references)
    ruth.keep("guide-triage", whole=False)
    ruth.open(f"/complaints/{references[0]}/triage")
    assert "interpreter" in ruth.said()
    ruth.keep("guide-triage-one", whole=False)


def test_the_page_of_a_complaint_reads_as_a_story(desks: Desks, app: Flask):
    with app.app_context():
        words = {"narrative": TOLD[0][0], "when": "On the Friday before", "where": "At the desk of the jail"}
        reference = complaint_at(app.extensions["house"], State.DECIDED, words=words)
        db.session.remove()
    ruth = desks(RUTH)

    ruth.open(f"/complaints/{reference}")
    said = ruth.said()
    parts = [said.index(part) for part in ("What was alleged", "What was done", "What was found")]
    assert parts == sorted(parts)
    assert TOLD[0][0] in ruth.said()
    ruth.keep("guide-complaint", whole=False)


def test_a_letter_is_read_before_it_goes_out(desks: Desks, app: Flask):
    with app.app_context():
        reference, number = with_letter(app.extensions["house"])
        db.session.remove()
    ann = desks(ANN)

    ann.open(f"/complaints/{reference}/letters/{number}")
    ann.fill(paragraph="We have asked the agency for the log of that night.")
    ann.send("Show how it reads")
    letter = ann.page.get_by_role("group", name="The letter")
    assert "the log of that night" in letter.inner_text()
    letter.scroll_into_view_if_needed()
    ann.keep("guide-letter")


def test_a_search_says_how_it_was_read(desks: Desks, app: Flask):
    brought(app)
    ruth = desks(RUTH)

    ruth.open("/complaints/search?q=interpreter+or+accent+tier%3A3")
    assert "interpreter" in ruth.said()
    assert ruth.page.get_by_text("tier: 3").count()
    ruth.keep("guide-search", whole=False)
