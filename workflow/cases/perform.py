"""The only writer of a case's state: `start` makes a case, `perform` takes a step, `confirm` lets one happen.

Each runs in one transaction with its event, tasks, clocks, letters and reactions, or changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm.exc import StaleDataError

from workflow.cases import approvals, chronicle
from workflow.cases.access import case_for
from workflow.cases.backdating import check_moment, turns_late_into_on_time
from workflow.cases.history import common, unborn
from workflow.cases.idempotency import claim, remember
from workflow.cases.kinds import CaseKind, House
from workflow.cases.models import Case, Event
from workflow.cases.references import mint
from workflow.cases.writer import write_step
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import (
    NOTHING,
    Answers,
    Decision,
    Refusal,
    Refused,
    Stale,
    Transition,
    decide,
)
from workflow.policy.queries import in_force


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the case's reference and version, and whether it now waits for a second person."""

    reference: str
    version: int
    awaits_second: bool = False
    repeated: bool = False


@retried
def perform(
    house: House,
    reference: str,
    verb: str,
    actor: Actor,
    answers: Answers = NOTHING,
    *,
    seen: int,
    now: datetime,
    occurred_at: datetime | None = None,
    late_reason: str | None = None,
    idempotency_key: str | None = None,
) -> Done:
    """Take one step, or store it as a proposal when it needs a second person.

    `seen` is the version of the page, `occurred_at` when it really happened (default now). Raises
    `NotThere`, `LookupError` for an unknown verb, `Stale`, `Refused`; then nothing was changed. The
    same idempotency key twice gives the first answer again.
    """
    with transaction() as s, s.no_autoflush:
        if known := claim(idempotency_key, actor):
            return Done(known.reference, known.version, repeated=True)
        case = case_for(actor, reference, lock=True)
        kind = house.kind_of(case)
        step = house.step(case.kind, verb)
        at = check_moment(case, step, occurred_at, now=now)
        decision = decide(
            kind.machine, kind.facts_of(case, common(case)), step, actor, answers, seen=seen, now=at
        )
        backdated = turns_late_into_on_time(case, step, at, now=now)
        if decision.awaits_second or backdated:
            approvals.propose(
                house, case, decision, step, now=now, backdated=backdated, late_reason=late_reason
            )
        else:
            _write(house, kind, case, decision, now=now)
        remember(idempotency_key, actor, case, now=now)
        _flush()
        return Done(case.reference, case.version, awaits_second=decision.awaits_second or backdated)


@retried
def confirm(
    house: House,
    approval_id: int,
    actor: Actor,
    *,
    seen: int,
    payload_hash: bytes,
    now: datetime,
    agree: bool = True,
    reason: str | None = None,
) -> Done:
    """Let a proposed step happen (or decline it): by another person, exactly as it was asked for.

    Everything is decided again on the facts as they are now. Raises what `perform` raises.
    """
    with transaction() as s, s.no_autoflush:
        approval = approvals.waiting(approval_id)
        case = case_for(actor, approvals.reference_of(approval), lock=True)
        kind = house.kind_of(case)
        step = house.step(case.kind, approval.verb)
        if seen != case.version:
            raise Stale(f"version {seen} seen, {case.version} found")
        if not agree:
            approvals.decline(house, case, approval, approvals.seconds(step), actor, reason=reason, now=now)
        else:
            asked = approvals.opened(house, case, approval, payload_hash=payload_hash, now=now)
            facts = kind.facts_of(case, common(case))
            decision = decide(
                kind.machine,
                facts,
                approvals.with_second(step, asked),
                asked.requester,
                asked.answers,
                seen=case.version,
                now=asked.occurred_at,
                second=actor,
            )
            approvals.settle(case, approval, actor, "confirmed", now=now)
            _write(house, kind, case, decision, now=now, backdated=asked.backdated)
        _flush()
        return Done(case.reference, case.version)


