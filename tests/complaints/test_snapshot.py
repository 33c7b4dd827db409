"""The table as it was last reviewed: the only test that notices when table and reference change together."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.complaints.machine import COMPLAINT
from workflow.engine.checks import as_table


@pytest.mark.snapshot
def test_the_table_is_the_one_that_was_reviewed():
    """After a change on purpose, write the table to the file and review the difference."""
    assert as_table(COMPLAINT) == (Path(__file__).parent / "machine.txt").read_text(encoding="utf-8")
