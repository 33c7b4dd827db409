"""The calendar of inspections: which day what stands on, for whom, and how the page says it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from tests.cast import BOB, CARL, HAL, IRIS, IVAN, MAX, PAM, SAM, SUE
from tests.inspections.walk import TODAY, go, inspection_at, planned
from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.cases.kinds import House
from workflow.db.session import db
from workflow.engine.actors import Actor
from workflow.inspections.facts import State
from workflow.inspections.month import Month, Shown, leads, month

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def of(
    actor: Actor,
    first: date = JANUARY,
    office: str | None = None,
    lead: int | None = None,
    today: date = TODAY,
) -> Month:
    return month(actor, first, Shown(office, lead), days=in_zone(HEADQUARTERS_ZONE), today=today)


def entries(found: Month) -> list[tuple[int, str]]:
    return [(day.on.day, what) for week in found.weeks for day in week if day for what, _ in day.entries]


def scheduled(house: House, first: date, last: date, **more: object) -> str:
    reference = planned(house)
    go(house, reference, "schedule", scheduled_on=first, until_on=last, **more)  # type: ignore[arg-type]
    return reference


# --- the days -----------------------------------------------------------------------------------


def test_a_visit_stands_on_each_of_its_days_and_on_the_day_it_is_due(house: House):
    inspection_at(house, State.SCHEDULED, due_on=date(2026, 1, 15))

    assert entries(of(MAX)) == [(5, "begins"), (6, "goes on"), (7, "ends"), (15, "due")]
    assert entries(of(MAX, FEBRUARY)) == entries(of(BOB)) == []


def test_what_was_held_is_not_due_any_more(house: House):
    inspection_at(house, State.FIELDWORK_COMPLETE, due_on=date(2026, 1, 15))

    assert entries(of(MAX)) == [(5, "begins"), (6, "goes on"), (7, "ends")]


def test_of_a_cancelled_visit_what_is_planned_again_is_left(house: House):
    reference = scheduled(house, date(2026, 1, 8), date(2026, 1, 8))
    assert entries(of(MAX)) == [(8, "begins")]

    go(house, reference, "cancel")

    assert entries(of(MAX)) == []
    assert entries(of(MAX, date(2026, 3, 1))) == [(3, "due")]


def test_a_visit_over_the_end_of_a_month_stands_in_both(house: House):
    scheduled(house, date(2026, 1, 30), date(2026, 2, 1))

    assert entries(of(MAX)) == [(30, "begins"), (31, "goes on")]
    assert entries(of(MAX, FEBRUARY)) == [(1, "ends")]


def test_a_long_one_stands_at_its_two_ends_and_on_the_present_day(house: House):
    scheduled(house, date(2026, 1, 8), date(2026, 1, 28), mode="assisted_self")

    assert entries(of(MAX)) == [(8, "begins"), (28, "ends")]
    assert entries(of(MAX, today=date(2026, 1, 20))) == [(8, "begins"), (20, "goes on"), (28, "ends")]


def test_a_postponed_one_stands_on_its_new_day_alone(house: House):
    reference = scheduled(house, date(2026, 1, 12), date(2026, 1, 13))
    go(house, reference, "postpone", new_on=date(2026, 1, 20))

    assert entries(of(MAX)) == [(20, "begins")]


def test_weeks_go_from_sunday_to_saturday_and_name_what_closes_the_office(house: House):
    weeks = of(MAX).weeks

    assert [day.on.day if day else None for day in weeks[0]] == [None, None, None, None, 1, 2, 3]
    assert [day.on.day for day in weeks[-1] if day] == [25, 26, 27, 28, 29, 30, 31]
    assert {len(week) for week in weeks} == {7}
    closed = {day.on.day: day.closed for week in weeks for day in week if day and day.closed}
    assert set(closed) == {1, 19}
    assert "Martin Luther King" in str(closed[19])


def test_it_is_narrowed_to_an_office_and_to_a_lead(house: House):
    scheduled(house, date(2026, 1, 8), date(2026, 1, 8))

    assert entries(of(PAM, office="ATL")) == entries(of(PAM, lead=IRIS.id)) == [(8, "begins")]
    assert entries(of(PAM, office="BOS")) == entries(of(PAM, office="none")) == []
    assert entries(of(PAM, lead=IVAN.id)) == []
    assert leads(SAM, JANUARY) == [(IRIS.id, "Iris Inspector")]
    assert leads(HAL, JANUARY) == leads(SAM, date(2028, 1, 1)) == []


def test_a_month_says_when_it_is_not_whole(house: House, sign_in, monkeypatch: pytest.MonkeyPatch):
    planned(house, due_on=date(2026, 1, 15))
    planned(house, model="JEM", due_on=date(2026, 1, 16))
    assert of(MAX).is_whole

    monkeypatch.setattr("workflow.inspections.month.MOST", 1)

    assert (of(MAX).is_whole, entries(of(MAX))) == (False, [(15, "due")])
    assert "More than 1 inspections" in sign_in(MAX).get("/inspections/calendar").text


def test_a_month_and_who_leads_in_it_are_one_query_each(house: House):
    scheduled(house, date(2026, 1, 8), date(2026, 1, 8))
    planned(house, model="JEM", due_on=date(2026, 1, 16))
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        of(PAM), leads(PAM, JANUARY)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(statements) == 2, statements


# --- the page -----------------------------------------------------------------------------------


def read(page) -> str:
    """The words of the main part of a page."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", main)).replace(" ,", ",")


@pytest.mark.parametrize(
    "query",
    ["", "month=2026-01", "month=2026-13", "month=9999-12", "month=0001-01", "month=zz&office=zz&lead=0"],
)
def test_the_page_says_each_day_whatever_the_address(house: House, sign_in, query: str):
    inspection_at(house, State.SCHEDULED, due_on=TODAY + timedelta(days=10))

    page = sign_in(SAM).get(f"/inspections/calendar?{query}")

    said = read(page)
    assert page.status_code == 200
    assert "Inspections in January 2026" in said
    assert "Monday, 5 Jan 2026 (today)" in said
    assert "WSO: begins, until 7 Jan 2026, remote Iris Inspector. Scheduled" in said
    assert "Thursday, 15 Jan 2026" in said
    assert "WSO: due" in said


def test_what_it_is_narrowed_to_stands_in_its_heading_and_goes_along(house: House, sign_in):
    scheduled(house, date(2026, 1, 8), date(2026, 1, 8))
    browser = sign_in(PAM)

    page = browser.get(f"/inspections/calendar?month=2026-01&office=ATL&lead={IRIS.id}")

    assert "Inspections in January 2026: Atlanta, led by Iris Inspector" in read(page)
    assert f"month=2026-02&amp;office=ATL&amp;lead={IRIS.id}" in page.text
    assert '?month=2026-01&amp;office=ATL"' in page.text
    mine = read(browser.get("/inspections/calendar?lead=me"))
    assert "Inspections in January 2026: led by Pam Programme" in mine
    assert "Nothing in January 2026 matches these filters." in mine


def test_an_empty_month_says_so(house: House, sign_in):
    assert "Nothing is scheduled or due in January 2026" in read(sign_in(SUE).get("/inspections/calendar"))
    assert sign_in(CARL).get("/inspections/calendar").status_code == 404


def test_the_month_is_gone_through_with_single_keys(house: House, sign_in):
    planned(house, due_on=date(2026, 1, 15))

    page = sign_in(SAM).get("/inspections/calendar").text

    assert page.count("data-row") == page.count("data-open") == 1
    assert 'data-key="p"' in page
    assert 'data-key="n"' in page
    assert "turn the month" in page
