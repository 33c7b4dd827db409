"""Every rule on a corrective action's steps, once refused and once let through, over the same picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.corrective.pictures import NOW, TODAY, days, picture, refusals, somebody
from workflow.corrective.facts import CorrectiveFacts
from workflow.corrective.machine import MACHINE
from workflow.engine.machine import decide

CARL = somebody("agency_contact", 1)
SAM = somebody("field_supervisor", 2)
IRIS = somebody("inspector", 3)
MAX = somebody("manager", 4)
PAM = somebody("programme_manager", 5)
PETE = somebody("programme_manager", 6)
SYSTEM = somebody("system", 7)

PLAN: dict[str, Any] = {"position": "agree", "action": "Posters.", "responsible": "The captain"}
CITED: dict[str, Any] = {"clause": "Complaint procedures", "evidence": "None hung."}


def cited(class_code: str, *, is_repeat: bool) -> set[str]:
    facts = picture("open", is_repeat=is_repeat)
    return refusals(facts, "cite", SYSTEM, **{"class": class_code}, **CITED)


def test_a_repeat_is_at_least_major():
    assert cited("minor", is_repeat=True) == {"repeat_is_higher"}
    assert cited("major", is_repeat=True) == set()
    assert cited("critical", is_repeat=True) == set()
    assert cited("minor", is_repeat=False) == set()


@pytest.mark.parametrize("tier", [2, 3])
def test_an_interim_fix_is_for_critical_deficiencies_only(tier: int):
    assert refusals(picture("open", tier=tier), "interim_fix", CARL, fix="Posted one.") == {"is_critical"}
    assert refusals(picture("open", tier=1), "interim_fix", CARL, fix="Posted one.") == set()


def test_a_plan_ends_in_the_future():
    facts = picture("open")

    assert refusals(facts, "submit_plan", CARL, target_on=days(-1), **PLAN) == {"target_ahead"}
    assert refusals(facts, "submit_plan", CARL, target_on=TODAY, **PLAN) == set()


def test_who_handed_in_a_plan_does_not_accept_it():
    facts = picture("plan_submitted", done_by={"submit_plan": frozenset({SAM.id})})

    assert refusals(facts, "accept_plan", SAM) == {"not_by_whoever:submit_plan"}
    assert refusals(facts, "accept_plan", MAX) == set()


def test_the_plan_for_a_critical_deficiency_is_accepted_by_a_manager():
    assert refusals(picture("plan_submitted", tier=1), "accept_plan", SAM) == {"manager_if_critical"}
    assert refusals(picture("plan_submitted", tier=1), "accept_plan", MAX) == set()
    assert refusals(picture("plan_submitted", tier=2), "accept_plan", SAM) == set()


def test_a_finding_is_disputed_within_ten_business_days():
    # Ten business days after 19 December 2025 end on 6 January: two holidays lie between.
    in_time = picture("open", cited_at=NOW - timedelta(days=17))
    too_late = picture("open", cited_at=NOW - timedelta(days=21))

    assert refusals(in_time, "dispute", CARL, grounds="They hang.") == set()
    assert refusals(too_late, "dispute", CARL, grounds="They hang.") == {"dispute_in_time"}


def test_a_finding_is_disputed_once():
    again = picture("open", times={"dispute": 1})

    assert refusals(again, "dispute", CARL, grounds="They hang.") == {"at_most:1:dispute"}


@pytest.mark.parametrize("verb", ["uphold_finding", "withdraw_finding"])
@pytest.mark.parametrize("before", ["cite", "submit_plan", "return_plan"])
def test_a_dispute_is_decided_by_a_manager_not_involved_before(verb: str, before: str):
    facts = picture("disputed", done_by={before: frozenset({MAX.id})})

    assert len(refusals(facts, verb, MAX, reason="So.")) == 1
    assert refusals(facts, verb, somebody("manager", 40), reason="So.") == set()


@pytest.mark.parametrize("verb", ["uphold_finding", "withdraw_finding"])
def test_who_issued_the_report_does_not_decide_a_dispute_about_it(verb: str):
    facts = picture("disputed", issued_by=frozenset({MAX.id}))

    assert refusals(facts, verb, MAX, reason="So.") == {"did_not_issue"}
    assert refusals(facts, verb, somebody("manager", 40), reason="So.") == set()


def test_a_rejected_correction_goes_back_to_its_plan_or_for_one():
    planned, unplanned = picture("corrected", times={"accept_plan": 1}), picture("corrected")

    assert refusals(planned, "reject_correction", IRIS, reason="Not seen.") == set()
    assert refusals(planned, "reject_unplanned", IRIS, reason="Not seen.") == {"never_planned"}
    assert refusals(unplanned, "reject_unplanned", IRIS, reason="Not seen.") == set()
    assert refusals(unplanned, "reject_correction", IRIS, reason="Not seen.") == {"was_planned"}


@pytest.mark.parametrize("before", ["accept_plan", "correct_on_site", "claim_corrected"])
def test_neither_who_accepted_the_plan_nor_who_handed_in_evidence_verifies(before: str):
    facts = picture("corrected", done_by={before: frozenset({SAM.id})})

    assert len(refusals(facts, "verify", SAM, checked="Six posters.")) == 1
    assert refusals(facts, "verify", IRIS, checked="Six posters.") == set()


def test_a_correction_is_extended_twice_at_most():
    again = {"reason": "Floods.", "target_on": days(30)}

    assert refusals(picture("plan_accepted", times={"extend": 1}), "extend", MAX, **again) == set()
    assert refusals(picture("plan_accepted", times={"extend": 2}), "extend", MAX, **again) == {
        "at_most:2:extend"
    }


def test_a_correction_is_not_extended_into_the_past():
    assert refusals(picture("plan_accepted"), "extend", MAX, reason="Floods.", target_on=days(-1)) == {
        "target_ahead"
    }


def test_the_risk_of_a_critical_deficiency_is_never_accepted():
    asked = {"reason": "A new jail is built.", "risk_until_on": days(100)}

    assert refusals(picture("open", tier=1), "accept_risk", PAM, **asked) == {"never_critical"}
    assert refusals(picture("open", tier=2), "accept_risk", PAM, **asked) == set()


@pytest.mark.parametrize(("day", "fits"), [(0, False), (1, True), (365, True), (366, False)])
def test_a_risk_is_accepted_for_twelve_months_at_most(day: int, *, fits: bool):
    found = refusals(picture("open"), "accept_risk", PAM, reason="So.", risk_until_on=days(day))

    assert found == (set() if fits else {"risk_ends"})


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("accept_risk", picture("open")),
        ("void_import", picture("verified", times={"import_as_verified": 1})),
    ],
    ids=["accept_risk", "void_import"],
)
def test_what_weighs_waits_for_a_second_programme_manager(verb: str, facts: CorrectiveFacts):
    step = MACHINE.step(verb)
    assert step is not None
    asked = {"reason": "So.", "risk_until_on": days(100)}

    alone = decide(MACHINE, facts, step, PAM, asked, seen=9, now=NOW)
    both = decide(MACHINE, facts, step, PAM, asked, seen=9, now=NOW, second=PETE)

    assert alone.awaits_second
    assert both.second_id == PETE.id


@pytest.mark.parametrize("status", ["terminated", "superseded"])
def test_a_correction_lapses_only_with_its_agreement(status: str):
    assert refusals(picture("open"), "lapse", SYSTEM) == {"agreement_ended"}
    assert refusals(picture("open", agreement_status=status), "lapse", SYSTEM) == set()


def test_only_an_untouched_import_is_voided():
    imported = picture("verified", times={"import_as_verified": 1})

    assert refusals(imported, "void_import", PAM, reason="Twice.") == set()
    assert refusals(picture("verified"), "void_import", PAM, reason="Twice.") == {"untouched"}


def test_every_rule_says_why_and_where_it_comes_from():
    rules = {rule for step in MACHINE.transitions for rule in step.rules}

    assert all(rule.says.endswith(".") and rule.source for rule in rules)
