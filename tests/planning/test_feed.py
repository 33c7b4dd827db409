"""A calendar behind a secret address: what is in it, for whom it ends, and where it leaves no trace."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cast import ADA, AUDRA, CARL, IRIS, IVAN, MAX, MONDAY, RUTH, SAM, SUE
from tests.inspections.walk import DUE, go, inspection, inspection_at, planned
from tests.pages import PageClient
from tests.planning.reading_calendars import events_of
from workflow.cases.kinds import House
from workflow.cases.recusing import recuse
from workflow.db.session import session
from workflow.inspections.facts import State
from workflow.people.calendar_links import make_link
from workflow.people.models import CalendarLink
from workflow.people.service import end_role, switch_off

PEPPER = bytes(range(32))
MAKE = "/account/calendar-link"


def address(person) -> str:
    return f"/calendar-feed/{make_link(person.id, pepper=PEPPER, now=MONDAY)}.ics"


def made(browser: PageClient) -> str:
    """The address that the page shows after the button was pressed."""
    shown = browser.submit(browser.get("/account"), {}, to=MAKE)
    found = re.search(r"http://localhost(/calendar-feed/[\w-]{43}\.ics)", shown.text)
    assert shown.status_code == 200
    assert found
    return found[1]


# --- what is in it ------------------------------------------------------------------------------


def test_a_lead_finds_their_visits_and_no_word_more(house: House, client):
    reference = inspection_at(house, State.NOTIFIED)

    answer = client.get(address(IRIS))

    (event,) = events_of(answer.text)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert event == {
        "UID": f"{reference}-visit@plumbline",
        "DTSTAMP": "20260105T140000Z",
        "SEQUENCE": str(inspection(reference).version),
        "DTSTART;VALUE=DATE": "20260105",
        "DTEND;VALUE=DATE": "20260108",
        "SUMMARY": "Inspection: Alder County Sheriff's Office, WSO",
        "DESCRIPTION": f"{reference}. Everything else is in Plumbline.",
        "URL": f"http://localhost/inspections/{reference}",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "CLASS": "PRIVATE",
    }


def test_a_calendar_does_not_say_where_an_unannounced_visit_goes(house: House, client):
    reference = planned(house)
    go(house, reference, "schedule", unannounced=True)

    answer = client.get(address(IRIS))

    assert events_of(answer.text)[0]["SUMMARY"] == f"Inspection: {reference}"
    assert "Alder" not in answer.text


def test_a_supervisor_finds_what_is_due_until_it_is_scheduled(house: House, client):
    reference = planned(house)
    sams = address(SAM)

    (due,) = events_of(client.get(sams).text)
    go(house, reference, "schedule")

    assert (due["UID"], due["DTSTART;VALUE=DATE"]) == (f"{reference}-due@plumbline", f"{DUE:%Y%m%d}")
    assert (due["SUMMARY"].split(":")[0], due["TRANSP"]) == ("Inspection due", "TRANSPARENT")
    assert events_of(client.get(sams).text) == []


def test_a_visit_keeps_its_name_while_it_moves_and_is_cancelled(house: House, client):
    reference = planned(house)
    go(house, reference, "schedule", scheduled_on=date(2026, 1, 12), until_on=date(2026, 1, 13))
    iriss = address(IRIS)

    go(house, reference, "postpone", new_on=date(2026, 1, 20))
    (moved,) = events_of(client.get(iriss).text)
    go(house, reference, "cancel")
    (cancelled,) = events_of(client.get(iriss).text)

    assert moved["UID"] == cancelled["UID"] == f"{reference}-visit@plumbline"
    assert int(moved["SEQUENCE"]) < int(cancelled["SEQUENCE"])
    assert (moved["STATUS"], moved["DTSTART;VALUE=DATE"]) == ("TENTATIVE", "20260120")
    assert (moved["DTEND;VALUE=DATE"], cancelled["STATUS"]) == ("20260121", "CANCELLED")


def test_what_is_long_past_is_left_out(house: House, client, clock):
    inspection_at(house, State.NOTIFIED)
    clock.now = MONDAY + timedelta(days=100)

    assert events_of(client.get(address(IRIS)).text) == []


# --- whom it stops being open to ----------------------------------------------------------------


@pytest.mark.parametrize(("person", "state"), [(SAM, State.PLANNED), (IRIS, State.NOTIFIED)])
def test_whoever_may_not_see_an_inspection_any_more_does_not_find_it(house: House, client, person, state):
    reference = inspection_at(house, state)
    theirs = address(person)
    assert len(events_of(client.get(theirs).text)) == 1

    seen = inspection(reference).version
    recuse(house, reference, MAX, person.id, "relative", seen=seen, now=MONDAY)

    answer = client.get(theirs)
    assert (answer.status_code, events_of(answer.text)) == (200, [])


def test_an_address_is_shown_once_made_anew_and_ended(house: House, sign_in, client):
    browser = sign_in(IRIS)
    first = made(browser)
    assert client.get(first).status_code == 200

    second = made(browser)
    after_second = client.get(first).status_code, client.get(second).status_code
    account = browser.get("/account").text
    browser.submit(browser.get("/account"), {}, to=f"{MAKE}/end")

    assert after_second == (404, 200)
    assert "An address was made 5 Jan 2026" in " ".join(account.split())
    assert second.removesuffix(".ics").rpartition("/")[2] not in account
    assert client.get(second).status_code == 404
    assert "Make an address" in browser.get("/account").text


def test_an_address_ends_with_the_role_and_with_the_account(house: House, client):
    iriss, sues = address(IRIS), address(SUE)
    end_role(IRIS.id, next(iter(IRIS.roles)), by=ADA, now=MONDAY)
    switch_off(SUE.id, successor_id=SAM.id, by=ADA, now=MONDAY)

    assert client.get(iriss).status_code == client.get(sues).status_code == 404


@pytest.mark.parametrize("person", [CARL, ADA, AUDRA, RUTH], ids=lambda p: p.name)
def test_whoever_leads_no_inspection_has_no_calendar_to_give_away(house: House, sign_in, client, person):
    browser = sign_in(person)

    assert "calendar" not in browser.get("/account").text
    assert browser.submit(browser.get("/account"), {}, to=MAKE).status_code in (403, 404)
    assert client.get(address(person)).status_code == 404


def test_only_a_keyed_hash_of_the_address_is_kept(house: House, client):
    path = address(SAM)

    row = session().scalars(select(CalendarLink)).one()

    assert path.removesuffix(".ics").rpartition("/")[2] not in str(vars(row).values())
    assert client.get(f"/calendar-feed/{row.fingerprint}.ics").status_code == 404
    assert client.get(path).status_code == 200


# --- too often, and in no log -------------------------------------------------------------------


def test_an_address_asked_too_often_waits_and_another_does_not(house: House, client, clock):
    iriss, sams = address(IRIS), address(SAM)
    answers = [client.get(iriss).status_code for _ in range(32)]

    waiting = client.get(iriss)

    assert set(answers[:30]) == {200}
    assert (waiting.status_code, client.get(sams).status_code) == (429, 200)
    clock.now = MONDAY + timedelta(seconds=int(waiting.headers["Retry-After"]) + 1)
    assert client.get(iriss).status_code == 200


def test_guessing_waits_and_shuts_nobody_out(house: House, client):
    guesses = [client.get(f"/calendar-feed/guess-{n}.ics").status_code for n in range(32)]

    assert (set(guesses[:30]), guesses[-1]) == ({404}, 429)
    assert client.get(address(IRIS)).status_code == 200


def test_the_address_is_written_to_no_log(house: House, client, caplog: pytest.LogCaptureFixture):
    path = address(IVAN)
    with caplog.at_level(logging.DEBUG):
        statuses = {client.get(path).status_code for _ in range(32)}
        client.get(path.replace("/calendar-feed/", "/calendar-feed/x"))

    assert statuses == {200, 429}
    assert "planning.feed" in caplog.text
    assert path.removesuffix(".ics").rpartition("/")[2] not in caplog.text


@pytest.mark.parametrize("place", ["/calendar-feed/", "/invitation/"])
def test_the_proxy_we_deliver_writes_down_no_secret_address(app, place: str):
    written = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
    block = written.partition(f"location {place} {{")[2].partition("}")[0]

    assert any(rule.rule.startswith(place) for rule in app.url_map.iter_rules())
    assert "access_log off;" in block
    assert "error_log /dev/null crit;" in block
