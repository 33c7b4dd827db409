"""The handbook under docs/machines says what the machines say, and the proofs are silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.cases.commands import declared, handbook, proofs
from workflow.policy.standard import BOOK

PAGES = Path(__file__).resolve().parents[2] / "docs" / "machines"


@pytest.mark.snapshot
def test_the_handbook_is_the_one_that_is_written(house):
    stale = [name for name, text in handbook(house, BOOK) if (PAGES / name).read_text() != text]

    assert stale == [], "Run `plumbline machines write` and look at the difference."


def test_no_machine_has_a_fault(house):
    faults = {machine.kind: proofs(machine, BOOK) for machine in declared(house)}

    assert faults == {kind: [] for kind in faults}
