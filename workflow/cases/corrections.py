"""Putting a mistake right, openly: supersede a value, move an entry, agree to what somebody proposed.

Nothing is erased. Undoing a step is in `undoing`; where a figure changes, a second person has to agree.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from workflow.cases import approvals
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.mistakes import MAY_AGREE, check, events_of, may_touch, propose, record
from workflow.cases.models import Case, Event
from workflow.cases.perform import Done, note
from workflow.cases.undoing import undo_now, undoable
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import AskKind, Refusal, Refused, Stale
from workflow.people.queries import actor_of

#: The verbs of corrections that wait for a second person.
CORRECTIONS: Final = frozenset({"void", "supersede"})


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
        check(case, actor, reason, seen)
        event = next((e for e in events_of(case) if e.version == version), None)
        ask = _ask(house, case, event, name)
        if ask is None:
            raise Refused(Refusal("unknown", "There is no such answer on this case.", "name"))
        assert event is not None
        may_touch(house, case, event.verb, actor)
        body = {"version": version, "name": name, "value": value, "reason": reason}
        if ask.kind in (AskKind.DAY, AskKind.MOMENT):
            _check_date(ask.kind, value)
            return propose(house, case, "supersede", "Correct a date", body, actor, now=now)
        return _supersede(house, case, body, actor, None, now=now)


def _supersede(
    house: House, case: Case, body: dict[str, Any], actor: Actor, second: Actor | None, *, now: datetime
) -> Done:
    case.version += 1
    codes = {"of": body["version"], "name": body["name"]}
    words = {"value": body["value"], "reason": body["reason"]}
    record(house, case, "supersede", case.state, actor, second, codes=codes, words=words, now=now)
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
        return undo_now(house, case, step, asker, actor, body["reason"], now=now)


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

    Only entries that stayed in their state can move; a step that changed a state is undone instead. They
    stay among cases of a kind: what others read of a case must not tell them of a complaint.
    """
    with transaction() as s, s.no_autoflush:
        first, other = sorted((reference, to_reference))
        locked = {ref: case_for(actor, ref, lock=True) for ref in (first, other)}
        case, target = locked[reference], locked[to_reference]
        check(case, actor, reason, seen)
        event = next((e for e in events_of(case) if e.version == version), None)
        if event is None or event.source != event.target or case.id == target.id or case.kind != target.kind:
            raise Refused(
                Refusal(
                    "unmovable",
                    "Only an entry that changed no state can be moved, to another case of the same kind.",
                    "version",
                )
            )
        may_touch(house, case, event.verb, actor)
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


def _ask(house: House, case: Case, event: Event | None, name: str) -> Any:
    step = house.kind_of(case).machine.step(event.verb) if event else None
    return next((a for a in step.asks if a.name == name), None) if step else None


def _check_date(kind: AskKind, value: str) -> None:
    try:
        date.fromisoformat(value) if kind is AskKind.DAY else datetime.fromisoformat(value)
    except ValueError:
        raise Refused(Refusal("unfit", "Write the date as 2026-01-31.", "value")) from None
