"""What lists and the story of a complaint show: how urgent, what else there is, what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.cast import AUDRA, BIRCH, BOB, MAX, MONDAY, PAM, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.conftest import Clock
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints.facts import State
from workflow.complaints.triage_list import Wanted
from workflow.complaints.triage_list import rows as rows_of
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
NEXT_WEEK = MONDAY + timedelta(days=8)


def test_triage_has_the_gravest_first_and_says_when_it_is_due(house: House):
    mild = received(house, allegations=("courtesy",))
    grave = received(house, allegations=("retaliation",))
    old = received(house, allegations=("courtesy",), now=MONDAY - timedelta(days=1))

    rows = rows_of(RUTH, Wanted(), now=MONDAY).rows

    assert [r.complaint.reference for r in rows] == [grave, old, mild]
    assert rows[0].due_words == "due today"
    assert [r.is_late for r in rows] == [False, False, False]
    assert [r.is_late for r in rows_of(RUTH, Wanted(), now=NEXT_WEEK).rows] == [True, True, True]


def test_triage_counts_what_else_was_said_about_the_agency(house: House):
    received(house, agency_id=BIRCH)
    complaint_at(house, State.CLOSED)
    alder = received(house)

    earlier = {r.complaint.reference: r.earlier for r in rows_of(RUTH, Wanted(), now=MONDAY).rows}

    assert earlier[alder] == 1
    assert sorted(earlier.values()) == [0, 1]


def test_triage_shows_nobody_what_they_may_not_see(house: House):
    received(house)

    assert rows_of(BOB, Wanted(), now=MONDAY).rows == []
    assert len(rows_of(MAX, Wanted(), now=MONDAY).rows) == 1


def test_a_filter_is_taken_away_by_its_chip(sign_in: SignIn, house: House):
    received(house)
    browser = sign_in(RUTH)

    page = browser.get("/complaints?state=closed&tier=2&words=alder")

    assert "No complaint here" in page.text
    assert 'href="/complaints?state=closed&amp;words=alder"' in page.text
    assert page.text.count("remove this filter") == 3


def test_the_story_tells_what_was_found_and_why_to_those_who_work_on_it(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.DECIDED)

    page = sign_in(RUTH).get(f"/complaints/{reference}")

    assert "The log of the night." in page.text
    assert "The log and two witnesses agree." in page.text
    told = " ".join(page.text.split())
    assert "Sustained: it happened as alleged, and it was against the rules, preponderance of the" in told


def test_evidence_and_reasons_are_not_shown_to_field_supervisors_or_auditors(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.DECIDED)

    for person in (SAM, AUDRA, PAM):
        page = sign_in(person).get(f"/complaints/{reference}")
        assert "The log of the night." not in page.text
        assert "Sustained" in page.text
        assert "They would not let her" not in page.text


def test_a_late_triage_stands_out_on_the_page(sign_in: SignIn, house: House, clock: Clock):
    reference = received(house, allegations=("retaliation",))
    clock.now = NEXT_WEEK

    page = sign_in(RUTH).get("/complaints/triage")

    assert "queue__row--late" in page.text
    assert reference in page.text
    go(house, reference, "triage", now=NEXT_WEEK)
    assert complaint(reference).triaged_at == NEXT_WEEK
    assert reference not in sign_in(RUTH).get("/complaints/triage").text


def test_the_head_of_a_complaint_reads_as_one_line(sign_in: SignIn, house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    head = " ".join(sign_in(RUTH).get(f"/complaints/{reference}").text.split())

    assert "· tier 3 · Ray Reviewer · received 5 Jan 2026 by telephone" in head
