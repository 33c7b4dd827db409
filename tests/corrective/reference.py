"""The life of a corrective action as specified, written by hand; the machine is held against it.

Where a row differs from the specification, the machine says why beside its declaration.
"""

from __future__ import annotations

from typing import Final

from tests.declared import Row

AGENCY: Final = "agency_contact field_supervisor"
CHECKERS: Final = "field_supervisor inspector"
BOTH: Final = "-correct -interim"
NOT_INVOLVED: Final = (
    "not_by_whoever:cite,correct_on_site,reject_unplanned,submit_plan,return_plan,accept_plan,extend,accept_risk"
    " did_not_issue"
)

ROWS: Final = (
    Row(
        verb="cite",
        to="open",
        by="inspector system",
        asks="clause:line evidence:text class:choice",
        rules="repeat_is_higher",
        does="clause>clause evidence>>deficiency class>class_code +correct +interim? send"
        " letter:deficiency_cited>agency",
    ),
    Row(
        verb="import_as_verified",
        to="verified",
        by="system",
        asks="provenance:line clause:line class:choice",
        does="clause>clause class>class_code",
    ),
    Row(
        verb="import_as_open",
        to="open",
        by="system",
        asks="provenance:line clause:line class:choice evidence:text?",
        does="clause>clause class>class_code evidence>>deficiency +correct",
    ),
    Row(
        verb="interim_fix",
        source="open plan_submitted plan_accepted",
        to="SAME",
        by=AGENCY,
        asks="fix:text",
        rules="is_critical",
        does="-interim",
    ),
    Row(
        verb="submit_plan",
        source="open",
        to="plan_submitted",
        by=AGENCY,
        asks="position:choice action:text responsible:line target_on:day",
        rules="target_ahead",
        does="position>position action>>action responsible>>responsible target_on>target_on",
    ),
    Row(
        verb="return_plan",
        source="plan_submitted",
        to="open",
        by="field_supervisor manager",
        asks="reason:text",
        does="@returned_on letter:plan_returned>agency",
    ),
    Row(
        verb="accept_plan",
        source="plan_submitted",
        to="plan_accepted",
        by="field_supervisor manager",
        asks="note:text?",
        rules="not_by_whoever:submit_plan manager_if_critical",
        does="letter:plan_accepted>agency",
    ),
    Row(
        verb="dispute",
        source="open",
        to="disputed",
        by="agency_contact",
        asks="grounds:text",
        rules="dispute_in_time at_most:1:dispute",
        does="~correct",
    ),
    Row(
        verb="uphold_finding",
        source="disputed",
        to="open",
        by="manager",
        asks="reason:text",
        rules=NOT_INVOLVED,
        does="^correct letter:dispute_decided>agency",
    ),
    Row(
        verb="withdraw_finding",
        source="disputed",
        to="withdrawn",
        by="manager",
        asks="reason:text",
        rules=NOT_INVOLVED,
        does=f"{BOTH} letter:dispute_decided>agency",
    ),
    Row(
        verb="correct_on_site",
        source="open",
        to="corrected",
        by="inspector",
        asks="evidence:text",
        does="-interim",
    ),
    Row(
        verb="claim_corrected",
        source="plan_accepted",
        to="corrected",
        by=AGENCY,
        asks="evidence:text",
        does="-interim",
    ),
    Row(
        verb="reject_unplanned",
        source="corrected",
        to="open",
        by=CHECKERS,
        asks="reason:text",
        rules="never_planned",
        does="@returned_on letter:correction_rejected>agency",
    ),
    Row(
        verb="reject_correction",
        source="corrected",
        to="plan_accepted",
        by=CHECKERS,
        asks="reason:text",
        rules="was_planned",
        does="@returned_on letter:correction_rejected>agency",
    ),
    Row(
        verb="verify",
        source="corrected",
        to="verified",
        by=CHECKERS,
        asks="checked:text",
        rules="not_by_whoever:accept_plan,correct_on_site,claim_corrected gave_no_evidence",
        does="-correct letter:correction_verified>agency",
    ),
    Row(
        verb="extend",
        source="plan_accepted",
        to="SAME",
        by="manager",
        asks="reason:text target_on:day",
        rules="at_most:2:extend target_ahead",
        does="target_on>target_on *correct:corrective.extension letter:correction_extended>agency",
    ),
    Row(
        verb="accept_risk",
        source="open plan_submitted plan_accepted corrected",
        to="risk_accepted",
        by="programme_manager",
        second="programme_manager",
        asks="reason:text risk_until_on:day",
        rules="never_critical risk_ends",
        does=f"risk_until_on>risk_until_on {BOTH}",
        marks="escape",
    ),
    Row(
        verb="risk_ended",
        source="risk_accepted",
        to="open",
        by="system",
        rules="risk_is_over agreement_goes_on",
        does="+correct notice:field_supervisor:corrective.reopened letter:risk_ended>agency",
        marks="reopens",
    ),
    Row(
        verb="lapse",
        source="open disputed plan_submitted plan_accepted corrected",
        to="lapsed",
        by="system",
        rules="agreement_ended",
        does=BOTH,
        marks="escape",
    ),
    Row(
        verb="void_import",
        source="verified",
        to="voided",
        by="programme_manager",
        second="programme_manager",
        asks="reason:text",
        rules="untouched",
        marks="reopens",
    ),
    Row(
        verb="void_batch",
        source="verified",
        to="voided",
        by="system",
        asks="reason:text",
        rules="untouched",
        marks="reopens",
    ),
    Row(
        verb="void_open_batch",
        source="open",
        to="voided",
        by="system",
        asks="reason:text",
        rules="untouched",
        does=BOTH,
        marks="escape",
    ),
)

