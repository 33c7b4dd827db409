"""A step of an agreement that is undone: the register's record goes back with its life."""

from __future__ import annotations

from datetime import date

from tests.agreements.conftest import Registered
from tests.cast import MONDAY, PAM
from workflow.cases.access import case_for
from workflow.cases.corrections import undo
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
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
