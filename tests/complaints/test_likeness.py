"""Complaints that may be the same: found by words, agency and date, said in words, hidden ones never."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from tests.cast import ALDER, AUDRA, BIRCH, BOB, MONDAY, RUTH, SAM
from tests.complaints.walk import complaint, received
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.complaints.likeness import FEWEST, Near, near
from workflow.db.session import db, transaction
from workflow.engine.actors import Actor

NIGHT = "On Friday night deputies stopped a blue van near Millbrook bridge and kept everybody until morning."
SAME = "On Friday night deputies stopped a blue van near Millbrook bridge and kept us all until the morning."
OTHER = "The web page of the office names no way to complain, and nobody answers the telephone there."


def alike(house: House, reference: str, actor: Actor = RUTH) -> list[Near]:
    return near(complaint(reference), actor, house.keyring)


def test_the_same_story_about_the_same_agency_comes_first_with_its_reasons(house: House):
    mine = received(house, words={"narrative": NIGHT}, occurred_on=date(2026, 1, 2))
    other = received(house, words={"narrative": OTHER}, now=MONDAY + timedelta(days=9))
    same = received(
        house, words={"narrative": SAME}, occurred_on=date(2026, 1, 2), now=MONDAY + timedelta(days=3)
    )

    found = alike(house, mine)

    assert [n.reference for n in found] == [same, other]
    assert found[0].why == (
        "same agency, about the same day (2 January 2026), received three days apart, 88 % of the words alike"
    )
    assert found[1].why == "same agency, received nine days apart"


def test_the_same_story_is_found_whatever_agency_it_names_and_however_long_ago(house: House):
    mine = received(house, words={"narrative": NIGHT}, agency_id=None)
    same = received(house, words={"narrative": SAME}, agency_id=BIRCH, now=MONDAY + timedelta(days=200))
    received(house, words={"narrative": OTHER}, agency_id=BIRCH)

    assert [n.reference for n in alike(house, mine)] == [same]
    assert next(n.reference for n in alike(house, same)) == mine


def test_another_agency_and_another_story_are_not_alike(house: House):
    mine = received(house, words={"narrative": NIGHT}, agency_id=ALDER)
    received(house, words={"narrative": OTHER}, agency_id=BIRCH)

    assert alike(house, mine) == []


def test_who_does_not_read_what_was_told_learns_nothing_of_the_words(house: House):
    mine = received(house, words={"narrative": NIGHT}, agency_id=ALDER)
    received(house, words={"narrative": SAME}, agency_id=BIRCH)
    near_by = received(house, words={"narrative": SAME}, agency_id=ALDER)

    for person in (SAM, AUDRA):
        found = alike(house, mine, person)
        assert [(n.reference, n.why) for n in found] == [(near_by, "same agency, received on the same day")]


@pytest.mark.parametrize("person", [RUTH, BOB], ids=lambda p: p.name)
def test_what_somebody_may_not_see_is_never_named(house: House, person: Actor):
    mine = received(house, words={"narrative": NIGHT})
    same = received(house, words={"narrative": SAME})
    with transaction() as s:
        recusal = {"reason": "declared", "declared_by_id": RUTH.id, "at": MONDAY}
        s.add(Recusal(case_id=complaint(same).id, person_id=RUTH.id, **recusal))

    assert alike(house, mine, person) == []


def test_however_many_there_are_the_same_few_queries_are_made(house: House):
    mine = received(house, words={"narrative": NIGHT}, occurred_on=date(2026, 1, 2))
    for _ in range(12):
        received(house, words={"narrative": SAME}, occurred_on=date(2026, 1, 2))
    case = complaint(mine)

    asked = []
    listening = (db.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    event.listen(*listening)
    found = near(case, RUTH, house.keyring)
    event.remove(*listening)

    assert len(found) == 10
    # PostgreSQL is asked besides how common the words are.
    most = 10 if db.engine.dialect.name == "postgresql" else 9
    assert len(asked) == most, asked


def test_few_words_prove_nothing_however_alike_they_are(house: House):
    """Eleven words that are the same are not counted, twelve are."""
    few = " ".join(f"word{n}" for n in range(FEWEST - 1))
    short, many = (
        received(house, words={"narrative": few}),
        received(house, words={"narrative": f"{few} more"}),
    )
    other_short = received(house, words={"narrative": few})
    other_many = received(house, words={"narrative": f"{few} more"})

    by_few = {n.reference: n.why for n in alike(house, short)}
    by_many = {n.reference: n.why for n in alike(house, many)}

    assert by_few[other_short] == by_few[other_many] == "same agency, received on the same day"
    assert by_many[other_many].endswith("100 % of the words alike")
    assert by_many[other_short] == "same agency, received on the same day"


def test_its_day_its_state_and_what_was_told_are_beside_it_for_those_who_may_read(house: House):
    mine = received(house, words={"narrative": NIGHT}, agency_id=ALDER)
    received(house, words={"narrative": SAME}, agency_id=ALDER, now=MONDAY + timedelta(days=3))

    [read] = alike(house, mine, RUTH)
    [unread] = alike(house, mine, SAM)

    assert (read.received_on, read.state, read.said) == (date(2026, 1, 8), "received", SAME)
    assert (unread.received_on, unread.state, unread.said) == (date(2026, 1, 8), "received", "")
