"""The doors: one function behind them, a receipt only its holder can use, words only we can open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests.cases.test_history import bare
from tests.cast import ALDER, ANN, BIRCH, LEO, MAX, MONDAY, RUTH, SAM
from tests.complaints.walk import CONTACT, PEPPER, complaint, complaint_at, go, received
from workflow.cases.access import NotThere
from workflow.cases.idempotency import Idempotency
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.complaints import receipt, sealed
from workflow.complaints.contacts import change_contact, read_contact
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint, ContactReading, ReceiptCode
from workflow.complaints.queries import complaint_by_code
from workflow.complaints.service import UNKNOWN_AGENCY, Received, Told, name_agency, receive
from workflow.db.session import db, session, transaction
from workflow.engine.actors import PUBLIC
from workflow.engine.machine import Refused, Stale
from workflow.register.models import Agreement
from workflow.web.identifiers import looks_like_identifier

TOLD = Told(
    channel="web", words={"narrative": "Nobody listened."}, contact=CONTACT, allegations=("courtesy",)
)


def took(house: House, told: Told = TOLD, form_key: str = "a form", **more: Any) -> Received:
    return receive(house, told, PUBLIC, pepper=PEPPER, form_key=form_key, now=MONDAY, **more)


def agreement_of(agency_id: int, model: str = "WSO", template: str = "2019") -> int:
    with transaction() as s:
        row = Agreement(
            reference=f"G-{agency_id}-{model}-{template}",
            agency_id=agency_id,
            model=model,
            template=template,
            office_id=3,
            signed_on=MONDAY.date(),
        )
        s.add(row)
        s.flush()
        return row.id


# --- the code of a receipt --------------------------------------------------------------------


@given(key=st.text(min_size=1, max_size=60).filter(lambda t: t.isprintable()))
def test_a_code_can_be_typed_in_any_manner(key: str):
    code = receipt.code_for(key, PEPPER)

    assert len(code.replace("-", "")) == 27
    assert receipt.read_code(code) == code.replace("-", "")
    assert receipt.read_code(f" {code.lower().replace('-', ' ')}".replace("0", "o").replace("1", "l")) == (
        code.replace("-", "")
    )


@given(place=st.integers(0, 26), put=st.sampled_from(receipt.LETTERS))
def test_one_wrong_character_is_noticed(place: int, put: str):
    code = receipt.code_for("somebody", PEPPER).replace("-", "")

    spoilt = code[:place] + put + code[place + 1 :]

    assert (receipt.read_code(spoilt) is None) == (spoilt != code)


@given(place=st.integers(0, 24))
def test_two_neighbours_changed_round_are_noticed(place: int):
    code = receipt.code_for("somebody", PEPPER).replace("-", "")

    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert (receipt.read_code(turned) is None) == (turned != code)


def test_codes_hang_on_form_and_pepper_alike():
    codes = {receipt.code_for(f"form {n}", pepper) for n in range(50) for pepper in (PEPPER, bytes(32))}

    assert len(codes) == 100


@pytest.mark.parametrize("typed", ["", "-", "É" * 27, "0" * 26, "0" * 400, "U" * 27, "\u0660" * 27])
def test_what_is_no_code_is_none(typed: str):
    assert receipt.read_code(typed) is None


# --- receiving --------------------------------------------------------------------------------


def test_the_holder_of_the_code_finds_the_complaint_and_nobody_else_does(house: House):
    taken = took(house)
    other = took(house, form_key="another form")

    found = complaint_by_code(taken.code.lower(), pepper=PEPPER)

    assert found is not None
    assert found.reference == taken.reference != other.reference
    assert complaint_by_code(receipt.code_for("no form", PEPPER), pepper=PEPPER) is None
    assert complaint_by_code(taken.code, pepper=bytes(32)) is None
    assert complaint_by_code(taken.reference, pepper=PEPPER) is None


def test_the_same_form_twice_is_one_complaint_with_one_receipt(house: House):
    first = took(house)

    again = took(house)

    assert (again.reference, again.code, again.repeated) == (first.reference, first.code, True)
    assert session().scalars(select(Case.reference)).all() == [first.reference]


def test_neither_code_nor_form_is_stored(house: House):
    taken = took(house)

    kept = session().scalars(select(ReceiptCode.fingerprint)).one()
    key = session().scalars(select(Idempotency.key)).one()

    assert taken.code.replace("-", "") not in kept
    assert "a form" not in key


def test_a_complaint_is_urgent_as_its_gravest_allegation(house: House):
    grave = complaint(received(house, allegations=("courtesy", "retaliation", "courtesy")))
    unclear = complaint(received(house, allegations=()))

    assert [(a.number, a.code) for a in grave.allegations] == [(1, "courtesy"), (2, "retaliation")]
    assert (grave.suggested_tier, grave.tier) == (1, 1)
    assert (unclear.suggested_tier, unclear.tier) == (None, None)
    assert [t.due_at for t in grave.tasks] < [t.due_at for t in unclear.tasks]


def test_acknowledging_is_owed_only_where_it_is_possible(house: House):
    with_contact = complaint(received(house))
    anonymous = complaint(received(house, contact={}))

    assert {c.name for c in with_contact.clocks} == {"ack", "resolve", "in_hand"}
    assert {c.name for c in anonymous.clocks} == {"resolve", "in_hand"}
    assert (with_contact.contact_possible, anonymous.contact_possible) == (True, False)


def test_what_came_by_mail_counts_from_the_day_it_arrived(house: House):
    arrived = MONDAY - timedelta(days=4)

    case = complaint(took(house, received_at=arrived).reference)

    assert (case.received_at, case.opened_at) == (arrived, MONDAY)
    assert all(clock.started_at == arrived for clock in case.clocks)


def test_what_has_not_happened_yet_is_refused(house: House):
    with pytest.raises(Refused):
        took(house, received_at=MONDAY + timedelta(seconds=1))

    assert session().scalars(select(Case.id)).all() == []


def test_nobody_else_receives_complaints(house: House):
    for actor in (MAX, SAM):
        with pytest.raises(Refused):
            receive(house, TOLD, actor, pepper=PEPPER, form_key=actor.name, now=MONDAY)


# --- the agency -------------------------------------------------------------------------------


def test_a_complaint_without_an_agency_says_so_and_waits_at_headquarters(house: House):
    case = complaint(received(house, agency_id=None))

    assert case.title == UNKNOWN_AGENCY
    assert (case.office_id, case.model) == (None, None)


def test_naming_the_agency_moves_title_office_and_task(house: House):
    agreement_id = agreement_of(BIRCH)
    reference = received(house, agency_id=None)

    name_agency(house, reference, ANN, BIRCH, seen=complaint(reference).version, now=MONDAY)

    case = complaint(reference)
    task = next(t for t in case.tasks if t.closed_at is None)
    assert case.title == "Complaint about Birch County Sheriff's Office"
    assert (case.agreement_id, case.model, case.template, case.office_id) == (agreement_id, "WSO", "2019", 3)
    assert (task.case_title, task.office_id, task.model, task.agency_id) == (case.title, 3, "WSO", BIRCH)
    assert [e.verb for e in case.events][-1] == "name_agency"


def test_the_agency_of_a_decided_complaint_stays(house: House):
    reference = complaint_at(house, State.DECIDED)

    with pytest.raises(Refused):
        name_agency(house, reference, RUTH, BIRCH, seen=complaint(reference).version, now=MONDAY)


def test_somebody_who_was_slower_is_told(house: House):
    reference = received(house)

    with pytest.raises(Stale):
        name_agency(house, reference, ANN, BIRCH, seen=complaint(reference).version - 1, now=MONDAY)


def test_two_agreements_leave_the_choice_to_triage(house: House):
    one, other = agreement_of(ALDER), agreement_of(ALDER, "JEM", "2020")
    reference = received(house)
    assert complaint(reference).agreement_id is None

    go(house, reference, "triage", agreement=other)

    case = complaint(reference)
    assert (case.agreement_id, case.model, case.template) == (other, "JEM", "2020")
    assert [(link.agreement_id, link.is_lead) for link in case.agreements] == [(other, True)]
    assert one != other


def test_a_complaint_about_our_own_oversight_is_hidden_from_that_supervisor(house: House):
    agreement_id = agreement_of(ALDER)
    with transaction() as s:
        row = s.get_one(Agreement, agreement_id)
        row.supervisor_id, row.office_id = SAM.id, 1
    reference = received(house)

    go(house, reference, "triage", subject="field_supervisor", agreement=agreement_id)

    from_sam = session().scalar(select(Complaint.supervised_by_id).where(Complaint.reference == reference))
    assert from_sam == SAM.id


# --- what is personal -------------------------------------------------------------------------


def test_the_contact_is_opened_for_a_purpose_and_the_look_is_kept(house: House):
    reference = received(house)

    shown = read_contact(house, reference, LEO, "tell", now=MONDAY)

    looks = session().execute(select(ContactReading.person_id, ContactReading.purpose, ContactReading.at))
    assert shown == CONTACT
    assert looks.all() == [(LEO.id, "tell", MONDAY)]


def test_without_a_purpose_or_the_role_nothing_is_shown_or_kept(house: House):
    reference = received(house)

    with pytest.raises(Refused):
        read_contact(house, reference, ANN, "curiosity", now=MONDAY)
    with pytest.raises(Refused):
        read_contact(house, reference, MAX, "tell", now=MONDAY)
    with pytest.raises(Refused):
        read_contact(house, reference, SAM, "tell", now=MONDAY)

    assert session().scalars(select(ContactReading.id)).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contact_reading SET purpose = 'ask'",
        "UPDATE contact_reading SET person_id = 102",
        "DELETE FROM contact_reading",
        "TRUNCATE contact_reading",
        "INSERT OR REPLACE INTO contact_reading SELECT * FROM contact_reading",
    ],
)
def test_who_looked_is_never_changed_and_never_taken_out(house: House, statement: str):
    only = {"TRUNCATE": "postgresql", "INSERT": "sqlite"}.get(statement.split()[0])
    if only not in (None, db.engine.dialect.name):
        pytest.skip(f"about {only}")
    reference = received(house)
    read_contact(house, reference, LEO, "tell", now=MONDAY)

    with pytest.raises(DBAPIError, match="contact_reading keeps its history"):
        bare(statement)

    looks = session().execute(select(ContactReading.person_id, ContactReading.purpose))
    assert looks.all() == [(LEO.id, "tell")]


def test_a_changed_contact_leaves_no_word_in_the_event(house: House):
    reference = received(house)

    change_contact(
        house, reference, ANN, {"reach": "new@nest.test"}, seen=complaint(reference).version, now=MONDAY
    )

    last = session().scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert (last.verb, last.codes, last.answers) == ("change_contact", {"possible": True}, [])
    assert sealed.contact_of(complaint(reference), house.keyring) == {"reach": "new@nest.test"}


def test_erasing_the_key_erases_words_and_contact(house: House):
    reference = received(house)

    with transaction() as s:
        s.execute(text("UPDATE case_key SET wrapped = NULL"))

    case = complaint(reference)
    case.__dict__.pop("_key", None)
    assert sealed.words_of(case, house.keyring) == {}
    assert sealed.contact_of(case, house.keyring) == {}


def test_a_hidden_complaint_is_not_there(house: House):
    reference = received(house)
    with transaction() as s:
        s.scalars(select(Complaint)).one().supervised_by_id = SAM.id

    with pytest.raises(NotThere):
        read_contact(house, reference, SAM, "tell", now=MONDAY)


def test_no_table_of_ours_has_a_column_for_what_is_never_asked(house: House):
    wrong = ("birth", "country", "nationality", "alien", "a_number", "immigra", "citizen", "ssn", "race")
    tables = inspect(db.engine).get_table_names()
    columns = [f"{t}.{c['name']}" for t in tables for c in inspect(db.engine).get_columns(t)]

    assert "complaint.channel" in columns
    assert [c for c in columns if any(w in c.rpartition(".")[2] for w in wrong)] == []


@pytest.mark.parametrize(
    "written",
    [
        "123-45-6789",
        "my number is A 012 345 678",
        "a012345678",
        "A-12345678",
        "A# 012-345-678",
        "no. 123456789.",
        "born on 4 March 1990",
        "DOB: 03/04/90",
        "D.O.B. 3-4-1990",
        "His date of birth is March 4, 1990.",
        "Birthdate 1990-03-04",
        "she was born in 2001",
    ],
)
def test_numbers_and_birth_dates_of_persons_are_noticed(written: str):
    assert looks_like_identifier(written)


@pytest.mark.parametrize(
    "written",
    [
        "call 555 0142",
        "at 10:15 on 2026-01-05",
        "case C-2026-7KQ4M2RD-X",
        "I-95",
        "the agreement was signed on 3/3/2009",
        "in 3 of 10 files the date of birth is not written down",
        "A 10 of 2026",
        "form G-28, sections A 1 and A 2",
    ],
)
def test_other_numbers_are_left_alone(written: str):
    assert not looks_like_identifier(written)
