"""What says little is counted, and is never one person's word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import BOB, MAX, MONDAY, RUTH, SAM
from tests.complaints.walk import agree, ask, complaint, complaint_at, dispose, go
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints import allegations
from workflow.complaints.definitions import (
    CATCH_ALL_DISPOSITIONS,
    CATCH_ALL_REASONS,
    CATCH_ALL_TYPES,
    CLOSING_MEANS,
    DISPOSITION_MEANS,
)
from workflow.complaints.endings import catch_alls, endings
from workflow.complaints.facts import CLOSING_REASONS, DISPOSITIONS, State
from workflow.engine.actors import Actor
from workflow.policy.standard.allegations import TYPES

SignIn = Callable[[Actor], PageClient]


def disposed(house: House, reference: str, disposition: str, reason: str | None = None) -> None:
    standard = "none" if disposition == "no_finding" else "preponderance"
    seen = complaint(reference).version
    allegations.dispose(
        house,
        reference,
        MAX,
        1,
        disposition,
        standard,
        "As far as it could be seen.",
        closing_reason=reason,
        seen=seen,
        now=MONDAY,
    )


@pytest.mark.parametrize("reason", sorted(CATCH_ALL_REASONS))
def test_an_allegation_without_a_finding_for_such_a_reason_needs_two_managers(house: House, reason: str):
    reference = complaint_at(house, State.IN_REVIEW)
    disposed(house, reference, "no_finding", reason)

    assert ask(house, reference, "decide").awaits_second
    assert complaint(reference).state == State.IN_REVIEW
    agree(house, reference, "decide")
    assert complaint(reference).state == State.DECIDED


def test_so_does_an_allegation_about_something_else_however_it_ended(house: House):
    reference = complaint_at(house, State.IN_REVIEW, allegations=("other",))
    dispose(house, reference)

    assert ask(house, reference, "decide").awaits_second


def test_a_type_that_was_made_something_else_on_the_way_counts_as_well(house: House):
    reference = complaint_at(house, State.INVESTIGATING, allegations=("force",))
    seen = complaint(reference).version
    allegations.change_allegation(house, reference, RUTH, 1, "other", "unknown", seen=seen, now=MONDAY)
    go(house, reference, "submit_report")
    dispose(house, reference)

    assert ask(house, reference, "decide").awaits_second


def test_every_disposition_and_reason_is_defined_and_the_lists_of_catch_alls_name_real_ones():
    assert {code for code, _ in DISPOSITIONS} == set(DISPOSITION_MEANS) > CATCH_ALL_DISPOSITIONS
    assert {code for code, _ in CLOSING_REASONS} == set(CLOSING_MEANS) > CATCH_ALL_REASONS
    assert {known.code for known in TYPES} > CATCH_ALL_TYPES


def test_catch_alls_are_measured_for_whoever_sees_the_complaints(house: House, sign_in: SignIn):
    clear = complaint_at(house, State.IN_REVIEW, allegations=("force", "other"))
    dispose(house, clear)
    vague = complaint_at(house, State.IN_REVIEW)
    disposed(house, vague, "no_finding", "administrative")
    for reason in ("administrative", "withdrawn"):
        go(house, complaint_at(house, State.TRIAGED), "close_without_finding", closing_reason=reason)

    assert [share.words for share in catch_alls(MAX)] == ["1 of 5, 20 %", "1 of 2, 50 %", "1 of 2, 50 %"]
    assert [share.words for share in catch_alls(BOB)] == ["none yet"] * 3
    page = sign_in(MAX).get("/figures").text
    assert "1 of 5, 20 %" in page
    assert "How complaints ended" in page
    assert sign_in(SAM).get("/figures").status_code == 403


def test_the_table_of_types_marks_something_else(house: House):
    complaint_at(house, State.RECEIVED, allegations=("force", "other"))

    [rows] = [rows for heading, rows in endings(MAX) if heading.endswith("about")]

    assert {row.title: (row.number, row.share) for row in rows if row.says_little} == {
        "Something else": (1, "50 %")
    }
