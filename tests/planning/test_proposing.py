"""A schedule proposed for an office on record: read, shown, accepted, and by two planners at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event

from tests.cast import ATLANTA, AUDRA, BIRCH, BOB, BOSTON, IRIS, IVAN, MAX, MONDAY, SAM, SUE
from tests.inspections.walk import agreement, go, inspection, planned
from tests.pages import PageClient
from workflow.cases.kinds import House
from workflow.cases.recusing import recuse
from workflow.db.session import db, session
from workflow.engine.actors import Actor
from workflow.inspections.facts import State
from workflow.people.leave import give_days, note_leave
from workflow.planning.proposal import Greedy, Kept, Proposal
from workflow.planning.proposal_accepting import GONE, Outcome, Row, accept
from workflow.planning.proposal_reading import Desk, desk
from workflow.planning.quarters import Quarter, quarter_named, quarter_of

TODAY = MONDAY.date()
SPRING = Quarter(2026, 1)
#: The agency is told thirty days before: no visit of this quarter begins earlier.
TOLD = date(2026, 2, 4)
PAGE = "/planning/proposal?office=1&quarter=2026-1"


def asked(actor: Actor = SUE, **more) -> Desk:
    return desk(actor, ATLANTA, SPRING, today=TODAY, **more)


def proposed(actor: Actor = SUE, **more) -> Proposal:
    return Greedy().propose(asked(actor, **more).asked)


def row_of(here: Desk, key: str, lead: Actor, begins: date) -> Row:
    return Row(here.about[key], key, here.about[key].version, lead.id, begins)


def accepted(house: House, *rows: Row, by: Actor = SUE) -> list[Outcome]:
    return accept(house, by, ATLANTA, rows, now=MONDAY)


# --- what is asked --------------------------------------------------------------------------------


def test_a_planned_inspection_is_proposed_within_its_window_by_who_may_lead(house: House):
    reference = planned(house)

    (placed,) = proposed().assignments

    assert (placed.visit.key, placed.begins, placed.lead.id) == (reference, TOLD, SUE.id)
    able = {one.id for one in asked().asked.leads}
    assert able == {SAM.id, SUE.id, IRIS.id, IVAN.id}
    assert placed.visit.supervisor_id == SAM.id


def test_leave_and_the_days_somebody_gives_move_the_proposal(house: House):
    planned(house)
    for away in (SUE, IRIS):
        note_leave(away.id, TOLD, date(2026, 2, 6), today=TODAY)
    give_days(IVAN.id, 0)

    (placed,) = proposed().assignments

    assert placed.begins == date(2026, 2, 9)
    assert placed.lead.id in (SUE.id, IRIS.id)


def test_whoever_is_recused_or_led_twice_is_left_out(house: House):
    reference = planned(house)
    recuse(house, reference, MAX, IRIS.id, "witness", seen=None, now=MONDAY)

    assert {IRIS.id} <= proposed().assignments[0].visit.recused
    kept = {reference: Kept(IRIS.id, TOLD)}
    (refused,) = proposed(kept=kept).unplaced
    assert refused.why.endswith("which cannot be: Iris Inspector: recused.")


def test_one_that_is_scheduled_stays_and_its_days_are_taken(house: House):
    first, second = planned(house), planned(house, agency_id=BIRCH)
    go(house, first, "schedule", scheduled_on=TOLD, until_on=date(2026, 2, 6))

    here = asked(kept={second: Kept(IRIS.id, TOLD)})
    (refused,) = Greedy().propose(here.asked).unplaced

    assert [(b.reference, b.lead) for b in here.stays] == [(first, IRIS.name)]
    assert "has another visit on 4 February 2026" in refused.why


def test_an_inspection_that_is_not_opened_yet_is_opened_by_accepting(house: House):
    agreement(house)
    here = asked()
    (key,) = here.about

    (came,) = accepted(house, row_of(here, key, IVAN, TOLD))

    assert came.reference is not None
    case = inspection(came.reference)
    assert key.startswith("G-")
    assert (case.state, case.owner_id, case.scheduled_on) == (State.SCHEDULED, IVAN.id, TOLD)
    assert (case.mode, case.until_on) == ("assisted_self", date(2026, 3, 5))
    assert [(e.verb, e.actor_id) for e in case.events] == [("plan", 1), ("schedule", SUE.id)]
    assert asked().about == {}


def test_what_is_refused_leaves_nothing_behind_and_the_rest_is_done(house: House):
    agreement(house)
    other = planned(house, agency_id=BIRCH)
    here = asked()
    unopened = next(key for key in here.about if key != other)

    refused, done = accepted(
        house, row_of(here, unopened, SAM, TOLD), row_of(here, other, IVAN, date(2026, 2, 9))
    )

    assert refused.refused == ("Whoever supervises this agreement does not inspect it.",)
    assert done.reference == other
    assert set(asked().about) == {unopened}


def test_two_planners_one_after_the_other_never_book_twice(house: House):
    first, second = planned(house), planned(house, agency_id=BIRCH)
    before = asked()

    accepted(house, row_of(before, first, IRIS, TOLD))
    again, same_day = accepted(
        house, row_of(before, first, IVAN, TOLD), row_of(before, second, IRIS, TOLD), by=SAM
    )

    assert again.refused == (GONE,)
    assert same_day.refused == ("Iris Inspector has another visit on 4 February 2026.",)
    assert inspection(first).owner_id == IRIS.id
    assert inspection(second).state == State.PLANNED


def test_two_planners_at_the_same_moment_book_a_day_once(ctx: Flask, house: House):
    references = [planned(house), planned(house, agency_id=BIRCH)]
    here = asked()
    rows = [row_of(here, reference, IRIS, TOLD) for reference in references]
    session().remove()
    line = Barrier(2)

    def run(number: int) -> list[Outcome]:
        with ctx.app_context():
            try:
                line.wait(timeout=30)
                return accepted(house, rows[number], by=(SUE, SAM)[number])
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        came = [one for outcomes in pool.map(run, range(2)) for one in outcomes]

    assert sorted(one.refused for one in came) == [
        (),
        ("Iris Inspector has another visit on 4 February 2026.",),
    ]
    states = sorted(inspection(reference).state for reference in references)
    assert states == [State.PLANNED, State.SCHEDULED]


@pytest.mark.usefixtures("house")
def test_a_desk_costs_the_same_however_much_is_on_it(house: House):
    def cost() -> int:
        statements: list[str] = []
        listen = lambda *about: statements.append(about[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        asked()
        event.remove(db.engine, "before_cursor_execute", listen)
        return len([one for one in statements if one.startswith("SELECT")])

    planned(house)
    agreement(house, agency_id=BIRCH)
    asked()
    few = cost()
    for model in ("JEM",):
        agreement(house, model)
        planned(house, model=model, agency_id=BIRCH, due_on=date(2026, 3, 4))

    assert cost() == few <= 20


# --- pages ----------------------------------------------------------------------------------------


def test_a_planner_sees_why_changes_a_row_and_accepts(house: House, sign_in):
    first, second = planned(house), planned(house, agency_id=BIRCH)
    planner: PageClient = sign_in(SUE)
    shown = planner.get(PAGE)
    assert "Trained for WSO, with no day of visits in this quarter before" in shown.text
    assert "Nothing happens before you accept it" in shown.text

    typed = {
        "row": [first, second],
        "tick": [first],
        f"lead-{first}": str(IVAN.id),
        f"begins-{first}": "2026-02-11",
    }
    again = planner.submit(shown, {**typed, "do": "again"}, to=PAGE)
    kept = planner.get(again.location)
    came = planner.submit(kept, {**typed, "do": "accept"}, to=PAGE)

    assert f"{first}~{IVAN.id}~2026-02-11" in again.location.replace("%7E", "~")
    assert "You kept it for Ivan Inspector." in kept.text
    assert "1 inspection is scheduled" in came.text
    assert (inspection(first).owner_id, inspection(first).scheduled_on) == (IVAN.id, date(2026, 2, 11))
    assert inspection(second).state == State.PLANNED


def test_a_day_nobody_can_read_is_refused_at_its_row_and_nothing_typed_is_lost(house: House, sign_in):
    reference = planned(house)
    planner: PageClient = sign_in(SUE)

    typed = {"tick": [reference], f"lead-{reference}": str(IVAN.id), f"begins-{reference}": "soon"}
    refused = planner.submit(planner.get(PAGE), {**typed, "do": "accept"}, to=PAGE)

    assert refused.status_code == 422
    assert "Write the first day as 2026-01-31." in refused.text
    assert 'value="soon"' in refused.text
    assert f'<option value="{IVAN.id}" selected>' in refused.text
    assert inspection(reference).state == State.PLANNED


def test_only_planners_accept_and_only_where_they_work(house: House, sign_in):
    planned(house)

    assert "Accept what is ticked" not in sign_in(AUDRA).get(PAGE).text
    manager = sign_in(MAX)
    assert manager.submit(manager.get(PAGE), {}, to=PAGE).status_code == 403
    assert "Choose an office" in sign_in(BOB).get(PAGE).text
    assert sign_in(BOB).get(f"/planning/proposal?office={BOSTON}&quarter=2026-1").status_code == 200


def test_somebody_notes_days_away_and_takes_them_back(sign_in):
    iris: PageClient = sign_in(IRIS)
    days = {"from_on": "2026-02-04", "until_on": "2026-02-06"}

    iris.submit(iris.get("/account/leave"), days, to="/account/leave")
    twice = iris.submit(iris.get("/account/leave"), days, to="/account/leave")
    backwards = iris.submit(
        iris.get("/account/leave"), {**days, "until_on": "2026-02-01"}, to="/account/leave"
    )
    week = iris.submit(iris.get("/account/leave"), {"visit_days": "2"}, to="/account/visit-days")
    page = iris.get("/account/leave")

    assert "You are noted as away on some of these days already." in twice.text
    assert "This is before the first day." in backwards.text
    assert week.status_code == 302
    assert "Be there from 4 " in page.text
    assert 'value="2"' in page.text
    number = page.text.split("/account/leave/")[1].split("/")[0]
    iris.submit(page, {}, to=f"/account/leave/{number}/take-back")
    assert "You are not noted as away" in iris.get("/account/leave").text


def test_quarters_are_named_by_year_and_number():
    assert quarter_of(date(2026, 3, 31)) == SPRING
    assert (SPRING.first, SPRING.last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert SPRING.after(5) == Quarter(2027, 2)
    assert quarter_named("2026-1") == SPRING
    assert [quarter_named(wrong) for wrong in ("", "2026-5", "1926-1", "2026-1x")] == [None] * 4
