"""A complaint from the telephone to its answer, with two people where two are needed."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import ANN, MAX, MONA, RAY, RUTH
from tests.journeys.conftest import Desks
from workflow.cases.access import case_for
from workflow.cases.verify import verify
from workflow.complaints.facts import State
from workflow.engine.actors import SYSTEM

pytestmark = pytest.mark.journey
REFERENCE = re.compile(r"C-\d{4}-[0-9A-Z]{8}-[0-9A-Z]")


def test_a_call_becomes_a_closed_complaint_that_the_manager_sees_in_the_figures(desks: Desks, app: Flask):
    ann, ruth, ray, max_ = desks(ANN), desks(RUTH), desks(RAY), desks(MAX)

    ann.open("/complaints/new")
    ann.fill(
        channel="telephone",
        narrative="Nobody fetched an interpreter although it was asked for twice.",
        agency="Alder County Sheriff's Office",
        reach="555 0142, after six",
        kinds="interpreter",
    )
    ann.send("Save")
    found = REFERENCE.search(ann.said())
    assert found, ann.said()
    reference = found[0]

    ruth.open("/complaints/triage")
    assert reference in ruth.said()
    ruth.take(
        reference,
        "triage",
        tier="3",
        subject="designated_officer",
        recusal_checked=True,
        duplicates_checked=True,
    )
    ann.take(reference, "acknowledge", letter="We have received your complaint.")
    max_.take(reference, "assign", investigator=RAY.id, why="the least open work")
    ray.open("/queue")
    assert "Begin the investigation" in ray.said()
    ray.take(reference, "begin", questions="What happened, by both sides?", report_by="2026-02-02")
    ray.open(f"/complaints/{reference}/allegations/1/finding")
    ray.fill(proposed="sustained", evidence="The log of the desk.")
    ray.send()
    ray.take(reference, "submit_report", report="Sustained.")

    max_.open(f"/complaints/{reference}/allegations/1/disposition")
    max_.fill(disposition="sustained", standard_of_proof="preponderance", rationale="The log is clear.")
    max_.send()
    max_.take(reference, "decide", decision="Sustained.")
    ann.take(reference, "notify", letters="To all three.", checked=True)
    ruth.take(reference, "close")
    ruth.keep("complaint-closed")

    mona = desks(MONA)
    mona.open("/figures")
    assert "Median days, open cases counted" in mona.said()
    mona.open("/figures/closure-times?kind=complaint&by=office")
    assert "Atlanta" in mona.said()
    with app.app_context():
        assert case_for(SYSTEM, reference).state == State.CLOSED
        assert verify().breaks == ()


def test_closing_without_a_finding_waits_for_another_manager(desks: Desks, app: Flask):
    ann, max_, mona = desks(ANN), desks(MAX), desks(MONA)
    ann.open("/complaints/paper")
    ann.fill(
        channel="mail",
        received_on="2026-01-02",
        narrative="Something was wrong.",
        agency="Alder County Sheriff's Office",
        kinds="other",
    )
    ann.send()
    found = REFERENCE.search(ann.page.url)
    assert found, ann.said()

    max_.take(found[0], "close_without_finding", closing_reason="administrative", reason="Sent by mistake.")
    assert "second person" in max_.said()
    max_.open(f"/cases/{found[0]}/confirm/close_without_finding")
    assert "Somebody else has to confirm it." in max_.said()
    mona.open("/queue")
    assert "Confirm: Close without a finding" in mona.said()
    mona.confirm(found[0], "close_without_finding")

    with app.app_context():
        assert case_for(SYSTEM, found[0]).state == State.DECIDED
