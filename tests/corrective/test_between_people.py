"""Corrective actions between the people: who may verify, what the agency is told, what a list costs."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.cast import BIRCH, CARL, IVAN, MAX, MONA, SAM
from tests.corrective.walk import corrective, corrective_at, go, imported
from tests.inspections import walk
from workflow.cases.kinds import House
from workflow.corrective.facts import State
from workflow.db.session import db
from workflow.inspections.facts import State as Stands


@pytest.mark.parametrize("query", ["after=zz", "class=zz", "office=zz&model=zz&standing=zz&repeat=zz"])
def test_a_list_with_a_spoilt_address_is_a_list(house: House, sign_in, query: str):
    corrective_at(house, State.OPEN)

    assert sign_in(MAX).get(f"/corrective?{query}").status_code == 200


def test_the_page_leads_to_the_inspection_and_to_what_was_found_before(house: House, sign_in):
    first = walk.for_cause(house)
    walk.go(house, first, "schedule", "begin")
    walk.find(house, first, class_code="critical")
    [earlier] = walk.corrections(first)
    walk.settle(house, first)
    walk.go(house, first, "complete_fieldwork")
    reference = corrective_at(house, State.OPEN)

    case = corrective(reference)
    page = sign_in(MAX).get(f"/corrective/{reference}")

    assert case.is_repeat
    assert f"/cases/{earlier.reference}" in page.text
    assert "repeat" in page.text


def test_whoever_accepted_the_plan_is_told_why_they_cannot_verify(house: House, sign_in):
    reference = corrective_at(house, State.CORRECTED)

    answer = sign_in(SAM).send(f"/cases/{reference}/verify", {"checked": "It hangs."})

    assert answer.status_code == 422
    assert "does not verify the correction" in answer.text
    assert corrective(reference).state == "corrected"


def test_an_inspector_verifies_what_others_did(house: House, sign_in):
    reference = corrective_at(house, State.CORRECTED)

    answer = sign_in(IVAN).send(f"/cases/{reference}/verify", {"checked": "It hangs."})

    assert answer.status_code == 302
    assert corrective(reference).state == "verified"


def test_a_contact_disputes_once_and_is_told_the_decision(house: House, sign_in):
    reference = corrective_at(house, State.OPEN)
    browser = sign_in(CARL)
    browser.send(f"/cases/{reference}/dispute", {"grounds": "It hung there."})

    go(house, reference, "uphold_finding", reason="The photograph shows none.")

    page = browser.get(f"/corrective/{reference}")
    assert "The photograph shows none." in page.text
    assert "disputed and decided already" in page.text


def test_a_contacts_list_holds_its_own_agency_alone(house: House, sign_in):
    mine = corrective_at(house, State.OPEN)
    source = walk.inspection_at(house, Stands.REPORT_ISSUED, deficiencies=("minor",), agency_id=BIRCH)
    [theirs] = walk.corrections(source)
    browser = sign_in(CARL)

    page = browser.get("/corrective")

    assert mine in page.text
    assert theirs.reference not in page.text
    assert browser.get(f"/corrective/{theirs.reference}").status_code == 404
    assert sign_in(MONA).get(f"/corrective/{theirs.reference}").status_code == 200


def test_a_contact_is_offered_what_the_agency_does_and_nothing_else(house: House, sign_in):
    reference = corrective_at(house, State.OPEN, class_code="critical")

    page = sign_in(CARL).get(f"/corrective/{reference}")

    offered = {part.partition('"')[0] for part in page.text.split(f"/cases/{reference}/")[1:]}
    assert offered == {"interim_fix", "submit_plan", "dispute", "from-agency"}


def queries_of(browser, path: str) -> int:
    asked: list[str] = []

    def heard(_conn, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", heard)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", heard)
    return len(asked)


def test_the_list_costs_the_same_however_long_it_is(house: House, sign_in):
    browser = sign_in(MAX)
    imported(house)
    few = queries_of(browser, "/corrective")
    for _ in range(6):
        imported(house)

    assert queries_of(browser, "/corrective") == few <= 12
