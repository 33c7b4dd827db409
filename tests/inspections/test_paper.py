"""The checklist on paper, and photographs: blank sheets print, filled ones come back with day and scan."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.cast import AUDRA, BOB, CARL, IRIS, IVAN, MAX, MONDAY
from tests.documents.corpus import jpeg, pdf, png_of_size
from tests.inspections.walk import TODAY, find, go, inspection, inspection_at, planned
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.db.session import session
from workflow.inspections import blank
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.checklist_standard import STANDARD
from workflow.inspections.facts import State
from workflow.inspections.models import ChecklistOperation


def send_files(
    browser: PageClient, path: str, files: list[tuple[str, str, bytes]], given: dict[str, str]
) -> TestResponse:
    """Fill in the form of a page and send it with files: (field, name, content)."""
    fields: dict[str, Any] = {**hidden_fields(browser.get(path).text), **given}
    for field, name, content in files:
        fields[field] = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart(fields)
    return browser.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def sheet(model: str = "WSO") -> blank.Blank:
    return blank.blank_of(
        STANDARD,
        model=model,
        revision="2025",
        title="Checklist, I-2026-00000000-0",
        sender="Office of the tests",
        head=("Alder County Sheriff's Office",),
        on=TODAY,
    )


# --- a blank sheet --------------------------------------------------------------------------------


def test_a_blank_sheet_is_accessible_pdf_and_the_same_bytes_each_time():
    first, again = blank.as_pdf(sheet()), blank.as_pdf(sheet())

    with pikepdf.open(io.BytesIO(first)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.Lang == "en"
        assert len(opened.pages) < 12
    assert first == again


def test_a_blank_sheet_asks_what_the_model_is_asked_and_has_rows_for_files():
    wso, tfm = sheet("WSO"), sheet("TFM")

    assert "W1" in {i.code for _, items in wso.sections for i in items}
    assert [q.code for q in wso.questions] == ["S1", "S2", "S3", "S4", "S5"]
    assert tfm.questions == ()
    assert blank.as_pdf(tfm).startswith(b"%PDF")


@pytest.mark.parametrize("person", [IRIS, MAX, AUDRA], ids=lambda p: p.name)
def test_a_blank_sheet_is_there_before_the_visit(house: House, sign_in, person):
    reference = planned(house)
    browser = sign_in(person)

    page = browser.get(f"/inspections/{reference}/checklist/blank")
    printed = browser.get(f"/inspections/{reference}/checklist/blank-pdf")

    assert "Checklist 2026-1, printed 2026-01-05" in page.text
    assert "Write no name, birth date or number of a person." in page.text
    assert (printed.mimetype, printed.data[:4]) == ("application/pdf", b"%PDF")


def test_another_office_and_the_agency_get_no_sheet(house: House, sign_in):
    reference = planned(house)

    assert sign_in(BOB).get(f"/inspections/{reference}/checklist/blank-pdf").status_code == 404
    assert sign_in(CARL).get(f"/inspections/{reference}/checklist/blank-pdf").status_code == 404


# --- from paper -----------------------------------------------------------------------------------


def entered(browser: Any, reference: str, scan: bytes | None, **given: str) -> Any:
    path = f"/inspections/{reference}/checklist/from-paper"
    files = [("scan_file", "scan.pdf", scan)] if scan is not None else []
    return send_files(browser, path, files, {"noted_on": "2026-01-05", **given})


def test_what_stood_on_paper_is_entered_with_its_day_and_its_scan(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    answer = entered(sign_in(IRIS), reference, pdf(), G1="no", G1_remark="None hangs.", G2="yes")

    case = inspection(reference)
    rows = session().query(ChecklistOperation).order_by(ChecklistOperation.number).all()
    assert answer.status_code == 302
    assert {a.item: a.answer for a in case.answers} == {"G1": "no", "G2": "yes"}
    assert [(r.noted_on, r.document) for r in rows] == [(TODAY, 1)] * 2
    assert case.events[-1].codes == {"answers": "G1 no, G2 yes", "noted_on": "2026-01-05", "document": 1}
    assert verify().breaks == ()


def test_paper_and_device_that_differ_stand_side_by_side(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    answer_items(house, reference, IVAN, {"G1": Given("yes")}, now=MONDAY)

    entered(sign_in(IRIS), reference, pdf(), G1="no")

    [row] = inspection(reference).answers
    assert (row.answer, row.is_disputed) == ("yes", True)


def test_without_a_scan_nothing_is_entered_and_what_was_typed_stays(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    page = entered(sign_in(IRIS), reference, None, G1="no", G1_remark="None hangs.")

    assert page.status_code == 422
    assert "Add the scan of what was filled in." in page.text
    assert "None hangs." in page.text
    assert inspection(reference).answers == []


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), TODAY - timedelta(days=1)])
def test_a_day_outside_the_visit_is_refused_and_the_scan_is_not_chosen_again(house: House, sign_in, day):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)

    page = entered(browser, reference, pdf(), G1="no", noted_on=day.isoformat())
    path = f"/inspections/{reference}/checklist/from-paper"
    again = browser.submit(page, {"G1": "no", "noted_on": "2026-01-05"}, to=path)

    assert page.status_code == 422
    assert "A day of this visit that is not in the future." in page.text
    assert "scan.pdf is here already" in page.text
    assert again.status_code == 302
    assert {a.item: a.answer for a in inspection(reference).answers} == {"G1": "no"}


def test_paper_after_the_visit_is_refused_and_no_scan_is_kept(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    browser.get(f"/inspections/{reference}/checklist/from-paper")
    go(house, reference, "complete_fieldwork")
    before = inspection(reference).version

    page = entered(browser, reference, pdf(), G1="no")

    assert page.status_code == 422
    assert "while the inspection is in progress" in page.text
    assert inspection(reference).version == before


# --- photographs of a finding ---------------------------------------------------------------------

FINDING = {"item": "G1", "result": "deficiency", "class_code": "minor", "evidence": "No poster hangs."}


def test_a_photograph_comes_with_the_finding_it_shows(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    browser = sign_in(IRIS)
    path = f"/inspections/{reference}/findings/new"

    answer = send_files(browser, path, [("files", "wall.jpg", jpeg())], FINDING)

    [finding] = inspection(reference).findings
    assert answer.status_code == 302
    assert finding.documents == [1]
    assert f"/cases/{reference}/documents/1" in browser.get(f"/inspections/{reference}").text
    assert browser.get(f"/cases/{reference}/documents/1").status_code == 200


def test_a_picture_that_would_burst_is_refused_and_the_finding_is_kept(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    path = f"/inspections/{reference}/findings/new"

    page = send_files(sign_in(IRIS), path, [("files", "wall.png", png_of_size(60_000, 60_000))], FINDING)

    [finding] = inspection(reference).findings
    assert page.status_code == 422
    assert "The finding is saved. wall.png could not be added:" in page.text
    assert (finding.documents, finding.item) == (None, "G1")


def test_the_way_from_a_no_leads_to_its_finding_with_the_clause(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)

    page = sign_in(IRIS).get(f"/inspections/{reference}/findings/new?item=G1")

    assert 'value="Memorandum of agreement: complaint procedures"' in page.text
    assert 'value="deficiency"' in page.text


def test_who_reads_the_documents_of_an_inspection(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    send_files(
        sign_in(IRIS), f"/inspections/{reference}/findings/new", [("files", "wall.jpg", jpeg())], FINDING
    )
    go(house, reference, "complete_fieldwork", "draft_findings", "pass_review")

    for person, status in ((MAX, 200), (AUDRA, 200), (BOB, 404), (CARL, 404)):
        assert sign_in(person).get(f"/cases/{reference}/documents/1").status_code == status, person.name


def test_no_photograph_is_added_once_the_findings_are_drafted(house: House, sign_in):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)
    browser = sign_in(IRIS)
    drawn = browser.get(f"/inspections/{reference}/findings/1")
    go(house, reference, "complete_fieldwork", "draft_findings")

    page = browser.submit(drawn, FINDING, to=f"/inspections/{reference}/findings/1")

    assert page.status_code == 422
    assert inspection(reference).findings[0].documents is None
