"""Agreements that were wrong: an undone step, an entry taken out; what hangs on them goes back too."""

from __future__ import annotations

from datetime import date

from tests.agreements.conftest import Registered
from tests.cast import MONDAY, PAM, PETE
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.cases.undoing import undo
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.inspections.service import plan
from workflow.register.models import Agreement


def test_the_record_follows_when_a_notice_is_undone(house: House, registered: Registered):
    reference = registered().reference
    notice = {"given_by": "agency", "reasons": "They wrote.", "effective_on": date(2026, 6, 1)}
    perform(house, reference, "give_notice", PAM, notice, seen=1, now=MONDAY)
    record = session().query(Agreement).filter_by(reference=reference).one()
    assert record.status == "terminating"

    undo(house, reference, PAM, reason="Sent to the wrong agreement.", seen=2, now=MONDAY)

    assert case_for(SYSTEM, reference).state == "active"
    session().refresh(record)
    assert record.status == "active"


def test_an_entry_that_is_taken_out_takes_its_planned_inspection_with_it(
    house: House, registered: Registered
):
    life = registered()
    assert life.agreement_id is not None
    planned = plan(house, life.agreement_id, due_on=date(2026, 6, 1), basis="The cadence.", now=MONDAY)

    perform(house, life.reference, "void_import", PAM, {"reasons": "Entered twice."}, seen=1, now=MONDAY)
    approval = pending(case_for(SYSTEM, life.reference), "void_import")
    assert approval is not None
    confirm(house, approval.id, PETE, seen=2, payload_hash=approval.payload_hash, now=MONDAY)

    assert case_for(SYSTEM, life.reference).state == "voided"
    assert case_for(SYSTEM, planned.reference).state == "cancelled"
