"""The pages of recusal: of one case, and the list of all; what they refuse and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.cases.recused import alone, let_in, only_reviewer, recuse
from tests.cases.test_query_counts import cost
from tests.cast import ADA, ANN, AUDRA, CARL, LEO, MAX, MONA, MONDAY, PETE, RAY, RUTH, SAM
from tests.complaints.walk import complaint, received
from tests.conftest import Clock
from tests.pages import PageClient, hidden_fields
from workflow.cases import recusal_report
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.db.session import session
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]


def test_on_the_pages_too_the_clock_closes_the_door(house: House, sign_in: SignIn, clock: Clock):
    reference = alone(house)
    let_in(house, reference, RUTH)
    session().rollback()

    before = sign_in(RUTH).get("/complaints").text
    clock.now = MONDAY + timedelta(days=5)
    after = sign_in(RUTH).get("/complaints").text

    assert (reference in before, reference in after) == (True, False)


def test_a_manager_recuses_lets_in_closes_and_takes_back_on_one_page(house: House, sign_in: SignIn):
    reference = received(house)
    only_reviewer()
    path = f"/cases/{reference}/recusals"
    browser = sign_in(MAX)
    said = {"person": str(RUTH.id)}

    browser.send(path, {**said, "reason": "other_interest"}, to=f"{path}/others")
    opened = {
        f"in-{k}": v
        for k, v in {**said, "until_on": "2026-01-08", "reason": "Nobody else.", "seen": "3"}.items()
    }
    opened["in-seen"] = str(complaint(reference).version)
    session().rollback()
    browser.send(path, opened, to=f"{path}/let-in")
    page = browser.get(path).text
    assert "Let in by Max Manager until" in page
    assert reference in sign_in(RUTH).get("/complaints").text
    for way in ("end", "withdraw"):
        seen = {"person": str(RUTH.id), "seen": str(complaint(reference).version)}
        session().rollback()
        token = {"csrf_token": hidden_fields(browser.get(path).text)["csrf_token"]}
        assert browser.post(f"{path}/{way}", data={**token, **seen}).status_code == 302, way

    assert "Withdrawn by Max Manager" in browser.get(path).text
    assert reference in sign_in(RUTH).get("/complaints").text


def test_the_list_says_who_and_why_and_how_many_and_nothing_of_what_one_must_not_see(
    house: House, sign_in: SignIn
):
    first, second = received(house), received(house)
    empty = sign_in(MAX).get("/recusals").text
    recuse(house, first, MAX, RUTH, "witness")
    recuse(house, second, MONA, MAX, "relative")
    session().rollback()

    max_, audra = sign_in(MAX).get("/recusals").text, sign_in(AUDRA).get("/recusals").text

    assert "No recusal is on record" in empty
    assert (first in max_, second in max_) == (True, False)
    assert (first in audra, second in audra) == (True, True)
    assert "Standing: 2." in audra
    for person in (ANN, RAY, SAM, ADA):
        assert sign_in(person).get("/recusals").status_code == 403, person.name
    assert sign_in(CARL).get("/recusals").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(house: House, sign_in: SignIn):
    recuse(house, received(house), MAX, RUTH)
    session().rollback()
    browser = sign_in(AUDRA)

    one = cost(browser, "/recusals")
    for whom in (RUTH, RAY, ANN, LEO, SAM, PETE):
        recuse(house, received(house), MAX, whom)
    session().rollback()

    assert cost(browser, "/recusals") == one


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("new", {"reason": "because"}),
        ("new", {"reason": ""}),
        ("others", {"person": "999999", "reason": "witness"}),
        ("others", {"person": "1", "reason": "witness"}),
        ("others", {"person": "x", "reason": "witness"}),
        ("let-in", {"in-person": str(RUTH.id), "in-until_on": "2026-02-30", "in-reason": "x"}),
        ("let-in", {"in-person": str(RUTH.id), "in-until_on": "2027-01-01", "in-reason": "x"}),
        ("let-in", {"in-person": "0", "in-until_on": "2026-01-06", "in-reason": "x"}),
        ("withdraw", {"person": "9" * 40}),
        ("withdraw", {"person": "\u0661"}),
        ("end", {"person": "-1"}),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    house: House, sign_in: SignIn, path: str, answers: dict[str, str]
):
    reference = received(house)
    recuse(house, reference, MONA, RUTH)
    before = complaint(reference).version
    session().rollback()
    browser = sign_in(MAX)
    page = browser.get(f"/cases/{reference}/recusals")
    known = {**hidden_fields(page.text), "seen": str(before), "in-seen": str(before)}

    answer = browser.post(f"/cases/{reference}/recusals/{path}", data={**known, **answers})

    assert answer.status_code == 422
    assert complaint(reference).version == before


def test_a_page_that_is_old_is_shown_again(house: House, sign_in: SignIn):
    reference = received(house)
    browser = sign_in(RUTH)

    answer = browser.send(f"/cases/{reference}/recusals/new", {"reason": "witness", "seen": "0"})

    assert answer.status_code == 409
    assert session().scalars(select(Recusal)).all() == []


def test_the_rows_of_a_case_are_read_at_once(house: House):
    reference = received(house)
    for whom in (RUTH, RAY):
        recuse(house, reference, MAX, whom)

    rows = recusal_report.of_case(complaint(reference), now=MONDAY)

    assert {(r.person, r.is_own, r.until) for r in rows} == {
        (RUTH.name, False, None),
        (RAY.name, False, None),
    }
