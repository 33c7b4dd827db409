"""A WSO inspection from plan to close-out, with a deficiency corrected and independently verified."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import CARL, IRIS, IVAN, MAX, MONA, SAM
from tests.inspections.walk import TODAY, corrections, inspection, planned
from tests.journeys.conftest import Desk, Desks
from workflow.cases.verify import verify
from workflow.db.session import db
from workflow.inspections.facts import State
from workflow.inspections.kind import items_of

pytestmark = pytest.mark.journey
FAILING = "G1"


def fill_checklist(iris: Desk, reference: str, codes: list[str]) -> None:
    """Go through the sections one after the other, as the page leads."""
    iris.open(f"/inspections/{reference}/checklist")
    iris.page.locator(f"main a[href*='/inspections/{reference}/checklist/']").first.click()
    done: set[str] = set()
    while done != set(codes):
        iris.look()
        here = [c for c in codes if iris.page.locator(f"main [name='{c}']").count()]
        assert here, iris.page.url
        for code in here:
            iris.fill(**{code: "no" if code == FAILING else "yes"})
        iris.send("Save and go on")
        done |= set(here)


def test_a_planned_inspection_is_conducted_issued_corrected_and_closed(desks: Desks, app: Flask):
    with app.app_context():
        reference = planned(app.extensions["house"])
        db.session.remove()
    sam, iris, ivan, max_, carl = desks(SAM), desks(IRIS), desks(IVAN), desks(MAX), desks(CARL)

    sam.take(
        reference,
        "schedule",
        lead=IRIS.id,
        scheduled_on=TODAY,
        until_on=TODAY + timedelta(days=5),
        mode="assisted_self",
    )
    iris.open(f"/cases/{reference}/notify")
    iris.fill(paragraph="We come to see you.", documents="The roster.")
    iris.send("Show how it reads")
    iris.send("Send what is shown below")
    iris.take(reference, "begin")
    with app.app_context():
        codes = [item.code for item in items_of(inspection(reference))]
        db.session.remove()
    fill_checklist(iris, reference, codes)
    iris.open(f"/inspections/{reference}/findings/new?item={FAILING}")
    iris.fill(
        item=FAILING,
        result="deficiency",
        class_code="major",
        clause="Complaint procedures",
        evidence="No poster hangs in the hall.",
    )
    iris.send()
    iris.take(reference, "complete_fieldwork", exit_briefing="Told the jail administrator.")
    iris.take(reference, "draft_findings", summary="One deficiency.")
    ivan.take(reference, "pass_review")
    carl.take(reference, "take_comments", comments="We will hang one.")
    iris.open(f"/inspections/{reference}/report/comments/1")
    iris.fill(outcome="noted", answer="It is looked at when it is verified.")
    iris.send()
    max_.take(reference, "issue_report", rating="compliant_with_deficiencies", conclusion="One deficiency.")
    sam.take(reference, "request_correction")
    sam.open(f"/inspections/{reference}")
    sam.keep("inspection-corrective-action")

    with app.app_context():
        [correction] = [c.reference for c in corrections(reference)]
        db.session.remove()
    carl.open(f"/corrective/{correction}")
    assert "Iris" not in carl.said()
    carl.take(
        correction,
        "submit_plan",
        position="agree",
        action="Hang the poster.",
        responsible="The jail administrator",
        target_on=TODAY + timedelta(days=30),
    )
    sam.take(correction, "accept_plan", verdict="accept")
    carl.take(correction, "claim_corrected", evidence="A picture of the poster.")
    iris.take(correction, "verify", checked="The poster hangs.")
    max_.take(reference, "close", letter="Thank you.")

    mona = desks(MONA)
    mona.open("/figures/closure-times?kind=inspection&by=model")
    assert "WSO" in mona.said()
    with app.app_context():
        assert inspection(reference).state == State.CLOSED
        assert verify().breaks == ()
