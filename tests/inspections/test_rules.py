"""Every rule on an inspection's steps, once refused and once let through, over the same picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.inspections.pictures import (
    IRIS,
    IVAN,
    MAX,
    MONA,
    NOW,
    PAM,
    SAM,
    SYSTEM,
    TODAY,
    days,
    picture,
    refusals,
    visit,
    waits,
)
from workflow.inspections.facts import Correction, InspectionFacts
from workflow.inspections.machine import MACHINE

OWED = {"due_on": days(60), "basis": "24 months after the last one"}
CAUSE = {"trigger": "access_refused", "explanation": "The door stayed shut."}


# --- opening one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["active", "terminating"])
def test_an_agreement_in_force_is_inspected(status: str):
    facts = picture("planned", agreement_status=status)

    assert refusals(facts, "plan", PAM, **OWED) == set()
    assert refusals(facts, "open_for_cause", MAX, **CAUSE) == set()


@pytest.mark.parametrize("status", [None, "applied", "signed", "suspended", "terminated", "superseded"])
def test_an_agreement_that_is_not_in_force_is_not_inspected(status: str | None):
    facts = picture("planned", agreement_status=status)

    assert refusals(facts, "plan", PAM, **OWED) == {"agreement_owes"}
    assert refusals(facts, "open_for_cause", MAX, **CAUSE) == {"agreement_owes"}


def test_one_routine_inspection_at_a_time_but_one_for_cause_beside_it():
    assert refusals(picture("planned", others_under_way=1), "plan", PAM, **OWED) == {"none_under_way"}
    assert refusals(picture("planned", others_under_way=1, kind_of="follow_up"), "plan", PAM, **OWED) == set()
    assert refusals(picture("planned", others_under_way=1), "open_for_cause", MAX, **CAUSE) == set()


# --- who leads, and when -------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "verb"), [("planned", "schedule"), ("postponed", "reschedule")])
class TestScheduling:
    def test_an_inspector_of_the_office_leads(self, state: str, verb: str):
        assert refusals(picture(state), verb, SAM, **visit()) == set()

    def test_nobody_from_elsewhere_leads(self, state: str, verb: str):
        facts = picture(state, trained=frozenset({99}))

        assert refusals(facts, verb, SAM, **visit(lead=99)) == {"lead_works_here"}

    def test_a_cover_leads_until_its_last_day(self, state: str, verb: str):
        covering = picture(state, staff={IRIS.id: TODAY})
        over = picture(state, staff={IRIS.id: days(-1)})

        assert refusals(covering, verb, SAM, **visit()) == set()
        assert refusals(over, verb, SAM, **visit()) == {"lead_works_here"}

    def test_only_who_is_trained_for_the_model_leads(self, state: str, verb: str):
        facts = picture(state, trained=frozenset({IVAN.id}))

        assert refusals(facts, verb, SAM, **visit()) == {"lead_trained"}
        assert refusals(facts, verb, SAM, **visit(lead=IVAN.id)) == set()

    def test_the_supervisor_of_the_agreement_does_not_lead(self, state: str, verb: str):
        assert refusals(picture(state), verb, SAM, **visit(lead=SAM.id)) == {"lead_not_supervisor"}
        assert refusals(picture(state, supervisor_id=77), verb, SAM, **visit(lead=SAM.id)) == set()
        assert refusals(picture(state, supervisor_id=None), verb, SAM, **visit(lead=SAM.id)) == set()

    def test_who_is_recused_does_not_lead(self, state: str, verb: str):
        facts = picture(state, recused=frozenset({IRIS.id}))

        assert refusals(facts, verb, SAM, **visit()) == {"lead_not_recused"}
        assert refusals(facts, verb, SAM, **visit(lead=IVAN.id)) == set()

    def test_nobody_leads_three_times_running(self, state: str, verb: str):
        twice = picture(state, last_leads=(IRIS.id, IRIS.id))
        once = picture(state, last_leads=(IRIS.id,))
        in_turn = picture(state, last_leads=(IRIS.id, IVAN.id))

        assert refusals(twice, verb, SAM, **visit()) == {"lead_rotates"}
        assert refusals(twice, verb, SAM, **visit(lead=IVAN.id)) == set()
        assert refusals(once, verb, SAM, **visit()) == set()
        assert refusals(in_turn, verb, SAM, **visit()) == set()

    def test_nobody_is_at_two_jails_on_one_day(self, state: str, verb: str):
        away = picture(state, taken={IRIS.id: frozenset({days(42)})})

        assert refusals(away, verb, SAM, **visit()) == {"lead_is_free"}
        assert refusals(away, verb, SAM, **visit(lead=IVAN.id)) == set()
        assert refusals(away, verb, SAM, **visit(until_on=days(41))) == set()
        assert refusals(away, verb, SAM, **visit(mode="remote")) == set()

    def test_a_visit_does_not_begin_in_the_past(self, state: str, verb: str):
        yesterday = visit(scheduled_on=days(-1), until_on=TODAY)

        assert refusals(picture(state), verb, SAM, **yesterday) == {"scheduled_not_past"}
        assert refusals(picture(state), verb, SAM, **visit(scheduled_on=TODAY, until_on=TODAY)) == set()

    @pytest.mark.parametrize(("mode", "most"), [("on_site", 3), ("assisted_self", 30), ("remote", 30)])
    def test_a_visit_lasts_as_long_as_its_mode_allows(self, state: str, verb: str, mode: str, most: int):
        def until(day: int) -> set[str]:
            return refusals(picture(state), verb, SAM, **visit(mode=mode, until_on=days(40 + day)))

        assert until(most - 1) == set()
        assert until(most) == {"within_window"}
        assert until(-1) == {"within_window"}

    @pytest.mark.parametrize("status", ["suspended", "terminating_suspended"])
    def test_nothing_is_scheduled_under_a_suspended_agreement(self, state: str, verb: str, status: str):
        assert refusals(picture(state, agreement_status=status), verb, SAM, **visit()) == {"not_suspended"}


def test_no_notice_is_sent_and_no_visit_begun_under_a_suspended_agreement():
    notice = {"letter": "We come.", "documents": "The roster"}

    def seen(state: str, status: str) -> InspectionFacts:
        return picture(state, agreement_status=status)

    assert refusals(seen("scheduled", "suspended"), "notify", IRIS, **notice) == {"not_suspended"}
    assert refusals(picture("scheduled"), "notify", IRIS, **notice) == set()
    assert refusals(seen("notified", "suspended"), "begin", IRIS) == {"not_suspended"}


# --- postponing and cancelling -------------------------------------------------------------------


def test_an_inspection_is_postponed_to_a_day_still_to_come():
    facts = picture("scheduled", due_on=None)

    assert refusals(facts, "postpone", MAX, reason="Flood.", new_on=TODAY) == {"new_day_later"}
    assert refusals(facts, "postpone", MAX, reason="Flood.", new_on=days(1)) == set()


def test_postponing_beyond_the_due_date_waits_for_a_second_manager():
    facts = picture("notified", due_on=days(30))

    assert waits(facts, "postpone", MAX, reason="Flood.", new_on=days(31))
    assert not waits(facts, "postpone", MAX, reason="Flood.", new_on=days(30))
    assert not waits(picture("notified", due_on=None), "postpone", MAX, reason="Flood.", new_on=days(31))
    assert not waits(facts, "postpone", SYSTEM, reason="Suspended.", new_on=days(31))


def test_cancelling_waits_for_a_second_person_while_the_agreement_is_in_force():
    assert waits(picture("planned"), "cancel", MAX, reason="Twice.")
    assert waits(picture("planned", agreement_status="suspended"), "cancel", MAX, reason="Twice.")
    assert not waits(picture("planned", agreement_status="terminated"), "cancel", MAX, reason="Over.")


# --- fieldwork -----------------------------------------------------------------------------------


def test_only_the_lead_begins_completes_and_drafts():
    done = {"exit_briefing": "To the captain."}

    assert refusals(picture("notified"), "begin", IVAN) == {"only_the:owner_id"}
    assert refusals(picture("notified"), "begin", IRIS) == set()
    assert refusals(picture("in_progress"), "complete_fieldwork", IVAN, **done) == {"only_the:owner_id"}
    assert refusals(picture("in_progress"), "complete_fieldwork", IRIS, **done) == set()
    assert refusals(picture("fieldwork_complete"), "draft_findings", IVAN, summary="S") == {
        "only_the:owner_id"
    }
    assert refusals(picture("fieldwork_complete"), "draft_findings", IRIS, summary="S") == set()


def test_an_inspection_begins_without_notice_only_where_it_is_unannounced_or_for_cause():
    assert refusals(picture("scheduled"), "begin", IRIS) == {"told_or_unannounced"}
    assert refusals(picture("scheduled", unannounced=True), "begin", IRIS) == set()
    assert refusals(picture("scheduled", kind_of="for_cause"), "begin", IRIS) == set()
    assert refusals(picture("notified"), "begin", IRIS) == set()


def test_a_finding_is_escalated_once():
    two = picture("in_progress", urgent_open=frozenset({"2"}))

    assert refusals(two, "escalate_urgent", IRIS, finding="1", risk="Harm.") == {"urgent_once"}
    assert refusals(two, "escalate_urgent", IRIS, finding="2", risk="Harm.") == set()
    assert "has_finding_to_escalate" in refusals(picture("in_progress"), "escalate_urgent", IRIS)


def test_fieldwork_is_complete_when_every_item_is_answered():
    missing = picture("in_progress", unanswered=1)

    assert refusals(missing, "complete_fieldwork", IRIS, exit_briefing="So.") == {"all_answered"}


def test_fieldwork_is_not_complete_while_two_people_disagree():
    disputed = picture("in_progress", disputed=1)

    assert refusals(disputed, "complete_fieldwork", IRIS, exit_briefing="So.") == {"none_disputed"}


def test_findings_are_handed_in_whole():
    unfound = picture("fieldwork_complete", unfound=1)
    unfinished = picture("fieldwork_complete", unfinished=1)

    assert refusals(unfound, "draft_findings", IRIS, summary="S") == {"every_no_found"}
    assert refusals(unfinished, "draft_findings", IRIS, summary="S") == {"findings_whole"}


def test_the_second_reader_is_another_reader_of_the_office():
    def with_reader(person: int) -> set[str]:
        return refusals(
            picture("fieldwork_complete"), "draft_findings", IRIS, summary="S", second_reader=person
        )

    assert with_reader(IVAN.id) == set()
    assert with_reader(IRIS.id) == {"reader_is_another"}
    assert with_reader(99) == {"reader_is_another"}


# --- the report ----------------------------------------------------------------------------------


def test_who_drafted_or_wrote_a_finding_passes_and_issues_nothing():
    conclusion = {"rating": "compliant", "conclusion": "Well kept."}
    for verb, rule in (
        ("draft_findings", "not_by_whoever:draft_findings"),
        ("record_finding", "wrote_no_finding"),
        ("change_finding", "wrote_no_finding"),
    ):
        read, ready = (
            picture(state, done_by={verb: frozenset({IVAN.id, MAX.id})})
            for state in ("findings_drafted", "ready_to_issue")
        )

        assert refusals(read, "pass_review", IVAN) == {rule}
        assert refusals(read, "pass_review", MONA) == set()
        assert refusals(ready, "issue_report", MAX, **conclusion) == {rule}
        assert refusals(ready, "issue_report", MONA, **conclusion) == set()


def test_the_lead_does_not_issue_the_report():
    conclusion = {"rating": "compliant", "conclusion": "Well kept."}

    assert refusals(picture("ready_to_issue", owner_id=MAX.id), "issue_report", MAX, **conclusion) == {
        "not_the_lead"
    }


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        ({}, {"compliant"}),
        ({"deficiencies": 1}, {"compliant_with_deficiencies", "not_compliant"}),
        ({"deficiencies": 2, "majors": 2}, {"compliant_with_deficiencies", "not_compliant"}),
        ({"deficiencies": 3, "majors": 3}, {"not_compliant"}),
        ({"deficiencies": 1, "criticals": 1}, {"not_compliant"}),
    ],
    ids=["none", "minor", "two_majors", "three_majors", "critical"],
)
def test_the_rating_fits_what_was_found(found: dict[str, Any], fits: set[str]):
    facts = picture("ready_to_issue", **found)

    for rating in facts.ratings:
        why = refusals(facts, "issue_report", MAX, rating=rating, conclusion="C")
        assert why == (set() if rating in fits else {"rating_fits"}), rating


def test_a_rating_stands_on_the_scale():
    facts = picture("ready_to_issue", deficiencies=1)

    assert refusals(facts, "issue_report", MAX, rating="superb", conclusion="C") == {"rating_known"}


# --- what comes of it ----------------------------------------------------------------------------

OPEN = (Correction(NOW + timedelta(days=60)),)


def test_an_inspection_closes_clean_or_asks_for_corrections():
    assert refusals(picture("report_issued"), "close_clean", MAX) == set()
    assert refusals(picture("report_issued"), "request_correction", MAX) == {"something_open"}
    assert refusals(picture("report_issued", corrections=OPEN), "close_clean", MAX) == {"nothing_open"}
    assert refusals(picture("report_issued", corrections=OPEN), "request_correction", MAX) == set()


@pytest.mark.parametrize("state", ["corrective_action", "escalated"])
def test_an_inspection_is_settled_when_no_correction_is_open(state: str):
    assert refusals(picture(state, corrections=OPEN), "all_settled", SYSTEM) == {"nothing_open"}
    assert refusals(picture(state), "all_settled", SYSTEM) == set()


@pytest.mark.parametrize(
    ("correction", "stuck"),
    [
        (Correction(None), False),
        (Correction(NOW - timedelta(days=29)), False),
        (Correction(NOW - timedelta(days=32)), True),
        (Correction(NOW + timedelta(days=9), rejections=1), False),
        (Correction(NOW + timedelta(days=9), rejections=2), True),
    ],
    ids=str,
)
def test_an_inspection_is_escalated_when_a_correction_is_stuck(correction: Correction, *, stuck: bool):
    facts = picture("corrective_action", corrections=(*OPEN, correction))

    assert refusals(facts, "escalate", SYSTEM) == (set() if stuck else {"correction_stuck"})


def test_a_person_says_why_it_is_escalated():
    facts = picture("corrective_action", corrections=(Correction(None, rejections=2),))

    assert refusals(facts, "escalate", MAX) == {"person_says_why"}
    assert refusals(facts, "escalate", MAX, reason="They do not answer.") == set()


@pytest.mark.parametrize(("state", "verb"), [("planned", "lapse"), ("verified", "end_with_agreement")])
def test_an_inspection_ends_only_with_its_agreement(state: str, verb: str):
    assert refusals(picture(state), verb, SYSTEM) == {"agreement_ended"}
    assert refusals(picture(state, agreement_status="superseded"), verb, SYSTEM) == set()


def test_only_an_untouched_import_is_voided():
    imported = picture("closed", times={"import_as_closed": 1})

    assert refusals(imported, "void_import", PAM, reason="Twice.") == set()
    assert refusals(picture("closed"), "void_import", PAM, reason="Twice.") == {"untouched"}


def test_every_rule_says_why_and_where_it_comes_from():
    rules = {rule for step in MACHINE.transitions for rule in step.rules}

    assert all(rule.says.endswith(".") and rule.source for rule in rules)
