"""Steps that wait for a second person: stored exactly, confirmed exactly, or declined with a reason."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases import chronicle, tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Approval, Case, Event
from workflow.db.seal import seal, unseal
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Answers, AskKind, Decision, Refusal, Refused, Second, Stale, Transition
from workflow.people.queries import actor_of
from workflow.policy import queries as policy

CONFIRM_WITHIN: Final = Limit("task.confirm")
#: Who may confirm an entry after the fact that turns late into on time, where a step names nobody.
_BACKDATING: Final = Second(by=frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER}))


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal opened: who asked for what, and as having happened when."""

    requester: Actor
    answers: Answers
    occurred_at: datetime
    backdated: bool


def propose(
    house: House,
    case: Case,
    decision: Decision[Any],
    step: Transition[Any, Any],
    *,
    now: datetime,
    backdated: bool,
    late_reason: str | None,
) -> Approval:
    """Store a decided step as a proposal, with its event and the task to confirm it."""
    if backdated and not (late_reason or "").strip():
        raise Refused(
            Refusal(
                "late_reason", "Say why this is entered only now: it would count as on time.", "late_reason"
            )
        )
    body = _body(step, decision, backdated=backdated, late_reason=late_reason)
    return store(
        house,
        case,
        verb=step.verb,
        label=step.label,
        body=body,
        requester_id=decision.actor_id,
        by=(step.second or _BACKDATING).by,
        occurred_at=decision.at,
        now=now,
        words={"late_reason": late_reason} if late_reason else {},
    )


def store(
    house: House,
    case: Case,
    *,
    verb: str,
    label: str,
    body: dict[str, Any],
    requester_id: int,
    by: frozenset[Role],
    occurred_at: datetime,
    now: datetime,
    words: dict[str, Any],
) -> Approval:
    """Seal what was asked for, with its event and the task to confirm it. One per verb at a time."""
    _refuse_twice(case, verb)
    payload = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    key = chronicle.writing_key(case, house.keyring)
    approval = Approval(
        case_id=case.id,
        verb=verb,
        state=case.state,
        requested_by_id=requester_id,
        requested_at=now,
        occurred_at=occurred_at,
        payload=seal(key, payload, _context(case, verb)),
        payload_hash=_hash(key, payload),
    )
    session().add(approval)
    session().flush()
    case.version += 1
    codes = {"approval": approval.id}
    _record(house, case, f"{verb}.proposed", requester_id, now=now, codes=codes, words=words)
    book, calendar = policy.book(case.policy_id), calendar_of(case.office_id)
    tasks.add(
        case,
        kind=f"confirm:{verb}",
        title=f"Confirm: {label}",
        verb=None,
        role=min(by, key=list(Role).index),
        due_at=tasks.within(case, CONFIRM_WITHIN, book=book, calendar=calendar, at=now),
        calendar=calendar,
        at=now,
        actor_id=requester_id,
        approval=approval,
    )
    return approval


def waiting(approval_id: int) -> Approval:
    """A proposal nobody has decided on. Raises `Stale` for one that was, `LookupError` for none."""
    approval = session().get(Approval, approval_id)
    if approval is None:
        raise LookupError(approval_id)
    if approval.outcome is not None:
        raise Stale(f"already {approval.outcome}")
    return approval


def reference_of(approval: Approval) -> str:
    return session().scalars(select(Case.reference).where(Case.id == approval.case_id)).one()


def opened(
    house: House, case: Case, approval: Approval, *, payload_hash: bytes | None = None, now: datetime
) -> Asked:
    """The proposal as it was asked for. Raises `Stale` unless it is the very one the person saw."""
    body = body_of(house, case, approval, payload_hash=payload_hash)
    asks = {ask.name: ask.kind for ask in house.step(case.kind, approval.verb).asks}
    return Asked(
        requester=actor_of(approval.requested_by_id, now=now),
        answers={name: _value(asks[name], value) for name, value in body["answers"].items()},
        occurred_at=approval.occurred_at,
        backdated=body["backdated"],
    )


