"""Lists of what is owed: late, this week, later; narrowed to an office and to one's own complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.cast import ANN, MONDAY, RUTH
from tests.complaints.walk import CONTACT, complaint, complaint_at
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.complaints.due_bands import Narrowed, banded, narrowed
from workflow.complaints.facts import State
from workflow.complaints.letter_lists import by_wait, waiting
from workflow.complaints.outstanding import check_ins, open_referrals
from workflow.db.session import transaction
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
PAGES = {
    "/complaints/check-ins": State.CLOSED,
    "/complaints/referrals": State.REFERRED_OUT,
    "/complaints/letters": State.NOTIFIED,
}


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def owned(reference: str, person: Actor) -> None:
    with transaction():
        complaint(reference).owner_id = person.id


def test_check_ins_are_late_this_week_or_later(house: House):
    complaint_at(house, State.CLOSED, contact=CONTACT)

    def bands(now: datetime) -> list[tuple[str, int]]:
        return [(name, len(rows)) for name, rows in banded(check_ins(RUTH, now=now), now=now)]

    assert bands(day(1)) == [("Later", 2)]
    assert bands(day(25)) == [("This week", 1), ("Later", 1)]
    assert bands(day(31)) == [("Late", 1), ("Later", 1)]
    assert bands(day(85)) == [("Late", 1), ("This week", 1)]


def test_a_referral_stands_where_its_authority_has_to_be_heard_of_next(house: House):
    complaint_at(house, State.REFERRED_OUT)
    [row] = open_referrals(RUTH, None, now=MONDAY)
    moments = {
        row.next_due_at + timedelta(minutes=1): "Late",
        row.next_due_at - timedelta(days=2): "This week",
        row.next_due_at - timedelta(days=20): "Later",
    }

    for now, expected in moments.items():
        [(name, _)] = banded(open_referrals(RUTH, None, now=now), now=now)
        assert name == expected
    assert row.next_due_at == row.acknowledgement_due_at


def test_letters_that_wait_for_more_than_a_week_stand_apart(house: House):
    complaint_at(house, State.NOTIFIED, contact=CONTACT)
    rows = waiting(RUTH)
    first = rows[0].made_at

    soon, long = by_wait(rows, now=first + timedelta(days=7)), by_wait(rows, now=first + timedelta(days=60))

    assert [name for name, _ in soon] == ["For a week or less"]
    assert [(name, len(each)) for name, each in long] == [("For more than a week", len(rows))]


@pytest.mark.parametrize("path", PAGES)
def test_every_list_is_narrowed_to_an_office_and_to_ones_own(
    app: Flask, house: House, sign_in: SignIn, path: str
):
    reference = complaint_at(house, PAGES[path], contact=CONTACT)
    office = complaint(reference).office_id
    owned(reference, ANN)
    browser = sign_in(ANN)

    def lists(query: str) -> bool:
        return reference in browser.get(f"{path}{query}").text

    assert lists("")
    assert lists(f"?office={office}")
    assert not lists(f"?office={(office or 0) + 1}")
    assert lists("?whose=mine")
    assert lists("?office=none&whose=nobody")
    owned(reference, RUTH)
    assert not lists("?whose=mine")
    assert "in this selection" in browser.get(f"{path}?whose=mine").text


@pytest.mark.parametrize("written", ["", "x", "-1", "1e3", "٣", "9" * 30])
def test_what_is_no_office_narrows_nothing(written: str):
    assert narrowed({"office": written}) == Narrowed()
