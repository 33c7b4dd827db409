"""The life of a complaint as the specification has it, written by hand. The machine is held against this.

Where a row differs from the specification, the machine says why beside its declaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BEFORE_DECIDED: Final = "received triaged awaiting_oig referred_out assigned investigating on_hold in_review"
ALL_STOP: Final = "-ack -resolve -in_hand"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step. `asks` with a question mark may stay unanswered; `second` with one hangs on a condition.

    `clocks`: + starts, - stops, ~ pauses, ^ resumes, * extends, ! counts anew. `tells`: letters and notices.
    """

    verb: str
    source: str = ""
    to: str
    by: str
    second: str = ""
    asks: str = ""
    rules: str = ""
    clocks: str = ""
    columns: str = ""
    tells: str = ""
    marks: str = ""


ROWS: Final = (
    Row(
        verb="receive",
        to="received",
        by="system intake reviewer agency_contact public liaison",
        asks="channel",
        clocks="+ack +resolve +in_hand",
        columns="channel",
    ),
    Row(
        verb="import_as_received",
        to="received",
        by="system",
        asks="provenance brought?",
        clocks="+resolve +in_hand",
    ),
    Row(
        verb="import_as_triaged",
        to="triaged",
        by="system",
        asks="provenance brought?",
        clocks="+resolve +in_hand",
    ),
    Row(
        verb="import_as_assigned",
        to="assigned",
        by="system",
        asks="provenance brought?",
        clocks="+resolve +in_hand",
    ),
    Row(verb="import_as_closed", to="closed", by="system", asks="provenance brought?"),
    Row(
        verb="acknowledge",
        source=BEFORE_DECIDED,
        to="SAME",
        by="intake system",
        asks="letter",
        rules="can_answer at_most:1:acknowledge",
        clocks="-ack",
        tells="acknowledgement>complainant",
    ),
    Row(
        verb="triage",
        source="received",
        to="triaged",
        by="reviewer",
        asks="tier tier_reasons? subject rank? agreement? jurisdiction? protected? recusal_checked"
        " duplicates_checked",
        rules="has_allegation tier_explained",
        clocks="!ack !resolve",
        columns="tier_code subject_kind subject_rank lead_agreement_id jurisdiction is_protected triaged_at",
        tells="notice>liaison:complaint.notify",
    ),
    Row(
        verb="reclassify",
        source="triaged assigned investigating in_review",
        to="SAME",
        by="reviewer",
        second="manager?",
        asks="tier agreement? reason",
        clocks="!ack !resolve",
        columns="tier_code lead_agreement_id",
    ),
    Row(
        verb="merge",
        source="triaged",
        to="merged",
        by="reviewer",
        asks="parent reason",
        rules="parent_can_take_it",
        clocks=ALL_STOP,
        columns="parent_reference",
    ),
    Row(
        verb="unmerge",
        source="merged",
        to="triaged",
        by="reviewer",
        asks="reason",
        clocks="+ack +resolve +in_hand",
        columns="parent_reference=None",
        marks="reopens",
    ),
    Row(
        verb="reject_no_jurisdiction",
        source="triaged",
        to="decided",
        by="reviewer",
        second="manager",
        asks="reason where_instead",
        columns="closing_reason=no_jurisdiction decided_at",
        tells="no_jurisdiction>complainant",
    ),
    Row(
        verb="offer_to_oig",
        source="triaged",
        to="awaiting_oig",
        by="liaison",
        asks="sent",
        rules="at_most:1:offer_to_oig",
    ),
    Row(
        verb="oig_retains",
        source="awaiting_oig",
        to="referred_out",
        by="liaison",
        asks="their_reference",
        clocks="~in_hand",
        columns="referred_to=oig",
    ),
    Row(verb="oig_declines", source="awaiting_oig", to="triaged", by="liaison", asks="their_reference"),
    Row(
        verb="oig_silent",
        source="awaiting_oig",
        to="triaged",
        by="manager",
        asks="reason",
        rules="oig_had_its_time",
    ),
    Row(
        verb="refer_out",
        source="triaged",
        to="referred_out",
        by="reviewer liaison",
        asks="destination sent reason risk? consent?",
        rules="destination_open risk_answered consent_answered",
        clocks="~in_hand",
        columns="referred_to",
        tells="referral>complainant",
    ),
    Row(
        verb="record_outcome",
        source="referred_out",
        to="in_review",
        by="reviewer liaison",
        asks="outcome",
        rules="outcome_mapped",
        clocks="^in_hand",
    ),
    Row(
        verb="take_back",
        source="referred_out",
        to="triaged",
        by="reviewer",
        asks="reason",
        clocks="^in_hand",
        columns="referred_to=None",
    ),
    Row(
        verb="assign",
        source="triaged",
        to="assigned",
        by="manager reviewer",
        asks="investigator why",
        rules="not_recused_investigator not_about_the_investigator",
        columns="owner_id",
    ),
    Row(
        verb="reassign",
        source="assigned investigating",
        to="SAME",
        by="manager",
        asks="investigator reason",
        rules="not_recused_investigator not_about_the_investigator",
        columns="owner_id",
    ),
    Row(
        verb="begin",
        source="assigned",
        to="investigating",
        by="reviewer",
        asks="questions people? records? report_by",
        rules="own",
    ),
    Row(
        verb="refer_new_matter",
        source="investigating",
        to="triaged",
        by="reviewer",
        asks="reason",
        rules="own",
        tells="notice>manager:complaint.same_day",
    ),
    Row(verb="hold", source="investigating", to="on_hold", by="manager", asks="reason", clocks="~in_hand"),
    Row(verb="review_hold", source="on_hold", to="SAME", by="manager", asks="asked reason", marks="renews"),
    Row(
        verb="lift_hold", source="on_hold", to="investigating", by="manager", asks="reason", clocks="^in_hand"
    ),
    Row(
        verb="extend",
        source="investigating",
        to="SAME",
        by="manager",
        second="manager?",
        asks="reason",
        rules="at_most:2:extend within_outer_limit",
        clocks="*resolve",
        tells="delay>complainant",
    ),
    Row(
        verb="submit_report",
        source="investigating",
        to="in_review",
        by="reviewer",
        asks="report",
        rules="own all_proposed",
    ),
    Row(
        verb="send_back",
        source="in_review",
        to="investigating",
        by="manager",
        asks="reason",
        rules="has_investigator",
    ),
    Row(verb="reroute", source="in_review", to="triaged", by="reviewer", asks="reason"),
    Row(
        verb="decide",
        source="in_review",
        to="decided",
        by="manager",
        second="manager?",
        asks="decision",
        rules="not_by:begin,submit_report,record_outcome decider_is_not_investigator all_disposed",
        columns="decided_at",
    ),
    Row(
        verb="close_without_finding",
        source="received triaged assigned investigating",
        to="decided",
        by="manager",
        second="manager",
        asks="closing_reason reason",
        rules="tried_to_reach",
        columns="closing_reason decided_at",
        tells="closed_without_finding>complainant",
        marks="escape",
    ),
    Row(
        verb="withdraw",
        source="received triaged assigned investigating in_review",
        to="decided",
        by="intake",
        second="manager?",
        asks="freely",
        columns="closing_reason=withdrawn decided_at",
        tells="withdrawal>complainant",
        marks="escape",
    ),
    Row(
        verb="notify",
        source="decided",
        to="notified",
        by="intake liaison",
        asks="letters checked",
        columns="notified_at",
        tells="outcome>complainant outcome>subject outcome>agency",
    ),
    Row(verb="close", source="notified", to="closed", by="reviewer", asks="follow_up?", clocks=ALL_STOP),
    Row(
        verb="appeal",
        source="closed",
        to="appealed",
        by="intake",
        asks="grounds good_cause?",
        rules="appeal_in_time",
        clocks="+resolve +in_hand",
        marks="reopens",
    ),
    Row(
        verb="reopen",
        source="closed",
        to="triaged",
        by="manager",
        second="manager",
        asks="evidence",
        clocks="+resolve +in_hand",
        columns="closing_reason=None",
        marks="reopens",
    ),
    Row(
        verb="affirm",
        source="appealed",
        to="closed",
        by="manager",
        asks="reason",
        rules="uninvolved",
        clocks=ALL_STOP,
        tells="appeal_affirmed>complainant",
    ),
    Row(
        verb="remand",
        source="appealed",
        to="triaged",
        by="manager",
        asks="reason",
        rules="uninvolved",
        columns="closing_reason=None",
        tells="appeal_remanded>complainant",
    ),
    Row(
        verb="void_import",
        source="received triaged assigned",
        to="voided",
        by="system",
        asks="reason",
        rules="untouched",
        clocks=ALL_STOP,
        marks="escape",
    ),
    Row(
        verb="void_closed_import",
        source="closed",
        to="voided",
        by="system",
        asks="reason",
        rules="untouched",
        marks="reopens",
    ),
)

