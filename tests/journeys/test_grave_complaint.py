"""A grave complaint: the inspector general stays silent; it is investigated, decided, appealed and closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.browser import DESK, PHONE, Screen
from tests.cast import ANN, LEO, MAX, MONA, MONDAY, RAY, RUTH
from tests.conftest import Clock
from tests.journeys.conftest import Desk, Desks
from workflow.cases.access import case_for
from workflow.cases.models import Clock as CaseClock
from workflow.cases.verify import verify
from workflow.complaints.facts import State
from workflow.db.session import db, session
from workflow.engine.actors import SYSTEM, Actor

pytestmark = pytest.mark.journey
CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{3}")
REFERENCE = re.compile(r"C-\d{4}-[0-9A-Z]{8}-[0-9A-Z]")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_grave_complaint_goes_the_whole_way_and_back_once_by_keyboard_alone(
    desks: Desks, app: Flask, clock: Clock, screen: Screen
):
    seat = _seats(desks, clock, screen)
    ann = seat(ANN)
    ann.open("/complaints/new")
    ann.fill(
        channel="telephone",
        narrative="She was struck after she had asked for a doctor.",
        agency="Alder County Sheriff's Office",
        reach="555 0142, after six",
        kinds="safety",
    )
    ann.send()
    found, code = REFERENCE.search(ann.said()), CODE.search(ann.said())
    assert found, ann.said()
    assert code, ann.said()
    reference = found[0]
    ann.take(reference, "acknowledge", letter="We have received what you told us.")

    _triage(seat(RUTH), reference, tier="1")
    leo, max_ = seat(LEO), seat(MAX)
    leo.take(reference, "offer_to_oig", sent="The report of today, OIG-0001")
    max_.open(f"/complaints/{reference}")
    assert "The inspector general has until" in max_.page.content()

    clock.now = MONDAY + timedelta(days=8)
    seat = _seats(desks, clock, screen)
    max_, ray, ruth = seat(MAX), seat(RAY), seat(RUTH)
    max_.take(reference, "oig_silent", reason="Five business days are over.")
    max_.take(reference, "assign", investigator=RAY.id, why="the least open work")
    _investigate(ray, reference, clock.now)
    _decide(seat(MAX), reference)
    _tell_and_close(seat(ANN), seat(RUTH), reference)
    first_closing = _closed_at(app, reference)

    clock.now = MONDAY + timedelta(days=20)
    seat = _seats(desks, clock, screen)
    _read_and_ask_for_a_review(desks(None, PHONE, scripts=False, keys=True), code[0])
    ann = seat(ANN)
    ann.open("/queue")
    assert "asks for a review" in ann.said()
    ann.take(reference, "appeal", grounds="The doctor was never heard.")
    max_ = seat(MAX)
    max_.open(f"/cases/{reference}/remand")
    assert "not involved before" in max_.said()
    seat(MONA).take(reference, "remand", reason="The doctor has to be heard.")

    clock.now = MONDAY + timedelta(days=25)
    seat = _seats(desks, clock, screen)
    ruth, max_ = seat(RUTH), seat(MAX)
    max_.open(f"/cases/{reference}/assign")
    assert RAY.name not in max_.said(), "whoever investigated before is recused on appeal"
    max_.take(reference, "assign", investigator=RUTH.id, why="not involved before")
    _investigate(ruth, reference, clock.now)
    _decide(seat(MAX), reference)
    _tell_and_close(seat(ANN), ruth, reference)
    ruth.keep(f"grave-complaint-closed-{screen.width}")
    for path in ("", "/print", "/letters/1"):
        ruth.open(f"/complaints/{reference}{path}")

    with app.app_context():
        case = case_for(SYSTEM, reference)
        assert case.state == State.CLOSED
        assert case.received_at == MONDAY
        assert case.closed_at is not None
        assert first_closing < case.closed_at
        by = {e.verb: e.actor_id for e in case.events}
        assert by["submit_report"] != by["decide"], "who investigated does not decide"
        assert verify().breaks == ()
        assert session().scalars(select(CaseClock.stopped_at)).all().count(None) == 0
        db.session.remove()


def _seats(desks: Desks, clock: Clock, screen: Screen) -> Callable[[Actor], Desk]:
    """Desks of today: whoever sat there days ago has to sign in anew."""

    def seat(person: Actor) -> Desk:
        desk = desks(person, screen, keys=True)
        desk.sign_in_again(person)
        return desk

    assert clock.now is not None
    return seat


def _triage(ruth: Desk, reference: str, *, tier: str) -> None:
    ruth.take(
        reference,
        "triage",
        tier=tier,
        subject="designated_officer",
        recusal_checked=True,
        duplicates_checked=True,
    )


def _investigate(ray: Desk, reference: str, today: datetime) -> None:
    ray.take(
        reference,
        "begin",
        questions="What happened that night, and who decided that no doctor came?",
        people="The woman, the officer on duty, the doctor.",
        records="The log of the night.",
        report_by=(today + timedelta(days=20)).date().isoformat(),
    )
    ray.open(f"/complaints/{reference}/allegations/1/finding")
    ray.fill(proposed="sustained", evidence="The log of the night and the doctor's note.")
    ray.send()
    ray.take(reference, "submit_report", report="Sustained.")


def _decide(max_: Desk, reference: str) -> None:
    max_.open(f"/complaints/{reference}/allegations/1/disposition")
    max_.fill(disposition="sustained", standard_of_proof="preponderance", rationale="The log is clear.")
    max_.send()
    max_.take(reference, "decide", decision="Sustained.")


def _tell_and_close(ann: Desk, ruth: Desk, reference: str) -> None:
    ann.take(reference, "notify", letters="To all three.", checked=True)
    ann.open("/complaints/letters")
    link = ann.page.get_by_role("link", name=re.compile(f"^Outcome.*{reference}")).first
    ann.press(link.inner_text().strip())
    ann.fill(paragraph="The log of that night bears you out.")
    ann.send("Show how it reads")
    ann.send("Send what is shown below")
    assert "Sent." in ann.said()
    ruth.take(reference, "close")


def _read_and_ask_for_a_review(somebody: Desk, code: str) -> None:
    """The complainant comes back with the code, reads the letter, and is not content."""
    somebody.open("/report/status")
    somebody.fill(code=code)
    somebody.send("Open it")
    assert "The log of that night bears you out." in somebody.said()
    somebody.unfold("Ask for a review")
    somebody.fill(grounds="The doctor was never heard.")
    somebody.send("Ask for the review")
    assert "We have your request for a review." in somebody.said()


def _closed_at(app: Flask, reference: str) -> datetime:
    with app.app_context():
        closed = case_for(SYSTEM, reference).closed_at
        db.session.remove()
    assert closed is not None
    return closed
