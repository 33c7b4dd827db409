"""Whoever is switched off leaves no task behind that nobody would see."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.cast import ADA, ALDER, ANN, AXEL, MONDAY, RAY, RUTH, SAM
from workflow.cases import task_moves
from workflow.cases.models import Task
from workflow.cases.recusals import Recusal
from workflow.complaints.service import Told, receive
from workflow.db.session import session, transaction
from workflow.engine.actors import Role
from workflow.people import service


@pytest.fixture
def task(ctx, house):
    """A task of a reviewer, claimed by Ruth."""
    told = Told(channel="telephone", words={"narrative": "Words."}, agency_id=ALDER)
    received = receive(house, told, ANN, pepper=bytes(range(32)), form_key="leaving", now=MONDAY)
    found = session().scalars(select(Task).where(Task.reference == received.reference)).first()
    assert found is not None
    with transaction():
        session().execute(update(Task).where(Task.id == found.id).values(role=Role.REVIEWER))
    session().expire_all()
    task_moves.move(house, RUTH, found.reference, found.number, "claim", seen=found.move_count, now=MONDAY)
    return session().get(Task, found.id)


def leave(successor=None):
    service.switch_off(RUTH.id, successor_id=successor and successor.id, by=ADA, now=MONDAY)
    session().expire_all()


def test_the_successor_gets_the_task(task):
    leave(RAY)

    assert (task.holder_id, task.state) == (RAY.id, "assigned")
    assert (task.moves[-1].verb, task.moves[-1].actor_id) == ("hand_over", ADA.id)
    assert task.move_count == len(task.moves)


def test_without_a_successor_it_waits_for_anybody(task):
    leave()

    assert (task.holder_id, task.state) == (None, "open")
    assert task.moves[-1].verb == "give_back"


@pytest.mark.parametrize("successor", [SAM, AXEL])
def test_whoever_lacks_the_role_does_not_get_it(task, successor):
    leave(successor)

    assert task.holder_id is None


def test_a_recusal_wins(task):
    with transaction() as writing:
        writing.add(
            Recusal(
                case_id=task.case_id, person_id=RAY.id, declared_by_id=RAY.id, reason="relative", at=MONDAY
            )
        )

    leave(RAY)

    assert task.holder_id is None


def test_a_closed_task_keeps_its_holder(task):
    with transaction() as writing:
        writing.execute(update(Task).where(Task.id == task.id).values(closed_at=MONDAY, state="done"))

    leave(RAY)

    assert task.holder_id == RUTH.id
