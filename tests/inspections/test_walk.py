"""The walkers of these tests reach every state, and what they leave behind is whole."""

from __future__ import annotations

import pytest

from tests.inspections.walk import WAYS, inspection, inspection_at
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.inspections.facts import State
from workflow.inspections.machine import MACHINE


@pytest.mark.parametrize("state", [*WAYS, State.VOIDED])
def test_an_inspection_is_brought_to_every_state(house: House, state: State):
    reference = inspection_at(house, state)

    case = inspection(reference)
    aside = ("notice", "follow:confirmation")
    work = [t.kind for t in case.tasks if t.closed_at is None and t.kind not in aside]
    assert case.state == state
    assert work == ([] if state in MACHINE.final else [state])
    assert verify().breaks == ()
