"""A JEM inspection on site, from what is owed to close-out: a critical deficiency, a plan that comes back.

The pictures of the guides for field supervisors and for agency contacts are taken on the way.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.browser import Screen
from tests.cast import CARL, IRIS, IVAN, MAX, MONA, PAM, SAM
from tests.inspections.walk import TODAY, agreement, corrections, inspection
from tests.journeys.conftest import Desk, Desks
from workflow.cases.verify import verify
from workflow.db.session import db, session
from workflow.inspections.facts import State
from workflow.inspections.kind import items_of
from workflow.register.models import Agreement

pytestmark = pytest.mark.journey
FAILING = "J6"
TABLET = Screen(810, 1080)


def planned_from_what_is_owed(pam: Desk, app: Flask) -> str:
    """The programme manager finds the duty on the plan, and plans its inspection; the reference."""
    with app.app_context():
        entry = session().get_one(Agreement, agreement(app.extensions["house"], "JEM")).reference
        db.session.remove()
    pam.open("/planning?kind=routine")
    assert "JEM" in pam.said()
    pam.open(f"/inspections/plan/{entry}")
    pam.fill(due_on=TODAY + timedelta(days=90), basis="24 months after it became operational")
    pam.send()
    return pam.page.url.rsplit("/", 1)[-1]


def fill_checklist(iris: Desk, app: Flask, reference: str) -> None:
    """Answer every item where the page leads, one with no."""
    with app.app_context():
        codes = {item.code for item in items_of(inspection(reference))}
        db.session.remove()
    iris.open(f"/inspections/{reference}/checklist")
    iris.page.locator(f"main a[href*='/inspections/{reference}/checklist/']").first.click()
    while codes:
        iris.look()
        here = [c for c in codes if iris.page.locator(f"main [name='{c}']").count()]
        assert here, iris.page.url
        for code in here:
            iris.fill(**{code: "no" if code == FAILING else "yes"})
        if FAILING in here:
            iris.keep("guide-checklist", whole=False)
        iris.send("Save and go on")
        codes -= set(here)


def visit(sam: Desk, iris: Desk, carl: Desk, app: Flask, reference: str) -> None:
    """Scheduled, told, confirmed, held: up to the end of fieldwork."""
    days = {"scheduled_on": TODAY, "until_on": TODAY + timedelta(days=1)}
    sam.take(reference, "schedule", lead=IRIS.id, mode="on_site", **days)
    iris.open(f"/cases/{reference}/notify")
    iris.fill(paragraph="We come to see the jail.", documents="The roster.\nThe log.")
    iris.send("Show how it reads")
    iris.keep("guide-notice", whole=False)
    iris.send("Send what is shown below")
    carl.open("/waiting")
    assert reference in carl.said()
    carl.keep("guide-contact-waiting", whole=False)
    carl.open(f"/inspections/{reference}")
    assert "The roster." in carl.said()
    carl.keep("guide-contact-notice", whole=False)
    carl.take(reference, "confirm_visit", reply="confirmed", words="The captain will be there.")
    carl.take(reference, "receive_documents", received="Roster and log are sent.")
    iris.take(reference, "begin")
    fill_checklist(iris, app, reference)
    iris.open(f"/inspections/{reference}/findings/new?item={FAILING}")
    iris.fill(
        item=FAILING,
        result="deficiency",
        class_code="critical",
        clause="Records and systems",
        evidence="An account works whose holder is on no roster.",
    )
    iris.send()
    iris.take(reference, "complete_fieldwork", exit_briefing="Told the captain of the jail.")


def reported(iris: Desk, ivan: Desk, carl: Desk, max_: Desk, reference: str) -> None:
    """Drafted, read a second time, commented on, answered, issued."""
    iris.take(reference, "draft_findings", summary="One critical deficiency.")
    ivan.take(reference, "pass_review")
    carl.take(reference, "take_comments", comments="The account was locked on the same day.")
    iris.open(f"/inspections/{reference}/report/comments/1")
    iris.fill(outcome="noted", answer="Said in the report.")
    iris.send()
    max_.take(
        reference, "issue_report", rating="not_compliant", conclusion="Nobody unlisted may have access."
    )
    max_.open(f"/inspections/{reference}/report")
    max_.keep("guide-report", whole=False)


def corrected(sam: Desk, max_: Desk, carl: Desk, ivan: Desk, correction: str) -> None:
    """An interim fix, a plan that comes back once, its correction, verified by somebody else."""
    part = {"position": "agree", "responsible": "The captain", "target_on": TODAY + timedelta(days=20)}
    carl.open(f"/corrective/{correction}")
    assert not any(name in carl.said() for name in ("Iris", "Ivan", "Sam S", "Max"))
    carl.take(correction, "interim_fix", fix="The account is locked.")
    carl.take(correction, "submit_plan", action="Look at the accounts.", **part)
    max_.take(correction, "accept_plan", verdict="return", reason="Say who looks, and how often.")
    carl.open(f"/corrective/{correction}")
    assert "Say who looks, and how often." in carl.said()
    carl.keep("guide-contact-correction", whole=False)
    carl.take(
        correction, "submit_plan", action="Every account is held against the roster each month.", **part
    )
    max_.take(correction, "accept_plan", verdict="accept")
    carl.take(correction, "claim_corrected", evidence="The list of accounts of this month, signed.")
    sam.open(f"/corrective/{correction}")
    sam.keep("guide-correction", whole=False)
    ivan.take(correction, "verify", checked="Every account belongs to somebody on the roster.")


def test_a_critical_deficiency_is_found_corrected_and_verified_by_somebody_else(desks: Desks, app: Flask):
    pam, sam, iris, ivan = desks(PAM), desks(SAM), desks(IRIS, TABLET), desks(IVAN)
    max_, carl, mona = desks(MAX), desks(CARL), desks(MONA)
    reference = planned_from_what_is_owed(pam, app)
    sam.open("/planning")
    sam.keep("guide-plan", whole=False)

    visit(sam, iris, carl, app, reference)
    with app.app_context():
        # What is critical does not wait for the report.
        [correction] = [c.reference for c in corrections(reference)]
        db.session.remove()
    reported(iris, ivan, carl, max_, reference)
    sam.take(reference, "request_correction")
    corrected(sam, max_, carl, ivan, correction)
    max_.take(reference, "close", letter="Thank you.")

    mona.open(f"/inspections/{reference}")
    assert "Not compliant" in mona.said()
    mona.keep("guide-inspection", whole=False)
    with app.app_context():
        assert inspection(reference).state == State.CLOSED
        assert verify().breaks == ()