@retried
def start(
    house: House,
    case: Case,
    verb: str,
    actor: Actor,
    answers: Answers = NOTHING,
    *,
    now: datetime,
    occurred_at: datetime | None = None,
    idempotency_key: str | None = None,
    cause: Event | None = None,
) -> Done:
    """Make a new case by an entry step. `case` is a fresh row of the slice, its own columns filled in.

    Gives it a reference, the policy in force and a key, then takes the entry like any step.
    """
    with transaction() as s, s.no_autoflush:
        if known := claim(idempotency_key, actor):
            return Done(known.reference, known.version, repeated=True)
        enter(house, case, verb, actor, answers, now=now, occurred_at=occurred_at, cause=cause)
        remember(idempotency_key, actor, case, now=now)
        _flush()
        return Done(case.reference, case.version)


def enter(
    house: House,
    case: Case,
    verb: str,
    actor: Actor,
    answers: Answers = NOTHING,
    *,
    now: datetime,
    occurred_at: datetime | None = None,
    cause: Event | None = None,
) -> Event:
    """The same inside a running transaction, without flushing: for reactions and for imports in bulk."""
    kind = next(k for k in house.kinds.values() if isinstance(case, k.model))
    step = house.step(kind.machine.kind, verb)
    at = occurred_at or now
    if at > now:
        raise Refused(Refusal("future", "This cannot lie in the future.", "occurred_at"))
    _prepare(case, kind, step, at=at, now=now)
    facts = kind.facts_of(case, unborn(case))
    decision = decide(kind.machine, facts, step, actor, answers, seen=0, now=at)
    session().add(case)
    chronicle.give_key(case, house.keyring)
    return _write(house, kind, case, decision, now=now, cause=cause)


def react(
    house: House,
    case: Case,
    verb: str,
    answers: Answers = NOTHING,
    *,
    now: datetime,
    cause: Event | None,
    occurred_at: datetime | None = None,
) -> Event | None:
    """Take a step as the system because of another event; None when the rules do not allow it now."""
    kind = house.kind_of(case)
    step = house.step(case.kind, verb)
    at = occurred_at or now
    try:
        facts = kind.facts_of(case, common(case))
        decision = decide(kind.machine, facts, step, SYSTEM, answers, seen=case.version, now=at)
    except Refused:
        return None
    return _write(house, kind, case, decision, now=now, cause=cause)


def note(
    house: House,
    case: Case,
    verb: str,
    actor: Actor,
    *,
    codes: Mapping[str, Any],
    words: Mapping[str, Any] = NOTHING,
    now: datetime,
    occurred_at: datetime | None = None,
) -> Event:
    """Record a change that is not a step (a child row, a correction): an event, and the version goes up.

    For `service` functions, inside their transaction, with the case locked by `case_for(…, lock=True)`.
    """
    case.version += 1
    return chronicle.append(
        case,
        keyring=house.keyring,
        verb=verb,
        source=case.state,
        actor_id=actor.id,
        second_id=None,
        occurred_at=occurred_at or now,
        recorded_at=now,
        codes=codes,
        words=words,
    )


def _write(
    house: House,
    kind: CaseKind[Any, Any],
    case: Case,
    decision: Decision[Any],
    *,
    now: datetime,
    backdated: bool = False,
    cause: Event | None = None,
) -> Event:
    if decision.source is not None and decision.source != decision.target:
        approvals.lapse(case, now=now)
    event = write_step(house, kind, case, decision, now=now, backdated=backdated, cause=cause)
    carry_on(house, case, event, now=now)
    return event


def carry_on(house: House, case: Case, event: Event, *, now: datetime) -> None:
    """Start what an event sets off elsewhere; the undoing of a step is one of its own, under `void`."""
    for reaction in house.reactions.get((case.kind, event.verb), ()):
        session().flush()
        reaction(house, case, event, now)


def _prepare(
    case: Case, kind: CaseKind[Any, Any], step: Transition[Any, Any], *, at: datetime, now: datetime
) -> None:
    case.kind = kind.machine.kind
    case.state = step.lands_in(None)
    case.reference = case.reference or mint(kind.letter, at.year)
    case.version = 0
    case.opened_at = now
    case.state_since = at
    given = case.__dict__
    if given.get("received_at") is None:
        case.received_at = at
    if given.get("policy_id") is None:
        case.policy_id = in_force(at.date())[0]


def _flush() -> None:
    try:
        session().flush()
    except StaleDataError as lost:
        raise Stale("the case changed while it was being written") from lost