def body_of(
    house: House, case: Case, approval: Approval, *, payload_hash: bytes | None = None
) -> dict[str, Any]:
    """What was asked for, unsealed. Raises `Stale` unless it is the very proposal the person saw."""
    key = chronicle.writing_key(case, house.keyring)
    payload = unseal(key, approval.payload, _context(case, approval.verb))
    if _hash(key, payload) != approval.payload_hash:
        raise Stale("the proposal is not the one that was made")
    if payload_hash is not None and payload_hash != approval.payload_hash:
        raise Stale("another proposal was shown")
    body: dict[str, Any] = json.loads(payload)
    return body


def with_second(step: Transition[Any, Any], asked: Asked) -> Transition[Any, Any]:
    """The step as it is confirmed: a second person is needed even where only the late entry asks for one."""
    if not asked.backdated:
        return step
    return replace(step, second=replace(step.second or _BACKDATING, when=None))


def decline(
    house: House,
    case: Case,
    approval: Approval,
    by: frozenset[Role],
    actor: Actor,
    *,
    reason: str | None,
    now: datetime,
) -> Event:
    """Refuse a proposal, with a reason; the case stays where it is."""
    if actor.id == approval.requested_by_id or not by & actor.roles:
        raise Refused(Refusal("second_role", "Only somebody else with the right role can answer this."))
    if not (reason or "").strip():
        raise Refused(Refusal("required", "Say why you decline.", "reason"))
    settle(case, approval, actor, "declined", now=now)
    case.version += 1
    return _record(
        house,
        case,
        f"{approval.verb}.declined",
        actor.id,
        now=now,
        codes={"approval": approval.id},
        words={"reason": reason},
    )


def settle(case: Case, approval: Approval, actor: Actor, outcome: str, *, now: datetime) -> None:
    """Close a proposal and its task."""
    approval.outcome, approval.decided_by_id, approval.decided_at = outcome, actor.id, now
    for task in tasks.open_tasks(case):
        if task.approval_id == approval.id:
            tasks.settle(task, at=now, actor_id=actor.id)


def lapse(case: Case, *, now: datetime) -> None:
    """The case leaves its state: what was proposed there can no longer happen."""
    pending = select(Approval).where(Approval.case_id == case.id, Approval.outcome.is_(None))
    for approval in session().scalars(pending):
        approval.outcome, approval.decided_at = "lapsed", now


def _record(
    house: House,
    case: Case,
    verb: str,
    actor_id: int,
    *,
    now: datetime,
    codes: dict[str, Any],
    words: dict[str, Any],
) -> Event:
    return chronicle.append(
        case,
        keyring=house.keyring,
        verb=verb,
        source=case.state,
        actor_id=actor_id,
        second_id=None,
        occurred_at=now,
        recorded_at=now,
        codes=codes,
        words=words,
    )


def seconds(step: Transition[Any, Any]) -> frozenset[Role]:
    """Who may confirm or decline a proposed step."""
    return (step.second or _BACKDATING).by


def _refuse_twice(case: Case, verb: str) -> None:
    waiting_already = select(Approval.id).where(
        Approval.case_id == case.id, Approval.verb == verb, Approval.outcome.is_(None)
    )
    if session().scalar(waiting_already) is not None:
        raise Refused(Refusal("pending", "This already waits for a second person."))


def _body(
    step: Transition[Any, Any], decision: Decision[Any], *, backdated: bool, late_reason: str | None
) -> dict[str, Any]:
    answers = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in decision.answers.items()
    }
    return {
        "verb": step.verb,
        "answers": answers,
        "occurred_at": decision.at.isoformat(),
        "backdated": backdated,
        "late_reason": late_reason,
    }


def _value(kind: AskKind, value: Any) -> Any:
    if kind is AskKind.DAY:
        return date.fromisoformat(value)
    if kind is AskKind.MOMENT:
        return datetime.fromisoformat(value)
    return value


def _context(case: Case, verb: str) -> str:
    return f"approval:{case.reference}:{verb}"


def _hash(key: bytes, payload: bytes) -> bytes:
    """Keyed: what was asked for may be one short word, which a plain hash would let be guessed."""
    return hmac.new(key, payload, hashlib.sha256).digest()
