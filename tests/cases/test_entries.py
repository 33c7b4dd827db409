"""The history says in words what was done, noted and mended; no code and no bare number is left to guess."""

from __future__ import annotations

from datetime import date

from tests.cast import BIRCH, IRIS, MAX, MONA, MONDAY, RAY, RUTH, SAM
from tests.complaints import walk as complaints
from tests.complaints.walk import complaint, complaint_at, received
from tests.inspections.walk import answer_all, find, go, inspection, planned
from workflow.cases import corrections, story, undoing
from workflow.cases.approvals import decline
from workflow.cases.entries import Entry
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.complaints import contacts, service
from workflow.complaints.facts import State
from workflow.db.session import transaction
from workflow.engine.actors import Actor, Role


def latest(house: House, case: Case, reader: Actor = MAX) -> Entry:
    return story.page(house, case, reader, now=MONDAY).entries[0]


def called(house: House, case: Case, label: str, reader: Actor = MAX) -> dict[str, str]:
    """What the latest entry of this name says."""
    found = story.page(house, case, reader, now=MONDAY).entries
    return dict(next(e for e in found if e.label == label).answers)


def test_every_label_of_a_decided_complaint_is_words(house: House):
    reference = complaint_at(house, State.DECIDED)

    written = story.page(house, complaint(reference), MAX, now=MONDAY).entries

    assert not [e.label for e in written if "_" in e.label or "." in e.label]
    assert not [said for e in written for _label, said in e.answers if "_" in said]


def test_what_was_found_and_decided_on_an_allegation_is_told_in_its_own_words(house: House):
    reference = complaint_at(house, State.DECIDED)

    found = called(house, complaint(reference), "Finding proposed")
    decided = called(house, complaint(reference), "Allegation disposed of")

    assert found["Finding"] == "Sustained"
    assert found["Evidence"] == "The log of the night."
    assert decided["Standard of proof"] == "Preponderance of the evidence"


def test_the_agency_that_was_named_is_told_by_its_name_and_nobody_by_not_known(house: House):
    reference = received(house)
    for agency in (BIRCH, None):
        seen = complaint(reference).version
        service.name_agency(house, reference, RUTH, agency, seen=seen, now=MONDAY)

    entries = story.page(house, complaint(reference), MAX, now=MONDAY).entries
    named = [dict(e.answers) for e in entries if e.label == "Agency named"]

    assert named == [{"Agency": "not known"}, {"Agency": "Birch County Sheriff's Office"}]


def test_whether_a_complainant_can_be_reached_is_told_both_ways(house: House):
    reference = received(house)
    for contact in ({"name": "Dolores Canary"}, complaints.CONTACT):
        seen = complaint(reference).version
        contacts.change_contact(house, reference, RUTH, contact, seen=seen, now=MONDAY)

    entries = story.page(house, complaint(reference), MAX, now=MONDAY).entries
    told = [dict(e.answers) for e in entries if e.label == "Contact of the complainant changed"]

    assert [list(said.values()) for said in told] == [["yes"], ["no"]]


def test_a_proposal_is_told_by_its_step_and_without_its_number(house: House):
    reference = complaint_at(house, State.ASSIGNED)
    complaints.ask(house, reference, "close_without_finding", by=MAX)

    proposed = latest(house, complaint(reference))

    assert proposed.label == "Close without a finding (asked for)"
    assert proposed.answers == ()


def test_why_a_proposal_was_declined_is_told(house: House):
    reference = complaint_at(house, State.ASSIGNED)
    complaints.ask(house, reference, "close_without_finding", by=MAX)
    with transaction():
        case = complaint(reference)
        approval = complaints.waiting(reference, "close_without_finding")
        managers = frozenset({Role.MANAGER})
        decline(house, case, approval, managers, MONA, reason="It can be investigated.", now=MONDAY)

    declined = latest(house, complaint(reference))

    assert declined.label == "Close without a finding (declined)"
    assert declined.answers == (("Why it was declined", "It can be investigated."),)


def test_a_step_that_was_undone_and_an_answer_that_was_corrected_are_named(house: House):
    reference = complaint_at(house, State.ASSIGNED)
    version = next(e.version for e in complaint(reference).events if e.verb == "triage")
    seen = complaint(reference).version
    corrections.supersede(
        house,
        reference,
        RUTH,
        version=version,
        name="tier",
        value="2",
        reason="Misread",
        seen=seen,
        now=MONDAY,
    )
    undoing.undo(house, reference, MAX, reason="Too early", seen=complaint(reference).version, now=MONDAY)

    corrected = called(house, complaint(reference), "Correct an answer")
    undone = called(house, complaint(reference), "Undo a step")

    assert corrected == {
        "Entry": str(version),
        "Answer": "Tier",
        "What is right": "2",
        "Reason": "Misread",
    }
    assert undone == {"Step": "Assign", "Reason": "Too early"}


def test_days_that_were_answered_are_written_as_the_office_writes_them(house: House):
    reference = planned(house)
    go(house, reference, "schedule", scheduled_on=date(2026, 1, 7), until_on=date(2026, 1, 7))

    scheduled = latest(house, inspection(reference), SAM)

    assert "7 January 2026" in dict(scheduled.answers).values()


def test_findings_and_the_checklist_are_told_in_words(house: House):
    reference = planned(house)
    go(house, reference, "schedule", "notify", "begin")
    find(house, reference, "G1", evidence="The board in the hall.")
    answer_all(house, reference)

    found = called(house, inspection(reference), "Finding recorded", IRIS)
    answered = called(house, inspection(reference), "Checklist answered", IRIS)

    assert found["Established"] == "Deficiency"
    assert found["Evidence"] == "The board in the hall."
    assert "A1 " in answered["Items"]


def test_who_reads_no_words_sees_what_was_done_and_nothing_of_what_was_said(house: House):
    reference = complaint_at(house, State.DECIDED)

    entries = story.page(house, complaint(reference), SAM, now=MONDAY).entries

    assert "Allegation disposed of" in {e.label for e in entries}
    assert {e.answers for e in entries} == {()}
    assert RAY.name in {e.by for e in entries}
