"""Pictures of corrective actions for pure tests: facts in any state, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workflow.corrective.facts import MEASURED, CorrectiveFacts, State
from workflow.corrective.machine import MACHINE
from workflow.engine.actors import Actor, Role
from workflow.engine.calendar import OfficeCalendar
from workflow.engine.machine import Refusal, Refused, decide
from workflow.policy.standard import BOOK

#: Monday 5 January 2026, nine in the morning in New York.
NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)
TODAY = date(2026, 1, 5)
CALENDAR = OfficeCalendar(ZoneInfo("America/New_York"))


def picture(state: str, *, tier: int = 2, model: str = "WSO", **more: Any) -> CorrectiveFacts:
    """A corrective action in a state, as its rules see it; a major one unless told otherwise."""
    given: dict[str, Any] = {
        "version": 9,
        "calendar": CALENDAR,
        "spans": {limit.name: BOOK.span(limit, model=model, tier=tier) for limit in MEASURED},
        "tier": tier,
        "cited_at": NOW,
        "agreement_status": "active",
        "times": {"cite": 1},
        **more,
    }
    return CorrectiveFacts(state=State(state), **given)


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def somebody(role: str, number: int = 900) -> Actor:
    return Actor(number, "Somebody", frozenset({Role(role)}))


def refusals(facts: CorrectiveFacts, verb: str, actor: Actor, **answers: Any) -> set[str]:
    """Why a step is refused; nothing when it may be taken."""
    return {r.code for r in _tried(facts, verb, actor, answers)}


def unanswered(facts: CorrectiveFacts, verb: str) -> set[str | None]:
    """What has to be answered before anybody can take a step."""
    nobody = Actor(999, "Nobody", frozenset())
    return {r.field for r in _tried(facts, verb, nobody, {}) if r.code == "required"}


def _tried(facts: CorrectiveFacts, verb: str, actor: Actor, answers: dict[str, Any]) -> tuple[Refusal, ...]:
    step = MACHINE.step(verb)
    assert step is not None
    try:
        decide(MACHINE, facts, step, actor, answers, seen=9, now=NOW)
    except Refused as refused:
        return refused.refusals
    return ()
