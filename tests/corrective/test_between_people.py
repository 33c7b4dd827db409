"""Corrective actions between the people: who may verify, what the agency is told, what a list costs."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import event

from tests.cast import BIRCH, CARL, IVAN, MAX, MONA, PAM, PETE, SAM
from tests.corrective.walk import corrective, corrective_at, go, imported
from tests.documents.corpus import jpeg
from tests.inspections import walk
from workflow.cases.kinds import House
from workflow.corrective.facts import State
from workflow.db.session import db, transaction
from workflow.inspections.facts import State as Stands
from workflow.inspections.models import Finding


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


def test_what_an_imported_inspection_found_before_is_named_with_a_link(house: House, sign_in):
    long_ago = walk.imported(house)
    past = walk.inspection(long_ago)
    with transaction() as s:
        s.add(
            Finding(
                inspection_id=past.id,
                number=1,
                item="G1",
                result="deficiency",
                class_code="minor",
                is_urgent=False,
                is_cited=False,
                is_withdrawn=False,
            )
        )
        past.fieldwork_completed_on = date(2024, 5, 6)

    reference = corrective_at(house, State.OPEN, class_code="minor")

    case = corrective(reference)
    # Minor as it was judged, and major as it is cited: nobody corrected it the first time.
    assert (case.is_repeat, case.class_code, case.found_before_id) == (True, "major", past.id)
    assert f"/cases/{long_ago}" in sign_in(MAX).get(f"/corrective/{reference}").text
    # Its finding says the same, on the page of the inspection.
    found_in = sign_in(MAX).get(f"/cases/{case.events[0].cause.case.reference}", follow_redirects=True).text
    assert f"/cases/{long_ago}" in found_in
    assert "one class higher than judged (minor)" in found_in


def test_the_page_says_whose_turn_it_is_and_when_it_was_first_due(house: House, sign_in):
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    go(house, reference, "extend", target_on=date(2026, 3, 20))

    page = sign_in(MAX).get(f"/corrective/{reference}").text

    assert "<strong>Correct it</strong>, the agency" in page
    assert "on time is measured on that day" in page
    assert "Extended: the whole plan is to be done by" in page
    assert "Mar 20, 2026" in page or "March 20" in page or "20 Mar" in page


def test_an_accepted_risk_says_who_accepted_it_why_and_until_when(house: House, sign_in):
    reference = corrective_at(house, State.RISK_ACCEPTED)

    page = sign_in(MAX).get(f"/corrective/{reference}").text

    assert f"{PAM.name}, confirmed by {PETE.name}" in page
    assert "As it was." in page
    assert "then it comes back by itself" in page


@pytest.mark.parametrize(("waits", "found"), [("agency_contact", True), ("manager", False), ("zz", False)])
def test_the_list_is_narrowed_to_whose_turn_it_is_and_says_so(
    house: House, sign_in, waits: str, *, found: bool
):
    reference = corrective_at(house, State.OPEN)

    page = sign_in(MAX).get(f"/corrective?waits={waits}").text

    assert (f"/corrective/{reference}" in page) is found
    assert ("Hand in a plan" in page) is found


def test_evidence_comes_with_its_files_or_not_at_all(house: House, sign_in):
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    path, browser = f"/cases/{reference}/claim_corrected", sign_in(CARL)
    page = browser.get(path)

    def sent(name: str, content: bytes):
        files = {"files": (io.BytesIO(content), name)}
        return browser.submit(page, {"evidence": "They hang in both halls.", **files}, to=path)

    refused = sent("poster.exe", b"MZ not a picture")
    assert refused.status_code == 422
    assert "Nothing was reported yet" in refused.text
    assert "They hang in both halls." in refused.text
    assert corrective(reference).state == "plan_accepted"
    reported = sent("poster.jpg", jpeg())

    assert (reported.status_code, corrective(reference).state) == (302, "corrected")
    for reader in (MAX, CARL):
        assert "poster.jpg" in sign_in(reader).get(f"/corrective/{reference}").text
    # The same form again changes nothing.
    assert sent("poster.jpg", jpeg()).status_code == 302
    assert [e.verb for e in corrective(reference).events].count("claim_corrected") == 1
