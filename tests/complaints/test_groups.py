"""Complaints about one thing are worked as one: the one received first carries the group."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import BIRCH, MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, go, received
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.complaints.facts import State
from workflow.complaints.kind import parents
from workflow.engine.machine import Refused

LATER = MONDAY + timedelta(days=3)


def test_the_one_received_first_carries_the_group(house: House):
    first, second = received(house), received(house, now=LATER)
    go(house, second, "triage", now=LATER)

    done = go(house, second, "merge", parent=first, now=LATER)

    assert complaint(done.reference).parent_reference == first


def test_time_is_not_lost_by_merging_into_one_that_came_later(house: House):
    first = received(house)
    later = received(house, now=LATER)
    go(house, first, "triage", now=LATER)
    case = complaint(first)
    given = {"parent": later, "reason": "The same matter."}

    with pytest.raises(Refused) as refused:
        perform(house, first, "merge", RUTH, given, seen=case.version, now=LATER)

    assert [r.field for r in refused.value.refusals] == ["parent"]


def test_what_can_be_merged_into_is_of_the_same_agency_and_open(house: House):
    open_one = received(house)
    received(house, agency_id=BIRCH)
    complaint_at(house, State.MERGED)
    complaint_at(house, State.VOIDED)
    mine = complaint_at(house, State.TRIAGED)

    offered = {c.reference for c in parents(complaint(mine))}

    assert open_one in offered
    assert {complaint(r).state for r in offered}.isdisjoint({State.MERGED, State.VOIDED})
    assert {complaint(r).agency_id for r in offered} == {complaint(mine).agency_id}
