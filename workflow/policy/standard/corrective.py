"""Time limits of corrective as delivered, each with the title of its source."""

from __future__ import annotations

from workflow.policy.book import LimitRule

LIMITS: tuple[LimitRule, ...] = ()
