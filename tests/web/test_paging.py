"""Cursors of keyset pages: they come back as they went, and rubbish is the first page."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.web.paging import decode, encode, page_of

KEYS = st.tuples(
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.dates(),
    st.integers(-(2**62), 2**62),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
)
KINDS = (datetime, date, int, str)


@given(KEYS)
def test_a_cursor_comes_back_as_it_went(key):
    assert decode(encode(key), KINDS) == key


@given(st.text(max_size=60))
def test_rubbish_is_the_first_page(rubbish):
    found = decode(rubbish, KINDS)
    assert found is None or len(found) == 4


def written(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "value",
    [None, "x", [], [1, 2], [True], ["1"], [2**63], [1.5], {"a": 1}, [[1]], 1e999],
)
def test_a_cursor_of_another_shape_is_the_first_page(value):
    assert decode(written(value), (int,)) is None


@pytest.mark.parametrize("value", ["a\0", "\ud800", 1])
def test_a_text_that_breaks_a_database_is_the_first_page(value):
    assert decode(written([value]), (str,)) is None


@pytest.mark.parametrize("value", ["2026-01-01", "2026-01-01T10:00:00", "20260101T100000", "x"])
def test_a_moment_without_a_zone_is_the_first_page(value):
    assert decode(written([value]), (datetime,)) is None


def test_a_very_long_cursor_is_the_first_page():
    assert decode("A" * 401, (int,)) is None


def test_a_page_knows_whether_there_are_more():
    full = page_of([1, 2, 3], 2, lambda n: (n,))
    last = page_of([3], 2, lambda n: (n,), cursor=(2,))

    assert full.rows == [1, 2]
    assert decode(full.after, (int,)) == (2,)
    assert full.is_first
    assert last.after is None
    assert not last.is_first
