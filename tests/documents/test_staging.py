"""Files before they have a case, and on their way to one: held by one person, sealed, thrown away in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.cast import ANN, MONDAY, RUTH
from tests.complaints.walk import complaint, received
from tests.documents import corpus
from tests.documents.corpus import Sent
from workflow.cases.enclosures import enclose_in, key_or_none
from workflow.cases.kinds import House
from workflow.cases.models import CaseKey
from workflow.db.seal import Erased
from workflow.db.session import session, transaction
from workflow.documents import kinds, queries, sealed, service, staging, storage
from workflow.documents.models import Custody, Document
from workflow.documents.storage import Cabinet
from workflow.engine.actors import PUBLIC, SYSTEM
from workflow.engine.machine import Refused

HOLDER = "a random value of a session"


@pytest.fixture
def cabinet(house: House) -> Cabinet:
    """A cabinet that is empty when the test begins."""
    return Cabinet(storage.opened("memory://"), house.keyring)


def stage(cabinet: Cabinet, name: str = "note.txt", content: bytes = b"What I saw.") -> staging.Staged:
    return staging.stage(cabinet, Sent(name, content), holder=HOLDER, now=MONDAY)


def kept(cabinet: Cabinet) -> int:
    return sum(1 for _ in storage.places(cabinet))


def documents() -> int:
    return session().scalar(select(func.count(Document.id))) or 0


# --- staging ----------------------------------------------------------------------------------


def test_a_staged_file_is_shown_to_its_holder_and_to_nobody_else(cabinet: Cabinet):
    token = stage(cabinet, "../Name of a ‮person.txt").token

    def seen(holder: str) -> list[str]:
        found = staging.staged([token], holder=holder, keyring=cabinet.keyring, now=MONDAY)
        return [each.name for each in found]

    assert seen(HOLDER) == ["Name of a person.txt"]
    assert seen("somebody else") == []


def test_nothing_of_a_staged_file_can_be_read_in_the_database_or_the_storage(cabinet: Cabinet):
    stage(cabinet, "dolores.txt", b"What Dolores saw.")

    row = session().scalars(select(Document)).one()
    held = [storage.get(cabinet, place) for place, _ in storage.places(cabinet)]
    assert not any(b"olores" in each for each in (*held, row.name, row.wrapped, row.digest))
    assert len(held) == 2, "the contents and their safe copy"


def test_what_waits_for_too_long_is_thrown_away_with_its_contents(cabinet: Cabinet):
    token = stage(cabinet).token

    early = staging.sweep(cabinet, now=MONDAY + staging.STAYS)
    late = staging.sweep(cabinet, now=MONDAY + staging.STAYS + timedelta(seconds=1))

    assert (early, late, documents(), kept(cabinet)) == (0, 1, 0, 0)
    assert staging.staged([token], holder=HOLDER, keyring=cabinet.keyring, now=MONDAY) == []


def test_its_holder_alone_can_throw_a_staged_file_away(cabinet: Cabinet):
    token = stage(cabinet).token

    staging.discard(cabinet, token, holder="somebody else")
    still = documents()
    staging.discard(cabinet, token, holder=HOLDER)

    assert (still, documents(), kept(cabinet)) == (1, 0, 0)


def test_of_many_files_the_good_ones_are_kept_and_each_other_one_says_why(cabinet: Cabinet):
    sent = [
        Sent("a.txt", b"One."),
        Sent("b.exe", b"MZ"),
        Sent("", b""),
        Sent("c.pdf", b""),
        Sent("d.txt", b"Two."),
    ]

    taken, problems = staging.take(cabinet, sent, holder=HOLDER, now=MONDAY)

    assert [each.name for each in taken] == ["a.txt", "d.txt"]
    assert [problem.name for problem in problems] == ["b.exe", "c.pdf"]
    assert "not taken" in problems[0].text
    assert "empty" in problems[1].text


def test_more_files_than_fit_in_one_go_are_counted_and_not_looked_at(cabinet: Cabinet):
    sent = [Sent(f"{n}.wav", corpus.wav()) for n in range(kinds.AT_ONCE + 3)]

    taken, problems = staging.take(cabinet, sent, holder=HOLDER, now=MONDAY)

    assert len(taken) == kinds.AT_ONCE
    assert [problem.name for problem in problems] == ["3 more"]


def test_a_holder_can_have_only_so_many_waiting(cabinet: Cabinet):
    for number in range(kinds.STAGED):
        stage(cabinet, f"{number}.wav", corpus.wav())

    with pytest.raises(Refused, match="can wait at once"):
        stage(cabinet, "more.wav", corpus.wav())


def test_when_the_storage_is_full_nothing_is_half_kept(cabinet: Cabinet, tmp_path):
    full = Cabinet(storage.opened(str(tmp_path / "kept")), cabinet.keyring)
    (tmp_path / "kept").rmdir()
    (tmp_path / "kept").write_text("a file stands where the folder was")

    with pytest.raises(Refused, match="could not be kept"):
        stage(full)

    assert documents() == 0


def test_a_folder_holds_what_it_was_given_and_never_changes_it(cabinet: Cabinet, tmp_path):
    folder = Cabinet(storage.opened(str(tmp_path / "kept")), cabinet.keyring)

    place = storage.put(folder, b"sealed")
    (tmp_path / "kept" / place[:2] / place).write_bytes(b"changed")
    storage.put(folder, b"sealed")

    with pytest.raises(Refused, match="not where it was kept"):
        storage.get(folder, place)


# --- giving it to a case ----------------------------------------------------------------------


def test_a_file_given_at_the_door_is_the_first_document_of_the_complaint(house: House, cabinet: Cabinet):
    token = stage(cabinet, "letter.txt").token

    reference = received(house, by=PUBLIC, channel="web", documents=(token,), holder=HOLDER)

    case = complaint(reference)
    document = queries.document_of(case.id, 1)
    assert document is not None
    [shown] = queries.documents_of(case.id, key=key_or_none(house, case))
    assert (shown.number, shown.name, shown.is_checked, shown.is_scanned) == (1, "letter.txt", True, False)
    assert [event.codes for event in case.events if event.verb == "add_document"] == [
        {"document": 1, "hash": queries.custody_of(document)[0].hash}
    ]


def test_somebody_elses_token_brings_nothing_into_a_case(house: House, cabinet: Cabinet):
    token = stage(cabinet).token

    with pytest.raises(Refused, match="no longer here"):
        received(house, documents=(token,), holder="somebody else")

    assert session().scalar(select(Document.case_id)) is None


def test_the_same_file_is_kept_once_in_a_case(house: House, cabinet: Cabinet):
    reference = received(house)
    tokens = [stage(cabinet, name).token for name in ("one.txt", "two.txt")]

    first = enclose_in(house, reference, tokens[:1], RUTH, holder=HOLDER, now=MONDAY)
    again = enclose_in(house, reference, tokens[1:], RUTH, holder=HOLDER, now=MONDAY)

    assert [(a.number, a.repeated) for a in (*first, *again)] == [(1, False), (1, True)]
    assert [e.verb for e in complaint(reference).events].count("add_document") == 1


def test_equal_files_of_two_cases_cannot_be_told_to_be_equal(house: House, cabinet: Cabinet):
    for _ in range(2):
        token = stage(cabinet).token
        enclose_in(house, received(house), [token], RUTH, holder=HOLDER, now=MONDAY)

    one, two = session().scalars(select(Document).order_by(Document.id))
    for column in ("sameness", "place", "copy_place", "digest", "name", "wrapped"):
        assert getattr(one, column) != getattr(two, column)
    hashes = session().scalars(select(Custody.hash).where(Custody.what == "received")).all()
    assert len(set(hashes)) == 2


def test_what_was_sent_is_given_out_byte_by_byte_and_who_asked_is_kept(house: House, cabinet: Cabinet):
    sent = corpus.jpeg()
    reference = received(house)
    enclose_in(house, reference, [stage(cabinet, "p.jpg", sent).token], RUTH, holder=HOLDER, now=MONDAY)
    case = complaint(reference)
    document, key = queries.document_of(case.id, 1), key_or_none(house, case)
    assert document is not None
    assert key is not None

    given = service.give_original(cabinet, document, purpose="check", key=key, by=RUTH, now=MONDAY)
    copy = service.give_copy(cabinet, document, key=key, by=ANN, now=MONDAY)

    assert given.content == sent
    assert corpus.PLANTED not in copy.content
    touches = [(t.what, t.person_id, t.purpose) for t in queries.custody_of(document)]
    assert touches == [
        ("received", RUTH.id, None),
        ("checked", SYSTEM.id, None),
        ("copied", SYSTEM.id, None),
        ("exported", RUTH.id, "check"),
        ("viewed", ANN.id, None),
    ]


def test_an_original_is_given_out_for_a_stated_purpose_alone(house: House, cabinet: Cabinet):
    reference = received(house)
    enclose_in(house, reference, [stage(cabinet).token], RUTH, holder=HOLDER, now=MONDAY)
    case = complaint(reference)
    document, key = queries.document_of(case.id, 1), key_or_none(house, case) or b""
    assert document is not None

    with pytest.raises(Refused, match="what you need the original for"):
        service.give_original(cabinet, document, purpose="curiosity", key=key, by=RUTH, now=MONDAY)

    assert "exported" not in {touch.what for touch in queries.custody_of(document)}


def test_with_the_key_of_the_case_its_documents_are_gone(house: House, cabinet: Cabinet):
    reference = received(house)
    enclose_in(house, reference, [stage(cabinet).token], RUTH, holder=HOLDER, now=MONDAY)
    case = complaint(reference)
    document, key = queries.document_of(case.id, 1), key_or_none(house, case) or b""
    assert document is not None
    with transaction() as s:
        s.execute(update(CaseKey).values(wrapped=None, erased_at=MONDAY))
    session().remove()
    case = complaint(reference)
    document = queries.document_of(case.id, 1)
    assert document is not None

    assert key_or_none(house, case) is None
    assert [d.name for d in queries.documents_of(case.id, key=None)] == ["erased"]
    with pytest.raises(Erased):
        sealed.key_while_staged(document, house.keyring)
    with pytest.raises(Refused, match="erased"):
        enclose_in(house, reference, [stage(cabinet).token], RUTH, holder=HOLDER, now=MONDAY)
    assert key, "there was one before"


def test_a_case_holds_only_so_many_documents(house: House, cabinet: Cabinet, monkeypatch):
    monkeypatch.setattr(kinds, "IN_A_CASE", 1)
    reference = received(house)
    tokens = [stage(cabinet, f"{n}.txt", str(n).encode()).token for n in range(2)]

    with pytest.raises(Refused, match="at most 1 documents"):
        enclose_in(house, reference, tokens, RUTH, holder=HOLDER, now=MONDAY)

    assert queries.documents_of(complaint(reference).id, key=None) == []


def test_a_file_that_nobody_could_look_at_stays_closed(house: House, cabinet: Cabinet):
    nobody_answers = replace(cabinet, scanner="/nowhere/clamd.sock")
    reference = received(house)
    enclose_in(house, reference, [stage(nobody_answers).token], RUTH, holder=HOLDER, now=MONDAY)
    case = complaint(reference)
    document, key = queries.document_of(case.id, 1), key_or_none(house, case) or b""
    assert document is not None

    assert (document.state, document.copy_place) == ("quarantined", None)
    with pytest.raises(Refused, match="Nobody has looked at this file yet"):
        service.give_original(cabinet, document, purpose="check", key=key, by=RUTH, now=MONDAY)
    with pytest.raises(Refused, match="no safe copy"):
        service.give_copy(cabinet, document, key=key, by=RUTH, now=MONDAY)
