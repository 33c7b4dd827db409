"""Every state can be reached by real steps, and leaves no loose end."""

from __future__ import annotations

import pytest

from tests.complaints.walk import complaint, complaint_at
from workflow.cases.kinds import House
from workflow.cases.promises import is_follow_up
from workflow.cases.verify import verify
from workflow.complaints.facts import State
from workflow.complaints.machine import COMPLAINT


@pytest.mark.parametrize("state", State)
def test_a_complaint_comes_to_every_state_by_steps(house: House, state: State):
    reference = complaint_at(house, state)

    case = complaint(reference)
    open_tasks = [
        t.kind for t in case.tasks if t.closed_at is None and t.kind != "notice" and not is_follow_up(t)
    ]
    assert case.state == state
    assert [e.version for e in case.events] == list(range(1, case.version + 1))
    assert open_tasks == ([] if state in COMPLAINT.final else [state.value])
    assert [i.state for i in case.intervals if i.left_at is None] == [state.value]
    assert verify().breaks == ()
