"""Each list of the office as a file: its columns, only what its reader sees, on record, never a formula."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.cast import ALDER, AUDRA, BIRCH, BOB, MONDAY, PAM, RUTH, SAM
from tests.complaints.test_exports import lines, take_out
from tests.complaints.walk import received
from tests.corrective.walk import corrective_at
from tests.inspections.walk import DUE, agreement, planned
from tests.pages import PageClient
from workflow.cases import exports
from workflow.cases.exports import Export
from workflow.cases.kinds import House
from workflow.corrective.facts import State
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.register.models import Agency, Agreement

SignIn = Callable[[Actor], PageClient]
#: Where each list is, and where it is made a file.
LISTS = {
    "/inspections": "/inspections/export",
    "/corrective": "/corrective/export",
    "/agreements": "/agreements/export",
    "/agencies": "/agencies/export",
    "/queue": "/queue/export",
}


def table(browser: PageClient, path: str) -> list[dict[str, str]]:
    """The lines of a file, each by heading."""
    heading, *rest = lines(take_out(browser, path).data)
    return [dict(zip(heading, row, strict=True)) for row in rest]


def recorded() -> Export:
    return session().scalars(select(Export)).one()


@pytest.fixture
def filled(house: House) -> None:
    """More than one thing in every list, all of it in Atlanta."""
    for model in ("WSO", "JEM"):
        corrective_at(house, State.OPEN, model=model)
        planned(house, model=model)
        received(house)


def test_inspections_are_taken_out_as_they_are_narrowed(house: House, sign_in: SignIn):
    reference = planned(house)

    [row] = table(sign_in(PAM), "/inspections/export?model=WSO&standing=open")
    assert table(sign_in(PAM), "/inspections/export?model=JEM") == []

    assert row == {
        "Reference": reference, "Agency": "Alder County Sheriff's Office", "Model": "WSO",
        "Kind": "Routine", "How": "", "State": "Planned", "Due": DUE.isoformat(), "Planned for": "",
        "Held": "", "Lead": "", "Office": "Atlanta",
    }  # fmt: skip
    [kept, _] = session().scalars(select(Export).order_by(Export.id)).all()
    assert (kept.person_id, kept.at, kept.what, kept.rows) == (PAM.id, MONDAY, "inspections", 1)
    assert kept.filters == {"model": "WSO", "standing": "open"}
    assert kept.columns.split() == [
        "reference", "agency", "model", "kind", "mode", "state", "due", "planned", "held", "lead", "office",
    ]  # fmt: skip


def test_corrective_actions_are_taken_out_as_they_are_narrowed(house: House, sign_in: SignIn):
    reference = corrective_at(house, State.OPEN)

    [row] = table(sign_in(PAM), "/corrective/export?standing=open")

    assert (row["Reference"], row["State"], row["Sent back"]) == (reference, "Open", "0")
    assert (row["Agency"], row["Office"]) == ("Alder County Sheriff's Office", "Atlanta")
    assert row["Due"] == row["Due first"] != ""
    assert (recorded().what, recorded().filters) == ("corrective_actions", {"standing": "open"})


def test_agreements_are_taken_out_and_the_words_looked_for_are_not_kept(house: House, sign_in: SignIn):
    agreement_id = agreement(house)

    [row] = table(sign_in(PAM), "/agreements/export?words=alder+county")

    assert row["Reference"] == session().get_one(Agreement, agreement_id).reference
    assert (row["Model"], row["Signed"], row["Stands"]) == ("WSO", "2025-03-03", "Active")
    assert (recorded().what, recorded().filters) == ("agreements", {"words": 2})


def test_agencies_are_taken_out_with_the_agreements_their_reader_sees(house: House, sign_in: SignIn):
    agreement(house)

    [row] = table(sign_in(SAM), "/agencies/export?words=Alder")
    [elsewhere] = table(sign_in(BOB), "/agencies/export?words=Alder")

    assert (row["Agency"], row["Agreements you can see"]) == ("Alder County Sheriff's Office", "WSO")
    assert elsewhere["Agreements you can see"] == ""


def test_the_queue_is_taken_out_as_it_is_narrowed(house: House, sign_in: SignIn):
    reference = received(house)
    planned(house)

    rows = table(sign_in(RUTH), "/queue/export?kind=complaint&due=week")

    assert {row["Reference"] for row in rows} == {reference}
    assert {row["Kind"] for row in rows} == {"Complaints"}
    assert {row["Mine"] for row in rows} == {"No"}
    assert (recorded().what, recorded().filters) == ("queue", {"kind": "complaint", "due": "week"})


@pytest.mark.parametrize("path", ["/inspections/export", "/corrective/export", "/agreements/export"])
def test_nobody_takes_out_what_they_do_not_see(filled: None, sign_in: SignIn, path: str):
    assert len(table(sign_in(SAM), path)) >= 1
    assert table(sign_in(BOB), path) == []


def test_nobody_takes_out_the_queue_of_another_office(filled: None, sign_in: SignIn):
    assert len(table(sign_in(SAM), "/queue/export")) >= 1
    assert table(sign_in(BOB), "/queue/export") == []


@pytest.mark.parametrize(("page", "path"), LISTS.items())
def test_a_list_offers_its_file_to_who_works_and_not_to_auditors(
    filled: None, sign_in: SignIn, page: str, path: str
):
    assert f'action="{path}"' in sign_in(SAM).get(page).text
    assert f'action="{path}"' not in sign_in(AUDRA).get(page).text
    assert take_out(sign_in(AUDRA), path).status_code == 403


@pytest.mark.parametrize("path", LISTS.values())
def test_too_long_a_list_is_refused_in_words_and_nothing_is_kept(
    filled: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, path: str
):
    monkeypatch.setattr(exports, "MOST", 1)
    browser = sign_in(SAM)

    answer = take_out(browser, path)

    assert answer.status_code == 302
    assert "Narrow the list" in browser.get(answer.headers["Location"]).text
    assert session().scalars(select(Export)).all() == []


@pytest.mark.parametrize("path", LISTS.values())
def test_what_looks_like_a_formula_is_text_in_every_file(house: House, sign_in: SignIn, path: str):
    with transaction() as s:
        for agency_id in (ALDER, BIRCH):
            s.get_one(Agency, agency_id).name = f"=1+{agency_id}"
    corrective_at(house, State.OPEN)
    planned(house)

    file = take_out(sign_in(SAM), path, "xlsx")

    cells = [cell for row in load_workbook(BytesIO(file.data)).worksheets[0].iter_rows() for cell in row]
    assert "'=1+1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
