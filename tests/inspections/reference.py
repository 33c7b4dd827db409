"""The life of an inspection as the specification has it, written by hand; the machine is held against it.

Where a row differs from the specification, the machine says why beside its declaration.
"""

from __future__ import annotations

from typing import Final

from tests.declared import Row

CONDUCTS: Final = "inspector field_supervisor"
READS: Final = "inspector manager"
AHEAD: Final = "planned scheduled notified postponed"
UNREPORTED: Final = f"{AHEAD} in_progress fieldwork_complete findings_drafted with_agency ready_to_issue"
VISIT: Final = "lead:person scheduled_on:day until_on:day mode:choice unannounced:yes?"
VISIT_RULES: Final = (
    "not_suspended lead_works_here lead_trained lead_not_supervisor lead_not_recused lead_rotates"
    " lead_is_free scheduled_not_past within_window"
)
VISIT_DOES: Final = (
    "lead>owner_id scheduled_on>scheduled_on until_on>until_on mode>mode unannounced=False"
    " unannounced>unannounced agency_reply=None"
)
ALL_STOP: Final = "-due -schedule -documents -report"

ROWS: Final = (
    Row(
        verb="plan",
        to="planned",
        by="programme_manager system",
        asks="due_on:day basis:line",
        rules="agreement_owes none_under_way",
        does="due_on>due_on basis>basis +due",
    ),
    Row(
        verb="open_for_cause",
        to="planned",
        by="manager programme_manager",
        asks="trigger:choice explanation:text",
        rules="agreement_owes",
        does="trigger>trigger +schedule",
    ),
    Row(
        verb="import_as_closed",
        to="closed",
        by="system",
        asks="provenance:line fieldwork_on:day rating:line? scale:line?",
        does="fieldwork_on>fieldwork_completed_on rating>rating scale>rating_scale",
    ),
    Row(
        verb="schedule",
        source="planned",
        to="scheduled",
        by=CONDUCTS,
        asks=VISIT,
        rules=VISIT_RULES,
        does=f"{VISIT_DOES} -schedule",
    ),
    Row(
        verb="notify",
        source="scheduled",
        to="notified",
        by=CONDUCTS,
        asks="letter:text? documents:text",
        rules="not_suspended announced",
        does="+documents send letter:inspection_notice>agency",
    ),
    Row(
        verb="confirm_visit",
        source="notified",
        to="SAME",
        by=f"agency_contact {CONDUCTS}",
        asks="reply:choice words:text?",
        does="reply>agency_reply",
    ),
    Row(
        verb="request_documents",
        source="in_progress",
        to="SAME",
        by=CONDUCTS,
        asks="letter:text? documents:text",
        rules="only_the:owner_id no_request_open",
        does="-documents +documents send letter:document_request>agency",
    ),
    Row(
        verb="receive_documents",
        source="notified in_progress",
        to="SAME",
        by=f"agency_contact {CONDUCTS}",
        asks="received:text",
        does="-documents",
    ),
    Row(
        verb="postpone",
        source="scheduled notified",
        to="postponed",
        by="manager system",
        second="manager?",
        asks="reason:text new_on:day",
        rules="new_day_later",
        does="new_on>scheduled_on @postponed_on agency_reply=None -documents",
    ),
    Row(
        verb="reschedule",
        source="postponed",
        to="scheduled",
        by=CONDUCTS,
        asks=VISIT,
        rules=VISIT_RULES,
        does=VISIT_DOES,
    ),
    Row(
        verb="record_attempt",
        source="scheduled notified in_progress",
        to="SAME",
        by=CONDUCTS,
        asks="attempt:choice words:text",
        does="notice:manager",
    ),
    Row(
        verb="begin",
        source="notified scheduled",
        to="in_progress",
        by=CONDUCTS,
        rules="only_the:owner_id told_or_unannounced not_suspended",
        does="@begun_on checklist_kept=True -documents",
    ),
    Row(
        verb="escalate_urgent",
        source="in_progress",
        to="SAME",
        by=CONDUCTS,
        asks="finding:choice risk:text",
        rules="has_finding_to_escalate urgent_once",
        does="finding>urgent_finding notice:manager:inspection.same_day",
    ),
    Row(
        verb="complete_fieldwork",
        source="in_progress",
        to="fieldwork_complete",
        by=CONDUCTS,
        asks="exit_briefing:text",
        rules="only_the:owner_id all_answered none_disputed",
        does="@fieldwork_completed_on occupies_agreement_id=None -due -documents +report",
    ),
    Row(
        verb="draft_findings",
        source="fieldwork_complete",
        to="findings_drafted",
        by=CONDUCTS,
        asks="summary:text? second_reader:person?",
        rules="only_the:owner_id every_no_found findings_whole summary_written reader_is_another",
        does="second_reader_id=None second_reader>second_reader_id",
    ),
    Row(
        verb="send_back",
        source="findings_drafted ready_to_issue",
        to="fieldwork_complete",
        by=READS,
        asks="reason:text",
    ),
    Row(
        verb="pass_review",
        source="findings_drafted",
        to="with_agency",
        by=READS,
        asks="note:text?",
        rules="not_by_whoever:draft_findings wrote_no_finding",
        does="send letter:draft_findings>agency",
    ),
    Row(
        verb="take_comments",
        source="with_agency",
        to="ready_to_issue",
        by=f"agency_contact {CONDUCTS}",
        asks="comments:text?",
    ),
    Row(verb="comments_lapsed", source="with_agency", to="ready_to_issue", by="system", marks="timed"),
    Row(
        verb="issue_report",
        source="ready_to_issue",
        to="report_issued",
        by="manager",
        asks="rating:choice conclusion:text",
        rules="not_by_whoever:draft_findings wrote_no_finding not_the_lead comments_answered"
        " rating_known rating_fits",
        does="rating>rating rating_scale=compliance @report_issued_on -report"
        " letter:inspection_report>agency",
    ),
    Row(verb="close_clean", source="report_issued", to="closed", by="manager", rules="nothing_open"),
    Row(
        verb="request_correction",
        source="report_issued",
        to="corrective_action",
        by="manager field_supervisor",
        rules="something_open",
        does="letter:corrections_requested>agency",
    ),
    Row(
        verb="escalate",
        source="corrective_action",
        to="escalated",
        by="system manager",
        asks="reason:text?",
        rules="correction_stuck person_says_why",
        marks="timed",
    ),
    Row(
        verb="return_to_correction",
        source="escalated",
        to="corrective_action",
        by="manager programme_manager",
        asks="decision:text",
    ),
    Row(
        verb="all_settled",
        source="corrective_action escalated",
        to="verified",
        by="system field_supervisor",
        rules="nothing_open",
    ),
    Row(
        verb="close",
        source="verified",
        to="closed",
        by="manager",
        asks="letter:text",
        does="letter:close_out>agency",
    ),
    Row(
        verb="cancel",
        source=AHEAD,
        to="cancelled",
        by="manager programme_manager",
        second="manager? programme_manager?",
        asks="reason:text",
        does=f"occupies_agreement_id=None {ALL_STOP}",
        marks="escape",
    ),
    Row(
        verb="lapse",
        source=UNREPORTED,
        to="cancelled",
        by="system",
        rules="agreement_ended",
        does=f"occupies_agreement_id=None {ALL_STOP}",
        marks="escape",
    ),
    Row(
        verb="end_with_agreement",
        source="report_issued corrective_action escalated verified",
        to="closed",
        by="system",
        rules="agreement_ended",
        does=ALL_STOP,
        marks="escape",
    ),
    Row(
        verb="void_import",
        source="closed",
        to="voided",
        by="programme_manager",
        second="programme_manager",
        asks="reason:text",
        rules="untouched",
        does="fieldwork_completed_on=None",
        marks="reopens",
    ),
    Row(
        verb="void_batch",
        source="closed",
        to="voided",
        by="system",
        asks="reason:text",
        rules="untouched",
        does="fieldwork_completed_on=None",
        marks="reopens",
    ),
)

