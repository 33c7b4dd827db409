"""Closure times with the open cases counted, held against a published example and what can be done by hand.

The example is the 6-MP arm of Freireich and others (Blood 21, 1963), in weeks; `+` is still open. The shares
are those every textbook gives for it.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.figures.survival import survival

FREIREICH = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
SHARES = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}

cases = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40)


def curve(found: list[tuple[int, bool]]):
    return survival([days for days, _ in found], [closed for _, closed in found])


def test_the_published_example_comes_out():
    made = curve([(int(week.rstrip("+")), not week.endswith("+")) for week in FREIREICH.split()])

    assert {step.day: round(step.surviving, 3) for step in made.steps} == SHARES
    assert (made.n, made.closed, made.open, made.median) == (21, 9, 12, 23)
    assert made.quantile(0.25) == 13


def test_without_open_cases_it_is_the_plain_share():
    made = curve([(1, True), (2, True), (3, True), (4, True)])

    assert [step.surviving for step in made.steps] == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert (made.median, made.share_within(3), made.share_within(0)) == (2, 0.75, 0.0)


def test_open_cases_move_the_median_away():
    assert curve([(10, True), (20, True)]).median == 10
    assert curve([(10, True), (20, True), (90, False), (90, False), (90, False)]).median is None


def test_without_a_case_nothing_is_said():
    made = survival([], [])

    assert (made.n, made.median, made.share_within(30), made.steps) == (0, None, None, ())


@pytest.mark.parametrize(("days", "closed"), [([1], []), ([-1], [True])])
def test_what_cannot_be_is_refused(days, closed):
    with pytest.raises(ValueError, match=r"case|Each"):
        survival(days, closed)


@given(cases)
def test_a_curve_only_falls_and_lies_within_its_band(found):
    steps = curve(found).steps

    shares = [1.0, *(step.surviving for step in steps)]
    assert shares == sorted(shares, reverse=True)
    assert all(s.low - 1e-9 <= s.surviving <= s.high + 1e-9 for s in steps)
    assert all(0 <= s.low <= s.high <= 1 for s in steps)


@given(cases, st.integers(0, 39))
def test_a_case_that_is_still_open_never_makes_the_office_look_quicker(found, which):
    number = which % len(found)
    opened = [(days, closed and n != number) for n, (days, closed) in enumerate(found)]

    before, after = curve(found), curve(opened)

    for days in range(0, 61, 5):
        assert after.share_within(days) <= before.share_within(days) + 1e-9
