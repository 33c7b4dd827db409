"""Putting a mistake right, openly: undo the last step, supersede a value, move an entry. Nothing is erased.

Each is an event with its reason; where a figure changes, a second person has to agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases import approvals, chronicle, clocks, tasks
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event, StageInterval
from workflow.cases.perform import Done, carry_on, note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import AskKind, Refusal, Refused, Stale
from workflow.people.queries import actor_of
from workflow.policy import queries as policy

#: Who may put a mistake right; the second person where a figure changes is a manager.
#: The verbs of corrections that wait for a second person.
CORRECTIONS: Final = frozenset({"void", "supersede"})
MAY_CORRECT: Final = frozenset(
    {
        Role.INTAKE,
        Role.REVIEWER,
        Role.FIELD_SUPERVISOR,
        Role.INSPECTOR,
        Role.MANAGER,
        Role.PROGRAMME_MANAGER,
        Role.LIAISON,
    }
)
MAY_AGREE: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last step of a case, if it can be undone."""

    version: int
    verb: str
    source: str
    changes_figure: bool


def undoable(house: House, case: Case) -> Undoable | None:
    """The last change of state, unless it made the case, was undone, or other cases followed from it."""
    events = _events(case)
    voided = {e.codes["voids"] for e in events if e.verb == "void"}
    last = next((e for e in reversed(events) if _is_step(house, case, e) and e.version not in voided), None)
    if last is None or last.source is None or last.source == last.target or last.target != case.state:
        return None
    if session().scalar(select(Event.id).where(Event.cause_id == last.id).limit(1)) is not None:
        return None
    final = house.kind_of(case).machine.final
    return Undoable(last.version, last.verb, last.source, bool({last.source, last.target} & final))


@retried
def undo(house: House, reference: str, actor: Actor, *, reason: str, seen: int, now: datetime) -> Done:
    """Undo the last step by a compensating one: the state before, its task and clocks restored.

    Where the undone step closed or reopened the case, a figure changes: it is stored until a manager
    other than the actor agrees. Raises `Refused`, `Stale`, `NotThere`.
    """
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        _check(case, actor, reason, seen)
        step = undoable(house, case)
        if step is None:
            raise Refused(Refusal("nothing_to_undo", "The last step of this case cannot be undone."))
        if step.changes_figure:
            body = {"version": step.version, "reason": reason}
            return _propose(house, case, "void", "Undo the last step", body, actor, now=now)
        return _undo(house, case, step, actor, None, reason, now=now)


def _undo(
    house: House,
    case: Case,
    step: Undoable,
    actor: Actor,
    second: Actor | None,
    reason: str,
    *,
    now: datetime,
) -> Done:
    before = case.state
    _restore(house, case, step, actor, now=now)
    codes = {"voids": step.version, "undone": step.verb}
    event = _event(house, case, "void", before, actor, second, codes=codes, words={"reason": reason}, now=now)
    carry_on(house, case, event, now=now)
    return Done(case.reference, case.version)


def _restore(house: House, case: Case, step: Undoable, actor: Actor, *, now: datetime) -> None:
    machine = house.kind_of(case).machine
    book, calendar = policy.book(case.policy_id), calendar_of(case.office_id)
    case.version += 1
    approvals.lapse(case, now=now)
    for interval in case.intervals:
        if interval.left_at is None:
            interval.left_at, interval.left_version = now, case.version
    for task in tasks.open_tasks(case):
        tasks.settle(task, at=now, actor_id=actor.id, verb="cancel", target="cancelled")
    case.state, case.state_since = step.source, now
    case.closed_at = now if step.source in machine.final else None
    case.intervals.append(
        StageInterval(kind=case.kind, state=step.source, entered_at=now, entered_version=case.version)
    )
    _wind_back(case, step.version)
    for clock in case.clocks:
        if clocks.events_of(clock):
            clocks.refresh(clock, calendar)
        else:
            clock.stopped_at = now
    _reopen_task(case, machine.stage(step.source).work, book=book, calendar=calendar, now=now, actor=actor)
    session().flush()


def _wind_back(case: Case, version: int) -> None:
    """What the undone step did to the clocks no longer counts."""
    for clock in case.clocks:
        for row in clock.events:
            if row.case_version == version and row.voided_by_version is None:
                row.voided_by_version = case.version


def _reopen_task(case: Case, work: Any, *, book: Any, calendar: Any, now: datetime, actor: Actor) -> None:
    """The task of the state before, with the due date it had."""
    if work is None:
        return
    before = next((t for t in reversed(case.tasks) if t.kind == case.state), None)
    task = tasks.open_work(case, work, book=book, calendar=calendar, at=now, actor_id=actor.id)
    if before is not None:
        task.due_at, task.original_due_at = before.due_at, before.original_due_at
        task.sort_at = before.sort_at
        task.holder_id = before.holder_id
        task.state = "assigned" if task.holder_id else "open"


@retried
def supersede(
    house: House,
    reference: str,
    actor: Actor,
    *,
    version: int,
    name: str,
    value: str,
    reason: str,
    seen: int,
    now: datetime,
) -> Done:
    """Put a right answer beside a wrong one of an earlier event; both are kept.

    A date counts in figures: it is stored until a manager other than the actor agrees.
    """
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        _check(case, actor, reason, seen)
        event = next((e for e in _events(case) if e.version == version), None)
        ask = _ask(house, case, event, name)
        if ask is None:
            raise Refused(Refusal("unknown", "There is no such answer on this case.", "name"))
        body = {"version": version, "name": name, "value": value, "reason": reason}
        if ask.kind in (AskKind.DAY, AskKind.MOMENT):
            _check_date(ask.kind, value)
            return _propose(house, case, "supersede", "Correct a date", body, actor, now=now)
        return _supersede(house, case, body, actor, None, now=now)


