"""Time limits of inspections as delivered, each with the title of its source.

Tier 1 is an inspection for cause, the others have no tier. What is owed how often is in `models`.
"""

from __future__ import annotations

from typing import Final

from workflow.engine.spans import BusinessDays, CalendarDays
from workflow.policy.book import LimitRule

_ODO: Final = "ICE Office of Detention Oversight inspection reports"

LIMITS: tuple[LimitRule, ...] = (
    # The due date is a day the cadence gives; the clock ends with it.
    LimitRule("inspection.due", CalendarDays(0)),
    LimitRule("inspection.for_cause", BusinessDays(5)),
    LimitRule("inspection.schedule_ahead", CalendarDays(60)),
    LimitRule("inspection.schedule_ahead", CalendarDays(0), tier=1),
    LimitRule("inspection.notice", CalendarDays(30)),
    LimitRule("inspection.notice", CalendarDays(0), tier=1),
    LimitRule("inspection.documents", CalendarDays(14)),
    # By when somebody asks the agency whether the visit can take place.
    LimitRule("inspection.confirmation", BusinessDays(10)),
    LimitRule("inspection.confirmation", BusinessDays(1), tier=1),
    LimitRule("inspection.chase_documents", BusinessDays(2)),
    # The next step after a visit that could not be held.
    LimitRule("inspection.nobody_present", BusinessDays(2)),
    LimitRule("inspection.access_refused", BusinessDays(1)),
    LimitRule("inspection.other_day", BusinessDays(3)),
    LimitRule("inspection.postponed", CalendarDays(60)),
    # How long a visit lasts at most, its first day counted.
    LimitRule("inspection.on_site", CalendarDays(3), source=_ODO),
    LimitRule("inspection.remote", CalendarDays(30)),
    LimitRule("inspection.assisted_self", CalendarDays(30), source=_ODO),
    # So much of a week one lead gives to visits, unless something else is noted with the person.
    LimitRule("inspection.lead_week", BusinessDays(3)),
    LimitRule("inspection.same_day", BusinessDays(0)),
    LimitRule("inspection.draft", BusinessDays(15)),
    LimitRule("inspection.second_reading", BusinessDays(5)),
    LimitRule("inspection.comments", BusinessDays(10)),
    LimitRule("inspection.report", CalendarDays(45)),
    LimitRule("inspection.settle", BusinessDays(5)),
    LimitRule("inspection.stuck", CalendarDays(30)),
    LimitRule("inspection.escalated", BusinessDays(5)),
    LimitRule("inspection.close", BusinessDays(10)),
)