FINAL: Final = {"closed", "cancelled", "voided"}
LEAD: Final = "owner_id"
#: The one task of each state: role, when due, the step that ends it, whose it is, whom it waits for.
WORK: Final = {
    "planned": ("field_supervisor", "inspection.schedule_ahead before due_on", "schedule", "", ""),
    "scheduled": ("inspector", "inspection.notice before scheduled_on", "notify", LEAD, ""),
    "notified": ("inspector", "on scheduled_on", "begin", LEAD, ""),
    "postponed": ("field_supervisor", "within inspection.postponed", "reschedule", "", ""),
    "in_progress": ("inspector", "on until_on", "complete_fieldwork", LEAD, ""),
    "fieldwork_complete": ("inspector", "within inspection.draft", "draft_findings", LEAD, ""),
    "findings_drafted": (
        "inspector",
        "within inspection.second_reading",
        "pass_review",
        "second_reader_id",
        "",
    ),
    "with_agency": ("agency_contact", "within inspection.comments", "take_comments", "", "the agency"),
    "ready_to_issue": ("manager", "clock report", "issue_report", "", ""),
    "report_issued": ("manager", "within inspection.settle", "request_correction", "", ""),
    "corrective_action": ("field_supervisor", "on next_correction_on", "all_settled", "", ""),
    "escalated": ("programme_manager", "within inspection.escalated", "return_to_correction", "", ""),
    "verified": ("manager", "within inspection.close", "close", "", ""),
}
#: Nothing is sent before an unannounced visit: its lead goes there on the day.
UNANNOUNCED: Final = ("inspector", "on scheduled_on", "begin", LEAD, "")
#: Clocks, each with its limit and the day it counts from where that is not the step.
CLOCKS: Final = {
    "due": ("inspection.due", "due_on"),
    "schedule": ("inspection.for_cause", None),
    "documents": ("inspection.documents", None),
    "report": ("inspection.report", None),
}
GUARDED: Final = {("draft_findings", "pass_review"), ("draft_findings", "issue_report")}
#: Limits as delivered: (name, tier) and what they are; tier 1 is an inspection for cause.
LIMITS: Final = {
    ("inspection.due", None): "CalendarDays(n=0)",
    ("inspection.for_cause", 1): "BusinessDays(n=5)",
    ("inspection.schedule_ahead", None): "CalendarDays(n=60)",
    ("inspection.schedule_ahead", 1): "CalendarDays(n=0)",
    ("inspection.notice", None): "CalendarDays(n=30)",
    ("inspection.notice", 1): "CalendarDays(n=0)",
    ("inspection.documents", None): "CalendarDays(n=14)",
    ("inspection.postponed", None): "CalendarDays(n=60)",
    ("inspection.confirmation", None): "BusinessDays(n=10)",
    ("inspection.confirmation", 1): "BusinessDays(n=1)",
    ("inspection.chase_documents", None): "BusinessDays(n=2)",
    ("inspection.nobody_present", None): "BusinessDays(n=2)",
    ("inspection.access_refused", None): "BusinessDays(n=1)",
    ("inspection.other_day", None): "BusinessDays(n=3)",
    ("inspection.on_site", None): "CalendarDays(n=3)",
    ("inspection.assisted_self", None): "CalendarDays(n=30)",
    ("inspection.draft", None): "BusinessDays(n=15)",
    ("inspection.second_reading", None): "BusinessDays(n=5)",
    ("inspection.comments", None): "BusinessDays(n=10)",
    ("inspection.report", None): "CalendarDays(n=45)",
    ("inspection.settle", None): "BusinessDays(n=5)",
    ("inspection.stuck", None): "CalendarDays(n=30)",
    ("inspection.escalated", None): "BusinessDays(n=5)",
    ("inspection.close", None): "BusinessDays(n=10)",
    ("inspection.lead_week", None): "BusinessDays(n=3)",
    ("inspection.same_day", None): "BusinessDays(n=0)",
}
#: Limits whose source is not ours: the practice of inspections that are published.
SOURCED: Final = {"inspection.on_site", "inspection.assisted_self"}
