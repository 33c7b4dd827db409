"""The index of words: what it finds, what stands in it, and what is gone with the key of a case."""

from __future__ import annotations

from itertools import combinations
from math import comb

from sqlalchemy import select, text, update

from tests.cast import MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, received
from workflow.cases.kinds import House
from workflow.cases.models import Case, CaseKey
from workflow.complaints import word_index
from workflow.complaints.facts import State
from workflow.complaints.service import Told
from workflow.complaints.telling import tell_more
from workflow.complaints.word_index import PAIRS, marks_of, pairs_of, tokens_of, words_in
from workflow.db.seal import Keyring
from workflow.db.session import session, transaction

#: What is told, and what of it is looked for.
TOLD = "He was kept in a dark cell; the Señora's interpreters never came. Café, 17 hours."


def holds(house: House, *words: str) -> list[str]:
    """The references whose words hold all of these."""
    looked = [[tokens_of(words_in(word), house.keyring)] for word in words]
    return sorted(session().scalars(select(Case.reference).where(word_index.holding(looked))))


def kept() -> str:
    """Everything that stands in the index."""
    session().rollback()
    tables = ["word_index"]
    if session().get_bind().dialect.name == "sqlite":
        tables += ["word_search", "word_search_content", "word_search_data"]
    rows = [row for name in tables for row in session().execute(text(f"SELECT * FROM {name}"))]
    return " ".join(str(value) for row in rows for value in row)


def test_a_word_is_found_in_any_form_without_accents_or_capitals(house: House):
    reference = received(house, words={"narrative": TOLD})
    received(house, words={"narrative": "Something else altogether."})

    for word in ("interpreter", "INTERPRETERS", "senoras", "cells", "cafe", "17"):
        assert holds(house, word) == [reference], word
    assert holds(house, "interpreter", "cell") == [reference]
    assert holds(house, "interpreter", "altogether") == []


def test_one_of_several_alternatives_is_enough(house: House):
    first = received(house, words={"narrative": "A dark cell."})
    second = received(house, words={"narrative": "A cold floor."})
    either = [[tokens_of(["dark"], house.keyring), tokens_of(["floor"], house.keyring)]]

    found = set(session().scalars(select(Case.reference).where(word_index.holding(either))))

    assert found == {first, second}


def test_no_word_stands_in_the_index_and_no_order_of_words(house: House):
    received(house, words={"narrative": TOLD})

    said = kept().casefold()

    assert not [word for word in words_in(TOLD) if len(word) > 3 and word in said]
    listed = [token for token in said.split() if len(token) == 13]
    assert listed == sorted(listed[: len(listed) // 2]) * 2 or listed == sorted(listed)


def test_neighbours_narrow_a_phrase_and_say_nothing_of_their_order(house: House):
    near = received(house, words={"narrative": "The booking at the desk took all night."})
    turned = received(house, words={"narrative": "A desk for bookings."})
    apart = received(house, words={"narrative": "Booking took hours; nobody sat at any desk."})
    looked = [[marks_of(["booking desk"], house.keyring)]]

    found = set(session().scalars(select(Case.reference).where(word_index.holding(looked))))

    assert found == {near, turned}
    assert holds(house, "booking", "desk") == sorted([near, turned, apart])


def test_a_neighbours_token_stands_for_a_great_many(house: House):
    words = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]

    tokens = {token for two in combinations(words, 2) for token in pairs_of(two, house.keyring)}

    assert len(tokens) <= PAIRS < comb(len(words), 2) / 2
    assert pairs_of(["desk", "booking"], house.keyring) == pairs_of(["booking", "desk"], house.keyring)
    assert not pairs_of(["the", "desk"], house.keyring)


def test_texts_are_no_neighbours_of_each_other(house: House):
    together, apart = marks_of(["cold cell"], house.keyring), marks_of(["cold", "cell"], house.keyring)

    assert together - apart == pairs_of(["cold", "cell"], house.keyring) != frozenset()
    assert apart == tokens_of(["cold", "cell"], house.keyring)


def test_without_the_key_no_token_can_be_made(house: House):
    other = Keyring((bytes(32),))

    assert not tokens_of(["interpreter"], other) & tokens_of(["interpreter"], house.keyring)


def test_a_new_wrapping_key_leaves_the_index_as_it_is(house: House):
    grown = Keyring((*house.keyring.keys, bytes(32)))
    received(house, words={"narrative": TOLD})

    assert tokens_of(["interpreter"], grown) == tokens_of(["interpreter"], house.keyring)
    assert word_index.is_current(grown)
    assert not word_index.is_current(Keyring((bytes(32),)))


def test_who_complained_and_who_was_involved_is_not_indexed(house: House):
    received(
        house,
        words={"narrative": TOLD, "who": "Sergeant Dolby", "language": "Spanish"},
        contact={"name": "Dolores Canary", "reach": "canary@mail.test"},
    )

    for word in ("Dolores", "Canary", "Dolby", "Spanish", "mail"):
        assert holds(house, word) == [], word


def test_evidence_and_reasons_are_found_once_they_are_written(house: House):
    reference = complaint_at(house, State.DECIDED)

    assert holds(house, "log", "night") == [reference]
    assert holds(house, "witnesses", "agree") == [reference]


def test_what_is_told_later_is_found_and_what_was_taken_back_is_not(house: House):
    reference = received(house, words={"narrative": "A dark cell."})

    told = Told(channel="telephone", words={"narrative": "A cold floor."})
    tell_more(house, reference, RUTH, told, seen=complaint(reference).version, now=MONDAY)

    assert holds(house, "floor") == [reference]
    assert holds(house, "cell") == []


def test_the_index_made_anew_finds_the_same_and_forgets_what_was_erased(house: House):
    first = received(house, words={"narrative": TOLD})
    second = received(house, words={"narrative": TOLD})
    gone = complaint(second).id
    with transaction() as s:
        s.execute(update(CaseKey).where(CaseKey.case_id == gone).values(wrapped=None, erased_at=MONDAY))

    assert word_index.reindex(house.keyring) == 2

    assert holds(house, "interpreter") == [first]


def test_a_very_long_narrative_is_indexed_whole(house: House):
    long = "wall " * 3_990 + "lantern"

    reference = received(house, words={"narrative": long})

    assert holds(house, "lantern", "wall") == [reference]


def test_what_is_in_nobodys_index_is_found_by_nobody(house: House):
    assert holds(house, "interpreter") == []
    assert word_index.is_current(house.keyring)
