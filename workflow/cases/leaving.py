"""What becomes of the tasks of somebody who leaves, the office or one case. No account is touched here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from workflow.cases import sealed
from workflow.cases.kinds import House
from workflow.cases.models import Case, Task, TaskMove
from workflow.cases.task_machine import TASK, State
from workflow.cases.task_moves import could_take
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.people.models import Person

WHY = "Their account was switched off."


def pass_on(house: House, person_id: int, successor_id: int | None, by: Actor, now: datetime) -> None:
    """Give open tasks to the successor where they may hold them; the others wait for anybody of the role.

    Runs inside the transaction that switches the account off. A task that waits for an approval stays.
    """
    heir = session().get(Person, successor_id) if successor_id else None
    for task in _held_by(person_id):
        _pass(house, task, heir if heir and could_take(task, heir, now=now) else None, by, WHY, now)


def give_back(house: House, case: Case, person_id: int, by: Actor, why: str, *, now: datetime) -> int:
    """Give back what somebody holds of one case, for anybody of the role. How many tasks.

    Runs inside the transaction that takes the case out of their hands.
    """
    held = list(_held_by(person_id, case.id))
    for task in held:
        _pass(house, task, None, by, why, now)
    return len(held)


def _pass(house: House, task: Task, heir: Person | None, by: Actor, why: str, now: datetime) -> None:
    verb = "hand_over" if heir else "give_back"
    step = TASK.step(verb)
    assert step is not None
    if State(task.state) not in step.sources:
        return
    source, task.state = task.state, step.lands_in(State(task.state))
    task.holder_id = heir.id if heir else None
    task.hand_overs += verb == "hand_over"
    task.move_count += 1
    task.moves.append(
        TaskMove(
            verb=verb,
            source=source,
            target=task.state,
            actor_id=by.id,
            holder_id=task.holder_id,
            reason=sealed.keep_reason(task, why, house.keyring),
            at=now,
        )
    )


def _held_by(person_id: int, case_id: int | None = None) -> Iterable[Task]:
    open_ones = select(Task).where(Task.holder_id == person_id, Task.closed_at.is_(None))
    if case_id is not None:
        open_ones = open_ones.where(Task.case_id == case_id)
    return session().scalars(open_ones.order_by(Task.id).with_for_update()).all()