FINAL: Final = {"verified", "withdrawn", "risk_accepted", "lapsed", "voided"}
THE_AGENCY: Final = "the agency"
#: The one task of each state: role, when due, the step that ends it, whose it is, whom it waits for.
WORK: Final = {
    "open": ("agency_contact", "within corrective.plan", "submit_plan", "", THE_AGENCY),
    "disputed": ("manager", "within corrective.decide", "uphold_finding", "", ""),
    "plan_submitted": ("field_supervisor", "within corrective.review", "accept_plan", "", ""),
    "plan_accepted": ("agency_contact", "clock correct", "claim_corrected", "", THE_AGENCY),
    "corrected": ("inspector", "within corrective.verify", "verify", "", ""),
}
CLOCKS: Final = {"correct": "corrective.correct", "interim": "corrective.interim"}
GUARDED: Final = {
    ("submit_plan", "accept_plan"),
    ("claim_corrected correct_on_site", "verify"),
    ("accept_plan correct_on_site", "verify"),
}
#: Limits as delivered: (name, tier) and what they are.
LIMITS: Final = {
    ("corrective.plan", 1): "BusinessDays(n=5)",
    ("corrective.plan", 2): "CalendarDays(n=30)",
    ("corrective.plan", 3): "CalendarDays(n=30)",
    ("corrective.interim", 1): "Hours(n=24)",
    ("corrective.dispute", 3): "BusinessDays(n=10)",
    ("corrective.decide", 3): "BusinessDays(n=15)",
    ("corrective.review", 3): "BusinessDays(n=10)",
    ("corrective.correct", 1): "CalendarDays(n=14)",
    ("corrective.correct", 2): "CalendarDays(n=60)",
    ("corrective.correct", 3): "CalendarDays(n=90)",
    ("corrective.extension", 1): "CalendarDays(n=7)",
    ("corrective.extension", 3): "CalendarDays(n=30)",
    ("corrective.verify", 3): "BusinessDays(n=15)",
    ("corrective.risk", 3): "Months(n=12)",
    ("corrective.reopened", 3): "BusinessDays(n=10)",
    ("corrective.escalated", 3): "BusinessDays(n=5)",
}
