"""Time limits of complaints as delivered, each with the title of its source."""

from __future__ import annotations

from typing import Final

from workflow.engine.spans import BusinessDays, CalendarDays, HoursSkippingWeekends
from workflow.policy.book import LimitRule

WSO_2019: Final = "Memorandum of agreement, Warrant Service Officer, template 2019"
TFM_2025: Final = "Memorandum of agreement, Task Force Model, template 2025"
JEM: Final = "Memoranda of agreement, Jail Enforcement Model, 2020 and 2025"
MOAS: Final = "Memoranda of agreement of JEM and WSO, 2019 to 2025"
CALEA: Final = "Law enforcement accreditation standards (CALEA), 52.2.4: status is told"

LIMITS: tuple[LimitRule, ...] = (
    LimitRule("complaint.ack", BusinessDays(5)),
    LimitRule("complaint.triage", BusinessDays(5)),
    LimitRule("complaint.triage", BusinessDays(0), tier=1),
    LimitRule("complaint.triage", BusinessDays(1), tier=2),
    LimitRule("complaint.route", BusinessDays(2)),
    LimitRule("complaint.notify", BusinessDays(1)),
    LimitRule("complaint.same_day", BusinessDays(0)),
    LimitRule("complaint.oig_answer", BusinessDays(5)),
    LimitRule("complaint.referral_outcome", CalendarDays(90)),
    LimitRule("complaint.referral_outcome", CalendarDays(90), model="WSO", revision="2019", source=WSO_2019),
    LimitRule("complaint.referral_outcome", CalendarDays(90), model="TFM", source=TFM_2025),
    LimitRule("complaint.agency_result", CalendarDays(30), model="JEM", source=JEM),
    LimitRule("complaint.agency_result", CalendarDays(30)),
    # None for TFM: its agreement says "timely" and gives no number.
    LimitRule("complaint.agency_notice", HoursSkippingWeekends(48), model="JEM", source=MOAS),
    LimitRule("complaint.agency_notice", HoursSkippingWeekends(48), model="WSO", source=MOAS),
    LimitRule("complaint.referral_ack", BusinessDays(10)),
    LimitRule("complaint.chaser_first", CalendarDays(30)),
    LimitRule("complaint.chaser_second", CalendarDays(60)),
    LimitRule("complaint.chaser_third", CalendarDays(90)),
    LimitRule("complaint.check_in_first", CalendarDays(30)),
    LimitRule("complaint.check_in_second", CalendarDays(90)),
    LimitRule("complaint.request_reminder", CalendarDays(14)),
    LimitRule("complaint.interim", BusinessDays(1)),
    LimitRule("complaint.begin", BusinessDays(3)),
    LimitRule("complaint.resolve", CalendarDays(90)),
    LimitRule("complaint.resolve", CalendarDays(90), model="WSO", revision="2019", source=WSO_2019),
    LimitRule("complaint.resolve", CalendarDays(90), model="TFM", source=TFM_2025),
    LimitRule("complaint.resolve", CalendarDays(45), tier=1),
    LimitRule("complaint.resolve", CalendarDays(60), tier=2),
    LimitRule("complaint.delay_letter", CalendarDays(30), source=CALEA),
    LimitRule("complaint.extension", CalendarDays(45)),
    LimitRule("complaint.hold_review", CalendarDays(30)),
    LimitRule("complaint.decide", BusinessDays(10)),
    LimitRule("complaint.notify_outcome", BusinessDays(10)),
    LimitRule("complaint.close", BusinessDays(5)),
    LimitRule("complaint.appeal", CalendarDays(30)),
)
