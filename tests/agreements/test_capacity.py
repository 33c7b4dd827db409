"""The capacity of a field office where an application is decided: before and after one more agreement."""

from __future__ import annotations

from datetime import date

import pytest

from tests.agreements.walk import agreement_at, life, registered
from tests.cast import BIRCH, PAM, PETE, SAM
from workflow.agreements.capacity import Capacity, a_year, capacity_for
from workflow.agreements.facts import State
from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.policy.queries import in_force
from workflow.register.models import Agreement

TODAY = date(2026, 1, 5)


def shown(reference: str) -> Capacity:
    found = capacity_for(life(reference), in_force(TODAY)[1], TODAY)
    assert found is not None
    return found


def test_the_load_of_a_supervisor_is_shown_before_and_after_one_more(house: House):
    theirs = registered(house, "JEM", agency_id=BIRCH)
    with transaction() as s:
        s.get_one(Agreement, theirs.agreement_id).supervisor_id = SAM.id
    reference = agreement_at(house, State.APPLIED)

    found = shown(reference)

    book = in_force(TODAY)[1]
    loads = {load.name: (load.agreements, load.duties) for load in found.loads}
    one = a_year(book, "JEM")
    assert loads[SAM.name] == pytest.approx((1, one))
    assert found.supervisors == len(found.loads)
    assert found.before == pytest.approx((1 / found.supervisors, one / found.supervisors))
    both = one + a_year(book, "WSO")
    assert found.after == pytest.approx((2 / found.supervisors, both / found.supervisors))
    # An inspection every second year counts as a half.
    assert one > 0.5
    assert a_year(book, "no such model") == 0


def test_what_nobody_was_named_for_and_what_is_on_the_way_stand_apart(house: House):
    registered(house, "TFM", agency_id=BIRCH)
    reference = agreement_at(house, State.UNDER_REVIEW)

    found = shown(reference)

    assert [(load.name, load.agreements) for load in found.loads if load.agreements] == [
        ("Nobody named who works here", 1)
    ]
    assert found.on_the_way == 0


def test_it_stands_on_the_page_the_step_and_the_confirmation(house: House, sign_in):
    reference = agreement_at(house, State.UNDER_REVIEW)
    browser = sign_in(PAM)

    assert "Capacity of the field office" in browser.get(f"/agreements/{reference}").text
    address = f"/cases/{reference}/recommend"
    assert "with this one" in browser.get(address).text
    browser.send(address, {"minutes": "Board, item 4"})

    assert "with this one" in sign_in(PETE).get(f"/cases/{reference}/confirm/recommend").text
    active = registered(house, "JEM").reference
    assert "with this one" not in browser.get(f"/agreements/{active}").text
