"""The doors of what was known before: what comes on paper, what an agency reports, and how late it does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from tests.cast import ALDER, ANN, BIRCH, CARL, MAX, MONDAY, RUTH, SAM
from tests.complaints.inside import LETTER, SignIn, how_many, only
from tests.complaints.test_receiving import agreement_of
from tests.conftest import Clock
from tests.pages import PageClient, hidden_fields
from workflow.cases.calendars import in_zone
from workflow.cases.kinds import House
from workflow.complaints import sealed
from workflow.complaints.models import ReceiptCode
from workflow.complaints.notice import NO_NUMBER, NOT_KNOWN, compare, notice_of, rule_of
from workflow.complaints.paper_views import came_at
from workflow.db.session import session
from workflow.engine.machine import Refused
from workflow.policy.queries import in_force


def said_in_the_cookie(browser: PageClient) -> str:
    with browser.session_transaction() as kept:
        return repr(dict(kept))


# --- on paper -------------------------------------------------------------------------------------


def test_what_came_on_friday_and_is_entered_on_monday_counts_from_friday(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)

    answer = browser.send("/complaints/paper", LETTER)

    case = only()
    clock = next(c for c in case.clocks if c.name == "resolve")
    zone = in_zone("America/New_York")
    assert zone.day_of(case.received_at).isoformat() == "2026-01-02"
    assert zone.day_of(clock.started_at) == zone.day_of(case.received_at)
    assert case.opened_at == MONDAY
    shown = browser.get(answer.headers["Location"]).text
    assert "later than it was received" in shown
    assert session().get(ReceiptCode, case.id) is None


@pytest.mark.parametrize(
    "day", ["2026-01-06", "2018-12-31", "1999-12-31", "2026-02-30", "", "yesterday", "0001-01-01"]
)
def test_a_day_that_cannot_be_is_refused_at_its_field(sign_in: SignIn, ctx: Flask, day: str):
    answer = sign_in(ANN).send("/complaints/paper", {**LETTER, "received_on": day})

    assert answer.status_code == 422
    assert 'id="received_on-error"' in answer.text
    assert "Nobody wrote back." in answer.text
    assert how_many() == 0


def test_today_is_the_moment_itself():
    late = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)  # Monday evening in New York

    assert came_at(MONDAY.date(), now=late) == late
    with pytest.raises(Refused):
        came_at(MONDAY.date() + timedelta(days=1), now=late)


def test_a_scan_comes_along(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    page = browser.get("/complaints/paper")
    scan = (BytesIO(b"Dear office, nobody wrote back.\n"), "letter.txt")
    answers = {**hidden_fields(page.text), **LETTER, "narrative": "", "reach": "", "files": scan}

    answer = browser.post("/complaints/paper", data=answers, content_type="multipart/form-data")

    assert answer.status_code == 302
    assert "letter.txt" in browser.get(answer.headers["Location"]).text


def test_a_file_that_is_not_taken_does_not_lose_the_letter(sign_in: SignIn, ctx: Flask):
    browser = sign_in(ANN)
    page = browser.get("/complaints/paper")
    answers = {**hidden_fields(page.text), **LETTER, "files": (BytesIO(b"MZ\x90\0"), "letter.exe")}

    answer = browser.post("/complaints/paper", data=answers, content_type="multipart/form-data")

    assert answer.status_code == 302
    assert "letter.exe" not in said_in_the_cookie(browser)
    assert "A file was not taken" in browser.get(answer.headers["Location"]).text
    assert how_many() == 1


# --- from an agency -------------------------------------------------------------------------------

REPORT = {
    "agency": str(ALDER),
    "knew_at": "2026-01-02T16:00",
    "narrative": "A person says they were pushed.",
    "kinds": ["force"],
    "own_inquiry": "yes",
}


def test_a_contact_reports_and_gets_a_number_and_sees_nothing_of_it_again(house: House, sign_in: SignIn):
    browser = sign_in(CARL)

    answer = browser.send("/complaints/from-agency", REPORT)

    case = only()
    assert answer.status_code == 200
    assert case.reference in answer.text
    assert (case.channel, case.agency_id, case.own_inquiry) == ("agency", ALDER, "yes")
    assert sealed.words_of(case, house.keyring) == {"narrative": REPORT["narrative"]}
    assert session().get(ReceiptCode, case.id) is None
    for path in (
        f"/complaints/{case.reference}",
        f"/cases/{case.reference}",
        "/queue",
        "/complaints/from-agency",
    ):
        text = browser.get(path).text
        assert "pushed" not in text, path
        assert path.endswith(case.reference) or case.reference not in text, path


def test_the_page_tells_the_contact_not_to_name_anybody(sign_in: SignIn):
    page = sign_in(CARL).get("/complaints/from-agency").text

    assert "not who alleges it" in page
    for word in ("complainant_name", 'name="name"', 'name="reach"'):
        assert word not in page


def test_only_an_agencys_contact_uses_that_door_and_only_for_their_agency(sign_in: SignIn, ctx: Flask):
    answer = sign_in(CARL).send("/complaints/from-agency", {**REPORT, "agency": str(BIRCH)})

    assert answer.status_code == 422
    assert how_many() == 0
    for person in (ANN, RUTH, MAX, SAM):
        assert sign_in(person).get("/complaints/from-agency").status_code == 403


def test_several_agreements_are_kept_and_the_first_leads(house: House, sign_in: SignIn):
    wso, jem = agreement_of(ALDER), agreement_of(ALDER, "JEM", "2020")
    others = agreement_of(BIRCH)

    sign_in(CARL).send("/complaints/from-agency", {**REPORT, "agreements": [str(wso), str(jem)]})
    case = only()
    refused = sign_in(CARL).send("/complaints/from-agency", {**REPORT, "agreements": [str(others)]})

    assert {(a.agreement_id, a.is_lead) for a in case.agreements} == {(wso, True), (jem, False)}
    assert (case.model, case.template) == ("WSO", "2019")
    assert refused.status_code == 422
    page = sign_in(RUTH).get(f"/complaints/{case.reference}").text
    assert "(leads)" in page


@pytest.mark.parametrize(
    "answers",
    [
        {"knew_at": ""},
        {"not_known": "y"},
        {"knew_at": "2026-01-05T23:00"},
        {"knew_at": "2026-13-01T10:00"},
        {"knew_at": "soon"},
        {"narrative": ""},
        {"narrative": "Her number is A012345678"},
        {"own_inquiry": "perhaps"},
    ],
    ids=str,
)
def test_a_report_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    sign_in: SignIn, ctx: Flask, answers: dict[str, str]
):
    answer = sign_in(CARL).send("/complaints/from-agency", {**REPORT, "kinds": ["posters"], **answers})

    assert answer.status_code == 422
    assert re.search(r'value="posters"[^>]*checked|checked[^>]*value="posters"', answer.text)
    assert how_many() == 0


def test_pressing_twice_is_one_report_told_when_it_was_first_told(sign_in: SignIn, ctx: Flask, clock: Clock):
    clock.now = at("2026-01-06 15:50")
    browser = sign_in(CARL)
    page = browser.get("/complaints/from-agency")

    first = browser.submit(page, REPORT, to="/complaints/from-agency")
    clock.now = at("2026-01-06 16:20")
    again = browser.submit(page, REPORT, to="/complaints/from-agency")

    reference = only().reference
    assert ("Told in time" in first.text, "Told in time" in again.text) == (True, True)
    assert (reference in first.text, reference in again.text) == (True, True)


# --- in time? -------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=in_zone("America/New_York").zone)


@pytest.mark.parametrize(
    ("knew", "told", "is_late"),
    [
        ("2026-01-05 09:00", "2026-01-07 09:00", False),
        ("2026-01-05 09:00", "2026-01-07 09:01", True),
        # A weekend does not count, whole or in part.
        ("2026-01-02 16:00", "2026-01-06 16:00", False),
        ("2026-01-02 16:00", "2026-01-06 16:01", True),
        ("2026-01-03 10:00", "2026-01-06 23:59", False),
        # A holiday does: 1 January 2026 is a Thursday.
        ("2025-12-31 12:00", "2026-01-02 12:01", True),
    ],
)
def test_the_agency_has_48_hours_without_weekends_and_holidays_count(
    ctx: Flask, knew: str, told: str, is_late: bool
):
    rule = rule_of(in_force(MONDAY.date())[1], "WSO", "2019")

    notice = compare(at(knew), at(told), rule, in_zone("America/New_York"))

    assert notice.is_late is is_late
    assert ("late" in notice.says) is is_late


def test_three_days_late_is_said_in_days_and_explained(ctx: Flask):
    rule = rule_of(in_force(MONDAY.date())[1], None, None)

    notice = compare(at("2026-01-05 09:00"), at("2026-01-10 10:00"), rule, in_zone("America/New_York"))

    assert notice.says == "Told 3 days late: 48 hours, not counting weekends, ended 7 January 2026, 09:00."
    assert notice.explained is not None
    assert notice.explained.days


def test_the_task_force_model_names_no_number_of_hours(ctx: Flask):
    rule = rule_of(in_force(MONDAY.date())[1], "TFM", "2025")

    notice = compare(at("2026-01-05 09:00"), at("2026-02-05 09:00"), rule, in_zone("America/New_York"))

    assert (notice.is_late, notice.says) == (None, NO_NUMBER)


def test_not_known_is_an_answer_and_said_apart(house: House, sign_in: SignIn):
    browser = sign_in(ANN)
    browser.send("/complaints/paper", {**LETTER, "channel": "agency"})
    case = only()

    notice = notice_of(case)

    assert notice is not None
    assert (notice.is_late, notice.says) == (None, NOT_KNOWN)
    assert "counted apart" in browser.get(f"/complaints/{case.reference}").text


def test_the_office_sees_how_late_an_agency_was_day_by_day(house: House, sign_in: SignIn, clock: Clock):
    clock.now = MONDAY + timedelta(days=4)
    sign_in(CARL).send("/complaints/from-agency", REPORT)
    reference = only().reference
    browser = sign_in(RUTH)

    page = browser.get(f"/complaints/{reference}").text
    explained = browser.get(f"/complaints/{reference}/notice").text

    assert "Told 2 days late" in page
    assert "Memoranda of agreement of JEM and WSO" in explained
    assert "skipped" in explained
