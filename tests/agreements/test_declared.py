"""Every answer, rule and effect of a step of an agreement, against a reference written by hand."""

from __future__ import annotations

import pytest

from tests.declared import Row, shape, work
from workflow.agreements.facts import State
from workflow.agreements.machine import MACHINE
from workflow.agreements.steps import REASONS

pytestmark = pytest.mark.declared

PM = "programme_manager"
REASON = f"{REASONS.name}:text"
OPEN = "applied under_review approved signed active suspended terminating terminating_suspended"
NOTICE = f"given_by:choice {REASON} effective_on:day published_on:day?"
NOTICE_RULES = "own_words notice_long_enough published_long_enough"
NOTICE_DOES = "effective_on>effective_on letter:notice_of_termination>agency"

ROWS = (
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
        source="applied under_review approved signed",
        to="withdrawn",
        by=f"agency_contact {PM}",
        asks=REASON,
    ),
    Row(
        verb="record_contact",
        source="active suspended",
        to="SAME",
        by=f"field_supervisor {PM}",
        asks="contact_kind:choice held_on:day outcome:text next_on:day",
        rules="not_after_today:held_on next_in_time",
        does="held_on>last_contact_on next_on>next_contact_on",
    ),
    Row(
        verb="assign_office",
        source=OPEN,
        to="SAME",
        by=f"system {PM}",
        asks=f"office:choice {REASON}",
        rules="office_known",
        does="office>office_code",
    ),
    Row(
        verb="assign_supervisor",
        source="signed active suspended",
        to="SAME",
        by=f"manager {PM}",
        asks="supervisor:person",
        does="supervisor>owner_id",
    ),
    Row(
        verb="correct_record",
        source="active suspended",
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
        source="active suspended",
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

#: Role, when it is due, the step that ends it, whose it is, whom it waits for.
WORKS = {
    State.APPLIED: (PM, "within agreement.complete", "vet", "", ""),
    State.UNDER_REVIEW: (PM, "within agreement.decide", "recommend", "", ""),
    State.APPROVED: (PM, "within agreement.sign", "sign", "", ""),
    State.SIGNED: (
        "field_supervisor",
        "within agreement.first_class",
        "certify_first_class",
        "owner_id",
        "",
    ),
    State.ACTIVE: ("field_supervisor", "on next_contact_on", "record_contact", "owner_id", ""),
    State.SUSPENDED: (PM, "on suspended_until", "vacate", "", ""),
    State.TERMINATING: (PM, "on effective_on", "end", "", ""),
    State.TERMINATING_SUSPENDED: (PM, "on effective_on", "end", "", ""),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_a_step_asks_checks_and_leaves_what_was_agreed(row: Row):
    step = MACHINE.step(row.verb)
    assert step is not None

    assert shape(step) == row.shape()


def test_there_is_no_step_beside_those_agreed():
    assert [t.verb for t in MACHINE.transitions] == sorted(
        (row.verb for row in ROWS), key=[t.verb for t in MACHINE.transitions].index
    )


def test_every_state_owns_the_work_that_was_agreed():
    assert {s.state: work(s) for s in MACHINE.stages if s.work is not None} == WORKS


def test_suspensions_and_approvals_are_guarded():
    assert [(set(g.propose), g.approve) for g in MACHINE.guarded] == [
        ({"vet"}, "recommend"),
        ({"suspend"}, "vacate"),
    ]
    assert {hold.state: set(hold.doors) for hold in MACHINE.holds} == {
        State.SUSPENDED: {"vacate", "give_notice_suspended", "supersede"},
        State.TERMINATING_SUSPENDED: {"rescind_suspended", "end"},
    }
    assert [rule.name for rule in MACHINE.always] == ["not_recused"]
