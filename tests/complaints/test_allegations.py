"""Allegations: who may write what on them, when, and that every change is an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import ANN, LEO, MAX, MONA, MONDAY, RAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, go, received
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.complaints import sealed
from workflow.complaints.allegations import allege, change_allegation, dispose, propose_finding
from workflow.complaints.facts import UNDECIDED, State
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale

Write = Callable[..., Any]


def seen(reference: str) -> int:
    return complaint(reference).version


def add(
    house: House, reference: str, actor: Actor = RUTH, code: str = "force", subject: str = "unknown"
) -> Any:
    return allege(house, reference, actor, code, subject, seen=seen(reference), now=MONDAY)


def find(
    house: House, reference: str, actor: Actor = RAY, said: str = "unfounded", why: str = "the film"
) -> Any:
    return propose_finding(house, reference, actor, 1, said, why, seen=seen(reference), now=MONDAY)


def rule(
    house: House,
    reference: str,
    actor: Actor = MAX,
    said: str = "unfounded",
    proof: str = "preponderance",
    why: str = "the film",
    **more: Any,
) -> Any:
    return dispose(house, reference, actor, 1, said, proof, why, seen=seen(reference), now=MONDAY, **more)


def test_an_allegation_is_an_event_and_raises_the_version(house: House):
    reference = received(house)
    before = seen(reference)

    add(house, reference)

    case = complaint(reference)
    assert case.version == before + 1
    assert case.events[-1].codes == {"allegation": 2, "type": "force", "subject": "unknown"}
    assert [a.code for a in case.allegations][-1] == "force"


def test_before_triage_a_graver_allegation_brings_the_date_nearer(house: House):
    reference = received(house, allegations=("courtesy",))
    task = complaint(reference).tasks[0].due_at

    add(house, reference, code="safety")

    case = complaint(reference)
    assert (case.suggested_tier, case.tier) == (1, 1)
    assert case.tasks[0].due_at is not None
    assert task is not None
    assert case.tasks[0].due_at < task
    assert case.tasks[0].tier == 1


def test_after_triage_the_tier_is_for_people_to_change(house: House):
    reference = complaint_at(house, State.TRIAGED)

    add(house, reference, code="safety")

    assert complaint(reference).tier == 3


@pytest.mark.parametrize("state", State)
def test_allegations_are_added_until_it_is_decided_and_not_later(house: House, state: State):
    reference = complaint_at(house, state)
    count = len(complaint(reference).allegations)

    if state in UNDECIDED:
        add(house, reference)
        assert len(complaint(reference).allegations) == count + 1
    else:
        with pytest.raises(Refused):
            add(house, reference)
        assert len(complaint(reference).allegations) == count


@pytest.mark.parametrize("write", [add, find, rule])
def test_whoever_has_not_the_role_writes_nothing(house: House, write: Write):
    reference = complaint_at(house, State.INVESTIGATING if write is find else State.IN_REVIEW)
    before = seen(reference)

    for actor in {add: (MAX, SAM), find: (MAX, ANN, SAM), rule: (RUTH, ANN, LEO, SAM)}[write]:
        with pytest.raises(Refused):
            write(house, reference, actor)

    assert seen(reference) == before


def test_only_the_investigator_proposes_while_it_is_investigated(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    with pytest.raises(Refused):
        find(house, reference, RUTH)
    find(house, reference, RAY)

    case = complaint(reference)
    assert case.allegations[0].proposed == "unfounded"
    assert sealed.text_of(case, case.allegations[0], "evidence", house.keyring) == "the film"


def test_what_another_authority_found_is_mapped_while_it_is_there(house: House):
    reference = complaint_at(house, State.REFERRED_OUT)

    find(house, reference, LEO)

    assert complaint(reference).allegations[0].is_proposed


@pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.IN_REVIEW, State.CLOSED])
def test_nothing_is_proposed_at_other_times(house: House, state: State):
    reference = complaint_at(house, state)

    with pytest.raises(Refused):
        find(house, reference)


def test_a_finding_needs_its_evidence_and_a_word_of_the_list(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    for said, why in (("unfounded", "  "), ("guilty", "the film")):
        with pytest.raises(Refused):
            find(house, reference, said=said, why=why)

    assert not complaint(reference).allegations[0].is_proposed


def test_a_new_proposal_takes_the_old_disposition_back(house: House):
    reference = complaint_at(house, State.IN_REVIEW)
    rule(house, reference)
    go(house, reference, "send_back")

    find(house, reference, said="sustained")

    assert not complaint(reference).allegations[0].is_disposed


@pytest.mark.parametrize("state", [s for s in State if s is not State.IN_REVIEW])
def test_dispositions_are_given_in_review_alone(house: House, state: State):
    reference = complaint_at(house, state)

    with pytest.raises(Refused):
        rule(house, reference)


@pytest.mark.parametrize(
    ("said", "proof", "why", "closing"),
    [
        ("guilty", "preponderance", "x", None),
        ("sustained", "belief", "x", None),
        ("sustained", "none", "x", None),
        ("sustained", "preponderance", " ", None),
        ("no_finding", "none", "x", None),
        ("no_finding", "none", "x", "boredom"),
    ],
)
def test_a_disposition_is_whole_or_none(house: House, said: str, proof: str, why: str, closing: str | None):
    reference = complaint_at(house, State.IN_REVIEW)

    with pytest.raises(Refused):
        rule(house, reference, said=said, proof=proof, why=why, closing_reason=closing)

    assert not complaint(reference).allegations[0].is_disposed


def test_no_finding_gives_its_reason(house: House):
    reference = complaint_at(house, State.IN_REVIEW)

    rule(house, reference, said="no_finding", proof="none", closing_reason="subject_unidentified")

    row = complaint(reference).allegations[0]
    assert row.is_disposed
    assert row.closing_reason == "subject_unidentified"


def test_who_found_something_does_not_rule_on_it(house: House):
    both = Actor(RAY.id, RAY.name, RAY.roles | MAX.roles, MAX.offices)
    reference = complaint_at(house, State.IN_REVIEW)

    with pytest.raises(Refused):
        rule(house, reference, both)
    rule(house, reference, MONA)

    assert complaint(reference).allegations[0].is_disposed


def test_who_recorded_the_outcome_does_not_rule_on_it(house: House):
    both = Actor(LEO.id, LEO.name, LEO.roles | MAX.roles, MAX.offices)
    reference = complaint_at(house, State.REFERRED_OUT)
    find(house, reference, LEO)
    go(house, reference, "record_outcome")

    with pytest.raises(Refused):
        rule(house, reference, both)


def test_another_meaning_needs_another_finding(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    find(house, reference)

    change_allegation(house, reference, RUTH, 1, "records", "agency", seen=seen(reference), now=MONDAY)

    row = complaint(reference).allegations[0]
    assert (row.code, row.subject, row.is_proposed) == ("records", "agency", False)
    assert complaint(reference).events[-1].verb == "change_allegation"


def test_what_is_not_there_cannot_be_changed(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    with pytest.raises(Refused):
        change_allegation(house, reference, RUTH, 9, "records", "agency", seen=seen(reference), now=MONDAY)
    with pytest.raises(Refused):
        add(house, reference, code="wickedness")
    with pytest.raises(Refused):
        add(house, reference, subject="the moon")
    with pytest.raises(NotThere):
        allege(house, "C-2026-ZZZZZZZZ-Z", RUTH, "force", "unknown", seen=1, now=MONDAY)


def test_two_people_at_once_are_told(house: House):
    reference = received(house)

    with pytest.raises(Stale):
        allege(house, reference, RUTH, "force", "unknown", seen=seen(reference) - 1, now=MONDAY)


def test_evidence_and_reasons_are_no_plain_words(house: House):
    reference = complaint_at(house, State.IN_REVIEW)
    rule(house, reference, why="the canary sang")

    case = complaint(reference)
    assert b"canary" not in (case.allegations[0].rationale or b"")
    assert b"canary" not in b"".join(e.canon for e in case.events)
    assert sealed.text_of(case, case.allegations[0], "rationale", house.keyring) == "the canary sang"
