"""Who complained and who saw it: sealed apart, opened for a purpose, each look kept, never an agency's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.cases.test_query_counts import cost
from tests.cast import ALDER, ANN, AUDRA, CARL, IRIS, LEO, MAX, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, received
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.complaints import contacts, openings, service, telling, witnesses
from workflow.complaints.facts import PURPOSES, WITNESS_PURPOSES, State
from workflow.complaints.models import ContactReading
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale

SignIn = Callable[[Actor], PageClient]
WALTER = {"name": "Walter Heron", "reach": "walter.heron@nest.test", "safe": "not at Heronry"}
#: In everything that says who complained or who saw it.
CANARIES = ("nightingale", "wren.", "heron", "walter")
NAME = "Wren Nightingale"
CONTACT = {"name": NAME, "reach": "wren.nightingale@nest.test", "safe": "after Nightingale time"}


def seen_by(house: House, reference: str, role: str = "saw_it") -> None:
    seen = complaint(reference).version
    witnesses.add_witness(house, reference, ANN, role, WALTER, seen=seen, now=MONDAY)


# --- witnesses ------------------------------------------------------------------------------------


def test_a_witness_is_opened_for_a_purpose_and_the_look_is_kept(house: House):
    reference = received(house)
    seen_by(house, reference)

    shown = witnesses.read_witness(house, reference, RAY, 1, "interview", now=MONDAY)

    looks = session().execute(
        select(ContactReading.person_id, ContactReading.witness, ContactReading.purpose)
    )
    assert shown == WALTER
    assert [tuple(row) for row in looks] == [(RAY.id, 1, "interview")]


def test_without_a_purpose_or_the_role_no_witness_is_shown(house: House):
    reference = received(house)
    seen_by(house, reference)

    for somebody, purpose in ((RAY, "curiosity"), (RAY, "read_back"), (SAM, "interview"), (MAX, "interview")):
        with pytest.raises(Refused):
            witnesses.read_witness(house, reference, somebody, 1, purpose, now=MONDAY)
    with pytest.raises(Refused, match="no such witness"):
        witnesses.read_witness(house, reference, RAY, 2, "interview", now=MONDAY)

    assert session().scalars(select(ContactReading)).all() == []


def test_the_history_counts_witnesses_and_names_none(house: House):
    reference = received(house)
    seen_by(house, reference)
    seen_by(house, reference, "was_told")

    events = session().scalars(select(Event).where(Event.verb == "add_witness").order_by(Event.id)).all()

    assert [e.codes for e in events] == [{"witness": 1, "role": "saw_it"}, {"witness": 2, "role": "was_told"}]
    rows = str(session().execute(text("SELECT * FROM witness")).all()).lower()
    assert [c for c in CANARIES if c in rows] == []


def test_no_witness_is_added_late_blindly_or_of_a_kind_that_is_not_there(house: House):
    decided, open_one = complaint_at(house, State.DECIDED), received(house)

    with pytest.raises(Refused):
        seen_by(house, decided)
    with pytest.raises(Refused):
        seen_by(house, open_one, "suspect")
    with pytest.raises(Stale):
        witnesses.add_witness(house, open_one, ANN, "saw_it", WALTER, seen=0, now=MONDAY)


def test_erasing_the_key_erases_the_witness(house: House):
    reference = received(house)
    seen_by(house, reference)
    with transaction() as s:
        s.execute(text("UPDATE case_key SET wrapped = NULL"))
    session().expire_all()
    complaint(reference).__dict__.pop("_key", None)

    assert witnesses.read_witness(house, reference, RAY, 1, "interview", now=MONDAY) == {}


def test_a_witness_is_added_and_opened_on_the_pages(house: House, sign_in: SignIn):
    reference = received(house)
    browser = sign_in(RUTH)

    added = browser.send(f"/complaints/{reference}/witnesses", {"role": "works_there", **WALTER})
    page = browser.get(f"/complaints/{reference}").text
    closed = browser.get(f"/complaints/{reference}/witnesses/1").text
    opened = browser.send(f"/complaints/{reference}/witnesses/1", {"purpose": "interview"}).text

    assert added.status_code == 302
    assert "Witness 1" in page
    assert "works there" in page
    assert [WALTER["name"] in text_ for text_ in (page, closed, opened)] == [False, False, True]


@pytest.mark.parametrize("purpose", ["", "enforcement", "read_back"])
def test_a_purpose_that_is_not_listed_opens_nothing(house: House, sign_in: SignIn, purpose: str):
    reference = received(house)
    seen_by(house, reference)

    answer = sign_in(RUTH).send(f"/complaints/{reference}/witnesses/1", {"purpose": purpose})

    assert answer.status_code == 422
    assert WALTER["name"] not in answer.text


def test_no_purpose_is_one_of_enforcement():
    for _, words in (*PURPOSES, *WITNESS_PURPOSES):
        assert not any(
            w in words.lower() for w in ("arrest", "enforce", "immigra", "locate", "share", "agency")
        )


# --- who looked -----------------------------------------------------------------------------------


def test_everybody_sees_what_they_opened_and_nobody_elses(house: House, sign_in: SignIn):
    first, second = received(house), received(house)
    contacts.read_contact(house, first, LEO, "tell", now=MONDAY)
    contacts.read_contact(house, second, ANN, "ask", now=MONDAY)

    leo = sign_in(LEO).get("/complaints/identities-opened").text
    asked = sign_in(LEO).get(f"/complaints/identities-opened?person={ANN.id}").text

    assert (first in leo, second in leo) == (True, False)
    assert "To tell the outcome" in leo
    assert (first in asked, second in asked) == (True, False)
    assert "Identities you opened" in sign_in(LEO).get("/account").text


def test_managers_and_auditors_see_who_looked_at_what_was_never_theirs(house: House, sign_in: SignIn):
    looked_at = [complaint_at(house, State.ASSIGNED) for _ in range(3)]
    for reference in looked_at:
        contacts.read_contact(house, reference, RUTH, "ask", now=MONDAY)
    contacts.read_contact(house, looked_at[0], RAY, "ask", now=MONDAY)

    by_person = {each.name: (each.looks, each.not_theirs) for each in openings.lookers(AUDRA)}
    page = sign_in(AUDRA).get(f"/complaints/identities-opened?person={RUTH.id}").text

    assert by_person == {RUTH.name: (3, 3), RAY.name: (1, 0)}
    assert all(reference in page for reference in looked_at)
    for person, shut in ((SAM, 403), (IRIS, 403), (CARL, 404)):
        assert sign_in(person).get("/complaints/identities-opened").status_code == shut


@pytest.mark.parametrize("person", ["0", "-1", "999999", "x", "9" * 30, "\u0661"])
def test_a_list_of_nobody_is_a_404_or_ones_own(sign_in: SignIn, ctx: Flask, person: str):
    assert sign_in(AUDRA).get(f"/complaints/identities-opened?person={person}").status_code in (200, 404)


def test_the_list_costs_the_same_for_one_look_and_for_many(house: House, sign_in: SignIn):
    contacts.read_contact(house, received(house), LEO, "tell", now=MONDAY)
    session().rollback()
    browser = sign_in(AUDRA)
    path = f"/complaints/identities-opened?person={LEO.id}"

    one = cost(browser, path)
    for _ in range(8):
        contacts.read_contact(house, received(house), LEO, "tell", now=MONDAY)
    session().rollback()

    assert cost(browser, path) == one


# --- never an agency's ----------------------------------------------------------------------------


@pytest.mark.parametrize("person", [CARL, SAM, IRIS, PAM, AUDRA], ids=lambda p: p.name)
def test_by_no_page_and_no_form_does_an_agency_or_a_field_office_learn_who_it_was(
    app: Flask, house: House, sign_in: SignIn, person: Actor
):
    reference = complaint_at(house, State.INVESTIGATING, contact=CONTACT, agency_id=ALDER)
    seen_by(house, reference)
    more = service.Told(channel="telephone", words={"who": "Two officers"}, contact={"name": NAME})
    telling.tell_more(house, reference, ANN, more, seen=None, now=MONDAY)
    contacts.read_contact(house, reference, ANN, "read_back", now=MONDAY)
    session().rollback()
    browser = sign_in(person)
    browser.checks = False
    token = hidden_fields(browser.get("/account").text)["csrf_token"]

    found = []
    for rule, method, path in addresses(app, reference):
        answer = browser.open(
            path, method=method, data={"csrf_token": token, **SENT} if method == "POST" else None
        )
        said = answer.get_data() + str(answer.headers).encode()
        found += [(rule, method, c) for c in CANARIES if c.encode() in said.lower()]

    assert found == []


SENT = {"purpose": "interview", "seen": "1", "open": "1", "role": "saw_it", "words": "Nothing of note"}


def addresses(app: Flask, reference: str) -> list[tuple[str, str, str]]:
    """Every address there is, opened and sent to, filled with what a stranger would put into its gaps."""
    gaps = {
        "reference": reference,
        "verb": "close",
        "number": "1",
        "name": "resolve",
        "area": "officers",
        "slug": "alder-county-ga",
        "agreement": reference,
        "person_id": str(ANN.id),
        "token": "x",
    }
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.arguments <= gaps.keys() or rule.endpoint == "signing.sign_out":
            continue
        path = rule.rule
        for gap, value in gaps.items():
            path = path.replace(f"<int:{gap}>", value).replace(f"<{gap}>", value)
        methods = {"GET", "POST"} & (rule.methods or set())
        if rule.endpoint in ("account.change_password", "account.sign_out_everywhere"):
            methods.discard("POST")
        found += [(rule.endpoint, method, path) for method in sorted(methods)]
    assert len(found) > 100
    return found
