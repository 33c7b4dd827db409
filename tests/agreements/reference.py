"""The life of an agreement as its designers wrote it down, by hand: independent of the declared machine.

Where this and the machine differ, one of them is wrong.
"""

from __future__ import annotations

from typing import Final

from tests.declared import Row

PM: Final = "programme_manager"
BEFORE: Final = "applied under_review approved signed"
RUNNING: Final = "active suspended"
UNFINISHED: Final = f"{BEFORE} {RUNNING} terminating terminating_suspended"
REASON: Final = "reasons:text"
NOTICE: Final = f"given_by:choice {REASON} effective_on:day published_on:day?"
NOTICE_RULES: Final = "own_words notice_long_enough published_long_enough"
NOTICE_DOES: Final = "effective_on>effective_on letter:notice_of_termination>agency"

ROWS: Final = (
    Row(verb="apply", to="applied", by=f"agency_contact {PM}", asks="facility:line contact:line"),
    Row(
        verb="register",
        to="active",
        by=f"system {PM}",
        asks="signed_on:day template:choice inferred:yes? source:line",
        rules="not_after_today:signed_on template_known",
        does="signed_on>signed_on template>template",
    ),
    Row(
        verb="vet",
        source="applied",
        to="under_review",
        by=PM,
        asks="record:text supervision:text capacity:choice capacity_basis:text",
        does="capacity>capacity",
    ),
    Row(
        verb="recommend",
        source="under_review",
        to="approved",
        by=PM,
        second=PM,
        asks="minutes:line capacity_answer:text?",
        rules="capacity_answered",
        does="decision=recommended",
    ),
    Row(
        verb="decline",
        source="applied under_review approved",
        to="declined",
        by=PM,
        second=PM,
        asks=f"declined_for:choice {REASON} minutes:line",
        does="decision=declined letter:application_declined>agency",
    ),
    Row(
        verb="sign",
        source="approved",
        to="signed",
        by=PM,
        asks="both:yes signed_on:day template:choice",
        rules="not_after_today:signed_on template_known",
        does="signed_on>signed_on template>template",
    ),
    Row(
        verb="certify_first_class",
        source="signed",
        to="active",
        by=f"field_supervisor {PM}",
        asks="officers:number operational_on:day next_on:day",
        rules="some_officer not_after_today:operational_on first_review_in_time",
        does="operational_on>operational_on next_on>next_contact_on",
    ),
    Row(
        verb="withdraw",
        source=BEFORE,
        to="withdrawn",
        by=f"agency_contact {PM}",
        asks=REASON,
    ),
    Row(
        verb="record_contact",
        source=f"{RUNNING} terminating terminating_suspended",
        to="SAME",
        by=f"field_supervisor {PM}",
        asks="contact_kind:choice held_on:day held_by:person? outcome:text next_on:day",
        rules="counts not_after_today:held_on next_in_time",
        does="held_on>last_contact_on next_on>next_contact_on",
    ),
    Row(
        verb="correct_contact",
        source=f"{RUNNING} terminating terminating_suspended",
        to="SAME",
        by=f"field_supervisor {PM}",
        second=f"manager {PM}",
        asks="contact:choice never:yes? contact_kind:choice? held_on:day? outcome:text? reasons:text",
        rules="some_contact contact_known says_what_was_wrong counts not_after_today:held_on",
    ),
    Row(
        verb="waive_duty",
        source=f"{RUNNING} terminating terminating_suspended",
        to="SAME",
        by=f"manager {PM}",
        second=f"manager {PM}",
        asks=f"duty:choice until_on:day {REASON}",
        rules="not_ones_own duty_owed waived_for_a_time",
    ),
    Row(
        verb="end_waiver",
        source=f"{RUNNING} terminating terminating_suspended",
        to="SAME",
        by=f"manager {PM}",
        asks=f"waiver:choice {REASON}",
        rules="not_ones_own some_waiver waiver_runs",
    ),
    Row(
        verb="assign_office",
        source=UNFINISHED,
        to="SAME",
        by=f"system {PM}",
        asks=f"office:choice {REASON}",
        rules="office_known",
        does="office>office_code",
    ),
    Row(
        verb="assign_supervisor",
        source=f"signed {RUNNING}",
        to="SAME",
        by=f"manager {PM}",
        asks="supervisor:person",
        does="supervisor>owner_id",
    ),
    Row(
        verb="correct_record",
        source=RUNNING,
        to="SAME",
        by=PM,
        second=PM,
        asks="signed_on:day? operational_on:day? template:choice? reason:text",
        rules="something_corrected not_after_today:signed_on not_after_today:operational_on "
        "operational_after_signed template_known",
        does="signed_on>signed_on operational_on>operational_on template>template",
    ),
    Row(
        verb="suspend",
        source="active",
        to="suspended",
        by=PM,
        second=PM,
        asks=f"{REASON} from_on:day until_on:day how_to_answer:text exigent:yes?",
        rules="suspension_announced ends_after_it_begins",
        does="from_on>suspended_from until_on>suspended_until letter:suspension_notice>agency",
    ),
    Row(
        verb="prolong",
        source="suspended",
        to="SAME",
        by=PM,
        second=PM,
        asks=f"{REASON} until_on:day",
        rules="longer_than_before",
        does="until_on>suspended_until letter:suspension_prolonged>agency",
    ),
    Row(
        verb="vacate",
        source="suspended",
        to="active",
        by=PM,
        second=PM,
        asks=REASON,
        does="suspended_from=None suspended_until=None letter:suspension_vacated>agency",
    ),
    Row(
        verb="give_notice",
        source="active",
        to="terminating",
        by=f"agency_contact {PM}",
        asks=NOTICE,
        rules=NOTICE_RULES,
        does=NOTICE_DOES,
    ),
    Row(
        verb="rescind",
        source="terminating",
        to="active",
        by=PM,
        asks=REASON,
        does="effective_on=None letter:notice_rescinded>agency",
    ),
    Row(
        verb="give_notice_suspended",
        source="suspended",
        to="terminating_suspended",
        by=f"agency_contact {PM}",
        asks=NOTICE,
        rules=NOTICE_RULES,
        does=NOTICE_DOES,
    ),
    Row(
        verb="rescind_suspended",
        source="terminating_suspended",
        to="suspended",
        by=PM,
        asks=REASON,
        does="effective_on=None letter:notice_rescinded>agency",
    ),
    Row(
        verb="end",
        source="terminating terminating_suspended",
        to="terminated",
        by="system",
        rules="effective_day_has_come",
        marks="timed",
    ),
    Row(
        verb="supersede",
        source=RUNNING,
        to="superseded",
        by=PM,
        asks=f"successor:agreement {REASON}",
        rules="is_a_successor",
        does="successor>superseded_by_id @ended_on",
    ),
    Row(
        verb="void_import",
        source="active",
        to="voided",
        by=PM,
        second=PM,
        asks=REASON,
        rules="untouched",
        marks="escape",
    ),
)

FINAL: Final = {"declined", "withdrawn", "terminated", "superseded", "voided"}
#: The one task of each state: role, when due, the step that ends it, whose it is, whom it waits for.
WORK: Final = {
    "applied": (PM, "within agreement.complete", "vet", "", ""),
    "under_review": (PM, "within agreement.decide", "recommend", "", ""),
    "approved": (PM, "within agreement.sign", "sign", "", ""),
    "signed": (
        "field_supervisor",
        "within agreement.first_class",
        "certify_first_class",
        "owner_id",
        "",
    ),
    "active": ("field_supervisor", "on next_contact_on", "record_contact", "owner_id", ""),
    "suspended": (PM, "on suspended_until", "vacate", "", ""),
    "terminating": (PM, "on effective_on", "end", "", ""),
    "terminating_suspended": (PM, "on effective_on", "end", "", ""),
}
GUARDED: Final = {("vet", "recommend"), ("suspend", "vacate")}
#: States left by their own doors alone.
HOLDS: Final = {
    "suspended": "vacate give_notice_suspended supersede",
    "terminating_suspended": "rescind_suspended end",
}
