"""What a page costs in queries, pinned: a page that asks row by row shows here first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import MAX, RUTH
from tests.complaints.walk import complaint_at, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints.facts import State
from workflow.db.session import db
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside the block, transactions aside."""
    seen: list[str] = []

    def watch(*args: Any) -> None:
        if args[2] != "BEGIN":
            seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", watch)


def cost(browser: PageClient, path: str) -> int:
    """How many queries a page takes, once its rule book is known."""
    assert browser.get(path).status_code == 200
    with counted() as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("path", "most"), [("/queue", 6), ("/complaints", 8), ("/complaints/triage", 9)])
def test_a_list_costs_the_same_for_one_row_and_for_many(
    house: House, app: Flask, sign_in: SignIn, path: str, most: int
):
    received(house)
    db.session.rollback()
    browser = sign_in(RUTH)

    one = cost(browser, path)
    for _ in range(12):
        received(house)
    db.session.rollback()

    assert cost(browser, path) == one <= most


def test_the_page_of_a_case_costs_the_same_however_long_its_history_is(house: House, sign_in: SignIn):
    short, long = complaint_at(house, State.RECEIVED), complaint_at(house, State.CLOSED)
    db.session.rollback()
    browser = sign_in(RUTH)

    first, last = cost(browser, f"/complaints/{short}"), cost(browser, f"/complaints/{long}")

    assert abs(first - last) <= 3
    # Its investigation, referrals and letters come with it, whatever their length.
    assert max(first, last) <= 30


def test_the_managers_start_costs_the_same_for_one_case_and_for_many(house: House, sign_in: SignIn):
    received(house)
    db.session.rollback()
    browser = sign_in(MAX)

    one = cost(browser, "/figures")
    for _ in range(8):
        received(house)
    db.session.rollback()

    assert cost(browser, "/figures") == one <= 12
