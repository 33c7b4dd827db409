"""What an agency's contact writes and hands in: taken like at every door, seen by both sides."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.cast import BIRCH, CARL, IRIS, SAM
from tests.corrective.walk import corrective_at
from tests.documents import corpus
from tests.inspections.walk import go, inspection, inspection_at, planned
from tests.pages import PageClient, hidden_fields
from workflow.cases.handed_in import TO_READ
from workflow.cases.kinds import House
from workflow.cases.models import Case, Task
from workflow.cases.recusals import Recusal
from workflow.corrective.facts import State as Correcting
from workflow.db.session import session, transaction
from workflow.documents.models import CHECKED, Document
from workflow.engine.actors import Actor
from workflow.inspections.facts import State

SignIn = Callable[[Actor], PageClient]
WORDS = "The posters hang since Tuesday."


def sent(browser: PageClient, reference: str, words: str = "", *files: tuple[str, bytes]) -> TestResponse:
    """Write and choose files as the page does."""
    path = f"/cases/{reference}/from-agency"
    given: dict[str, Any] = {**hidden_fields(browser.get(path).text), "words": words}
    given["files"] = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(given)
    return browser.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def documents() -> list[Document]:
    return list(session().scalars(select(Document).where(Document.case_id.is_not(None))))


def to_read() -> list[Task]:
    return list(session().scalars(select(Task).where(Task.title == TO_READ, Task.closed_at.is_(None))))


def test_what_a_contact_sends_is_checked_sealed_and_seen_by_both_sides(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)

    answer = sent(browser, reference, WORDS, ("roster.jpg", corpus.jpeg()))

    assert answer.status_code == 302, answer.text
    assert [(d.state, d.received_by_id) for d in documents()] == [(CHECKED, CARL.id)]
    assert [e.verb for e in inspection(reference).events[-2:]] == ["agency_wrote", "agency_document"]
    own = browser.get(f"/inspections/{reference}").text
    assert WORDS in own
    assert "roster.jpg" in own
    assert "checked, unscanned" in own
    staff = sign_in(IRIS).get(f"/inspections/{reference}").text
    assert WORDS in staff
    assert "roster.jpg" in staff
    assert WORDS not in str([e.codes for e in inspection(reference).events])


def test_somebody_of_the_office_is_asked_once_to_look(house: House, sign_in: SignIn):
    reference = corrective_at(house, Correcting.OPEN)
    browser = sign_in(CARL)

    sent(browser, reference, WORDS)
    sent(browser, reference, "And in the hall.")

    [task] = to_read()
    assert (task.reference, task.role) == (reference, "field_supervisor")
    assert TO_READ in sign_in(SAM).get("/queue").text
    assert TO_READ not in browser.get("/waiting").text


def test_what_the_office_added_itself_is_no_document_of_the_agency(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    staff = sign_in(IRIS)
    path = f"/cases/{reference}/documents/new"
    given: dict[str, Any] = hidden_fields(staff.get(path).text)
    given["files"] = [FileStorage(io.BytesIO(corpus.jpeg()), "inside.jpg")]
    boundary, body = encode_multipart(given)
    added = staff.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')
    assert added.status_code == 302
    browser = sign_in(CARL)

    assert "inside.jpg" not in browser.get(f"/inspections/{reference}").text
    assert browser.get(f"/cases/{reference}/documents/1").status_code == 404


def test_a_file_that_cannot_be_taken_is_said_and_nothing_typed_is_lost(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)

    answer = sent(sign_in(CARL), reference, WORDS, ("roster.exe", b"MZ\x90\x00 no document"))

    assert answer.status_code == 422
    assert "Nothing was sent" in answer.text
    assert WORDS in answer.text
    assert documents() == []
    assert "hand_in" not in {e.verb for e in inspection(reference).events}


def test_nothing_at_all_and_numbers_of_a_person_are_pointed_out(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)

    empty = sent(browser, reference)
    number = sent(browser, reference, "It is about A123456789.")

    assert (empty.status_code, number.status_code) == (422, 422)
    assert "Write something, or choose a file." in empty.text
    assert "A123456789" in number.text
    assert "hand_in" not in {e.verb for e in inspection(reference).events}


def test_pressing_twice_writes_once(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    browser = sign_in(CARL)
    path = f"/cases/{reference}/from-agency"
    fields = {**hidden_fields(browser.get(path).text), "words": WORDS}

    first, second = (browser.post(path, data=fields) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert [e.verb for e in inspection(reference).events].count("agency_wrote") == 1


def test_a_closed_case_takes_nothing_and_says_so(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.CLOSED)

    answer = sent(sign_in(CARL), reference, WORDS)

    assert answer.status_code == 422
    assert "This case is closed" in answer.text
    assert WORDS in answer.text


@pytest.mark.parametrize("why", ["unsent", "another's", "recused"])
def test_what_was_not_sent_to_ones_agency_takes_nothing(house: House, sign_in: SignIn, why: str):
    if why == "another's":
        reference = planned(house, agency_id=BIRCH)
        go(house, reference, "schedule", "notify")
    else:
        reference = inspection_at(house, State.SCHEDULED if why == "unsent" else State.NOTIFIED)
    if why == "recused":
        case_id = session().scalar(select(Case.id).where(Case.reference == reference))
        at = inspection(reference).received_at
        with transaction() as s:
            s.add(
                Recusal(case_id=case_id, person_id=CARL.id, reason="related", declared_by_id=CARL.id, at=at)
            )
    browser = sign_in(CARL)
    before = session().scalar(select(func.count(Document.id)))
    session().rollback()

    answer = browser.send("/account", {"words": WORDS}, to=f"/cases/{reference}/from-agency")

    assert answer.status_code == 404
    assert session().scalar(select(func.count(Document.id))) == before
