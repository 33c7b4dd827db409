"""Whether an agency told the office in time of a complaint it had received. Reads only; nothing is stored.

The agreements of JEM and WSO give 48 hours, excluding weekends and no holiday; that of TFM says "timely"
and gives no number. When the agency knew may be unknown: that is said, and counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workflow.cases.calendars import calendar_of
from workflow.complaints.models import Complaint
from workflow.engine.calendar import Explanation, OfficeCalendar, day_words
from workflow.engine.effects import Limit
from workflow.engine.spans import counted, length_words, words
from workflow.policy.book import Book, LimitRule, Unresolved
from workflow.policy.queries import book

WITHIN: Final = Limit("complaint.agency_notice")
_DAY: Final = timedelta(days=1)
NOT_KNOWN: Final = "When the agency knew of it is not known; this is counted apart."
NO_NUMBER: Final = "The agreement says that it has to be timely, and gives no number of hours."


@dataclass(frozen=True, slots=True)
class Notice:
    """When an agency knew, when it told, and how the two compare. `is_late` is None where nobody can say."""

    knew_at: datetime | None
    told_at: datetime
    rule: LimitRule | None
    explained: Explanation | None
    is_late: bool | None
    says: str


def notice_of(complaint: Complaint) -> Notice | None:
    """The notice of a complaint that came from an agency; None for any other. At most two queries."""
    if complaint.channel != "agency":
        return None
    return compare(
        complaint.agency_knew_at,
        complaint.received_at,
        rule_of(book(complaint.policy_id), complaint.model, complaint.template),
        calendar_of(complaint.office_id),
    )


def rule_of(rules: Book, model: str | None, template: str | None) -> LimitRule | None:
    """The limit of a template, of the strictest while it is not known; None where it gives no number."""
    try:
        return rules.rule_for(WITHIN, model=model, revision=template, tier=None)
    except Unresolved:
        return None


def compare(
    knew_at: datetime | None, told_at: datetime, rule: LimitRule | None, calendar: OfficeCalendar
) -> Notice:
    """What the two moments say. Pure."""
    if knew_at is None:
        return Notice(None, told_at, rule, None, None, NOT_KNOWN)
    if rule is None:
        return Notice(knew_at, told_at, None, None, None, NO_NUMBER)
    explained = calendar.explain(knew_at, rule.span)
    is_late = told_at > explained.due
    ended = explained.due.astimezone(calendar.zone)
    said = f"told {_length(told_at - explained.due)} late" if is_late else "told in time"
    verb = "ended" if is_late else "end" if told_at < explained.due else "ended"
    ends = f"{words(rule.span)}, {verb} {day_words(ended.date())}, {ended:%H:%M}"
    return Notice(knew_at, told_at, rule, explained, is_late, f"{said[0].upper()}{said[1:]}: {ends}.")


def _length(late: timedelta) -> str:
    return counted(late // _DAY, "day") if late >= _DAY else length_words(late)
