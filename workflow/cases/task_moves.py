"""Moving a task: claim, give back, hand over, block. Decided by the task machine, and logged."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from workflow.cases import sealed, tasks
from workflow.cases.access import NotThere, case_for, may_see, workable
from workflow.cases.calendars import in_zone
from workflow.cases.history import recused_from
from workflow.cases.kinds import House
from workflow.cases.models import Task, TaskMove
from workflow.cases.task_machine import MANAGER, TASK, WAITING_FOR, State, TaskFacts
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import NOTHING, Answers, Offer, Stale, decide, offers
from workflow.people.models import Person
from workflow.people.queries import holding


def task_for(actor: Actor, reference: str, number: int, *, lock: bool = False) -> Task:
    """A task this person can work on, or manages. Raises `NotThere` for hidden and missing alike."""
    case = case_for(actor, reference)
    query = select(Task).where(Task.case_id == case.id, Task.number == number)
    if not actor.roles & MANAGER:
        query = query.where(workable(actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session().scalar(query)
    if found is None:
        raise NotThere(f"{reference}/{number}")
    return found


def facts_of(task: Task) -> TaskFacts:
    """The task as its rules see it; its version counts its moves."""
    by: dict[str, frozenset[int]] = {}
    for move in task.moves:
        by[move.verb] = by.get(move.verb, frozenset()) | {move.actor_id}
    out = recused_from(task.case_id)
    return TaskFacts(
        state=State(task.state),
        version=task.move_count,
        role=Role(task.role),
        holder_id=task.holder_id,
        is_notice=task.kind == "notice",
        done_by=by,
        recused=frozenset(out),
        let_in={person_id: until for person_id, until in out.items() if until is not None},
    )


def moves_open(task: Task, actor: Actor, *, now: datetime) -> tuple[Offer[Any, Any], ...]:
    """The moves this person may make."""
    if task.closed_at is not None:
        return ()
    return tuple(o for o in offers(TASK, facts_of(task), actor, now) if o.open)


def could_hold(task: Task, *, now: datetime) -> list[tuple[str, str]]:
    """Who could take the task: active people of its role who see its case. A query for each of the role."""
    return [(str(p.id), p.name) for p in holding(Role(task.role)) if could_take(task, p, now=now)]


def could_take(task: Task, person: Person, *, now: datetime) -> bool:
    """Whether somebody has the role of a task and may see its case, of which its row in a queue tells."""
    return task.role in person.held and may_see(person.actor_at(now=now), task.case_id)


@retried
def move(
    house: House,
    actor: Actor,
    reference: str,
    number: int,
    verb: str,
    answers: Answers = NOTHING,
    *,
    seen: int,
    now: datetime,
) -> Task:
    """Make one move. Raises `NotThere`, `LookupError` for an unknown verb, `Stale` or `Refused`."""
    step = TASK.step(verb)
    if step is None or step.is_entry:
        raise LookupError(verb)
    with transaction():
        task = task_for(actor, reference, number, lock=True)
        if task.closed_at is not None:
            raise Stale("the task is closed")
        decision = decide(TASK, facts_of(task), step, actor, answers, seen=seen, now=now)
        _change(task, decision.target, verb, decision.answers, actor, now)
        task.move_count += 1
        task.moves.append(
            TaskMove(
                verb=verb,
                source=decision.source,
                target=decision.target,
                actor_id=actor.id,
                holder_id=task.holder_id,
                reason=sealed.keep_reason(task, decision.answers.get("reason"), house.keyring),
                at=now,
            )
        )
    return task


def _change(task: Task, target: State, verb: str, answers: Answers, actor: Actor, now: datetime) -> None:
    task.state = target
    match verb:
        case "claim":
            task.holder_id = actor.id
        case "give_back":
            task.holder_id = None
        case "assign" | "hand_over":
            task.hand_overs += verb == "hand_over"
            task.holder_id = answers["holder"]
        case "block":
            task.waiting_for, task.waiting_since = dict(WAITING_FOR)[answers["waiting_for"]], now
        case "unblock":
            task.waiting_for = task.waiting_since = None
        case "extend":
            zone = in_zone(task.zone).zone
            task.due_at = datetime.combine(answers["until"], time(23, 59, 59), zone)
            task.sort_at = tasks.sorts_at(task.case, task.due_at)
        case _:
            pass
    if target in TASK.final:
        task.closed_at = now
