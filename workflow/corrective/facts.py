"""What the rules of a corrective action may look at: its states, its codes, and the picture of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from workflow.engine.calendar import OfficeCalendar
from workflow.engine.effects import Limit
from workflow.engine.machine import CaseFacts
from workflow.engine.spans import Span


class State(StrEnum):
    """Where a corrective action stands, in the order of its normal course."""

    OPEN = "open"
    DISPUTED = "disputed"
    PLAN_SUBMITTED = "plan_submitted"
    PLAN_ACCEPTED = "plan_accepted"
    CORRECTED = "corrected"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    RISK_ACCEPTED = "risk_accepted"
    LAPSED = "lapsed"
    VOIDED = "voided"


FINAL: Final = frozenset({State.VERIFIED, State.WITHDRAWN, State.RISK_ACCEPTED, State.LAPSED, State.VOIDED})
UNSETTLED: Final = frozenset(State) - FINAL

CLASSES: Final = (("critical", "Critical"), ("major", "Major"), ("minor", "Minor"))
#: The class of a deficiency is the tier of its case: limits are resolved by it.
TIER_OF_CLASS: Final = {"critical": 1, "major": 2, "minor": 3}
CLASS_OF_TIER: Final = {tier: code for code, tier in TIER_OF_CLASS.items()}
CRITICAL: Final = TIER_OF_CLASS["critical"]
MINOR: Final = TIER_OF_CLASS["minor"]

POSITIONS: Final = (("agree", "The agency agrees"), ("disagree", "The agency does not agree, and acts"))

#: The register's words for an agreement that is over.
ENDED: Final = frozenset({"terminated", "superseded", "declined", "withdrawn", "voided"})

# Limits that rules measure by; every one is a row of the policy.
DISPUTE: Final = Limit("corrective.dispute")
RISK: Final = Limit("corrective.risk")
MEASURED: Final = (DISPUTE, RISK)


@dataclass(frozen=True, kw_only=True)
class CorrectiveFacts(CaseFacts[State]):
    """A corrective action as its rules see it, with the calendar of its office and the spans of its policy.

    `issued_by` are the people whose report the deficiency stands in: who wrote, read or issued it.
    `is_repeat` says that the same clause was deficient in the last two cycles. `evidence_by` are those who
    added documents before the correction was looked at: what is added later is its verifier's.
    """

    calendar: OfficeCalendar
    spans: Mapping[str, Span]
    tier: int | None = None
    is_repeat: bool = False
    cited_at: datetime | None = None
    issued_by: frozenset[int] = frozenset()
    evidence_by: frozenset[int] = frozenset()
    risk_until_on: date | None = None
    agreement_status: str | None = None

    @property
    def is_planned(self) -> bool:
        """Whether a plan was accepted: from then on the case does not fall behind it."""
        return self.times.get("accept_plan", 0) > 0

    def moment_after(self, limit: Limit, start: datetime) -> datetime:
        """The moment a limit of the policy ends that begins at another."""
        return self.calendar.due(start, self.spans[limit.name])

    def last_day(self, limit: Limit, start: date) -> date:
        """The day on which a limit of the policy ends that begins on a day."""
        noon = datetime.combine(start, time(12), self.calendar.zone)
        return self.calendar.day_of(self.moment_after(limit, noon))
