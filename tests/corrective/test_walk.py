"""The walkers of these tests reach every state, and what they leave behind is whole."""

from __future__ import annotations

import pytest

from tests.corrective.walk import WAYS, corrective, corrective_at
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.corrective.facts import State
from workflow.corrective.machine import MACHINE


@pytest.mark.parametrize("state", [*WAYS, State.VOIDED])
def test_a_corrective_action_is_brought_to_every_state(house: House, state: State):
    reference = corrective_at(house, state)

    case = corrective(reference)
    work = [t.kind for t in case.tasks if t.closed_at is None and t.kind != "notice"]
    assert case.state == state
    assert work == ([] if state in MACHINE.final else [state])
    assert verify().breaks == ()


def test_lapsing_comes_with_the_end_of_the_agreement_alone(house: House):
    with pytest.raises(LookupError):
        corrective_at(house, State.LAPSED)
