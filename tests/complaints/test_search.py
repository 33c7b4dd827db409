"""Finding complaints by their words: the same on both databases, nothing hidden, always an answer."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, text

from tests.cast import ALDER, AUDRA, BIRCH, BOB, MAX, MONDAY, RUTH, SAM
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.complaints import mailbox
from workflow.complaints.asking import question
from workflow.complaints.facts import State
from workflow.complaints.search import Found, search
from workflow.complaints.word_index import holding, tokens_of
from workflow.db.session import db, transaction
from workflow.engine.actors import PUBLIC, Actor
from workflow.policy.standard.allegations import TYPES
from workflow.web.paging import decode

SignIn = Callable[[Actor], PageClient]
TITLES = {known.code: known.title for known in TYPES}
ZONE = ZoneInfo("America/New_York")
#: What is told in each complaint of the corpus, by a name for it.
CORPUS = {
    "desk": "At the booking desk nobody called an interpreter. I asked twice for an interpreter.",
    "night": "They called the desk. Booking took all night; no translator came.",
    "phone": "An interpreter on the telephone said nothing. The señor was told to sign.",
    "cell": "A cold cell, no blanket, and the lights were on for three days.",
    "spanish": "Nadie llamó a un intérprete en la recepción de la cárcel.",
}
#: What is asked, and which of the corpus answers.
ASKED = {
    "interpreter": "desk phone spanish",
    "interpreters": "desk phone spanish",
    "INTERPRETER": "desk phone spanish",
    "interpreter telephone": "phone",
    "interpreter -telephone": "desk spanish",
    "interpreter or translator": "desk night phone spanish",
    "translator or interpreter booking": "desk night",
    '"booking desk"': "desk",
    "“booking desk”": "desk",
    'desk -"booking desk"': "night",
    '"desk booking"': "night",
    '"called the desk" or blanket': "night cell",
    "señor": "phone",
    "senor": "phone",
    "interprete": "desk phone spanish",
    "carcel": "spanish",
    "-interpreter": "night cell",
    "the interpreter": "desk phone spanish",
    "days type:courtesy": "",
    "three tier:4": "",
    "neither-of-these-anywhere": "",
    "nothing-at-all-of-this": "phone",
    "cold*": "cell",
}
ODD = [
    "",
    " ",
    '"',
    '""',
    '"unbalanced',
    'a"b"c"',
    "-",
    "--",
    "- -",
    "or",
    "or or or",
    "or x",
    "x or",
    "NOT",
    "AND OR NOT",
    "NEAR(",
    "NEAR(cell blanket, 2)",
    ":*",
    "cell:*",
    "*",
    "^cell",
    "tokens:cell",
    "{tokens}: cell",
    "cell + blanket",
    "(((((",
    ")",
    "a & b | !c <-> d",
    "\\",
    "'",
    "';--",
    "%",
    "_",
    "\x00",
    "cell\x00cold",
    "\ud800",
    "\u202e",
    "\U0001f600",
    "cell\r\nSet-Cookie: a=b",
    "tier:",
    "tier:9",
    "tier:one",
    "state:nowhere",
    "agency:",
    'agency:""',
    "agency:%",
    "after:2026-13-45",
    "after:yesterday",
    "before:99999-01-01",
    "model:XYZ",
    "type:nothing",
    "type:a",
    "-tier:1",
    "x" * 8192,
    "cell " * 1700,
    '"' * 8192,
    "-" * 8192,
    "or " * 2700,
    "tier:1 " * 1000,
    "\uff43\uff45\uff4c\uff4c",
    "\u0967\u0968\u0969",
    "\u7d30\u80de",
]


@pytest.fixture
def corpus(house: House) -> dict[str, str]:
    """The complaints of the corpus, by their names."""
    return {received(house, words={"narrative": said}): name for name, said in CORPUS.items()}


def ask(house: House, typed: str, actor: Actor = RUTH, **how: object) -> Found:
    return search(question(typed, types=TITLES), actor, house.keyring, zone=ZONE, **how)  # type: ignore[arg-type]


def references(found: Found) -> list[str]:
    return [c.reference for c in found.page.rows]


@pytest.mark.parametrize("typed", ASKED)
def test_the_same_words_find_the_same_complaints(house: House, corpus: dict[str, str], typed: str):
    found = references(ask(house, typed))

    assert {corpus[r] for r in found} == set(ASKED[typed].split())


@pytest.mark.parametrize("typed", ODD, ids=lambda t: repr(t[:20]))
def test_an_odd_question_gets_an_answer_in_words(house: House, sign_in: SignIn, typed: str):
    received(house, words={"narrative": CORPUS["cell"]})

    page = sign_in(RUTH).get("/complaints/search", query_string={"q": typed.encode("utf-8", "replace")})

    is_refused = "\0" in typed or len(typed) > 8000
    assert page.status_code == (400 if is_refused else 200)
    said = ("How it was read", "Left out", "Write what you look for", "could not be read")
    assert any(words in page.text for words in said)


def test_a_question_is_said_back_in_words():
    asked = question(
        'the cell or cellar "booking desk" -phone tier:2 type:force after:2026-01-05 tier:9 *',
        types=TITLES,
    )

    assert asked.explained() == [
        "all of: “cell” or “cellar”, the phrase “booking desk”",
        "none of: “phone”",
        "tier: 2",
        "alleged: use of force",
        "received on or after 5 January 2026",
    ]
    assert asked.left_out == [
        "“the” stands nearly everywhere.",
        "“tier:9” is no filter: tier is 1, 2, 3 or 4.",
        "“*” holds no word.",
    ]


def test_filters_narrow_what_is_found(house: House):
    grave = received(house, words={"narrative": CORPUS["cell"]}, allegations=("force",), agency_id=ALDER)
    go(house, grave, "triage", tier="2")
    mild = received(house, words={"narrative": CORPUS["cell"]}, allegations=("courtesy",), agency_id=BIRCH)
    closed = complaint_at(house, State.CLOSED)

    assert references(ask(house, "blanket tier:2")) == [grave]
    assert references(ask(house, "blanket type:force")) == [grave]
    assert references(ask(house, "blanket agency:birch")) == [mild]
    assert references(ask(house, 'agency:"birch county" state:received')) == [mild]
    assert references(ask(house, "state:closed")) == [closed]
    assert set(references(ask(house, "state:open"))) == {grave, mild}
    assert references(ask(house, "blanket before:2026-01-05")) == []
    assert set(references(ask(house, "blanket after:2026-01-05 channel:telephone"))) == {grave, mild}


def test_evidence_and_reasons_are_searched(house: House):
    reference = complaint_at(house, State.DECIDED)

    assert references(ask(house, '"log of the night"')) == [reference]
    assert references(ask(house, '"two witnesses agree" -"nine witnesses"')) == [reference]


def test_messages_are_found_by_whoever_reads_them(house: House):
    reference = received(house, words={"narrative": CORPUS["cell"]})
    with transaction():
        mailbox.write(house, complaint(reference), "They moved me to Oakfield.", by=PUBLIC, now=MONDAY)

    for typed in ("oakfield", "blanket oakfield", '"to oakfield"'):
        assert references(ask(house, typed)) == [reference]
        assert references(ask(house, typed, MAX)) == [reference]
        assert references(ask(house, typed, SAM)) == []
    assert references(ask(house, "blanket -oakfield")) == []


def test_who_does_not_read_what_was_told_finds_by_agency_alone(house: House):
    reference = received(house, words={"narrative": CORPUS["cell"]}, agency_id=ALDER)

    for person in (SAM, AUDRA):
        assert references(ask(house, "blanket", person)) == []
        assert references(ask(house, '"cold cell"', person)) == []
        assert references(ask(house, "-blanket", person)) == [reference]
        assert references(ask(house, "alder", person)) == [reference]


def test_what_somebody_may_not_see_is_not_found(house: House):
    reference = received(house, words={"narrative": CORPUS["cell"]})
    hidden = received(house, words={"narrative": CORPUS["cell"]})
    with transaction() as s:
        recusal = {"reason": "declared", "declared_by_id": RUTH.id, "at": MONDAY}
        s.add(Recusal(case_id=complaint(hidden).id, person_id=RUTH.id, **recusal))

    for typed in ("blanket", '"cold cell"', "state:open"):
        assert references(ask(house, typed)) == [reference]
        assert references(ask(house, typed, BOB)) == []
    assert ask(house, "blanket").total == 1


@pytest.mark.parametrize("typed", ["blanket", '"cold cell"'])
def test_pages_follow_one_another_without_gap_or_repetition(house: House, typed: str):
    every = [received(house, words={"narrative": CORPUS["cell"]}) for _ in range(7)]

    seen: list[str] = []
    after = None
    while True:
        found = ask(house, typed, MAX, after=after, limit=3)
        seen += references(found)
        if found.page.after is None:
            break
        after = decode(found.page.after, (type(MONDAY), int))

    assert seen == sorted(every, key=lambda r: -complaint(r).id)


@pytest.mark.parametrize(("typed", "number"), [("blanket", 3), ('"cold cell"', 8)])
def test_a_search_costs_the_same_queries_for_few_and_for_many(house: House, typed: str, number: int):
    costs = []
    for _ in range(2):
        for _ in range(6):
            received(house, words={"narrative": CORPUS["cell"]})
        db.session.rollback()
        asked: list[object] = []
        listening = (db.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))  # noqa: B023
        event.listen(*listening)
        ask(house, typed)
        event.remove(*listening)
        costs.append(sum(str(sent) != "BEGIN" for sent in asked))

    # PostgreSQL is asked first how common the words are.
    number += db.engine.dialect.name == "postgresql"
    assert costs == [number, number]


def test_a_word_most_complaints_hold_finds_the_same_read_from_the_newest_on(house: House):
    told = ("A cold cell.", "A cold night.", "A cold cell and cold food.", "The phone was cold.", "No food.")
    kept = [received(house, words={"narrative": said}) for said in told * 4]
    before = {typed: references(ask(house, typed)) for typed in ("cold", "cold cell", '"cold cell"', "-cold")}
    db.session.rollback()

    with db.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    after = {typed: references(ask(house, typed)) for typed in before}

    assert after == before
    assert set(after["cold"]) == {r for n, r in enumerate(kept) if n % 5 != 4}
    if db.engine.dialect.name == "postgresql":
        looked = [[tokens_of(["cold"], house.keyring)]]
        assert "any" not in str(holding(looked).compile(db.engine)).casefold()


def test_a_reference_opens_its_complaint(house: House, sign_in: SignIn):
    reference = received(house)

    found = sign_in(RUTH).get(f"/complaints/search?q={reference.lower()}")

    assert found.status_code == 302
    assert reference in found.headers["Location"]


def test_an_index_of_another_key_is_said_on_the_page(house: House, sign_in: SignIn):
    received(house, words={"narrative": CORPUS["cell"]})
    with transaction() as s:
        s.connection().exec_driver_sql("UPDATE word_index SET made_with = 'old'")

    assert "plumbline search reindex" in sign_in(RUTH).get("/complaints/search?q=blanket").text
