"""What is owed as a file: referrals, check-ins, letters that wait, endings, recusals, the plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.cases.recused import recuse
from tests.cast import AUDRA, BOB, LEO, MAX, RAY, RUTH, SAM
from tests.complaints.test_exports import take_out
from tests.complaints.walk import CONTACT, complaint_at
from tests.inspections.walk import agreement
from tests.overview.test_lists_taken_out import recorded, table
from tests.pages import PageClient
from workflow.cases import exports
from workflow.cases.exports import Export
from workflow.cases.kinds import House
from workflow.complaints.facts import DESTINATIONS, State
from workflow.db.session import session
from workflow.engine.actors import Actor

SignIn = Callable[[Actor], PageClient]
#: Where each list is and where it is made a file, and who of the cast takes it out.
LISTS = {
    "/complaints/referrals": ("/complaints/referrals/export", LEO),
    "/complaints/check-ins": ("/complaints/check-ins/export", RUTH),
    "/complaints/letters": ("/complaints/letters/export", RUTH),
    "/complaints/endings": ("/complaints/endings/export", MAX),
    "/recusals": ("/recusals/export", MAX),
    "/planning": ("/planning/export", SAM),
}


@pytest.fixture
def owed(house: House) -> str:
    """Something in every list: the reference of a complaint that another authority has."""
    reference = complaint_at(house, State.REFERRED_OUT)
    for other in (complaint_at(house, State.REFERRED_OUT), complaint_at(house, State.CLOSED)):
        recuse(house, other, MAX, RAY, "witness")
    agreement(house)
    agreement(house, "JEM")
    return reference


def test_referrals_are_taken_out_with_what_is_late(owed: str, sign_in: SignIn):
    rows = table(sign_in(LEO), "/complaints/referrals/export?to=opr")

    assert {row["Authority"] for row in rows} == {dict(DESTINATIONS)["opr"]}
    assert owed in {row["Reference"] for row in rows}
    assert {row["Acknowledged"] for row in rows} == {""}
    assert (recorded().what, recorded().filters) == ("referrals", {"to": "opr"})


def test_letters_and_check_ins_name_nobody(owed: str, sign_in: SignIn):
    letters = take_out(sign_in(RUTH), "/complaints/letters/export").text
    check_ins = take_out(sign_in(RUTH), "/complaints/check-ins/export").text

    assert owed in letters
    assert not [word for word in CONTACT.values() if word in letters + check_ins]


def test_endings_and_recusals_are_taken_out_as_their_pages_show_them(owed: str, sign_in: SignIn):
    endings = table(sign_in(MAX), "/complaints/endings/export")
    recusals = table(sign_in(MAX), "/recusals/export")

    assert sum(int(row["How often"]) for row in endings) >= 1
    assert {row["Says little"] for row in endings} == {"Yes", "No"}
    assert {row["Who"] for row in recusals} == {RAY.name}


def test_the_plan_is_taken_out_as_it_is_narrowed(owed: str, sign_in: SignIn):
    rows = table(sign_in(SAM), "/planning/export?model=WSO")

    assert {row["Model"] for row in rows} == {"WSO"}
    assert recorded().filters == {"model": "WSO"}
    assert table(sign_in(BOB), "/planning/export") == []


@pytest.mark.parametrize("page", LISTS)
def test_a_list_offers_its_file_to_who_works_and_not_to_auditors(owed: str, sign_in: SignIn, page: str):
    path, person = LISTS[page]

    assert f'action="{path}"' in sign_in(person).get(page).text
    assert take_out(sign_in(AUDRA), path).status_code == 403


@pytest.mark.parametrize("page", LISTS)
def test_too_long_a_list_is_refused_in_words_and_nothing_is_kept(
    owed: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, page: str
):
    monkeypatch.setattr(exports, "MOST", 0)
    path, person = LISTS[page]
    browser = sign_in(person)

    answer = take_out(browser, path)

    assert answer.status_code == 302
    assert "Narrow the list" in browser.get(answer.headers["Location"]).text
    assert session().scalars(select(Export)).all() == []
