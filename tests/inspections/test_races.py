"""Several people at one inspection at once: every promise holds, nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from tests.cast import IRIS, IVAN, MONDAY, PAM
from tests.inspections.walk import BASIS, DUE, agreement, inspection, inspection_at
from workflow.cases.kinds import House
from workflow.cases.verify import verify
from workflow.db.session import db, session
from workflow.engine.machine import Refused
from workflow.inspections import service
from workflow.inspections.answers import Given, answer_items, operations_on
from workflow.inspections.facts import State
from workflow.inspections.models import Inspection

AT_ONCE = 6


def race(app: Flask, act: Callable[[int], object]) -> list[object]:
    """Let several threads begin the same thing at the same moment; what came of each."""
    line = Barrier(AT_ONCE)

    def run(number: int) -> object:
        with app.app_context():
            try:
                line.wait(timeout=30)
                return act(number)
            except Refused as refused:
                return [r.code for r in refused.refusals]
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_planners_at_once_plan_one_inspection(ctx: Flask, house: House):
    agreement_id = agreement(house)
    session().remove()

    def plan(_number: int) -> object:
        return service.plan(house, agreement_id, due_on=DUE, basis=BASIS, actor=PAM, now=MONDAY).reference

    came = race(ctx, plan)

    references = session().scalars(select(Inspection.reference)).all()
    assert [c for c in came if isinstance(c, str)] == references
    assert len(references) == 1
    assert [c for c in came if not isinstance(c, str)] == [["none_under_way"]] * (AT_ONCE - 1)


def test_sections_answered_at_once_are_all_there(ctx: Flask, house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    before = inspection(reference).version
    session().remove()
    items = ("A1", "B1", "D1", "E1", "G1", "H1")

    def answer(number: int) -> object:
        somebody = IRIS if number % 2 else IVAN
        return answer_items(house, reference, somebody, {items[number]: Given("yes")}, now=MONDAY)

    came = race(ctx, answer)

    case = inspection(reference)
    assert not [c for c in came if isinstance(c, list)]
    assert {a.item for a in case.answers} == set(items)
    assert case.version == before + AT_ONCE
    assert [e.version for e in case.events] == list(range(1, case.version + 1))
    assert verify().breaks == ()


def test_answers_to_one_item_at_once_all_stand_beside_each_other(ctx: Flask, house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    session().remove()
    said = ("yes", "no", "not_seen")

    def answer(number: int) -> object:
        return answer_items(house, reference, IRIS, {"G1": Given(said[number % 3], "Seen")}, now=MONDAY)

    came = race(ctx, answer)

    [kept] = inspection(reference).answers
    standing = operations_on(house, inspection(reference), ["G1"])["G1"]
    assert not [c for c in came if isinstance(c, list)]
    assert kept.is_disputed
    assert {o.answer for o in standing} == set(said)
    assert {o.comment for o in standing} == {"Seen"}


def test_one_operation_sent_many_times_at_once_is_kept_once(ctx: Flask, house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    before = inspection(reference).version
    session().remove()

    def answer(_number: int) -> object:
        given = Given("no", "None hangs.", operation="0f" * 16)
        return answer_items(house, reference, IRIS, {"G1": given}, now=MONDAY)

    came = race(ctx, answer)

    case = inspection(reference)
    assert not [c for c in came if isinstance(c, list)]
    assert case.version == before + 1
    assert len(operations_on(house, case, ["G1"])["G1"]) == 1