def _supersede(
    house: House, case: Case, body: dict[str, Any], actor: Actor, second: Actor | None, *, now: datetime
) -> Done:
    case.version += 1
    codes = {"of": body["version"], "name": body["name"]}
    words = {"value": body["value"], "reason": body["reason"]}
    _event(house, case, "supersede", case.state, actor, second, codes=codes, words=words, now=now)
    return Done(case.reference, case.version)


@retried
def agree(
    house: House,
    approval_id: int,
    actor: Actor,
    *,
    seen: int,
    payload_hash: bytes,
    now: datetime,
    agrees: bool = True,
    reason: str | None = None,
) -> Done:
    """Let a proposed correction happen, or decline it; by a manager other than who asked for it."""
    with transaction() as s, s.no_autoflush:
        approval = approvals.waiting(approval_id)
        case = case_for(actor, approvals.reference_of(approval), lock=True)
        if seen != case.version:
            raise Stale(f"version {seen} seen, {case.version} found")
        if not agrees:
            approvals.decline(house, case, approval, MAY_AGREE, actor, reason=reason, now=now)
            return Done(case.reference, case.version)
        if actor.id == approval.requested_by_id or not actor.roles & MAY_AGREE:
            raise Refused(Refusal("second", "A manager other than who asked for it has to confirm this."))
        body = approvals.body_of(house, case, approval, payload_hash=payload_hash)
        asker = actor_of(approval.requested_by_id, now=now)
        approvals.settle(case, approval, actor, "confirmed", now=now)
        if approval.verb == "supersede":
            return _supersede(house, case, body, asker, actor, now=now)
        step = undoable(house, case)
        if step is None or step.version != body["version"]:
            raise Stale("the step to be undone is no longer the last one")
        return _undo(house, case, step, asker, actor, body["reason"], now=now)


@retried
def move_entry(
    house: House,
    reference: str,
    actor: Actor,
    *,
    version: int,
    to_reference: str,
    reason: str,
    seen: int,
    now: datetime,
) -> Done:
    """Say that an entry of one case belongs to another: a pointer on both, the entry itself untouched.

    Only entries that stayed in their state can move; a step that changed a state is undone instead.
    """
    with transaction() as s, s.no_autoflush:
        first, other = sorted((reference, to_reference))
        locked = {ref: case_for(actor, ref, lock=True) for ref in (first, other)}
        case, target = locked[reference], locked[to_reference]
        _check(case, actor, reason, seen)
        event = next((e for e in _events(case) if e.version == version), None)
        if event is None or event.source != event.target or case.id == target.id:
            raise Refused(
                Refusal(
                    "unmovable",
                    "Only an entry that changed no state can be moved, to another case.",
                    "version",
                )
            )
        moved = {"entry": version, "verb": event.verb}
        note(
            house,
            target,
            "moved_in",
            actor,
            codes={**moved, "from": reference},
            words={"reason": reason},
            now=now,
        )
        note(
            house,
            case,
            "moved_out",
            actor,
            codes={**moved, "to": to_reference},
            words={"reason": reason},
            now=now,
        )
        return Done(case.reference, case.version)


# --- shared -----------------------------------------------------------------------------------


def _check(case: Case, actor: Actor, reason: str, seen: int) -> None:
    if seen != case.version:
        raise Stale(f"version {seen} seen, {case.version} found")
    if not actor.roles & MAY_CORRECT:
        raise Refused(Refusal("role", "Your role does not allow this."))
    if not reason.strip():
        raise Refused(Refusal("required", "Say what was wrong.", "reason"))


def _propose(
    house: House, case: Case, verb: str, label: str, body: dict[str, Any], actor: Actor, *, now: datetime
) -> Done:
    approvals.store(
        house,
        case,
        verb=verb,
        label=label,
        body=body,
        requester_id=actor.id,
        by=MAY_AGREE,
        occurred_at=now,
        now=now,
        words={"reason": body["reason"]},
    )
    return Done(case.reference, case.version, awaits_second=True)


def _events(case: Case) -> list[Event]:
    return list(session().scalars(select(Event).where(Event.case_id == case.id).order_by(Event.version)))


def _is_step(house: House, case: Case, event: Event) -> bool:
    return house.kind_of(case).machine.step(event.verb) is not None


def _ask(house: House, case: Case, event: Event | None, name: str) -> Any:
    step = house.kind_of(case).machine.step(event.verb) if event else None
    return next((a for a in step.asks if a.name == name), None) if step else None


def _check_date(kind: AskKind, value: str) -> None:
    try:
        date.fromisoformat(value) if kind is AskKind.DAY else datetime.fromisoformat(value)
    except ValueError:
        raise Refused(Refusal("unfit", "Write the date as 2026-01-31.", "value")) from None


def _event(
    house: House,
    case: Case,
    verb: str,
    source: str,
    actor: Actor,
    second: Actor | None,
    *,
    codes: dict[str, Any],
    words: dict[str, Any],
    now: datetime,
) -> Event:
    return chronicle.append(
        case,
        keyring=house.keyring,
        verb=verb,
        source=source,
        actor_id=actor.id,
        second_id=second.id if second else None,
        occurred_at=now,
        recorded_at=now,
        codes=codes,
        words=words,
    )
