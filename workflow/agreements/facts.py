"""What the rules of an agreement's life may look at: its states, codes, and the picture of one agreement."""

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
    """Where the life of an agreement stands, in the order of its normal course."""

    APPLIED = "applied"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATING = "terminating"
    #: A notice was given during a suspension, which stays in force.
    TERMINATING_SUSPENDED = "terminating_suspended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"
    VOIDED = "voided"


#: States in which an agreement is in force, so that what it is owed goes on.
IN_FORCE: Final = frozenset({State.ACTIVE, State.SUSPENDED, State.TERMINATING, State.TERMINATING_SUSPENDED})

#: States that are not final.
UNFINISHED: Final = frozenset({State.APPLIED, State.UNDER_REVIEW, State.APPROVED, State.SIGNED}) | IN_FORCE

# Limits that rules measure answers by; every one is a row of the policy, by model and template.
NOTICE: Final = Limit("agreement.notice")
PUBLICATION: Final = Limit("agreement.publication")
SUSPENSION_NOTICE: Final = Limit("agreement.suspension_notice")
FIRST_REVIEW: Final = Limit("agreement.first_review")
CONTACT: Final = Limit("agreement.contact")
#: How long a waiver of a duty may run.
WAIVER: Final = Limit("agreement.waiver")
MEASURED: Final = (NOTICE, PUBLICATION, SUSPENSION_NOTICE, FIRST_REVIEW, CONTACT, WAIVER)

CAPACITIES: Final = (
    ("enough", "The field office can supervise and inspect it"),
    ("with_conditions", "It can, under conditions"),
    ("none", "It cannot as it is staffed now"),
)
GIVERS: Final = (("office", "This office"), ("agency", "The agency, in writing"))
#: What can count as oversight, and what never does by itself.
ENOUGH: Final = (
    ("review_meeting", "Review meeting"),
    ("visit", "Visit"),
    ("file_review", "Review of files"),
    ("training_check", "Check of training"),
    ("internal_review", "Internal review of the agreement"),
)
NOT_ENOUGH: Final = "message"
CONTACTS: Final = (*ENOUGH, (NOT_ENOUGH, "An e-mail or a call alone"))
DECLINED_FOR: Final = (
    ("civil_rights", "Civil-rights or complaint record"),
    ("supervision", "Supervision or training at the agency"),
    ("capacity", "No capacity to oversee it"),
    ("incomplete", "The file was not completed"),
    ("other", "Another reason"),
)


@dataclass(frozen=True, kw_only=True)
class AgreementFacts(CaseFacts[State]):
    """An agreement as its rules see it, with the calendar of its office and the spans of its policy.

    `successors` are other agreements of the same agency under the same model, signed or in force;
    `templates` the revisions its model knows, `offices` the codes of the field offices. `contacts` are the
    numbers of the contacts that count, `duties` what it is owed, `waived` the numbers of running waivers.
    """

    calendar: OfficeCalendar
    spans: Mapping[str, Span]
    owner_id: int | None = None
    capacity: str | None = None
    operational_on: date | None = None
    effective_on: date | None = None
    suspended_until: date | None = None
    templates: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    successors: frozenset[int] = frozenset()
    contacts: frozenset[str] = frozenset()
    duties: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()

    def last_day(self, limit: Limit, start: date | datetime) -> date:
        """The day on which a limit of the policy ends that begins at a moment, or on a day."""
        if not isinstance(start, datetime):
            start = datetime.combine(start, time(12), self.calendar.zone)
        return self.calendar.day_of(self.calendar.due(start, self.spans[limit.name]))