#: What has to be done in a state: title's step, role, limit (or clock), who holds it, whom it waits for.
TASKS: Final = {
    "received": ("triage", "reviewer", "complaint.triage", "", ""),
    "triaged": ("assign", "reviewer", "complaint.route", "", ""),
    "awaiting_oig": ("oig_retains", "liaison", "complaint.oig_answer", "", "the inspector general"),
    "referred_out": ("record_outcome", "liaison", "complaint.referral_outcome", "", "another authority"),
    "assigned": ("begin", "reviewer", "complaint.begin", "owner_id", ""),
    "investigating": ("submit_report", "reviewer", "clock resolve", "owner_id", ""),
    "on_hold": ("lift_hold", "manager", "complaint.hold_review", "", "a criminal matter"),
    "in_review": ("decide", "manager", "complaint.decide", "", ""),
    "decided": ("notify", "intake", "complaint.notify_outcome", "", ""),
    "notified": ("close", "reviewer", "complaint.close", "", ""),
    "appealed": ("affirm", "manager", "complaint.appeal", "", ""),
}
FINAL: Final = frozenset({"closed", "merged", "voided"})

#: How long things may take: (limit, model, revision, tier) -> span.
SPANS: Final = {
    ("complaint.triage", None, None, 1): "the same business day",
    ("complaint.triage", None, None, 2): "1 business day",
    ("complaint.triage", None, None, 3): "5 business days",
    ("complaint.triage", None, None, 4): "5 business days",
    ("complaint.ack", None, None, None): "5 business days",
    ("complaint.route", None, None, None): "2 business days",
    ("complaint.notify", None, None, None): "1 business day",
    ("complaint.same_day", None, None, None): "the same business day",
    ("complaint.oig_answer", None, None, None): "5 business days",
    ("complaint.referral_outcome", "WSO", "2019", None): "90 calendar days",
    ("complaint.referral_outcome", "TFM", "2025", None): "90 calendar days",
    ("complaint.begin", None, None, None): "3 business days",
    ("complaint.resolve", None, None, 1): "45 calendar days",
    ("complaint.resolve", None, None, 2): "60 calendar days",
    ("complaint.resolve", None, None, 3): "90 calendar days",
    ("complaint.resolve", "WSO", "2019", 3): "90 calendar days",
    ("complaint.resolve", "WSO", "2019", 1): "45 calendar days",
    ("complaint.extension", None, None, None): "45 calendar days",
    ("complaint.hold_review", None, None, None): "30 calendar days",
    ("complaint.decide", None, None, None): "10 business days",
    ("complaint.notify_outcome", None, None, None): "10 business days",
    ("complaint.close", None, None, None): "5 business days",
    ("complaint.appeal", None, None, None): "30 calendar days",
    ("complaint.agency_notice", "JEM", "2020", None): "48 hours, not counting weekends",
    ("complaint.agency_notice", "WSO", "2019", None): "48 hours, not counting weekends",
    ("complaint.agency_result", "JEM", "2025", None): "30 calendar days",
}
