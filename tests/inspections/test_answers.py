"""Answers as operations: two people merge item by item, a true conflict is kept, nothing is kept twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from sqlalchemy import delete, event, update
from sqlalchemy.exc import DBAPIError

from tests.cast import BOB, IRIS, IVAN, MAX, MONDAY
from tests.inspections.walk import ask, go, inspection, inspection_at, standing
from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.cases.recusing import keep_out
from workflow.cases.verify import verify
from workflow.db.session import db, transaction
from workflow.engine.machine import Refused
from workflow.inspections.answers import Given, answer_items, base_of, operations_on
from workflow.inspections.facts import State
from workflow.inspections.folding import Operation, fold
from workflow.inspections.kind import items_of
from workflow.inspections.models import ChecklistOperation
from workflow.inspections.sealed import remarks

LATER = MONDAY + timedelta(minutes=5)
NAME = "0f" * 16


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [r.code for r in refused.value.refusals]


def answers(reference: str) -> dict[str, str]:
    return {a.item: a.answer for a in inspection(reference).answers}


def disagreed(house: House) -> str:
    """An inspection on which Iris answers G1 with no and Ivan, from the same page, with yes."""
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G1": Given("no", "None hangs.")}, now=MONDAY)
    answer_items(house, reference, IVAN, {"G1": Given("yes", "In the hall.")}, now=LATER)
    return reference


# --- what operations come to ----------------------------------------------------------------------


def operation(number: int, answer: str, *base: int) -> Operation:
    return Operation(number, base, answer, None, IRIS.id, MONDAY)


def test_an_answer_replaces_what_its_author_saw():
    came = fold([operation(1, "yes"), operation(2, "no", 1), operation(3, "not_seen", 2)])

    assert (came.numbers, came.shown.answer, came.is_disputed) == ((3,), "not_seen", False)


def test_two_different_answers_from_one_base_both_stand():
    came = fold([operation(1, "yes"), operation(2, "no", 1), operation(3, "not_seen", 1)])

    assert (came.numbers, came.shown.answer, came.is_disputed) == ((2, 3), "no", True)


def test_two_same_answers_from_one_base_are_no_dispute():
    assert not fold([operation(1, "yes"), operation(2, "yes")]).is_disputed


def test_choosing_replaces_both():
    came = fold([operation(1, "yes"), operation(2, "no"), operation(3, "no", 1, 2)])

    assert (came.numbers, came.is_disputed) == ((3,), False)


@over(some.data())
def test_the_order_in_which_operations_are_read_makes_no_difference(data: Any):
    known: list[Operation] = []
    for number in range(1, data.draw(some.integers(1, 8)) + 1):
        base = data.draw(some.sets(some.integers(1, number - 1), max_size=2)) if number > 1 else ()
        known.append(operation(number, data.draw(some.sampled_from(["yes", "no"])), *sorted(base)))

    came = fold(known)

    assert came == fold(data.draw(some.permutations(known)))
    assert known[-1] in came.heads


# --- two people on one inspection -----------------------------------------------------------------


def test_two_people_answer_different_items_and_both_answers_stand(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer_items(house, reference, IRIS, {"G1": Given("no")}, now=MONDAY)
    answer_items(house, reference, IVAN, {"G2": Given("yes"), "G1": Given("no")}, now=MONDAY)

    assert answers(reference) == {"G1": "no", "G2": "yes"}
    assert not any(a.is_disputed for a in inspection(reference).answers)


def test_a_true_conflict_is_kept_with_who_and_when_and_overwrites_nothing(house: House):
    reference = disagreed(house)

    [row] = inspection(reference).answers
    said = operations_on(house, inspection(reference), ["G1"])["G1"]
    assert (row.answer, row.is_disputed, row.heads) == ("no", True, "1,2")
    assert [(o.answer, o.comment, o.by_id, o.at) for o in said] == [
        ("no", "None hangs.", IRIS.id, MONDAY),
        ("yes", "In the hall.", IVAN.id, LATER),
    ]
    assert inspection(reference).events[-1].codes == {"answers": "G1 yes", "disputed": "G1"}
    assert verify().breaks == ()


def test_somebody_chooses_and_both_answers_stay_on_record(house: House):
    reference = disagreed(house)
    given = {"G1": Given("yes", "Seen together.", base=standing(reference, "G1"))}

    answer_items(house, reference, IRIS, given, now=LATER)

    [row] = inspection(reference).answers
    assert (row.answer, row.is_disputed, row.heads) == ("yes", False, "3")
    assert remarks(inspection(reference), house.keyring) == {"G1": "Seen together."}
    assert len(operations_on(house, inspection(reference), ["G1"])["G1"]) == 3


def test_whoever_saw_one_answer_alone_does_not_settle_the_dispute(house: House):
    reference = disagreed(house)

    answer_items(house, reference, IRIS, {"G1": Given("not_seen", base=(1,))}, now=LATER)

    [row] = inspection(reference).answers
    assert (row.is_disputed, row.heads) == (True, "2,3")


def test_fieldwork_is_not_complete_before_somebody_chose(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G1": Given("not_seen")}, now=MONDAY)
    answer_items(house, reference, IVAN, {"G1": Given("yes")}, now=LATER)
    case = inspection(reference)
    others = [i for i in _asked(reference) if i != "G1"]
    answer_items(house, reference, IRIS, {i: Given("yes") for i in others}, now=LATER)

    with pytest.raises(Refused) as refused:
        ask(house, reference, "complete_fieldwork")

    assert codes(refused) == ["none_disputed"]
    answer_items(house, reference, IRIS, {"G1": Given("yes", base=standing(reference, "G1"))}, now=LATER)
    ask(house, reference, "complete_fieldwork")
    assert case.state == State.FIELDWORK_COMPLETE


def _asked(reference: str) -> list[str]:
    return [item.code for item in items_of(inspection(reference))]


# --- what is refused ------------------------------------------------------------------------------


def test_the_same_operation_twice_changes_nothing(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    given = {"G1": Given("no", "None hangs.", operation=NAME)}
    answer_items(house, reference, IRIS, given, now=MONDAY)
    before = inspection(reference).version

    done = answer_items(house, reference, IRIS, given, now=LATER)

    assert (done.repeated, inspection(reference).version) == (True, before)
    [kept] = operations_on(house, inspection(reference), ["G1"])["G1"]
    assert kept.at == MONDAY


def test_the_same_operation_sent_again_after_somebody_answered_anew_stays_what_it_was(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G1": Given("no", operation=NAME)}, now=MONDAY)
    answer_items(house, reference, IVAN, {"G1": Given("yes", base=(1,))}, now=MONDAY)

    answer_items(house, reference, IRIS, {"G1": Given("no", operation=NAME)}, now=LATER)

    assert answers(reference) == {"G1": "yes"}


@pytest.mark.parametrize("other", [{"G1": Given("yes", operation=NAME)}, {"G2": Given("no", operation=NAME)}])
def test_one_name_for_two_operations_is_refused(house: House, other: dict[str, Given]):
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G1": Given("no", operation=NAME)}, now=MONDAY)

    with pytest.raises(Refused) as refused:
        answer_items(house, reference, IRIS, other, now=LATER)

    assert codes(refused) == ["operation"]
    assert answers(reference) == {"G1": "no"}


def test_answers_for_another_version_of_the_checklist_are_refused(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    with pytest.raises(Refused) as refused:
        answer_items(house, reference, IRIS, {"G1": Given("no")}, now=MONDAY, checklist="2025-1")

    assert codes(refused) == ["version"]
    assert answers(reference) == {}


@pytest.mark.parametrize("base", [(7,), (1,)], ids=["of nothing", "of another item"])
def test_an_answer_that_builds_on_what_is_not_on_record_is_refused(house: House, base: tuple[int, ...]):
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IRIS, {"G2": Given("yes")}, now=MONDAY)

    with pytest.raises(Refused) as refused:
        answer_items(house, reference, IRIS, {"G1": Given("no", base=base)}, now=MONDAY)

    assert codes(refused) == ["base"]


def test_whoever_was_taken_off_an_inspection_answers_nothing(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    with transaction():
        keep_out(house, inspection(reference), IVAN.id, reason="conflict", by=MAX, now=MONDAY)

    with pytest.raises(NotThere):
        answer_items(house, reference, IVAN, {"G1": Given("no")}, now=LATER)
    with pytest.raises(NotThere):
        answer_items(house, reference, BOB, {"G1": Given("no")}, now=LATER)

    assert answers(reference) == {}


@pytest.mark.parametrize("spoilt", ["x", "1,x", "-1", "1" * 9])
def test_a_spoilt_base_is_none(spoilt: str):
    assert base_of(spoilt) == ()


def test_the_database_lets_nobody_change_an_operation(house: House):
    disagreed(house)

    for change in (update(ChecklistOperation).values(answer="yes"), delete(ChecklistOperation)):
        with pytest.raises(DBAPIError, match="keeps its history"), transaction() as s:
            s.execute(change)


# --- the pages ------------------------------------------------------------------------------------


def test_a_conflict_is_shown_side_by_side_and_somebody_chooses(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    address = f"/inspections/{reference}/checklist/complaints"
    iris, ivan = sign_in(IRIS), sign_in(IVAN)
    drawn = ivan.get(address)
    iris.send(address, {"G1": "no", "G1_remark": "None hangs."})

    answer = ivan.submit(drawn, {"G1": "yes", "G2": "yes"}, to=address)
    page = ivan.get(address)

    assert answer.status_code == 302
    for said in ("Two people answered differently", "None hangs.", "Iris Inspector", "Ivan Inspector"):
        assert said in page.text
    assert 'value="yes" checked' not in page.text.partition("G2.")[0]
    assert ivan.submit(page, {"G1": "no"}, to=address).status_code == 302
    assert "Two people answered differently" not in iris.get(address).text
    assert answers(reference) == {"G1": "no", "G2": "yes"}


def test_the_same_page_sent_twice_counts_once(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    address = f"/inspections/{reference}/checklist/complaints"
    browser = sign_in(IRIS)
    drawn = browser.get(address)
    given = {"G1": "no", "G1_remark": "None hangs."}
    browser.submit(drawn, given, to=address)
    before = inspection(reference).version

    assert browser.submit(drawn, given, to=address).status_code == 302
    assert inspection(reference).version == before


def test_a_remark_without_an_answer_is_pointed_out_and_kept_typed(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    address = f"/inspections/{reference}/checklist/complaints"

    page = sign_in(IRIS).send(address, {"G1_remark": "None hangs."})

    assert page.status_code == 422
    assert "Choose an answer: the remark is kept with it." in page.text
    assert "None hangs." in page.text


def item_sent(browser: Any, reference: str, code: str, **given: str) -> Any:
    """One item as the script of the page sends it."""
    address = f"/inspections/{reference}/checklist/complaints"
    drawn = browser.get(address)
    named = {f"{code}_{k}" if k != "answer" else code: v for k, v in given.items()}
    return browser.submit(drawn, {"no_person": "", **named}, to=f"{address}/{code}")


def test_one_item_is_saved_as_it_is_answered_and_says_when(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = item_sent(sign_in(IRIS), reference, "G1", answer="no", remark="None hangs.")

    left = len(_asked(reference)) - 1
    assert answer.status_code == 200
    assert answer.json == {"at": "5 Jan 2026, 9:00 a.m. EST", "base": "1", "left": left, "both": ""}
    assert answers(reference) == {"G1": "no"}


def test_one_item_in_conflict_comes_back_with_both_answers(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    ivan = sign_in(IVAN)
    drawn = ivan.get(f"/inspections/{reference}/checklist/complaints")
    answer_items(house, reference, IRIS, {"G1": Given("no", "None hangs.")}, now=MONDAY)

    answer = ivan.submit(drawn, {"G1": "yes"}, to=f"/inspections/{reference}/checklist/complaints/G1")

    assert answer.json["base"] == "1,2"
    assert "None hangs." in answer.json["both"]


def test_one_item_that_is_refused_says_why(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    drawn = browser.get(f"/inspections/{reference}/checklist/complaints")
    address = f"/inspections/{reference}/checklist/complaints/G1"

    number = browser.submit(drawn, {"G1": "no", "G1_remark": "of 123-45-6789"}, to=address)
    version = browser.submit(drawn, {"G1": "no", "checklist": "2025-1"}, to=address)
    go(house, reference, "complete_fieldwork")
    closed = browser.submit(drawn, {"G1": "no"}, to=address)

    assert (number.status_code, version.status_code, closed.status_code) == (422, 409, 409)
    assert "number" in number.json["errors"][0]
    assert "not on 2025-1" in version.json["errors"][0]
    assert "while the inspection is in progress" in closed.json["errors"][0]


@pytest.mark.parametrize("path", ["complaints/Z9", "complaints/A1", "nothing/G1"])
def test_an_item_that_is_not_in_the_section_is_missing(house: House, sign_in, path: str):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    drawn = browser.get(f"/inspections/{reference}/checklist/complaints")

    answer = browser.submit(drawn, {"G1": "no"}, to=f"/inspections/{reference}/checklist/{path}")

    assert answer.status_code == 404


def statements(act: Any) -> int:
    count = 0

    def add(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", add)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", add)
    return count


def test_how_many_queries_a_section_and_an_item_take(house: House, sign_in):
    reference = disagreed(house)
    browser = sign_in(IRIS)
    address = f"/inspections/{reference}/checklist/complaints"
    drawn = browser.get(address)

    page = statements(lambda: browser.get(address))
    quiet = statements(lambda: browser.get(f"/inspections/{reference}/checklist/language"))
    saved = statements(lambda: browser.submit(drawn, {"G2": "no"}, to=f"{address}/G2"))

    # SQLite counts the beginning of a transaction as well.
    assert page in (10, 11)
    assert quiet in (8, 9)
    assert saved in (19, 22)
