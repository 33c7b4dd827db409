"""Pictures of inspections for pure tests: facts in any state, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from workflow.engine.actors import Actor, Role
from workflow.engine.calendar import OfficeCalendar
from workflow.engine.machine import Refusal, Refused, decide
from workflow.inspections.facts import MEASURED, InspectionFacts, State
from workflow.inspections.machine import MACHINE
from workflow.policy.standard import BOOK

#: Monday 5 January 2026, nine in the morning in New York.
NOW: Final = datetime(2026, 1, 5, 14, tzinfo=UTC)
TODAY: Final = date(2026, 1, 5)
CALENDAR: Final = OfficeCalendar(ZoneInfo("America/New_York"))

SYSTEM: Final = Actor(1, "System", frozenset({Role.SYSTEM}))
SAM: Final = Actor(10, "Sam", frozenset({Role.FIELD_SUPERVISOR}))
IRIS: Final = Actor(11, "Iris", frozenset({Role.INSPECTOR}))
IVAN: Final = Actor(12, "Ivan", frozenset({Role.INSPECTOR}))
MAX: Final = Actor(13, "Max", frozenset({Role.MANAGER}))
MONA: Final = Actor(14, "Mona", frozenset({Role.MANAGER}))
PAM: Final = Actor(15, "Pam", frozenset({Role.PROGRAMME_MANAGER}))


def picture(state: str, *, model: str = "WSO", tier: int | None = None, **more: Any) -> InspectionFacts:
    """An inspection in a state, as its rules see it: Iris leads it, Sam supervises the agreement."""
    given: dict[str, Any] = {
        "version": 9,
        "calendar": CALENDAR,
        "spans": {limit.name: BOOK.span(limit, model=model, tier=tier) for limit in MEASURED},
        "agreement_status": "active",
        "owner_id": IRIS.id,
        "supervisor_id": SAM.id,
        "due_on": days(60),
        "scheduled_on": TODAY,
        "staff": {SAM.id: None, IRIS.id: None, IVAN.id: None},
        "readers": frozenset({IRIS.id, IVAN.id, MAX.id}),
        "trained": frozenset({SAM.id, IRIS.id, IVAN.id}),
        "ratings": frozenset({"compliant", "compliant_with_deficiencies", "not_compliant"}),
        "times": {"plan": 1},
        **more,
    }
    return InspectionFacts(state=State(state), **given)


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def visit(**more: Any) -> dict[str, Any]:
    """What is answered to schedule three days on site, six weeks from now."""
    return {
        "lead": IRIS.id,
        "scheduled_on": days(40),
        "until_on": days(42),
        "mode": "on_site",
        **more,
    }


def refusals(facts: InspectionFacts, verb: str, actor: Actor, **answers: Any) -> set[str]:
    """Why a step is refused; nothing when it may be taken."""
    return {r.code for r in _tried(facts, verb, actor, answers)}


def unanswered(facts: InspectionFacts, verb: str) -> set[str | None]:
    """What has to be answered before anybody can take a step."""
    nobody = Actor(999, "Nobody", frozenset())
    return {r.field for r in _tried(facts, verb, nobody, {}) if r.code == "required"}


def _tried(facts: InspectionFacts, verb: str, actor: Actor, answers: dict[str, Any]) -> tuple[Refusal, ...]:
    step = MACHINE.step(verb)
    assert step is not None
    try:
        decide(MACHINE, facts, step, actor, answers, seen=9, now=NOW)
    except Refused as refused:
        return refused.refusals
    return ()


def waits(facts: InspectionFacts, verb: str, actor: Actor, **answers: Any) -> bool:
    """Whether the step, as answered, waits for a second person."""
    step = MACHINE.step(verb)
    assert step is not None
    return decide(MACHINE, facts, step, actor, answers, seen=9, now=NOW).awaits_second
