"""Once the key of a case is destroyed its words are gone from every page, and its history is still whole."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.cast import ANN, AUDRA, CARL, MAX, MONDAY, PAM, PETE, RUTH, SAM
from tests.emptying import restore
from tests.house import office
from tests.house.looking import Looking
from tests.house.office import furnish
from tests.house.test_visibility_words import everything
from tests.house.visibility import KINDS, OWN, ROOM
from tests.inspections.walk import inspection_at
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey, Event
from workflow.cases.perform import perform
from workflow.cases.verify import verify
from workflow.db.session import session, transaction
from workflow.engine.machine import Refused
from workflow.inspections.facts import State
from workflow.policy import queries as policy


def destroy_every_key() -> None:
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None, erased_at=MONDAY))
    session().remove()


@pytest.fixture(scope="module")
def erased(database: Flask) -> Looking:
    """The same office, with the key of every case destroyed."""
    database.extensions["clock"].now = MONDAY
    with database.app_context():
        restore(database)
        policy.forget()
        references = furnish(database.extensions["house"])
        destroy_every_key()
    return Looking(database, references)


@pytest.mark.parametrize("person", [ANN, RUTH, SAM, MAX, PAM, PETE, AUDRA, CARL], ids=lambda p: p.name)
def test_every_page_stands_and_reads_no_word_of_what_was_erased(erased: Looking, person: Any):
    pages = {path: erased.at(person, path) for path in erased.some(person, [*everything(erased, person)])}

    # Codes are no words: they stay when the words are erased.
    read = {path: page.words - office.CODES for path, page in pages.items()}
    assert {path: words for path, words in read.items() if words} == {}
    # A proposal that cannot be opened any more is refused with the reason.
    wrong = {path: p.status for path, p in pages.items() if p.status not in {200, 302, 403, 404}}
    assert {path: status for path, status in wrong.items() if status != 422 or "/confirm/" not in path} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_case_says_that_its_words_are_erased(erased: Looking, kind: str):
    page = erased.get(MAX, f"/{ROOM[kind]}/{erased.references[kind][OWN]}")

    assert page.status_code == 200
    assert "erased" in page.text


def test_the_chain_of_every_case_is_whole_without_its_keys(erased: Looking):
    with erased.app.app_context():
        report = verify(stop_at_first=False)

        assert report.breaks == ()
        assert report.events == session().scalars(select(func.count(Event.id))).one() > 50


def test_nothing_is_added_to_a_case_whose_words_were_erased(house: House):
    reference = inspection_at(house, State.PLANNED)
    destroy_every_key()

    with pytest.raises(Refused, match="erased"):
        perform(house, reference, "cancel", PAM, {"reason": "It is not owed."}, seen=1, now=MONDAY)

    assert verify().breaks == ()
