"""The page of an agency tells its story: ratings, what is open, complaints counted by role, documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from tests.cast import ANN, AUDRA, BOB, CARL, IRIS, LEO, MAX, PAM, SAM
from tests.complaints.walk import received
from tests.corrective.walk import corrective_at
from tests.documents import corpus
from tests.documents.test_document_pages import sent as add
from tests.inspections.walk import inspection_at
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.corrective.facts import State as Correcting
from workflow.db.session import db, session
from workflow.engine.actors import Actor
from workflow.inspections.facts import State

SignIn = Callable[[Actor], PageClient]
ALDER_PAGE = "/agencies/alder-county-ga"


def section(page: str, head: str) -> str:
    """A part of the page by the id of its heading."""
    return page.partition(f'aria-labelledby="{head}"')[2].partition("</section>")[0]


def test_inspections_stand_with_their_ratings_and_what_is_open_to_correct(house: House, sign_in: SignIn):
    rated = inspection_at(house, State.REPORT_ISSUED, deficiencies=("minor",))
    open_one = corrective_at(house, Correcting.OPEN)

    page = sign_in(SAM).get(ALDER_PAGE).text

    assert rated in section(page, "inspections-head")
    assert "Compliant with deficiencies" in section(page, "inspections-head")
    assert open_one in section(page, "correct-head")


def test_a_rating_is_shown_only_once_its_report_was_issued(house: House, sign_in: SignIn):
    inspection_at(house, State.READY_TO_ISSUE, deficiencies=("minor",))

    assert "none yet" in section(sign_in(SAM).get(ALDER_PAGE).text, "inspections-head")


@pytest.mark.parametrize(
    ("person", "counted", "outcome"),
    [(ANN, True, True), (MAX, True, True), (PAM, True, True), (AUDRA, True, True), (SAM, True, False)],
    ids=lambda v: getattr(v, "name", str(v)),
)
def test_complaints_are_counted_by_role(
    house: House, sign_in: SignIn, person: Actor, counted: bool, outcome: bool
):
    received(house)

    counts = section(sign_in(person).get(ALDER_PAGE).text, "counts-head")

    assert ("1, 1 open" in " ".join(counts.split())) is counted
    assert ("with a sustained allegation" in counts) is outcome


def test_another_office_counts_none_of_them(house: House, sign_in: SignIn):
    received(house)

    assert "Complaints" not in section(sign_in(BOB).get(ALDER_PAGE).text, "counts-head")


def test_documents_stand_without_their_names_for_who_reads_the_case(house: House, sign_in: SignIn):
    reference = inspection_at(house, State.NOTIFIED)
    assert add(sign_in(IRIS), reference, ("a-name-inside.jpg", corpus.jpeg())).status_code == 302

    page = sign_in(SAM).get(ALDER_PAGE).text
    assert f"/cases/{reference}/documents/1" in section(page, "documents-head")
    assert "a-name-inside" not in page
    assert "documents-head" not in sign_in(LEO).get(ALDER_PAGE).text


def test_an_agency_itself_never_sees_that_page(sign_in: SignIn):
    assert sign_in(CARL).get(ALDER_PAGE).status_code == 404


def test_the_page_costs_the_same_however_much_there_is(house: House, sign_in: SignIn):
    inspection_at(house, State.REPORT_ISSUED, deficiencies=("minor",))
    received(house)
    browser = sign_in(PAM)
    browser.get(ALDER_PAGE)

    first = asked(browser)
    for _ in range(2):
        received(house)
    corrective_at(house, Correcting.OPEN)

    assert asked(browser) == first
    assert first <= 21


def asked(browser: PageClient) -> int:
    """How many queries one look at the page takes."""
    session().rollback()
    seen: list[Any] = []

    def count(*given: Any) -> None:
        seen.append(given[2])

    event.listen(db.engine, "before_cursor_execute", count)
    browser.get(ALDER_PAGE)
    event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)
