"""Findings and answers: who writes them, when, what is refused, and what every save leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import AUDRA, BOB, CARL, IRIS, IVAN, MAX, MONDAY, SAM, SUE
from tests.inspections.walk import (
    TODAY,
    agreement,
    answer_all,
    ask,
    find,
    for_cause,
    go,
    imported,
    inspection,
    inspection_at,
    planned,
)
from workflow.cases.access import NotThere
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.cases.verify import verify
from workflow.db.session import transaction
from workflow.engine.machine import Refused, Stale
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.facts import State
from workflow.inspections.findings import Draft, change_finding, of_number, repeat_of
from workflow.inspections.kind import items_of
from workflow.inspections.sealed import remarks

MINOR = Draft("G1", "deficiency", class_code="minor", evidence="None hangs.")


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [r.code for r in refused.value.refusals]


def change(house: House, reference: str, draft: Draft = MINOR, **more: object) -> None:
    given = {"seen": inspection(reference).version, "now": MONDAY, **more}
    change_finding(house, reference, 1, given.pop("by", IRIS), draft, **given)  # type: ignore[arg-type]


# --- the checklist ------------------------------------------------------------------------------


def test_a_section_is_saved_as_one_event_with_what_changed(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    before = inspection(reference).version
    given = {"G1": Given("no", "None hangs."), "G2": Given("yes")}

    done = answer_items(house, reference, IRIS, given, now=MONDAY)

    case = inspection(reference)
    assert (done.version, case.version) == (before + 1, before + 1)
    assert {a.item: (a.answer, a.answered_by_id) for a in case.answers} == {
        "G1": ("no", IRIS.id),
        "G2": ("yes", IRIS.id),
    }
    assert remarks(case, house.keyring) == {"G1": "None hangs."}
    event = case.events[-1]
    assert (event.verb, event.codes) == ("answer_items", {"answers": "G1 no, G2 yes"})
    assert verify().breaks == ()


def test_saving_what_stands_already_leaves_no_event(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G1": Given("yes")}, now=MONDAY)
    before = inspection(reference).version

    answer_items(house, reference, IRIS, {"G1": Given("yes")}, now=MONDAY)

    assert inspection(reference).version == before


@pytest.mark.parametrize("state", [s for s in State if s not in (State.IN_PROGRESS, State.VOIDED)])
def test_the_checklist_is_answered_during_the_visit_alone(house: House, state: State):
    reference = inspection_at(house, state)

    with pytest.raises(Refused) as refused:
        answer_items(house, reference, IRIS, {"G1": Given("yes")}, now=MONDAY)

    assert codes(refused) == ["state"]


@pytest.mark.parametrize(
    ("item", "given", "code"),
    [
        ("Z9", Given("yes"), "unknown"),
        ("J1", Given("yes"), "unknown"),
        ("G1", Given("perhaps"), "unfit"),
        ("G1", Given("yes", "x" * 2001), "unfit"),
    ],
)
def test_an_answer_that_does_not_fit_changes_nothing(house: House, item: str, given: Given, code: str):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        answer_items(house, reference, IRIS, {"G2": Given("yes"), item: given}, now=MONDAY)

    assert codes(refused) == [code]
    assert inspection(reference).answers == []


def test_fieldwork_is_complete_only_when_every_item_that_applies_is_answered(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    case = inspection(reference)
    items = items_of(case)
    answer_items(house, reference, IRIS, {i.code: Given("yes") for i in items[:-1]}, now=MONDAY)

    assert house.kinds["inspection"].facts_of(case, common(case)).unanswered == 1
    with pytest.raises(Refused) as refused:
        ask(house, reference, "complete_fieldwork")
    assert codes(refused) == ["all_answered"]
    answer_all(house, reference)
    go(house, reference, "complete_fieldwork")

    assert inspection(reference).state == "fieldwork_complete"


# --- who writes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [MAX, AUDRA], ids=lambda p: p.name)
def test_only_who_conducts_inspections_writes(house: House, person):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        find(house, reference, by=person)

    assert codes(refused) == ["role"]


def test_whoever_supervises_the_agreement_writes_nothing_in_its_inspection(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        answer_items(house, reference, SAM, {"G1": Given("yes")}, now=MONDAY)

    assert codes(refused) == ["lead_not_supervisor"]
    answer_items(house, reference, SUE, {"G1": Given("yes")}, now=MONDAY)


@pytest.mark.parametrize("person", [BOB, CARL], ids=lambda p: p.name)
def test_who_does_not_see_an_inspection_writes_nothing_in_it(house: House, person):
    reference = planned(house)

    with pytest.raises(NotThere):
        find(house, reference, by=person)


def test_whoever_is_recused_writes_nothing(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    with transaction() as s:
        s.add(
            Recusal(
                case_id=inspection(reference).id,
                person_id=IVAN.id,
                reason="relative",
                declared_by_id=IVAN.id,
                at=MONDAY,
            )
        )

    with pytest.raises(NotThere):
        find(house, reference, by=IVAN)


# --- findings -----------------------------------------------------------------------------------


def test_a_finding_takes_the_provision_of_its_item_and_leaves_an_event(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    number = find(house, reference, class_code="minor", comment="For us alone.")

    case = inspection(reference)
    finding = of_number(case, number)
    assert finding.clause == "Memorandum of agreement: complaint procedures"
    event = case.events[-1]
    assert (event.verb, event.codes) == (
        "record_finding",
        {"finding": 1, "item": "G1", "result": "deficiency", "class": "minor"},
    )
    assert sorted(a.name for a in event.answers) == ["clause", "comment", "evidence"]
    assert verify().breaks == ()


@pytest.mark.parametrize(
    "state", [s for s in State if s not in (State.IN_PROGRESS, State.FIELDWORK_COMPLETE)]
)
def test_findings_are_written_until_they_are_handed_in(house: House, state: State):
    reference = inspection_at(house, state)
    before = len(inspection(reference).findings)

    with pytest.raises(Refused) as refused:
        find(house, reference)

    assert set(codes(refused)) & {"state", "unknown"}
    assert len(inspection(reference).findings) == before


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"item": "Z9"}, "unknown"),
        ({"result": "terrible"}, "unfit"),
        ({"class_code": "terrible"}, "unfit"),
        ({"class_code": None}, "required"),
        ({"class_code": "critical", "evidence": " "}, "required"),
        ({"evidence": "x" * 10_001}, "unfit"),
        ({"comment": "x" * 10_001}, "unfit"),
    ],
)
def test_a_finding_that_does_not_fit_is_refused(house: House, more: dict[str, Any], code: str):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        find(house, reference, **more)

    assert codes(refused) == [code]


def test_a_changed_finding_keeps_its_number(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)

    change(house, reference, Draft("G2", "met", comment="It hangs after all."))

    [finding] = inspection(reference).findings
    assert (finding.number, finding.item, finding.result, finding.class_code) == (1, "G2", "met", None)


def test_a_page_that_is_old_changes_no_finding(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)

    with pytest.raises(Stale):
        change(house, reference, seen=1)


def test_a_cited_finding_is_not_changed_any_more(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, class_code="critical")

    with pytest.raises(Refused) as refused:
        change(house, reference)

    assert codes(refused) == ["cited"]


def test_there_is_no_finding_of_an_unknown_number(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(LookupError):
        change(house, reference)


# --- repeats ------------------------------------------------------------------------------------


def closed_with(house: House, class_code: str) -> str:
    """An inspection of the same agreement, its fieldwork complete, with a deficiency on posters."""
    reference = for_cause(house)
    go(house, reference, "schedule", "begin")
    find(house, reference, class_code=class_code)
    go(house, reference, "complete_fieldwork")
    return reference


def test_what_was_deficient_in_the_last_cycle_is_a_repeat_and_one_class_higher(house: House):
    agreement(house)
    closed_with(house, "minor")
    reference = inspection_at(house, State.IN_PROGRESS)

    find(house, reference, class_code="minor")

    [finding] = inspection(reference).findings
    assert finding.repeat_of_id is not None
    assert (finding.class_code, finding.cited_class) == ("minor", "major")


def test_a_major_repeat_is_critical_and_cited_at_once(house: House):
    closed_with(house, "major")
    reference = inspection_at(house, State.IN_PROGRESS)

    find(house, reference, class_code="major")

    [finding] = inspection(reference).findings
    assert finding.cited_class == "critical"
    assert finding.is_cited


def test_after_two_clean_cycles_it_is_no_repeat(house: House):
    closed_with(house, "minor")
    imported(house, fieldwork_on=TODAY)
    imported(house, fieldwork_on=TODAY)
    reference = inspection_at(house, State.IN_PROGRESS)

    assert repeat_of(inspection(reference), "G1") is None
    assert repeat_of(inspection(reference), "D1") is None


def test_another_requirement_is_no_repeat(house: House):
    closed_with(house, "minor")
    reference = inspection_at(house, State.IN_PROGRESS)

    assert repeat_of(inspection(reference), "D1") is None
    assert repeat_of(inspection(reference), "G1") is not None


def test_a_withdrawn_finding_is_no_ground_for_a_repeat(house: House):
    earlier = closed_with(house, "minor")
    with transaction():
        inspection(earlier).findings[0].is_withdrawn = True
    reference = inspection_at(house, State.IN_PROGRESS)

    assert repeat_of(inspection(reference), "G1") is None


def test_an_imported_inspection_is_a_cycle_of_its_own(house: House):
    closed_with(house, "minor")
    imported(house)
    reference = inspection_at(house, State.IN_PROGRESS)

    assert repeat_of(inspection(reference), "G1") is not None
