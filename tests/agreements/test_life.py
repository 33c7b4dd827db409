"""Lives of agreements on the database: what steps leave behind, and that the register's record follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.agreements.conftest import Registered
from tests.agreements.walk import TODAY, days, newer
from tests.cast import ALDER, ATLANTA, MAX, MONDAY, PAM, PETE, SAM
from workflow.agreements.models import AgreementLife
from workflow.agreements.service import file_application
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform, start
from workflow.cases.story import pending
from workflow.cases.sweep import sweep
from workflow.cases.verify import verify
from workflow.db.session import session
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused
from workflow.messages.models import Outbox
from workflow.register.models import Agreement


def take(house: House, reference: str, verb: str, actor: Actor = PAM, **answers: Any) -> None:
    """Take a step, and let another programme manager confirm it where that is needed."""
    case = case_for(SYSTEM, reference)
    done = perform(house, reference, verb, actor, answers, seen=case.version, now=MONDAY)
    if done.awaits_second:
        case = case_for(SYSTEM, reference)
        approval = pending(case, verb)
        assert approval is not None
        confirm(house, approval.id, PETE, seen=case.version, payload_hash=approval.payload_hash, now=MONDAY)


def both(reference: str) -> tuple[AgreementLife, Agreement]:
    life = case_for(SYSTEM, reference)
    assert isinstance(life, AgreementLife)
    return life, session().get_one(Agreement, life.agreement_id)


def applied(house: House) -> str:
    return file_application(
        house, agency_id=ALDER, model="JEM", facility="Jail", contact="The captain", actor=PAM, now=MONDAY
    ).reference


def test_an_application_becomes_an_agreement_in_force(house: House):
    reference = applied(house)
    take(house, reference, "vet", record="r", supervision="s", capacity="enough", capacity_basis="b")
    take(house, reference, "recommend", minutes="Of today")
    take(house, reference, "sign", both=True, signed_on=days(-1), template="2025")
    take(
        house,
        reference,
        "certify_first_class",
        SAM,
        officers=3,
        operational_on=TODAY,
        next_on=days(200),
    )

    life, record = both(reference)
    assert (life.state, record.status) == ("active", "active")
    assert (record.signed_on, record.operational_on) == (days(-1), TODAY)
    assert (record.template, record.template_inferred) == ("2025", False)
    assert (life.capacity, life.decision, life.next_contact_on) == ("enough", "recommended", days(200))
    [task] = [t for t in life.tasks if t.closed_at is None]
    assert (task.title, task.verb) == ("Keep the next contact", "record_contact")
    assert task.due_at is not None
    assert list(verify().breaks) == []


def test_a_declined_application_leaves_no_agreement_in_force(house: House):
    reference = applied(house)

    take(house, reference, "decline", declined_for="capacity", reasons="None left.", minutes="Of today")

    life, record = both(reference)
    assert (life.state, record.status, life.decision) == ("declined", "declined", "declined")
    assert life.closed_at is not None
    assert [t for t in life.tasks if t.closed_at is None] == []


def test_one_agency_has_one_agreement_of_a_model(house: House, registered: Registered):
    registered("WSO")

    with pytest.raises(Refused, match="already"):
        registered("WSO")


def test_a_suspension_is_reviewed_on_its_last_day_and_leaves_nothing_when_vacated(
    house: House, registered: Registered
):
    reference = registered("JEM").reference
    take(
        house,
        reference,
        "suspend",
        reasons="A breach.",
        from_on=TODAY,
        until_on=days(40),
        how_to_answer="In writing",
    )
    life, record = both(reference)
    assert (life.state, record.status, life.suspended_from) == ("suspended", "suspended", TODAY)
    [task] = [t for t in life.tasks if t.closed_at is None]
    assert task.due_at is not None
    assert task.due_at.date() in (days(40), days(41))

    take(house, reference, "prolong", reasons="Not yet.", until_on=days(80))
    assert both(reference)[0].suspended_until == days(80)

    take(house, reference, "vacate", reasons="Put right.")

    life, record = both(reference)
    assert (life.state, record.status) == ("active", "active")
    assert (life.suspended_from, life.suspended_until) == (None, None)
    letters = {o.name for o in session().query(Outbox).filter_by(reference=reference, kind="letter")}
    assert letters == {"suspension_notice", "suspension_prolonged", "suspension_vacated"}


def test_an_agreement_ends_by_itself_on_its_day_and_not_before(house: House, registered: Registered):
    reference = registered("WSO").reference
    take(house, reference, "give_notice", given_by="office", reasons="Over.", effective_on=days(100))

    sweep(house, now=MONDAY + timedelta(days=99))
    assert both(reference)[0].state == "terminating"
    sweep(house, now=MONDAY + timedelta(days=102))

    life, record = both(reference)
    assert (life.state, record.status, record.ended_on) == ("terminated", "terminated", days(100))


def test_a_notice_taken_back_leaves_an_agreement_in_force(house: House, registered: Registered):
    reference = registered("WSO").reference
    take(house, reference, "give_notice", given_by="office", reasons="Over.", effective_on=days(100))

    take(house, reference, "rescind", reasons="Agreed anew.")

    life, record = both(reference)
    assert (life.state, life.effective_on, record.ended_on) == ("active", None, None)


def test_a_notice_does_not_end_a_suspension(house: House, registered: Registered):
    reference = registered("JEM").reference
    suspension: dict[str, Any] = {
        "reasons": "A breach.",
        "from_on": TODAY,
        "until_on": days(40),
        "how_to_answer": "In writing",
    }
    take(house, reference, "suspend", **suspension)
    notice: dict[str, Any] = {"given_by": "agency", "reasons": "Over.", "effective_on": days(95)}
    take(house, reference, "give_notice_suspended", **notice)
    assert both(reference)[0].state == "terminating_suspended"

    take(house, reference, "rescind_suspended", reasons="Stay.")

    assert both(reference)[0].state == "suspended"


def test_a_newer_agreement_takes_the_place_of_an_older_one(house: House, registered: Registered):
    older = registered("WSO").reference
    successor = newer(older)

    take(house, older, "supersede", successor=successor, reasons="Renewed.")

    life, record = both(older)
    assert (life.state, record.status, record.ended_on) == ("superseded", "superseded", TODAY)
    assert life.superseded_by_id == successor


def test_a_correction_by_two_people_reaches_the_record(house: House, registered: Registered):
    reference = registered("WSO").reference

    take(house, reference, "correct_record", signed_on=days(-400), template="2020", reason="The document.")

    record = both(reference)[1]
    assert (record.signed_on, record.template, record.template_inferred) == (days(-400), "2020", False)


def test_the_supervisor_named_holds_the_next_task(house: House, registered: Registered):
    reference = registered("WSO").reference

    take(house, reference, "assign_supervisor", MAX, supervisor=SAM.id)

    life, record = both(reference)
    assert (life.owner_id, record.supervisor_id, record.office_id) == (SAM.id, SAM.id, ATLANTA)
    assert [t.holder_id for t in life.tasks if t.closed_at is None] == [SAM.id]


def test_an_entry_nothing_was_done_to_is_taken_out_again(house: House, registered: Registered):
    reference = registered("WSO").reference

    take(house, reference, "void_import", reasons="Never existed.")

    life, record = both(reference)
    assert (life.state, record.status) == ("voided", "voided")


def test_an_application_is_not_filed_by_starting_an_empty_case(house: House):
    with pytest.raises(Refused):
        start(house, AgreementLife(title="x"), "apply", SAM, {"facility": "f", "contact": "c"}, now=MONDAY)
