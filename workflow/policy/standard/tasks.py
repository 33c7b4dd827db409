"""Time limits of tasks as delivered, each with the title of its source."""

from __future__ import annotations

from workflow.engine.spans import BusinessDays
from workflow.policy.book import LimitRule

LIMITS: tuple[LimitRule, ...] = (
    LimitRule("task.confirm", BusinessDays(5)),
    LimitRule("task.pass_on", BusinessDays(1)),
    LimitRule("task.read_agency", BusinessDays(2)),
)
