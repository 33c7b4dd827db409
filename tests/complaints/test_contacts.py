"""A contact that was changed: what was before stays sealed, and taking it away makes nobody unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.cases.test_history import bare
from tests.cast import ANN, AUDRA, LEO, MAX, MONDAY, RUTH
from tests.complaints.walk import CONTACT, ask, complaint, complaint_at, go, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.verify import verify
from workflow.complaints import contacts, inquiry, mailbox, sealed
from workflow.complaints.facts import State
from workflow.complaints.models import ContactReading
from workflow.db.session import session, transaction
from workflow.engine.actors import PUBLIC, Actor
from workflow.engine.machine import Refused

SignIn = Callable[[Actor], PageClient]
NEWER = {"name": "Dolores Canary", "reach": "canary@nest.test"}
LATER = MONDAY + timedelta(days=1)


def change(house: House, reference: str, contact: dict[str, str], *, by: Actor = ANN) -> None:
    seen = complaint(reference).version
    contacts.change_contact(house, reference, by, contact, seen=seen, now=LATER)


def stop(house: House, reference: str) -> None:
    """The complainant says, with the code, that nobody shall try any more."""
    mailbox.change_contact(house, reference, {}, key=None, now=LATER)


def close(house: House, reference: str) -> None:
    go(house, reference, "close_without_finding", closing_reason="insufficient_information", now=LATER)


# --- taking it away -------------------------------------------------------------------------------


def test_who_empties_the_contact_still_has_to_try_on_two_days(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    change(house, reference, {}, by=RUTH)

    with pytest.raises(Refused, match="try on two days"):
        close(house, reference)
    for days in (1, 2):
        at = MONDAY + timedelta(days=days)
        heard = inquiry.Heard(kind="contact", part="complainant", way="telephone", at=at, reached=False)
        seen = complaint(reference).version
        inquiry.log(house, reference, ANN, heard, seen=seen, now=at)
    go(
        house,
        reference,
        "close_without_finding",
        closing_reason="insufficient_information",
        now=MONDAY + timedelta(days=3),
    )

    assert complaint(reference).state == State.DECIDED


def test_a_name_alone_in_the_place_of_a_number_takes_it_away_as_well(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    change(house, reference, {"name": "Dolores Canary"})

    with pytest.raises(Refused, match="try on two days"):
        close(house, reference)


def test_who_complained_can_say_that_nobody_shall_try_any_more(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    stop(house, reference)

    close(house, reference)

    assert complaint(reference).state == State.DECIDED


def test_whoever_was_anonymous_from_the_first_is_not_tried(house: House):
    reference = complaint_at(house, State.TRIAGED, contact={})
    change(house, reference, {"name": "Wren"})

    close(house, reference)

    assert complaint(reference).state == State.DECIDED


def test_without_a_contact_any_more_the_agency_is_told_with_consent_or_the_reason_why_not(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    change(house, reference, {})
    answers: dict[str, Any] = {
        "destination": "agency",
        "sent": "The dates",
        "reason": "Theirs",
        "risk": "Small",
    }

    with pytest.raises(Refused) as refused:
        ask(house, reference, "refer_out", consent="", **answers)

    assert {r.code for r in refused.value.refusals} == {"consent_answered"}


# --- what was before ------------------------------------------------------------------------------


def test_every_contact_there_was_stays_sealed_and_the_last_one_rules(house: House):
    reference = received(house, contact=CONTACT)
    change(house, reference, NEWER)
    change(house, reference, {}, by=LEO)

    case = complaint(reference)

    assert list(sealed.contacts_of(case, house.keyring).values()) == [CONTACT, NEWER, {}]
    assert sealed.contact_of(case, house.keyring) == {}
    past = contacts.earlier(case)
    assert [(c.by, c.at) for c in past] == [(ANN.name, LATER), (ANN.name, MONDAY)]
    assert past[-1].version == 0
    for event in session().scalars(select(Event).where(Event.verb == "change_contact")):
        assert (set(event.codes), event.answers) == ({"possible"}, [])
    assert verify().breaks == ()


def test_a_change_by_who_complained_says_so_and_not_who(house: House):
    reference = received(house, contact=CONTACT)
    mailbox.change_contact(house, reference, NEWER, key=None, now=LATER)
    stop(house, reference)

    assert [c.by for c in contacts.earlier(complaint(reference))] == ["the complainant", ANN.name]
    assert session().scalars(select(Event.actor_id).where(Event.verb == "change_contact")).all() == [
        PUBLIC.id,
        PUBLIC.id,
    ]


def test_an_earlier_contact_is_opened_for_a_purpose_and_the_look_is_kept(house: House, sign_in: SignIn):
    reference = received(house, contact=CONTACT)
    change(house, reference, NEWER)
    browser = sign_in(RUTH)
    path = f"/complaints/{reference}/contact"

    listed = browser.get(path).text
    without = browser.send(path, {"version": "0"})
    shown = browser.send(path, {"version": "0", "purpose": "protect"})
    now_ruling = browser.send(path, {"version": "", "purpose": "tell"})

    assert f"by {ANN.name}" in listed
    assert CONTACT["reach"] not in listed
    assert (without.status_code, CONTACT["reach"] in without.text) == (422, False)
    assert (shown.status_code, CONTACT["reach"] in shown.text) == (200, True)
    assert "Change it" not in shown.text
    assert "may not be safe any more" in shown.text
    assert NEWER["reach"] in now_ruling.text
    assert "may not be safe any more" not in now_ruling.text
    assert "Change it" in now_ruling.text
    looks = session().execute(
        select(ContactReading.person_id, ContactReading.earlier, ContactReading.purpose).order_by(
            ContactReading.id
        )
    )
    assert looks.all() == [(RUTH.id, 0, "protect"), (RUTH.id, None, "tell")]
    opened = sign_in(AUDRA).get(f"/complaints/identities-opened?person={RUTH.id}").text
    assert "the complainant, an earlier contact" in opened


@pytest.mark.parametrize("version", ["7", "-1", "x", "9" * 30])
def test_there_is_no_other_contact_to_open(house: House, sign_in: SignIn, version: str):
    reference = received(house, contact=CONTACT)
    change(house, reference, NEWER)

    refused = sign_in(RUTH).send(
        f"/complaints/{reference}/contact", {"version": version, "purpose": "protect"}
    )

    assert refused.status_code == 422
    assert session().scalars(select(ContactReading)).all() == []


def test_whoever_asks_past_the_page_for_a_version_there_never_was_is_refused(house: House):
    reference = received(house, contact=CONTACT)

    with pytest.raises(Refused, match="no such contact"):
        contacts.read_contact(house, reference, RUTH, "protect", earlier=3, now=MONDAY)
    with pytest.raises(Refused, match="Your role"):
        contacts.read_contact(house, reference, MAX, "protect", earlier=0, now=MONDAY)


@pytest.mark.parametrize("table", ["complainant_contact", "contact_change"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET sealed = sealed", "DELETE FROM {}"])
def test_no_contact_there_was_is_changed_or_deleted(house: House, table: str, statement: str):
    reference = received(house, contact=CONTACT)
    change(house, reference, NEWER)

    with pytest.raises(DBAPIError, match="keeps its history"):
        bare(statement.format(table))


def test_erasing_the_key_erases_every_contact_there_was(house: House):
    reference = received(house, contact=CONTACT)
    change(house, reference, NEWER)

    with transaction() as s:
        s.execute(text("UPDATE case_key SET wrapped = NULL"))

    case = complaint(reference)
    case.__dict__.pop("_key", None)
    assert list(sealed.contacts_of(case, house.keyring).values()) == [{}, {}]
