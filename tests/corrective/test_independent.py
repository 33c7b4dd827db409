"""Different people for what needs different eyes: kept by the server, and by the database beneath it."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.cast import CARL, IVAN, MAX, MONA, MONDAY, SAM, SUE
from tests.corrective.walk import ask, corrective, corrective_at, go, imported_open
from tests.documents.corpus import Sent, jpeg
from tests.inspections import walk
from workflow.cases.enclosures import enclose_in
from workflow.cases.kinds import House
from workflow.cases.undoing import undo
from workflow.corrective.facts import State
from workflow.corrective.service import SENT_BACK_TWICE
from workflow.db.session import session, transaction
from workflow.documents import staging, storage
from workflow.documents.storage import Cabinet
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused


@pytest.fixture
def cabinet(house: House) -> Cabinet:
    return Cabinet(storage.opened("memory://"), house.keyring)


def hand_in(house: House, cabinet: Cabinet, reference: str, who: Actor, colour: str) -> None:
    """Add a photograph to a corrective action."""
    photograph = Sent("p.jpg", jpeg(colour=colour))
    token = staging.stage(cabinet, photograph, holder="h", now=MONDAY).token
    enclose_in(house, reference, [token], who, holder="h", now=MONDAY)


@pytest.mark.parametrize("actor", [SAM, CARL], ids=["who_accepted", "who_gave_evidence"])
def test_the_database_refuses_one_person_for_a_correction_and_its_verification(house: House, actor: Actor):
    reference = corrective_at(house, State.CORRECTED)

    def write() -> None:
        with transaction():
            corrective(reference).verified_by_id = actor.id

    with pytest.raises(IntegrityError):
        write()
    session().rollback()
    go(house, reference, "verify")
    assert corrective(reference).verified_by_id == IVAN.id


def test_who_added_a_document_as_evidence_does_not_verify(house: House, cabinet: Cabinet):
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    hand_in(house, cabinet, reference, SUE, "teal")
    go(house, reference, "claim_corrected")

    with pytest.raises(Refused, match="added a document as evidence"):
        ask(house, reference, "verify", by=SUE)
    # What is photographed at the look itself is the verifier's own.
    hand_in(house, cabinet, reference, IVAN, "red")
    go(house, reference, "verify")

    assert corrective(reference).state == "verified"


def test_an_acceptance_that_was_undone_keeps_nobody_from_verifying(house: House):
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    seen = corrective(reference).version
    undo(house, reference, SAM, reason="The wrong one.", seen=seen, now=MONDAY)
    assert corrective(reference).accepted_by_id is None

    ask(house, reference, "accept_plan", by=MAX)
    go(house, reference, "claim_corrected")
    ask(house, reference, "verify", by=SAM)

    assert corrective(reference).verified_by_id == SAM.id


def test_who_read_the_findings_again_does_not_decide_a_dispute_about_them(house: House):
    reference = corrective_at(house, State.DISPUTED)
    reader = Actor(IVAN.id, IVAN.name, MONA.roles, MONA.offices)

    with pytest.raises(Refused, match="wrote, read or issued the report"):
        ask(house, reference, "uphold_finding", by=reader)
    ask(house, reference, "uphold_finding", by=MONA)

    assert corrective(reference).state == "open"


def test_what_is_sent_back_twice_without_an_inspection_goes_to_headquarters_once(house: House):
    reference = imported_open(house)

    for times in (1, 2, 3):
        # The agency was never told of what came from another system: the office acts for it.
        ask(house, reference, "submit_plan", by=SAM)
        ask(house, reference, "return_plan", by=MAX)
        titles = [t.title for t in corrective(reference).tasks]
        assert titles.count(SENT_BACK_TWICE) == (1 if times > 1 else 0)

    [task] = [t for t in corrective(reference).tasks if t.title == SENT_BACK_TWICE]
    assert (task.role, task.closed_at) == ("programme_manager", None)
    assert task.due_at is not None


def test_what_escalated_its_inspection_is_not_asked_about_twice(house: House):
    reference = corrective_at(house, State.OPEN)

    go(house, reference, "submit_plan", "return_plan", "submit_plan", "return_plan")

    source = corrective(reference).caused_by_id
    assert source is not None
    assert walk.inspection(corrective(reference).events[0].cause.case.reference).state == "escalated"
    assert SENT_BACK_TWICE not in {t.title for t in corrective(reference).tasks}
