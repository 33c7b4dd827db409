"""The pages of corrective actions: the list, one of them, what its agency sees, steps taken in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import ADA, ANN, AUDRA, BOB, CARL, IRIS, IVAN, MAX, MONA, MONDAY, PAM, RUTH, SAM, SUE
from tests.conftest import Clock
from tests.corrective.walk import corrective, corrective_at, go, imported
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.corrective import queries
from workflow.corrective.facts import State
from workflow.engine.actors import Actor
from workflow.figures.standing import standing

SignIn = Callable[[Actor], PageClient]
STAFF_NAMES = [a.name for a in (SAM, SUE, IRIS, IVAN, MAX, MONA, PAM)]
PLAN = {
    "position": "agree",
    "action": "Six posters in two languages.",
    "responsible": "The captain of the jail",
    "target_on": "2026-02-02",
}


def listed(browser: PageClient, **wanted: str) -> str:
    page = browser.get("/corrective", query_string=wanted)
    assert page.status_code == 200
    return page.text


# --- the list ------------------------------------------------------------------------------------


def test_the_list_says_what_is_due_and_links_each(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)

    page = listed(sign_in(SAM))

    assert f"/corrective/{reference}" in page
    assert "Complaint procedures" in page or "complaint procedures" in page
    assert "Major" in page


@pytest.mark.parametrize(
    ("wanted", "matches"),
    [
        ({"class": "major"}, True),
        ({"class": "critical"}, False),
        ({"state": "open"}, True),
        ({"state": "verified"}, False),
        ({"standing": "open"}, True),
        ({"standing": "closed"}, False),
        ({"standing": "late"}, False),
        ({"standing": "nonsense"}, False),
        ({"model": "WSO"}, True),
        ({"model": "JEM"}, False),
        ({"office": "none"}, False),
        ({"repeat": "yes"}, False),
        ({"after": "nonsense"}, True),
    ],
    ids=str,
)
def test_each_filter_narrows_the_list(
    house: House, sign_in: SignIn, wanted: dict[str, str], *, matches: bool
):
    reference = corrective_at(house, State.OPEN)

    page = listed(sign_in(MAX), **wanted)

    assert (f"/corrective/{reference}" in page) is matches


def test_an_extended_correction_is_late_by_its_first_date(house: House, sign_in: SignIn, clock: Clock):
    reference = corrective_at(house, State.PLAN_ACCEPTED)
    go(house, reference, "extend")
    browser = sign_in(MAX)
    assert f"/corrective/{reference}" not in listed(browser, standing="late")

    # Sixty days are over, the thirty of the extension are not.
    clock.now = MONDAY + timedelta(days=70)
    browser = sign_in(MAX)

    assert f"/corrective/{reference}" in listed(browser, standing="late")
    # The task has more time; the figure measures the first date all the same.
    [figure] = [s for s in standing(MAX, now=clock.now) if s.kind == "corrective"]
    assert (figure.open, figure.late) == (1, 1)


def test_nothing_is_late_while_its_finding_is_disputed(house: House, sign_in: SignIn, clock: Clock):
    reference = corrective_at(house, State.DISPUTED)

    clock.now = MONDAY + timedelta(days=70)

    assert f"/corrective/{reference}" not in listed(sign_in(MAX), standing="late")


def test_the_list_goes_on_where_a_page_ended(house: House):
    first, second = corrective_at(house, State.OPEN), imported(house)

    page = queries.listed(MAX, queries.Wanted(), now=MONDAY, limit=1)
    assert [line.reference for line in page.rows] == [first]
    after = (page.rows[0].sort_at, page.rows[0].id)
    rest = queries.listed(MAX, queries.Wanted(), now=MONDAY, after=after, limit=1)

    assert [line.reference for line in rest.rows] == [second]
    assert rest.after is None
    assert queries.counted(MAX, queries.Wanted(), now=MONDAY) == 2


# --- one of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [s for s in State if s is not State.LAPSED])
def test_a_correction_is_shown_in_every_state(house: House, sign_in: SignIn, state: State):
    reference = corrective_at(house, state)

    page = sign_in(PAM).get(f"/corrective/{reference}")

    assert page.status_code == 200
    assert reference in page.text


def test_the_page_names_through_whose_hands_it_went(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.VERIFIED)

    hands = queries.hands(corrective(reference))

    assert (hands.accepted, hands.corrected, hands.verified) == (SAM.name, CARL.name, IVAN.name)
    assert IVAN.name in sign_in(MAX).get(f"/corrective/{reference}").text


@pytest.mark.parametrize("person", [BOB, ADA], ids=lambda p: p.name)
def test_another_office_and_the_administrator_find_nothing(house: House, sign_in: SignIn, person: Actor):
    reference = corrective_at(house, State.OPEN)

    assert sign_in(person).get(f"/corrective/{reference}").status_code == 404


@pytest.mark.parametrize("person", [ANN, RUTH, AUDRA, PAM, SUE, IRIS, MAX], ids=lambda p: p.name)
def test_who_may_see_it_can_open_it(house: House, sign_in: SignIn, person: Actor):
    reference = corrective_at(house, State.OPEN)

    assert sign_in(person).get(f"/corrective/{reference}").status_code == 200


def test_the_reference_of_another_kind_is_not_found(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)

    assert sign_in(MAX).get(f"/inspections/{reference}").status_code == 404


# --- the agency's side ---------------------------------------------------------------------------


@pytest.mark.parametrize("state", [s for s in State if s not in {State.LAPSED, State.VOIDED}])
def test_the_agency_sees_its_part_and_no_name_of_the_office(house: House, sign_in: SignIn, state: State):
    reference = corrective_at(house, state)

    page = sign_in(CARL).get(f"/corrective/{reference}").text

    assert "No poster hangs in the booking area." in page
    assert [name for name in STAFF_NAMES if name in page] == []


def test_the_agency_lists_what_was_sent_to_it(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)

    assert reference in listed(sign_in(CARL))


def test_the_agency_hands_in_a_plan_and_reports_the_correction(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)
    browser = sign_in(CARL)

    handed_in = browser.send(f"/cases/{reference}/submit_plan", dict(PLAN))
    assert (handed_in.status_code, corrective(reference).state) == (302, "plan_submitted")
    assert PLAN["action"] in browser.get(f"/corrective/{reference}").text
    accepted = sign_in(SAM).send(f"/cases/{reference}/accept_plan", {"verdict": "accept"})
    assert (accepted.status_code, corrective(reference).state) == (302, "plan_accepted")
    done = browser.send(f"/cases/{reference}/claim_corrected", {"evidence": "They hang in both halls."})
    assert (done.status_code, corrective(reference).state) == (302, "corrected")

    # Sam accepted the plan, so somebody else verifies.
    refused = sign_in(SAM).send(f"/cases/{reference}/verify", {"checked": "Six."})
    assert refused.status_code == 422
    verified = sign_in(SUE).send(f"/cases/{reference}/verify", {"checked": "Six."})

    assert (verified.status_code, corrective(reference).state) == (302, "verified")


def test_a_refused_plan_keeps_what_was_typed(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)
    past: dict[str, Any] = {**PLAN, "target_on": "2025-01-01"}

    answer = sign_in(CARL).send(f"/cases/{reference}/submit_plan", past)

    assert answer.status_code == 422
    assert "The target date has passed already." in answer.text
    assert PLAN["action"] in answer.text
