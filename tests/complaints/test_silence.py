"""The inspector general's silence counts from the day after its time is over, and no earlier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import MAX, MONDAY
from tests.complaints.walk import complaint, complaint_at, go
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.perform import perform
from workflow.cases.undoing import undo
from workflow.complaints.facts import State
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused

TUESDAY = MONDAY + timedelta(days=1)
#: Asked on Monday 5 January, it has five business days: until the end of 12 January in Atlanta.
SILENT_FROM = datetime(2026, 1, 13, 5, tzinfo=UTC)


def test_silence_counts_from_the_day_after_its_time_and_the_refusal_says_which(house: House):
    reference = complaint_at(house, State.AWAITING_OIG)
    words = "has until 12 January 2026 to answer: go on without it from 13 January 2026 on"

    for early in (MONDAY, SILENT_FROM - timedelta(seconds=1)):
        with pytest.raises(Refused, match=words):
            go(house, reference, "oig_silent", now=early)
    go(house, reference, "oig_silent", now=SILENT_FROM)

    assert complaint(reference).state == State.TRIAGED


def test_silence_is_not_entered_as_having_counted_before(house: House):
    reference = complaint_at(house, State.AWAITING_OIG)
    seen = complaint(reference).version
    after = SILENT_FROM + timedelta(days=7)
    silent = {"reason": "They said nothing."}

    with pytest.raises(Refused, match="until 12 January 2026"):
        perform(house, reference, "oig_silent", MAX, silent, seen=seen, now=after, occurred_at=TUESDAY)


def test_an_undone_answer_gives_the_inspector_general_no_more_time(house: House):
    reference = complaint_at(house, State.AWAITING_OIG)
    go(house, reference, "oig_declines", now=TUESDAY)
    later = MONDAY + timedelta(days=4)
    undo(house, reference, MAX, reason="Another.", seen=complaint(reference).version, now=later)

    with pytest.raises(Refused, match="until 12 January 2026"):
        go(house, reference, "oig_silent", now=later)
    go(house, reference, "oig_silent", now=SILENT_FROM)

    assert complaint(reference).state == State.TRIAGED


def test_the_button_says_from_when(house: House, sign_in: Callable[[Actor], PageClient]):
    reference = complaint_at(house, State.AWAITING_OIG)

    page = sign_in(MAX).get(f"/complaints/{reference}").text

    assert "go on without it from 13 January 2026 on" in " ".join(page.split())
