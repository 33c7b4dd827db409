"""What a page of the checklist sends that cannot be kept: refused in words, with nothing lost."""

from __future__ import annotations

from typing import Any

from tests.cast import IRIS, IVAN, MAX, MONDAY
from tests.inspections.walk import answer_all, go, inspection, inspection_at
from workflow.cases.kinds import House
from workflow.cases.recusing import keep_out
from workflow.db.session import transaction
from workflow.inspections.facts import State

GIVEN = {"G1": "no", "G1_remark": "None hangs.", "G2": "yes"}


def drawn(house: House, sign_in: Any) -> tuple[str, Any, Any, str]:
    """A section that is open on a tablet, with one item saved before by somebody else."""
    reference = inspection_at(house, State.IN_PROGRESS)
    address = f"/inspections/{reference}/checklist/complaints"
    browser = sign_in(IRIS)
    return reference, browser, browser.get(address), address


def standing(reference: str) -> dict[str, str]:
    return {a.item: a.answer for a in inspection(reference).answers}


def test_a_page_of_another_version_is_refused_with_what_was_typed_still_there(house: House, sign_in):
    reference, iris, page, address = drawn(house, sign_in)

    answer = iris.submit(page, {**GIVEN, "checklist": "1999-01"}, to=address)

    assert answer.status_code == 422
    assert "not on 1999-01. Nothing was saved; what you wrote is still here." in answer.text
    assert "None hangs." in answer.text
    assert standing(reference) == {}


def test_a_page_that_comes_after_the_end_of_the_visit_changes_nothing_and_keeps_what_was_typed(
    house: House, sign_in
):
    reference, iris, page, address = drawn(house, sign_in)
    answer_all(house, reference)
    go(house, reference, "complete_fieldwork")
    before = standing(reference)

    answer = iris.submit(page, GIVEN, to=address)

    assert answer.status_code == 422
    assert "The checklist is answered while the inspection is in progress." in answer.text
    assert "None hangs." in answer.text
    assert standing(reference) == before


def test_a_page_of_somebody_taken_off_the_inspection_is_missing_and_what_they_saved_stays(
    house: House, sign_in
):
    reference, iris, page, address = drawn(house, sign_in)
    iris.submit(page, {"G2": "yes"}, to=address)
    with transaction():
        keep_out(house, inspection(reference), IRIS.id, reason="conflict", by=MAX, now=MONDAY)

    answer = iris.submit(page, GIVEN, to=address)

    assert answer.status_code == 404
    assert standing(reference) == {"G2": "yes"}
    assert sign_in(IVAN).get(address).status_code == 200
