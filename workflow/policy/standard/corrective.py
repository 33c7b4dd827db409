"""Time limits of corrective actions as delivered, each with the title of its source.

The class of a deficiency is the tier of its case: critical 1, major 2, minor 3.
"""

from __future__ import annotations

from workflow.engine.spans import BusinessDays, CalendarDays, Hours, Months
from workflow.policy.book import LimitRule

LIMITS: tuple[LimitRule, ...] = (
    LimitRule("corrective.plan", CalendarDays(30)),
    LimitRule("corrective.plan", BusinessDays(5), tier=1),
    # Asked for critical deficiencies only; the row holds for every class so that it always resolves.
    LimitRule("corrective.interim", Hours(24)),
    LimitRule("corrective.dispute", BusinessDays(10)),
    LimitRule("corrective.decide", BusinessDays(15)),
    LimitRule("corrective.review", BusinessDays(10)),
    LimitRule("corrective.correct", CalendarDays(90)),
    LimitRule("corrective.correct", CalendarDays(14), tier=1),
    LimitRule("corrective.correct", CalendarDays(60), tier=2),
    LimitRule("corrective.correct", CalendarDays(90), tier=3),
    LimitRule("corrective.extension", CalendarDays(30)),
    LimitRule("corrective.extension", CalendarDays(7), tier=1),
    LimitRule("corrective.verify", BusinessDays(15)),
    LimitRule("corrective.risk", Months(12)),
    # For the office: how soon it looks at what came back, and at what was sent back twice.
    LimitRule("corrective.reopened", BusinessDays(10)),
    LimitRule("corrective.escalated", BusinessDays(5)),
)
