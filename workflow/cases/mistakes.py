"""What every correction has in common: who may make it, how it is proposed and recorded. No door here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases import approvals, chronicle
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.cases.perform import Done
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused, Stale

#: Who may put a mistake right.
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
#: The second person where a figure changes.
MAY_AGREE: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})


def check(case: Case, actor: Actor, reason: str, seen: int) -> None:
    if seen != case.version:
        raise Stale(f"version {seen} seen, {case.version} found")
    if not actor.roles & MAY_CORRECT:
        raise Refused(Refusal("role", "Your role does not allow this."))
    if not reason.strip():
        raise Refused(Refusal("required", "Say what was wrong.", "reason"))


def may_touch(house: House, case: Case, verb: str, actor: Actor) -> None:
    """Only who could have taken a step corrects it, or a manager; and only who reads such words.

    Otherwise an investigator could undo the decision of a manager.
    """
    kind = house.kind_of(case)
    step = kind.machine.step(verb)
    by = (
        MAY_AGREE
        | (step.by if step else MAY_CORRECT)
        | (step.second.by if step and step.second else MAY_AGREE)
    )
    if not (kind.reads(actor, case) and by & actor.roles):
        raise Refused(Refusal("not_yours", "Only somebody who could have taken this step can correct it."))


def propose(
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


def events_of(case: Case) -> list[Event]:
    return list(session().scalars(select(Event).where(Event.case_id == case.id).order_by(Event.version)))


def record(
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
