"""Documents as evidence on allegations: named, named anew, until the complaint is decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import ANN, MAX, MONDAY, RUTH
from tests.complaints.walk import complaint, complaint_at, go, received
from tests.documents.corpus import Sent
from tests.pages import PageClient
from workflow.cases.enclosures import enclose_in
from workflow.cases.kinds import House
from workflow.complaints.evidence import linked, name_evidence
from workflow.complaints.facts import State
from workflow.documents import staging, storage
from workflow.documents.storage import Cabinet
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused, Stale


def enclosed(house: House, reference: str) -> str:
    cabinet = Cabinet(storage.opened("memory://"), house.keyring)
    token = staging.stage(cabinet, Sent("n.txt", b"What I saw."), holder="h", now=MONDAY).token
    enclose_in(house, reference, [token], RUTH, holder="h", now=MONDAY)
    return reference


@pytest.fixture
def reference(house: House) -> str:
    """A complaint of two allegations and a document."""
    return enclosed(house, received(house, allegations=("interpreter", "courtesy")))


def named(house: House, reference: str, *allegations: int, by: Actor = RUTH, number: int = 1) -> None:
    seen = complaint(reference).version
    name_evidence(house, reference, by, number, allegations, seen=seen, now=MONDAY)


def test_what_is_named_last_holds_and_every_naming_is_an_event(house: House, reference: str):
    named(house, reference, 1, 2)
    named(house, reference, 2)
    named(house, reference, 2)

    assert linked(complaint(reference)) == {1: [2]}
    events = [e.codes for e in complaint(reference).events if e.verb == "link_evidence"]
    assert events == [{"document": 1, "allegations": "1, 2"}, {"document": 1, "allegations": "2"}]


@pytest.mark.parametrize(("number", "allegation"), [(1, 3), (2, 1)])
def test_only_what_is_there_can_be_named(house: House, reference: str, number: int, allegation: int):
    with pytest.raises(Refused, match="from the list"):
        named(house, reference, allegation, number=number)

    assert linked(complaint(reference)) == {}


def test_whoever_writes_no_allegations_names_no_evidence(house: House, reference: str):
    with pytest.raises(Refused, match="role"):
        named(house, reference, 1, by=MAX)

    named(house, reference, 1, by=ANN)
    assert linked(complaint(reference)) == {1: [1]}


def test_evidence_stays_as_it_is_once_the_complaint_is_decided(house: House):
    reference = enclosed(house, complaint_at(house, State.IN_REVIEW))
    named(house, reference, 1)
    go(house, reference, "decide")

    with pytest.raises(Refused, match="is decided"):
        named(house, reference)

    assert linked(complaint(reference)) == {1: [1]}


def test_a_page_that_is_out_of_date_names_nothing(house: House, reference: str):
    with pytest.raises(Stale):
        name_evidence(house, reference, RUTH, 1, [1], seen=1, now=MONDAY)


def test_the_page_of_the_complaint_says_what_a_document_is_evidence_on(
    house: House, reference: str, sign_in: Callable[[Actor], PageClient]
):
    browser = sign_in(RUTH)
    path = f"/complaints/{reference}/documents/1"

    answer = browser.send(path, {"allegations": ["2"]})

    assert answer.status_code == 302
    assert "evidence on allegation 2" in browser.get(f"/complaints/{reference}").text
    assert browser.send(path, {"allegations": ["7"]}).status_code == 422
    assert browser.get(f"/complaints/{reference}/documents/2").status_code == 404
