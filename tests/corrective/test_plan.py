"""Plans of several parts: handed in at once, reviewed part by part, and kept as they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InternalError

from tests.cast import CARL, MAX, MONDAY, SAM
from tests.corrective.walk import corrective, corrective_at, go
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.undoing import undo
from workflow.cases.verify import verify
from workflow.corrective.facts import State
from workflow.corrective.models import PlanElement
from workflow.corrective.plan import Part, plan_of
from workflow.corrective.plan_service import MOST, Said, hand_in, review
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale

SignIn = Callable[[Actor], PageClient]
POSTERS = Part("agree", "Six posters in two languages.", "The captain of the jail", date(2026, 2, 2))
COURSE = Part("disagree", "A course for the night shift.", "The training sergeant", date(2026, 3, 20))
#: The same two on the page: the questions about a later part carry its number.
TYPED: dict[str, Any] = {
    "position": "agree",
    "action": POSTERS.action,
    "responsible": POSTERS.responsible,
    "target_on": "2026-02-02",
    "parts": "2",
    "position_2": "disagree",
    "action_2": COURSE.action,
    "responsible_2": COURSE.responsible,
    "target_on_2": "2026-03-20",
}


def handed_in(house: House) -> str:
    reference = corrective_at(house, State.OPEN)
    seen = corrective(reference).version
    hand_in(house, reference, CARL, [POSTERS, COURSE], seen=seen, now=MONDAY)
    return reference


def said_of(house: House, reference: str) -> list[tuple[int, str | None, str | None]]:
    return [(p.number, p.outcome, p.reason) for p in plan_of(corrective(reference), house.keyring)]


def test_all_parts_of_a_plan_are_handed_in_by_one_step(house: House):
    reference = handed_in(house)

    case = corrective(reference)
    plan = plan_of(case, house.keyring)
    assert [(p.position, p.action, p.responsible, p.target_on) for p in plan] == [
        (p.position, p.action, p.responsible, p.target_on) for p in (POSTERS, COURSE)
    ]
    assert [e.verb for e in case.events].count("submit_plan") == 1
    # The case itself says what the plan comes to: the last day, and not agreed where one part is not.
    assert (case.state, case.target_on, case.position) == ("plan_submitted", COURSE.target_on, "disagree")
    assert verify().breaks == ()


def test_a_plan_handed_in_by_the_bare_step_has_one_part(house: House):
    reference = corrective_at(house, State.PLAN_SUBMITTED)

    [part] = plan_of(corrective(reference), house.keyring)

    assert (part.action, part.responsible) == ("Six posters in two languages.", "The captain of the jail")


def test_one_part_that_is_not_good_enough_returns_the_plan_with_its_reason(house: House):
    reference = handed_in(house)
    seen = corrective(reference).version

    said = [Said(1, is_accepted=True), Said(2, is_accepted=False, reason="The day shift too.")]
    review(house, reference, SAM, said, seen=seen, now=MONDAY)

    assert corrective(reference).state == "open"
    assert said_of(house, reference) == [(1, "accepted", None), (2, "returned", "The day shift too.")]
    assert corrective(reference).returns == 1


def test_a_plan_is_accepted_when_every_part_is_and_an_undone_acceptance_says_nothing(house: House):
    reference = handed_in(house)
    seen = corrective(reference).version
    review(house, reference, SAM, [Said(1, True), Said(2, True)], seen=seen, now=MONDAY)
    assert said_of(house, reference) == [(1, "accepted", None), (2, "accepted", None)]

    seen = corrective(reference).version
    undo(house, reference, SAM, reason="Read too fast.", seen=seen, now=MONDAY)

    assert corrective(reference).state == "plan_submitted"
    assert said_of(house, reference) == [(1, None, None), (2, None, None)]


def test_a_review_says_something_of_every_part_and_comes_from_the_page_that_stands(house: House):
    reference = handed_in(house)
    seen = corrective(reference).version

    with pytest.raises(Refused, match="each part"):
        review(house, reference, SAM, [Said(1, True)], seen=seen, now=MONDAY)
    with pytest.raises(Stale):
        review(house, reference, SAM, [Said(1, True), Said(2, True)], seen=seen - 1, now=MONDAY)

    assert (corrective(reference).version, said_of(house, reference)) == (
        seen,
        [(1, None, None), (2, None, None)],
    )


def test_what_was_handed_in_is_kept_by_the_database(house: House):
    handed_in(house)

    def change() -> None:
        with transaction() as s:
            for element in s.scalars(select(PlanElement)):
                element.target_on = date(2027, 1, 1)

    with pytest.raises((IntegrityError, InternalError), match="keeps its history"):
        change()
    session().rollback()


# --- on the pages --------------------------------------------------------------------------------


def test_a_contact_adds_a_part_loses_nothing_and_hands_in_both(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)
    path, browser = f"/cases/{reference}/submit_plan", sign_in(CARL)
    first = {k: v for k, v in TYPED.items() if "_2" not in k and k != "parts"}

    more = browser.send(path, {**first, "more": "1"})
    assert more.status_code == 200
    assert POSTERS.action in more.text
    assert corrective(reference).state == "open"
    begun = browser.submit(more, {**TYPED, "target_on_2": ""}, to=path)
    assert begun.status_code == 422
    assert "This part was begun" in begun.text
    past = browser.submit(more, {**TYPED, "target_on_2": "2025-01-01"}, to=path)
    assert past.status_code == 422
    assert 'id="target_on_2-error"' in past.text
    assert COURSE.action in past.text
    done = browser.submit(more, TYPED, to=path)

    assert (done.status_code, corrective(reference).state) == (302, "plan_submitted")
    assert COURSE.action in browser.get(f"/corrective/{reference}").text


@pytest.mark.parametrize("parts", ["", "0", "-1", "99", "²", "x"])
def test_a_spoilt_number_of_parts_is_a_form_all_the_same(house: House, sign_in: SignIn, parts: str):
    reference = corrective_at(house, State.OPEN)

    answer = sign_in(CARL).send(f"/cases/{reference}/submit_plan", {"parts": parts})

    assert answer.status_code == 422
    assert 1 <= answer.text.count("<legend") // 2 <= MOST + 1


def test_a_returned_plan_comes_back_to_its_agency_part_by_part(house: House, sign_in: SignIn):
    reference = handed_in(house)
    path, browser = f"/cases/{reference}/accept_plan", sign_in(SAM)

    silent = browser.send(path, {"verdict": "accept", "verdict_2": "return"})
    assert silent.status_code == 422
    assert 'id="reason_2-error"' in silent.text
    returned = browser.send(
        path, {"verdict": "accept", "verdict_2": "return", "reason_2": "The day shift too."}
    )

    assert (returned.status_code, corrective(reference).state) == (302, "open")
    again = sign_in(CARL).get(f"/cases/{reference}/submit_plan").text
    assert "The day shift too." in again
    assert "This part was good" in again
    assert SAM.name not in again
    assert POSTERS.action in again


def test_only_a_manager_accepts_the_parts_for_a_critical_deficiency(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.PLAN_SUBMITTED, class_code="critical")
    path = f"/cases/{reference}/accept_plan"

    refused = sign_in(SAM).send(path, {"verdict": "accept"})
    assert refused.status_code == 422
    assert said_of(house, reference) == [(1, None, None)]
    accepted = sign_in(MAX).send(path, {"verdict": "accept"})

    assert (accepted.status_code, corrective(reference).state) == (302, "plan_accepted")


def test_a_page_that_was_overtaken_keeps_what_was_said(house: House, sign_in: SignIn):
    reference = handed_in(house)
    browser = sign_in(SAM)
    page = browser.get(f"/cases/{reference}/accept_plan")
    go(house, reference, "return_plan", reason="Not good enough.")

    said = {"verdict": "accept", "verdict_2": "return", "reason_2": "The day shift too."}
    answer = browser.submit(page, said, to=f"/cases/{reference}/accept_plan")

    assert answer.status_code == 409
    assert "The day shift too." in answer.text
