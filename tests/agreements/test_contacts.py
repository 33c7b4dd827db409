"""Contacts kept with an agreement: written once, put right by a later row, counted for what they meet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.agreements.walk import TODAY, days, go, life, registered
from tests.cast import BOB, MAX, MONDAY, PAM, RUTH, SAM, SUE
from workflow.agreements import contacts
from workflow.agreements.models import AgreementContact
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused


@pytest.fixture
def reference(house: House) -> str:
    return registered(house).reference


def rows(reference: str) -> list[AgreementContact]:
    found = select(AgreementContact).where(AgreementContact.agreement_id == life(reference).agreement_id)
    return list(session().scalars(found.order_by(AgreementContact.number)))


def put_right(house: House, reference: str, *, by: Actor = MAX, **answers: Any) -> None:
    """Sam corrects the first contact; somebody confirms it."""
    given = {"contact": "1", "reasons": "I mixed up two agencies.", **answers}
    perform(house, reference, "correct_contact", SAM, given, seen=life(reference).version, now=MONDAY)
    case = life(reference)
    asked = pending(case, "correct_contact")
    assert asked is not None
    confirm(house, asked.id, by, seen=case.version, payload_hash=asked.payload_hash, now=MONDAY)


@pytest.mark.parametrize(
    ("kind", "met"),
    [
        ("review_meeting", {"first_review", "review_meeting", "oversight_contact"}),
        ("visit", {"oversight_contact"}),
        ("file_review", {"oversight_contact"}),
        ("training_check", {"training_check"}),
        ("internal_review", set()),
    ],
)
def test_a_contact_with_a_wso_agreement_meets_what_the_policy_counts_it_for(
    house: House, reference: str, kind: str, met: set[str]
):
    go(house, reference, "record_contact", contact_kind=kind)

    [row] = rows(reference)
    assert set(row.discharges.split()) == met
    assert (row.kind, row.held_on, row.held_by_id, row.recorded_by_id) == (kind, days(-1), SUE.id, SAM.id)
    last = contacts.discharged(TODAY)[row.agreement_id] if met else {}
    assert last == dict.fromkeys(met, days(-1))


def test_an_internal_review_is_owed_by_the_jail_model_and_met_there(house: House):
    reference = registered(house, "JEM").reference

    go(house, reference, "record_contact", contact_kind="internal_review")

    assert rows(reference)[0].discharges == "internal_review"


def test_what_was_covered_is_sealed_and_read_by_whoever_oversees(house: House, reference: str, sign_in: Any):
    go(house, reference, "record_contact", outcome="We went through ten files.")

    sealed = rows(reference)[0].covered
    assert sealed is not None
    assert b"ten files" not in sealed
    assert "We went through ten files." in sign_in(SUE).get(f"/agreements/{reference}").text
    assert "ten files" not in sign_in(RUTH).get(f"/agreements/{reference}").text


def test_an_e_mail_alone_is_refused_at_its_field_and_nothing_typed_is_lost(reference: str, sign_in: Any):
    answers = {
        "seen": str(life(reference).version),
        "contact_kind": "message",
        "held_on": "2026-01-02",
        "outcome": "They wrote that all is well.",
        "next_on": "2026-12-01",
    }

    page = sign_in(SAM).send(f"/cases/{reference}/record_contact", answers)

    assert page.status_code == 422
    assert "An e-mail or a call alone does not count as oversight." in page.text
    assert "They wrote that all is well." in page.text
    assert rows(reference) == []


def test_a_day_to_come_is_refused_at_its_field(house: House, reference: str):
    with pytest.raises(Refused) as refused:
        go(house, reference, "record_contact", held_on=days(1))

    assert {(r.code, r.field) for r in refused.value.refusals} == {("not_after_today:held_on", "held_on")}


def test_a_contact_can_be_recorded_until_the_agreement_has_ended(house: House, reference: str):
    go(house, reference, "give_notice")

    go(house, reference, "record_contact")

    assert len(rows(reference)) == 1


def test_who_does_not_see_the_agreement_records_no_contact(reference: str, sign_in: Any):
    assert sign_in(BOB).get(f"/cases/{reference}/record_contact").status_code == 404


def test_a_correction_is_a_later_row_that_counts_instead(house: House, reference: str):
    go(house, reference, "record_contact", contact_kind="review_meeting", held_on=days(-3))

    put_right(house, reference, contact_kind="training_check", held_on=days(-40))

    first, second = rows(reference)
    assert (first.kind, first.held_on, first.corrects_id) == ("review_meeting", days(-3), None)
    assert (second.corrects_id, second.kind, second.held_on) == (first.id, "training_check", days(-40))
    assert contacts.discharged(TODAY)[first.agreement_id] == {"training_check": days(-40)}
    covered = [line.covered for line in contacts.lines(life(reference), house.keyring, reads=True)]
    assert len(set(covered)) == 1, "what was not corrected stays as it was"


def test_a_contact_that_never_took_place_meets_nothing_and_stays_on_the_page(
    house: House, reference: str, sign_in: Any
):
    go(house, reference, "record_contact")

    put_right(house, reference, never=True)

    assert contacts.discharged(TODAY) == {}
    assert len(rows(reference)) == 2
    page = sign_in(SAM).get(f"/agreements/{reference}").text
    assert "Did not take place, or not under this agreement." in page
    assert "Corrected since" in page


def test_a_correction_counts_only_once_somebody_else_confirmed_it(house: House, reference: str):
    go(house, reference, "record_contact")
    seen = life(reference).version
    given = {"contact": "1", "never": True, "reasons": "It was another agency."}

    done = perform(house, reference, "correct_contact", PAM, given, seen=seen, now=MONDAY)

    assert done.awaits_second
    assert len(rows(reference)) == 1
    asked = pending(life(reference), "correct_contact")
    assert asked is not None
    version = life(reference).version
    with pytest.raises(Refused):
        confirm(house, asked.id, PAM, seen=version, payload_hash=asked.payload_hash, now=MONDAY)


def test_a_contact_is_corrected_once_and_then_its_correction(house: House, reference: str):
    go(house, reference, "record_contact")
    put_right(house, reference, held_on=days(-5))

    with pytest.raises(Refused) as refused:
        put_right(house, reference, held_on=days(-6))
    put_right(house, reference, contact="2", held_on=days(-6))

    assert "contact_known" in {r.code for r in refused.value.refusals}
    assert [row.held_on for row in contacts.counting(life(reference).agreement_id)] == [days(-6)]


def test_a_correction_that_says_nothing_is_refused(house: House, reference: str):
    go(house, reference, "record_contact")

    with pytest.raises(Refused) as refused:
        put_right(house, reference)

    assert {r.code for r in refused.value.refusals} == {"says_what_was_wrong"}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE agreement_contact SET held_on = '2020-01-01'", "DELETE FROM agreement_contact"],
)
def test_the_database_itself_changes_no_contact(house: House, reference: str, statement: str):
    go(house, reference, "record_contact")

    with pytest.raises(DatabaseError, match="keeps its history"), transaction() as s:
        s.execute(text(statement))


def test_what_is_not_known_on_a_day_does_not_count_then(house: House, reference: str):
    go(house, reference, "record_contact", held_on=days(-1))

    assert contacts.discharged(days(-2)) == {}
    assert date(2026, 1, 4) in contacts.discharged(TODAY)[life(reference).agreement_id or 0].values()
