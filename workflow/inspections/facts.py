"""What the rules of an inspection may look at: its states, its codes, and the picture of one inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from workflow.engine.calendar import OfficeCalendar
from workflow.engine.effects import Limit
from workflow.engine.machine import CaseFacts
from workflow.engine.spans import Span


class State(StrEnum):
    """Where an inspection stands, in the order of its normal course."""

    PLANNED = "planned"
    SCHEDULED = "scheduled"
    NOTIFIED = "notified"
    POSTPONED = "postponed"
    IN_PROGRESS = "in_progress"
    FIELDWORK_COMPLETE = "fieldwork_complete"
    FINDINGS_DRAFTED = "findings_drafted"
    WITH_AGENCY = "with_agency"
    READY_TO_ISSUE = "ready_to_issue"
    REPORT_ISSUED = "report_issued"
    CORRECTIVE_ACTION = "corrective_action"
    ESCALATED = "escalated"
    VERIFIED = "verified"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    VOIDED = "voided"


#: Until fieldwork ends an agreement has one routine inspection at most in these states.
UNDER_WAY: Final = frozenset(
    {State.PLANNED, State.SCHEDULED, State.NOTIFIED, State.POSTPONED, State.IN_PROGRESS}
)
#: Planned, or postponed: a lead and days are still to be chosen.
WITHOUT_DAY: Final = frozenset({State.PLANNED, State.POSTPONED})
#: The visit has its days, and they are not over.
DATED: Final = UNDER_WAY - WITHOUT_DAY
#: No report was issued yet: the end of the agreement leaves nothing to follow.
UNREPORTED: Final = UNDER_WAY | {
    State.FIELDWORK_COMPLETE,
    State.FINDINGS_DRAFTED,
    State.WITH_AGENCY,
    State.READY_TO_ISSUE,
}
#: The report is out and something may be left to settle.
REPORTED: Final = frozenset({State.REPORT_ISSUED, State.CORRECTIVE_ACTION, State.ESCALATED, State.VERIFIED})
#: Where the checklist is answered, and where findings are written.
ANSWERING: Final = frozenset({State.IN_PROGRESS})
WRITING: Final = frozenset({State.IN_PROGRESS, State.FIELDWORK_COMPLETE})

# The register's words for how an agreement stands, as far as inspections care.
ENDED: Final = frozenset({"terminated", "superseded", "declined", "withdrawn", "voided"})

ROUTINE, FOLLOW_UP, FOR_CAUSE = "routine", "follow_up", "for_cause"
KINDS: Final = ((ROUTINE, "Routine"), (FOLLOW_UP, "Follow-up"), (FOR_CAUSE, "For cause"))
#: The tier of a for-cause inspection: limits are resolved by it. The other kinds have none.
CAUSE_TIER: Final = 1

AT_THE_JAIL: Final = "on_site"
MODES: Final = (
    (AT_THE_JAIL, "On site"),
    ("remote", "Remote"),
    ("assisted_self", "Assisted self-inspection"),
)
#: The trigger that says that somebody complained.
BY_COMPLAINT: Final = "sustained_complaint"
TRIGGERS: Final = (
    (BY_COMPLAINT, "A sustained complaint of tier 1 or 2"),
    ("repeat_deficiencies", "Two repeat deficiencies"),
    ("late_correction", "A correction that does not come"),
    ("access_refused", "Access was refused"),
    ("other", "Another cause"),
)
NOBODY, REFUSED, OTHER_DAY = "nobody_present", "access_refused", "rescheduled_by_agency"
ATTEMPTS: Final = (
    (NOBODY, "Nobody was present"),
    (REFUSED, "Access was refused"),
    (OTHER_DAY, "The agency asked for another day"),
)
#: Letters to the agency before and at a visit.
LETTERS: Final = (
    ("inspection_notice", "Notice"),
    ("document_request", "Request for documents"),
)
#: What the agency answers to a notice.
ANOTHER_DAY: Final = "another_day"
REPLIES: Final = (
    ("confirmed", "The visit can take place as announced"),
    (ANOTHER_DAY, "The agency asks for another day"),
)
ANSWERS: Final = (
    ("yes", "Yes"),
    ("no", "No"),
    ("not_applicable", "Not applicable"),
    ("not_seen", "Not seen"),
)
RESULTS: Final = (
    ("met", "Met"),
    ("deficiency", "Deficiency"),
    ("area_of_concern", "Area of concern"),
)
CLASSES: Final = (("critical", "Critical"), ("major", "Major"), ("minor", "Minor"))

#: Whom inspectors talk to, by role; people in custody are not interviewed for this.
INTERVIEWED: Final = (
    ("designated_officer", "Designated officers"),
    ("supervisor", "Supervisors of the agency"),
    ("command", "Command of the jail"),
    ("booking", "Booking and records staff"),
    ("interpreter", "Interpreters"),
    ("federal", "Federal supervisors"),
    ("other_staff", "Other staff"),
)
NOT_LISTED, NO_AUTHORITY, ACTS_AFTER = "not_listed", "no_authority", "acts_after"
LAPSED, NOT_TOLD = "lapsed", "not_told"
#: What can differ between the officers at an agency and the office's records.
DIFFERENCES: Final = (
    (NOT_LISTED, "An officer acts who is not on record"),
    (NO_AUTHORITY, "An officer acts whose authorisation is missing or expired"),
    (ACTS_AFTER, "An officer acts who left or was revoked"),
    (LAPSED, "Training lapsed"),
    (NOT_TOLD, "An officer on record is not at the agency any more"),
)

#: What becomes of a comment of the agency on a fact.
COMMENT_OUTCOMES: Final = (
    ("corrected", "The report is corrected"),
    ("partly", "The report is corrected in part"),
    ("kept", "The report stays as it is"),
    ("noted", "Noted; nothing to correct"),
)

#: The scale a report is rated on; none published for this programme was found.
SCALE: Final = "compliance"
COMPLIANT, WITH_DEFICIENCIES, NOT_COMPLIANT = "compliant", "compliant_with_deficiencies", "not_compliant"
#: So many major deficiencies count like a critical one.
MAJORS_THAT_FAIL: Final = 3

# Limits that rules measure by; every one is a row of the policy.
ON_SITE: Final = Limit("inspection.on_site")
REMOTE: Final = Limit("inspection.remote")
ASSISTED: Final = Limit("inspection.assisted_self")
STUCK: Final = Limit("inspection.stuck")
WINDOWS: Final = {AT_THE_JAIL: ON_SITE, "remote": REMOTE, "assisted_self": ASSISTED}
MEASURED: Final = (*WINDOWS.values(), STUCK)


def days_between(first: date, last: date) -> set[date]:
    """Every day from the first to the last."""
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def one_higher(class_code: str) -> str:
    """The class of a deficiency that was found before: one higher, critical stays critical."""
    return {"minor": "major", "major": "critical"}.get(class_code, "critical")


@dataclass(frozen=True, slots=True)
class Correction:
    """An open corrective action of this inspection: when it was first due, how often it was sent back."""

    due_at: datetime | None
    rejections: int = 0


@dataclass(frozen=True, kw_only=True)
class InspectionFacts(CaseFacts[State]):
    """An inspection as its rules see it, with the calendar of its office and the spans of its policy.

    `staff` work here (and until when: a cover ends), `trained` know the model, `last_leads` led the latest
    inspections of the agreement, newest first, `taken` are the days people spend at other jails; they are
    read only where a lead is chosen. `unanswered`
    counts applicable items without an answer, `disputed` those two people answered differently, `unfound`
    those answered "no" without a finding, `unfinished` deficiencies that lack clause, evidence or class.
    `corrections` are the open ones, `open_comments` those of the agency nobody answered, `has_summary` says
    that the text of the report has one.
    """

    calendar: OfficeCalendar
    spans: Mapping[str, Span]
    kind_of: str = ROUTINE
    owner_id: int | None = None
    second_reader_id: int | None = None
    supervisor_id: int | None = None
    agreement_status: str | None = None
    unannounced: bool = False
    documents_open: bool = False
    due_on: date | None = None
    scheduled_on: date | None = None
    others_under_way: int = 0
    staff: Mapping[int, date | None] = field(default_factory=dict)
    readers: frozenset[int] = frozenset()
    trained: frozenset[int] = frozenset()
    last_leads: tuple[int, ...] = ()
    taken: Mapping[int, frozenset[date]] = field(default_factory=dict)
    unanswered: int = 0
    disputed: int = 0
    unfound: int = 0
    unfinished: int = 0
    deficiencies: int = 0
    criticals: int = 0
    majors: int = 0
    urgent_open: frozenset[str] = frozenset()
    ratings: frozenset[str] = frozenset()
    corrections: tuple[Correction, ...] = ()
    has_summary: bool = False
    open_comments: int = 0

    def last_day(self, limit: Limit, start: date) -> date:
        """The day on which a limit of the policy ends that begins on a day."""
        noon = datetime.combine(start, time(12), self.calendar.zone)
        return self.calendar.day_of(self.calendar.due(noon, self.spans[limit.name]))

    def moment_after(self, limit: Limit, start: datetime) -> datetime:
        """The moment a limit of the policy ends that begins at another."""
        return self.calendar.due(start, self.spans[limit.name])
