"""Time limits of agreements as delivered, each with the title of its source.

Where templates differ a row names the model; the rows without one hold for any model added later, and
take the stricter side.
"""

from __future__ import annotations

from typing import Final

from workflow.engine.spans import BusinessDays, CalendarDays, Months
from workflow.policy.book import LimitRule

_MOA: Final = "Texts of 170 memoranda of agreement, 2019 to 2025"
_ENDS: Final = f"{_MOA}: termination and suspension"
_TRAINING: Final = f"{_MOA}: training"
_REVIEWS: Final = f"{_MOA}: review of activities"

LIMITS: tuple[LimitRule, ...] = (
    LimitRule("agreement.complete", BusinessDays(10)),
    LimitRule("agreement.decide", CalendarDays(60)),
    LimitRule("agreement.sign", CalendarDays(60)),
    LimitRule("agreement.first_class", CalendarDays(180)),
    LimitRule("agreement.office", BusinessDays(5)),
    # An agreement is ended with 90 days' notice under every template.
    LimitRule("agreement.notice", CalendarDays(90), source=_ENDS),
    # Where a template has the notice published, it is public as long as the notice runs.
    LimitRule("agreement.publication", CalendarDays(90)),
    LimitRule("agreement.publication", CalendarDays(90), model="JEM", source=_ENDS),
    LimitRule("agreement.publication", CalendarDays(90), model="TFM", source=_ENDS),
    LimitRule("agreement.publication", CalendarDays(0), model="WSO", source=_ENDS),
    # For serious misconduct or a breach at once, or by notice unless exigent.
    LimitRule("agreement.suspension_notice", CalendarDays(90)),
    LimitRule("agreement.suspension_notice", CalendarDays(0), model="JEM", source=_ENDS),
    LimitRule("agreement.suspension_notice", CalendarDays(0), model="TFM", source=_ENDS),
    LimitRule("agreement.suspension_notice", CalendarDays(90), model="WSO", source=_ENDS),
    # Review meetings: the first within about twelve months of becoming operational, then yearly.
    LimitRule("agreement.first_review", Months(12)),
    LimitRule("agreement.first_review", Months(12), model="JEM", source=_REVIEWS),
    LimitRule("agreement.first_review", Months(12), model="WSO", source=_REVIEWS),
    LimitRule("agreement.contact", Months(12)),
    LimitRule("agreement.contact", Months(12), model="JEM", source=_REVIEWS),
    LimitRule("agreement.contact", Months(12), model="WSO", source=_REVIEWS),
    LimitRule("agreement.waiver", Months(12)),
    # Officers: what they have to pass, and how long they may act.
    LimitRule("training.annual", Months(12)),
    LimitRule("training.refresher", Months(24), model="JEM", source=_TRAINING),
    LimitRule("training.authorisation", Months(24), model="TFM", source=_TRAINING),
    LimitRule("training.remind", CalendarDays(90)),
    LimitRule("training.remind_again", CalendarDays(30)),
    LimitRule("training.restrict", BusinessDays(5)),
)
