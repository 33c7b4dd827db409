"""The pages of inspections, as people and agency contacts see them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from tests.cast import AUDRA, BIRCH, BOB, CARL, IRIS, IVAN, MAX, MONA, PAM, SAM, SUE
from tests.inspections.walk import (
    DUE,
    TODAY,
    agreement,
    answer_all,
    corrections,
    find,
    for_cause,
    go,
    imported,
    inspection,
    inspection_at,
    planned,
)
from workflow.cases.kinds import House
from workflow.db.session import db, session
from workflow.inspections.facts import State
from workflow.inspections.kind import items_of
from workflow.inspections.models import Inspection
from workflow.inspections.sealed import remarks, words_of
from workflow.register.models import Agreement


def reference_of(house: House) -> str:
    return session().get_one(Agreement, agreement(house)).reference


# --- lists --------------------------------------------------------------------------------------


def test_the_list_says_what_is_due_and_who_leads(house: House, sign_in):
    inspection_at(house, State.SCHEDULED, due_on=TODAY - timedelta(days=3))

    page = sign_in(MAX).get("/inspections")

    assert "Alder County Sheriff" in page.text
    assert "overdue" in page.text
    assert "Iris Inspector" in page.text


def test_an_empty_list_says_why_it_is_empty(house: House, sign_in):
    browser = sign_in(MAX)

    assert "No inspection is on record here" in browser.get("/inspections").text
    assert "matches these filters" in browser.get("/inspections?state=planned").text


@pytest.mark.parametrize("query", ["after=zz", "after=WzEsMl0", "state=zz&office=zz", "standing=x&lead=x"])
def test_a_list_with_a_spoilt_address_is_a_list(house: House, sign_in, query: str):
    assert sign_in(MAX).get(f"/inspections?{query}").status_code == 200


def test_the_list_has_pages(house: House, sign_in, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workflow.inspections.views.PAGE", 1)
    first = planned(house)
    second = inspection(for_cause(house)).reference
    browser = sign_in(MAX)

    page = browser.get("/inspections")
    following = page.text.partition("after=")[2].partition('"')[0]

    assert (second in page.text, first in page.text) == (True, False)
    assert first in browser.get(f"/inspections?after={following}").text


# --- one inspection -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("person", [SAM, IRIS, MAX, AUDRA], ids=lambda p: p.name)
def test_the_page_of_an_inspection_in_every_state(house: House, sign_in, state: State, person):
    reference = inspection_at(house, state)

    page = sign_in(person).get(f"/inspections/{reference}")

    assert page.status_code == 200
    assert reference in page.text
    assert "What can be done now" in page.text


def test_the_page_shows_findings_and_what_came_of_them(house: House, sign_in):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("critical", "minor"))

    page = sign_in(SAM).get(f"/inspections/{reference}")

    assert "1. Deficiency, critical" in page.text
    assert "No poster hangs in the booking area." in page.text
    for case in corrections(reference):
        assert f"/corrective/{case.reference}" in page.text


def test_another_kind_of_case_is_no_inspection(house: House, sign_in):
    reference = inspection_at(house, State.CORRECTIVE_ACTION)
    [case] = corrections(reference)

    assert sign_in(SAM).get(f"/inspections/{case.reference}").status_code == 404


def test_another_office_finds_nothing(house: House, sign_in):
    reference = planned(house)

    assert sign_in(BOB).get(f"/inspections/{reference}").status_code == 404


def test_a_step_is_taken_on_its_own_page(house: House, sign_in):
    reference = planned(house)

    answer = sign_in(SUE).send(
        f"/cases/{reference}/schedule",
        {"lead": str(IVAN.id), "scheduled_on": "2026-02-02", "until_on": "2026-02-04", "mode": "on_site"},
    )

    case = inspection(reference)
    assert answer.status_code == 302
    assert (case.state, case.owner_id) == ("scheduled", IVAN.id)


# --- the checklist ------------------------------------------------------------------------------


def test_a_section_is_answered_and_leads_to_the_next(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = sign_in(IRIS).send(
        f"/inspections/{reference}/checklist/complaints",
        {"G1": "no", "G1_remark": "None hangs.", "G2": "yes"},
    )

    assert answer.status_code == 302
    assert answer.location.endswith("/checklist/information")
    case = inspection(reference)
    assert {a.item: a.answer for a in case.answers} == {"G1": "no", "G2": "yes"}
    assert remarks(case, house.keyring) == {"G1": "None hangs."}


def test_the_last_section_leads_to_the_whole_checklist(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = sign_in(IRIS).send(f"/inspections/{reference}/checklist/warrants", {"W1": "yes"})

    assert answer.location.endswith(f"/inspections/{reference}/checklist")


def test_a_section_says_how_much_is_left(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    browser.send(f"/inspections/{reference}/checklist/complaints", {"G1": "yes"})

    page = browser.get(f"/inspections/{reference}/checklist/complaints")

    left = len(items_of(inspection(reference))) - 1
    assert f"Section 7 of 9, <span data-left>{left}</span> left" in page.text
    assert 'checked id="G1-0"' in page.text or 'id="G1-0" name="G1" type="radio" value="yes"' in page.text


def test_a_section_after_the_visit_is_refused_in_words(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    address = f"/inspections/{reference}/checklist/complaints"
    browser = sign_in(IRIS)
    drawn = browser.get(address)
    go(house, reference, "complete_fieldwork")

    answer = browser.submit(drawn, {"G1": "no"}, to=address)

    assert answer.status_code == 422
    assert "while the inspection is in progress" in answer.text


@pytest.mark.parametrize(
    "path", ["checklist/nothing", "checklist/processing", "findings/7", "findings/99999999999999999999"]
)
def test_what_is_not_there_is_missing(house: House, sign_in, path: str):
    reference = inspection_at(house, State.IN_PROGRESS)

    assert sign_in(IRIS).get(f"/inspections/{reference}/{path}").status_code == 404


def test_before_it_begins_there_is_no_checklist(house: House, sign_in):
    reference = planned(house)

    assert sign_in(IRIS).get(f"/inspections/{reference}/checklist").status_code == 404
    assert sign_in(IRIS).get(f"/inspections/{reference}/checklist/complaints").status_code == 404


def test_the_whole_checklist_reads_and_prints(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)
    answer_all(house, reference)

    page = sign_in(MAX).get(f"/inspections/{reference}/checklist")

    assert "G1. Posters" in page.text
    assert "finding 1" in page.text
    assert "not answered" not in page.text
    assert "Answer this section" not in page.text, "a manager answers none"


# --- findings -----------------------------------------------------------------------------------


def test_a_finding_is_written_and_changed(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    answers = {"item": "G1", "result": "deficiency", "class_code": "minor", "evidence": "None hangs."}

    assert browser.send(f"/inspections/{reference}/findings/new", answers).status_code == 302
    changed = browser.send(f"/inspections/{reference}/findings/1", {**answers, "class_code": "major"})

    case = inspection(reference)
    [finding] = case.findings
    assert changed.status_code == 302
    assert finding.class_code == "major"
    assert words_of(case, finding, house.keyring).evidence == "None hangs."


def test_a_finding_begins_with_the_item_it_is_about(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    page = sign_in(IRIS).get(f"/inspections/{reference}/findings/new?item=G1")

    assert '<option selected value="G1">' in page.text


def test_a_finding_without_class_is_refused_at_its_field(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = sign_in(IRIS).send(
        f"/inspections/{reference}/findings/new", {"item": "G1", "result": "deficiency"}
    )

    assert answer.status_code == 422
    assert 'href="#class_code"' in answer.text


def test_an_old_page_keeps_what_was_typed(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    address = f"/inspections/{reference}/findings/new"
    drawn = browser.get(address)
    find(house, reference, item="D1")

    answers = {"item": "G1", "result": "met", "evidence": "Typed at length."}
    stale = browser.submit(drawn, answers, to=address)

    assert stale.status_code == 409
    assert "Typed at length." in stale.text
    assert browser.submit(stale, answers, to=address).status_code == 302
    assert len(inspection(reference).findings) == 2


def test_the_agreements_own_supervisor_is_refused_in_words(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = sign_in(SAM).send(f"/inspections/{reference}/findings/new", {"item": "G1", "result": "met"})

    assert answer.status_code == 422
    assert "does not inspect it" in answer.text


# --- opening one --------------------------------------------------------------------------------


def test_a_programme_manager_plans_by_hand(house: House, sign_in):
    address = f"/inspections/plan/{reference_of(house)}"
    browser = sign_in(PAM)
    answers = {"due_on": DUE.isoformat(), "basis": "agreed with the office", "kind_of": "routine"}

    assert browser.send(address, answers).status_code == 302
    again = browser.send(address, answers)

    assert again.status_code == 422
    assert "planned or under way already" in again.text
    assert len(session().scalars(select(Inspection)).all()) == 1


def test_a_manager_opens_one_for_cause(house: House, sign_in):
    address = f"/inspections/for-cause/{reference_of(house)}"

    answer = sign_in(MAX).send(address, {"trigger": "access_refused", "explanation": "Nobody was let in."})

    assert answer.status_code == 302
    [case] = session().scalars(select(Inspection)).all()
    assert (case.kind_of, case.tier) == ("for_cause", 1)


def test_an_agreement_of_another_office_is_missing(house: House, sign_in):
    reference = reference_of(house)
    case = inspection(planned(house))

    assert sign_in(BOB).get(f"/inspections/for-cause/{reference}").status_code == 403
    assert sign_in(MAX).get(f"/inspections/for-cause/{case.reference}").status_code == 404


# --- the agency's contact -----------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.PLANNED, State.SCHEDULED])
def test_a_contact_sees_nothing_before_the_notice(house: House, sign_in, state: State):
    reference = inspection_at(house, state)
    browser = sign_in(CARL)

    assert browser.get(f"/inspections/{reference}").status_code == 404
    assert "Nothing was sent to your agency yet." in browser.get("/inspections").text


def test_a_contact_sees_the_notice_and_sends_what_was_asked_for(house: House, sign_in):
    reference = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)

    page = browser.get(f"/inspections/{reference}")
    answer = browser.send(f"/cases/{reference}/receive_documents", {"received": "The roster."})

    assert "Documents asked for, one a line" in page.text
    assert reference in browser.get("/inspections").text
    assert answer.status_code == 302
    assert inspection(reference).events[-1].verb == "receive_documents"
    assert "The roster." in browser.get(f"/inspections/{reference}").text


#: What stands on the staff's page and never on a contact's.
INSIDE = ("Iris Inspector", "Sam Supervisor", "Max Manager", "For us alone.", "Explain this date", "History")


@pytest.mark.parametrize("state", sorted(set(State) - {State.PLANNED, State.SCHEDULED, State.VOIDED}))
def test_a_contact_sees_no_name_note_or_clock_of_the_office(house: House, sign_in, state: State):
    reference = inspection_at(house, state)
    case = inspection(reference)
    if state in (State.IN_PROGRESS, State.FIELDWORK_COMPLETE):
        find(house, reference, comment="For us alone.")
    page = sign_in(CARL).get(f"/inspections/{reference}")

    if case.sent_to_agency_at is None:
        assert page.status_code == 404
        return
    assert page.status_code == 200
    assert [word for word in INSIDE if word in page.text] == []


def test_a_contact_sees_findings_only_once_they_were_sent(house: House, sign_in):
    browser = sign_in(CARL)
    reference = inspection_at(house, State.FINDINGS_DRAFTED, deficiencies=("minor",))
    words = "No poster hangs in the booking area."
    assert words not in browser.get(f"/inspections/{reference}").text

    go(house, reference, "pass_review")
    page = browser.get(f"/inspections/{reference}")
    assert words in page.text
    assert "Draft, for your comments on the facts" in page.text
    assert "Rating" not in page.text

    go(house, reference, "take_comments", "issue_report")
    page = browser.get(f"/inspections/{reference}")
    assert "Compliant with deficiencies" in page.text
    assert "Draft" not in page.text


def test_findings_sent_back_are_taken_from_the_contact_again(house: House, sign_in):
    reference = inspection_at(house, State.READY_TO_ISSUE, deficiencies=("minor",))

    go(house, reference, "send_back")

    assert "No poster hangs" not in sign_in(CARL).get(f"/inspections/{reference}").text


def test_a_contact_comments_on_the_facts(house: House, sign_in):
    reference = inspection_at(house, State.WITH_AGENCY)

    answer = sign_in(CARL).send(f"/cases/{reference}/take_comments", {"comments": "It hangs in the hall."})

    assert answer.status_code == 302
    assert inspection(reference).state == "ready_to_issue"


def test_an_unannounced_inspection_is_first_seen_with_its_draft(house: House, sign_in):
    reference = planned(house)
    browser = sign_in(CARL)
    go(house, reference, "schedule", unannounced=True)
    go(house, reference, "begin", "complete_fieldwork", "draft_findings")
    assert browser.get(f"/inspections/{reference}").status_code == 404

    go(house, reference, "pass_review")

    assert browser.get(f"/inspections/{reference}").status_code == 200


def test_a_contact_opens_no_staff_page(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(CARL)

    for path in ("checklist", "checklist/complaints", "findings/new"):
        assert browser.get(f"/inspections/{reference}/{path}").status_code == 404
    assert browser.get("/inspections/calendar").status_code == 404


def test_a_contact_of_another_agency_sees_nothing(house: House, sign_in):
    reference = planned(house, agency_id=BIRCH)
    go(house, reference, "schedule", "notify")

    assert sign_in(CARL).get(f"/inspections/{reference}").status_code == 404
    assert sign_in(MONA).get(f"/inspections/{reference}").status_code == 200


# --- what a page costs ---------------------------------------------------------------------------


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
    planned(house)
    few = queries_of(browser, "/inspections")
    for _ in range(6):
        imported(house)
        for_cause(house)

    assert queries_of(browser, "/inspections") == few <= 12


def test_the_page_costs_the_same_however_long_its_history(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    path = f"/inspections/{reference}"
    few = queries_of(browser, path)
    for _ in range(6):
        find(house, reference, class_code="minor")

    assert queries_of(browser, path) == few <= 36


def test_a_visit_that_begins_later_is_shown_as_it_was_held(house: House, sign_in):
    reference = planned(house)
    go(house, reference, "schedule", scheduled_on=date(2026, 1, 7), until_on=date(2026, 1, 8))
    go(house, reference, "notify")
    go(house, reference, "begin", now=datetime(2026, 1, 9, 15, tzinfo=UTC))

    shown = " ".join(sign_in(IRIS).get(f"/inspections/{reference}").text.split())

    assert "9 Jan 2026 to 10 Jan 2026, planned for 7 Jan 2026" in shown
    assert "In progress</span> · led by Iris Inspector · <a" in shown
