"""A lead is at one jail a day: said on the page, and held when two planners schedule at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from tests.cast import BIRCH, IRIS, IVAN, MONDAY, SAM, SUE
from tests.inspections.walk import ask, go, inspection, planned
from workflow.cases.kinds import House
from workflow.db.session import db, session
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.inspections.facts import State

DAYS: dict[str, Any] = {"mode": "on_site", "scheduled_on": date(2026, 1, 12), "until_on": date(2026, 1, 14)}
LATER: dict[str, Any] = {"mode": "on_site", "scheduled_on": date(2026, 1, 14), "until_on": date(2026, 1, 15)}


def two(house: House) -> list[str]:
    return [planned(house), planned(house, agency_id=BIRCH)]


def refused(house: House, reference: str, **visit: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as caught:
        ask(house, reference, "schedule", by=SUE, **visit)
    return [(r.code, r.field) for r in caught.value.refusals]


def test_who_is_at_a_jail_is_not_sent_to_another_on_that_day(house: House):
    first, second = two(house)
    ask(house, first, "schedule", by=SAM, lead=IRIS.id, **DAYS)

    assert refused(house, second, lead=IRIS.id, **LATER) == [("lead_is_free", "lead")]
    ask(house, second, "schedule", by=SUE, lead=IVAN.id, **LATER)
    assert inspection(second).owner_id == IVAN.id


def test_a_visit_from_afar_takes_nobody_away(house: House):
    first, second = two(house)
    ask(house, first, "schedule", by=SAM, lead=IRIS.id, **{**DAYS, "mode": "remote"})

    ask(house, second, "schedule", by=SUE, lead=IRIS.id, **LATER)
    assert inspection(second).state == State.SCHEDULED


def test_days_are_free_again_once_the_visit_is_put_off(house: House):
    first, second = two(house)
    ask(house, first, "schedule", by=SAM, lead=IRIS.id, **DAYS)
    go(house, first, "postpone", new_on=date(2026, 2, 2))

    ask(house, second, "schedule", by=SUE, lead=IRIS.id, **LATER)
    assert inspection(second).state == State.SCHEDULED


def test_two_planners_at_the_same_moment_send_nobody_to_two_jails(ctx: Flask, house: House):
    references, planners, line = two(house), (SAM, SUE), Barrier(2)
    session().remove()

    def run(reference: str, planner: Actor) -> str:
        with ctx.app_context():
            try:
                line.wait(timeout=30)
                ask(house, reference, "schedule", by=planner, lead=IRIS.id, now=MONDAY, **DAYS)
            except Refused as no:
                return no.refusals[0].code
            finally:
                db.session.remove()
            return "scheduled"

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(run, references, planners))

    assert came == ["lead_is_free", "scheduled"]
    assert sorted(inspection(r).state for r in references) == [State.PLANNED, State.SCHEDULED]
