"""When a step really happened: what may be entered, and when doing so needs a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflow.cases.models import Case
from workflow.cases.tasks import open_tasks
from workflow.engine.effects import StopClock
from workflow.engine.machine import SAME, Refusal, Refused, Transition


def check_moment(
    case: Case, step: Transition[Any, Any], occurred_at: datetime | None, *, now: datetime
) -> datetime:
    """The moment to count from. Raises `Refused` for the future, or before the last change of state."""
    if occurred_at is None:
        return max(now, case.state_since)
    if occurred_at > now:
        raise Refused(Refusal("future", "This cannot lie in the future.", "occurred_at"))
    earliest = case.received_at if step.target is SAME else case.state_since
    if occurred_at < earliest:
        words = "the matter was received" if step.target is SAME else "the case came to where it stands now"
        raise Refused(Refusal("too_early", f"This cannot lie before {words}.", "occurred_at"))
    return occurred_at


def turns_late_into_on_time(case: Case, step: Transition[Any, Any], at: datetime, *, now: datetime) -> bool:
    """Whether the earlier moment makes something count as on time that is late now."""
    stopped = {effect.name for effect in step.effects if isinstance(effect, StopClock)}
    dues = [c.due_at for c in case.clocks if c.name in stopped and c.stopped_at is None]
    if step.target is not SAME:
        dues += [task.due_at for task in open_tasks(case) if task.kind == case.state]
    return any(due is not None and at <= due < now for due in dues)
