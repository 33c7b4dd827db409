"""A flood at the public door: everybody gets in, nothing is lost, and what matters is not buried in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.cast import ANN, AUDRA, CARL, LEO, MAX, MONDAY, RUTH
from tests.complaints.door import answer, send, tell, write
from tests.complaints.walk import PEPPER, complaint
from tests.conftest import Clock
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.complaints import floods
from workflow.complaints.floods import QUIET, FloodMark, look
from workflow.complaints.models import Complaint
from workflow.complaints.service import Told, receive
from workflow.complaints.triage_list import Wanted, how_many, how_many_and_apart
from workflow.db.session import session
from workflow.engine.actors import PUBLIC, Actor
from workflow.engine.machine import Refused
from workflow.web.limits import ALIKE, AROUND, DRAFTS, EVERYWHERE, REPORTS

SignIn = Callable[[Actor], PageClient]
HERE, NEAR = "127.0.0.0/24", "127.0.0.0/16"


def browser(app: Flask, address: str = "127.0.0.1") -> PageClient:
    app.test_client_class = PageClient
    made = app.test_client()
    assert isinstance(made, PageClient)
    made.environ_base["REMOTE_ADDR"] = address
    return made


def flood(count: int, *, network: str = HERE, around: str = NEAR, said: str = "") -> None:
    """So many reports of a network, counted as at the door."""
    for n in range(count):
        look(network, around, said or f"report {n} of {network}", now=MONDAY)


def taken(house: House, count: int, *, apart: str) -> list[str]:
    """So many reports that came in a flood."""
    return [
        receive(
            house,
            Told(channel="web", words={"narrative": f"Nothing happened, {n}."}, apart=apart),
            PUBLIC,
            pepper=PEPPER,
            form_key=f"flood {n}",
            now=MONDAY,
        ).reference
        for n in range(count)
    ]


# --- who gets in ----------------------------------------------------------------------------------


def test_thirty_people_of_one_shelter_report_within_an_hour_and_nobody_waits(app: Flask, ctx: Flask):
    told = [tell(browser(app), narrative=f"What happened to person {n}.") for n in range(30)]

    assert len({reference for reference, _ in told}) == 30
    assert session().scalars(select(FloodMark)).all() == []


def test_who_sends_few_waits_for_nobody_else_however_many_others_send(app: Flask, ctx: Flask):
    for n in range(EVERYWHERE.free // 50 + 1):
        flood(50, network=f"10.{n}.0.0/24", around=f"10.{n}.0.0/16")
    flood(AROUND.free, network="127.0.9.0/24")

    looks = [look(HERE, NEAR, f"mine {n}", now=MONDAY) for n in range(QUIET + 1)]

    assert [each.wait for each in looks[:QUIET]] == [timedelta(0)] * QUIET
    assert looks[QUIET].wait == AROUND.most


def test_the_wait_grows_to_half_a_minute_and_no_further(ctx: Flask):
    flood(REPORTS.free - 1)

    waits = [look(HERE, NEAR, f"more {n}", now=MONDAY).wait.total_seconds() for n in range(7)]

    assert waits == [2, 4, 8, 16, 30, 30, 30]


def test_whoever_waited_for_a_turn_has_it_whatever_others_send_meanwhile(
    app: Flask, client: PageClient, clock: Clock
):
    with app.app_context():
        flood(REPORTS.free + 9)
    write(client, narrative="They laughed.")
    slowed = send(client)
    early = client.submit(slowed, {}, to="/report/check")
    with app.app_context():
        flood(200)

    clock.now += timedelta(seconds=int(slowed.headers["Retry-After"]))
    sent = client.submit(slowed, {}, to="/report/check")

    assert (slowed.status_code, early.status_code, sent.status_code) == (429, 429, 302)
    assert early.headers["Retry-After"] == slowed.headers["Retry-After"] == "30"
    assert sent.location == "/report/received"


def test_who_begins_too_many_reports_keeps_what_was_typed(app: Flask, ctx: Flask):
    for _ in range(DRAFTS.free):
        answer(browser(app), "what", {"narrative": "x"})

    slowed = answer(browser(app), "what", {"narrative": "They laughed."})
    elsewhere = answer(browser(app, "198.51.100.7"), "what", {"narrative": "They laughed."})

    assert (slowed.status_code, elsewhere.status_code) == (429, 302)
    assert "They laughed.</textarea>" in slowed.text
    assert 0 < int(slowed.headers["Retry-After"]) <= DRAFTS.most.total_seconds()


# --- what is set apart ----------------------------------------------------------------------------


def test_what_came_in_a_flood_is_marked_with_the_reason(ctx: Flask):
    flood(ALIKE.free, network="10.1.0.0/24", around="10.1.0.0/16", said="One  letter for ALL")
    alike = look("10.2.0.0/24", "10.2.0.0/16", "one letter for all", now=MONDAY)
    flood(REPORTS.free)
    network = look(HERE, NEAR, "mine", now=MONDAY)
    flood(AROUND.free, network="10.3.1.0/24", around="10.3.0.0/16")
    around = look("10.3.2.0/24", "10.3.0.0/16", "another", now=MONDAY)
    fresh = look("10.4.0.0/24", "10.4.0.0/16", "mine as well", now=MONDAY)

    assert (alike.why, network.why, around.why, fresh.why) == ("alike", "network", "around", "")
    assert alike.wait == around.wait == timedelta(0)


def test_what_is_set_apart_is_a_complaint_like_any_other(client: PageClient, house: House):
    flood(REPORTS.free)
    page_before = client.get("/report/status").status_code
    write(client, narrative="They laughed.")
    slowed = send(client)
    house_clock = client.application.extensions["clock"]
    house_clock.now += timedelta(seconds=30)
    client.submit(slowed, {}, to="/report/check")
    page = client.get("/report/received").text

    [mark] = session().scalars(select(FloodMark)).all()
    case = session().get_one(Complaint, mark.complaint_id)
    assert (page_before, mark.why) == (200, "network")
    assert "flood" not in page
    assert "We have saved what you told us." in page
    assert [e.verb for e in case.events] == ["receive", "set_apart"]
    assert {c.name for c in case.clocks if c.due_at} >= {"resolve"}
    assert session().scalars(select(Task.kind).where(Task.case_id == case.id)).all() == ["received"]


def test_it_stands_in_a_list_of_its_own_and_its_number_beside_the_others(sign_in: SignIn, house: House):
    apart = taken(house, 3, apart="network")
    session().rollback()
    real, _ = tell(sign_in(ANN), narrative="They broke his arm.")

    ruth = sign_in(RUTH)
    others, own = ruth.get("/complaints/triage").text, ruth.get("/complaints/triage?apart=yes").text

    assert real in others
    assert "3 came in a flood and are set apart." in others
    assert not [reference for reference in apart if reference in others]
    assert [reference for reference in apart if reference in own] == apart
    assert real not in own
    assert how_many_and_apart(RUTH, Wanted()) == (1, 3)


def test_one_that_is_real_is_put_among_the_others_once_and_by_name(sign_in: SignIn, house: House):
    [reference] = taken(house, 1, apart="alike")
    session().rollback()
    ruth = sign_in(RUTH)

    for _ in range(2):
        ruth.send("/complaints/triage?apart=yes", {}, to=f"/complaints/{reference}/triage/put-back?apart=yes")

    last = complaint(reference).events[-1]
    assert (last.verb, last.codes, last.actor_id) == ("put_back", {"why": "alike"}, RUTH.id)
    assert [e.verb for e in complaint(reference).events].count("put_back") == 1
    assert how_many(RUTH, Wanted()) == 1
    assert "Put among the others" in ruth.get(f"/complaints/{reference}").text


@pytest.mark.parametrize(("who", "status"), [(MAX, 403), (AUDRA, 403), (CARL, 404)])
def test_who_does_not_triage_puts_nothing_back(sign_in: SignIn, house: House, who: Actor, status: int):
    [reference] = taken(house, 1, apart="alike")
    session().rollback()

    refused = sign_in(who).send("/account", {}, to=f"/complaints/{reference}/triage/put-back")

    assert refused.status_code in (status, 404)
    assert how_many(RUTH, Wanted(apart=True)) == 1


@pytest.mark.parametrize("change", ["DELETE FROM flood_mark", "UPDATE flood_mark SET why = 'other'"])
def test_the_database_keeps_the_mark(house: House, change: str):
    taken(house, 1, apart="alike")
    session().rollback()

    with pytest.raises(DBAPIError):
        session().execute(text(change))
    session().rollback()

    assert session().scalar(select(func.count()).select_from(FloodMark)) == 1


def test_no_address_and_no_word_of_a_report_is_kept_by_what_counts_them(ctx: Flask):
    flood(3, said="They laughed at the question.")

    rows = session().execute(text("SELECT key FROM rate_limit")).scalars().all()

    assert len(rows) == 4
    assert {len(key) for key in rows} == {64}


def test_who_is_not_allowed_to_is_refused_below_the_page_as_well(house: House):
    [reference] = taken(house, 1, apart="alike")

    with pytest.raises(Refused, match="role"):
        floods.put_back(house, reference, LEO, now=MONDAY)
