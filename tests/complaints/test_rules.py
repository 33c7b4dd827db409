"""Each rule of a complaint: what it stops, and that nothing else stood in the way; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import MONDAY
from tests.complaints.test_table import INVOLVED, ME, facts_for, outcome, step_of
from workflow.complaints.facts import ComplaintFacts, State
from workflow.complaints.machine import COMPLAINT
from workflow.engine.actors import Role
from workflow.engine.machine import second_needed

SOMEBODY = 77

#: step, where it is taken, by whom, what the rule looks at, what answers -> (stopped, allowed).
STOPPED: tuple[tuple[str, State, Role, dict[str, Any], dict[str, Any], str], ...] = (
    ("acknowledge", State.RECEIVED, Role.INTAKE, {"contact_possible": False}, {}, "can_answer"),
    (
        "acknowledge",
        State.RECEIVED,
        Role.INTAKE,
        {"times": {"acknowledge": 1}},
        {},
        "at_most:1:acknowledge",
    ),
    ("triage", State.RECEIVED, Role.REVIEWER, {"allegations": 0}, {}, "has_allegation"),
    ("triage", State.RECEIVED, Role.REVIEWER, {"suggested_tier": 1}, {"tier": "2"}, "tier_explained"),
    ("record_outcome", State.REFERRED_OUT, Role.LIAISON, {"allegations": 0}, {}, "outcome_mapped"),
    ("record_outcome", State.REFERRED_OUT, Role.LIAISON, {"unproposed": 1}, {}, "outcome_mapped"),
    (
        "refer_out",
        State.TRIAGED,
        Role.REVIEWER,
        {"closed_channels": {"crcl": (MONDAY.date(), "Nobody answers there any more.")}},
        {"destination": "crcl"},
        "destination_open",
    ),
    ("merge", State.TRIAGED, Role.REVIEWER, {"parents": frozenset()}, {}, "parent_can_take_it"),
    (
        "offer_to_oig",
        State.TRIAGED,
        Role.LIAISON,
        {"times": {"offer_to_oig": 1}},
        {},
        "at_most:1:offer_to_oig",
    ),
    (
        "oig_silent",
        State.AWAITING_OIG,
        Role.MANAGER,
        {"oig_has_until": MONDAY},
        {},
        "oig_had_its_time",
    ),
    (
        "refer_out",
        State.TRIAGED,
        Role.REVIEWER,
        {},
        {"destination": "agency", "consent": "She agrees."},
        "risk_answered",
    ),
    (
        "refer_out",
        State.TRIAGED,
        Role.REVIEWER,
        {},
        {"destination": "agency", "risk": "Little."},
        "consent_answered",
    ),
    (
        "assign",
        State.TRIAGED,
        Role.MANAGER,
        {"recused": frozenset({SOMEBODY})},
        {"investigator": SOMEBODY},
        "not_recused_investigator",
    ),
    (
        "assign",
        State.TRIAGED,
        Role.MANAGER,
        {"supervised_by_id": SOMEBODY},
        {"investigator": SOMEBODY},
        "not_about_the_investigator",
    ),
    (
        "reassign",
        State.INVESTIGATING,
        Role.MANAGER,
        {"recused": frozenset({SOMEBODY})},
        {"investigator": SOMEBODY},
        "not_recused_investigator",
    ),
    (
        "reassign",
        State.ASSIGNED,
        Role.MANAGER,
        {"supervised_by_id": SOMEBODY},
        {"investigator": SOMEBODY},
        "not_about_the_investigator",
    ),
    ("begin", State.ASSIGNED, Role.REVIEWER, {"owner_id": SOMEBODY}, {}, "only_the:owner_id"),
    ("refer_new_matter", State.INVESTIGATING, Role.REVIEWER, {"owner_id": None}, {}, "only_the:owner_id"),
    ("submit_report", State.INVESTIGATING, Role.REVIEWER, {"owner_id": SOMEBODY}, {}, "only_the:owner_id"),
    ("submit_report", State.INVESTIGATING, Role.REVIEWER, {"allegations": 0}, {}, "all_proposed"),
    ("submit_report", State.INVESTIGATING, Role.REVIEWER, {"unproposed": 1}, {}, "all_proposed"),
    ("extend", State.INVESTIGATING, Role.MANAGER, {"times": {"extend": 2}}, {}, "at_most:2:extend"),
    (
        "extend",
        State.INVESTIGATING,
        Role.MANAGER,
        {"received_at": MONDAY - timedelta(days=180)},
        {},
        "within_outer_limit",
    ),
    ("send_back", State.IN_REVIEW, Role.MANAGER, {"owner_id": None}, {}, "has_investigator"),
    ("decide", State.IN_REVIEW, Role.MANAGER, {"owner_id": ME}, {}, "decider_is_not_investigator"),
    ("decide", State.IN_REVIEW, Role.MANAGER, {"undisposed": 1}, {}, "all_disposed"),
    ("decide", State.IN_REVIEW, Role.MANAGER, {"allegations": 0}, {}, "all_disposed"),
    *(
        (
            "decide",
            State.IN_REVIEW,
            Role.MANAGER,
            {"done_by": {verb: frozenset({ME})}},
            {},
            "not_by_whoever:begin,submit_report,record_outcome",
        )
        for verb in ("begin", "submit_report", "record_outcome")
    ),
    (
        "close_without_finding",
        State.RECEIVED,
        Role.MANAGER,
        {"contact_tries": 1},
        {"closing_reason": "insufficient_information"},
        "tried_to_reach",
    ),
    (
        "close_without_finding",
        State.RECEIVED,
        Role.MANAGER,
        {"contact_possible": False, "contact_emptied": True},
        {"closing_reason": "insufficient_information"},
        "tried_to_reach",
    ),
    (
        "appeal",
        State.CLOSED,
        Role.INTAKE,
        {"state_since": MONDAY - timedelta(days=31)},
        {},
        "appeal_in_time",
    ),
    *(
        (verb, State.APPEALED, Role.MANAGER, {"done_by": {did: frozenset({ME})}}, {}, "")
        for verb in ("affirm", "remand")
        for did in INVOLVED
    ),
    ("void_import", State.TRIAGED, Role.SYSTEM, {"version": 2}, {}, "untouched"),
    ("void_import", State.RECEIVED, Role.SYSTEM, {"times": {"receive": 1}}, {}, "untouched"),
    ("void_closed_import", State.CLOSED, Role.SYSTEM, {"version": 2}, {}, "untouched"),
    ("void_closed_import", State.CLOSED, Role.SYSTEM, {"times": {"close": 1}}, {}, "untouched"),
)


@pytest.mark.parametrize(("verb", "state", "role", "facts", "answers", "rule"), STOPPED)
def test_a_rule_stops_a_step_that_nothing_else_stops(verb, state, role, facts, answers, rule):
    step = step_of(verb)

    stopped = outcome(step, facts_for(verb, state, **facts), role, **answers)
    allowed = outcome(step, facts_for(verb, state), role)

    assert allowed in ("done", "second")
    assert stopped == (rule or f"not_by_whoever:{','.join(INVOLVED)}")


#: What looks like a reason to stop and is none.
ALLOWED: tuple[tuple[str, State, Role, dict[str, Any], dict[str, Any]], ...] = (
    (
        "refer_out",
        State.TRIAGED,
        Role.LIAISON,
        {"contact_possible": False},
        {"destination": "agency", "risk": "None: nobody knows who it was."},
    ),
    (
        "refer_out",
        State.TRIAGED,
        Role.LIAISON,
        {},
        {"destination": "agency", "risk": "Little.", "consent": "She agrees."},
    ),
    ("refer_out", State.TRIAGED, Role.LIAISON, {}, {"destination": "crcl"}),
    ("triage", State.RECEIVED, Role.REVIEWER, {"suggested_tier": 2}, {"tier": "2"}),
    (
        "triage",
        State.RECEIVED,
        Role.REVIEWER,
        {"suggested_tier": 1},
        {"tier": "2", "tier_reasons": "Nobody is in danger any more."},
    ),
    ("oig_silent", State.AWAITING_OIG, Role.MANAGER, {"oig_has_until": MONDAY - timedelta(seconds=1)}, {}),
    ("assign", State.TRIAGED, Role.REVIEWER, {"supervised_by_id": 9}, {"investigator": SOMEBODY}),
    ("extend", State.INVESTIGATING, Role.MANAGER, {"received_at": MONDAY - timedelta(days=179)}, {}),
    ("decide", State.IN_REVIEW, Role.MANAGER, {"done_by": {"submit_report": frozenset({9})}}, {}),
    ("decide", State.IN_REVIEW, Role.MANAGER, {"done_by": {"send_back": frozenset({ME})}}, {}),
    ("affirm", State.APPEALED, Role.MANAGER, {"done_by": {"decide": frozenset({9})}}, {}),
    ("remand", State.APPEALED, Role.MANAGER, {"done_by": {"assign": frozenset({ME})}}, {}),
    (
        "appeal",
        State.CLOSED,
        Role.INTAKE,
        {"state_since": MONDAY - timedelta(days=31)},
        {"good_cause": "He was in hospital."},
    ),
    ("appeal", State.CLOSED, Role.INTAKE, {"state_since": MONDAY - timedelta(days=30)}, {}),
    (
        "refer_out",
        State.TRIAGED,
        Role.REVIEWER,
        {"closed_channels": {"crcl": (MONDAY.date() + timedelta(days=1), "It closes tomorrow.")}},
        {"destination": "crcl"},
    ),
    (
        "refer_out",
        State.TRIAGED,
        Role.REVIEWER,
        {"closed_channels": {"crcl": (MONDAY.date(), "Nobody answers there any more.")}},
        {"destination": "opr"},
    ),
    (
        "close_without_finding",
        State.TRIAGED,
        Role.MANAGER,
        {"contact_tries": 2},
        {"closing_reason": "insufficient_information"},
    ),
    (
        "close_without_finding",
        State.TRIAGED,
        Role.MANAGER,
        {"contact_possible": False},
        {"closing_reason": "insufficient_information"},
    ),
)


@pytest.mark.parametrize(("verb", "state", "role", "facts", "answers"), ALLOWED)
def test_what_a_rule_does_not_mean_is_allowed(verb, state, role, facts, answers):
    step = step_of(verb)

    assert outcome(step, facts_for(verb, state, **facts), role, **answers) in ("done", "second")


#: step, where, what is so, what is answered -> whether a second person is needed.
SECONDED: tuple[tuple[str, State, dict[str, Any], dict[str, Any], bool], ...] = (
    ("reclassify", State.TRIAGED, {"tier": 1}, {"tier": "2"}, True),
    ("reclassify", State.TRIAGED, {"tier": 2}, {"tier": "3"}, True),
    ("reclassify", State.TRIAGED, {"tier": 2}, {"tier": "1"}, False),
    ("reclassify", State.TRIAGED, {"tier": 1}, {"tier": "1"}, False),
    ("reclassify", State.TRIAGED, {"tier": 3}, {"tier": "4"}, False),
    ("reclassify", State.TRIAGED, {"tier": None}, {"tier": "1"}, False),
    ("withdraw", State.TRIAGED, {"tier": 1}, {}, True),
    ("withdraw", State.TRIAGED, {"tier": 2}, {}, True),
    ("withdraw", State.TRIAGED, {"tier": 3}, {}, False),
    ("withdraw", State.RECEIVED, {"tier": None}, {}, False),
    ("extend", State.INVESTIGATING, {}, {}, False),
    ("extend", State.INVESTIGATING, {"times": {"extend": 1}}, {}, True),
    ("close_without_finding", State.RECEIVED, {"tier": 4}, {}, True),
    ("reject_no_jurisdiction", State.TRIAGED, {"tier": 4}, {}, True),
    ("reopen", State.CLOSED, {"tier": 4}, {}, True),
)


@pytest.mark.parametrize(("verb", "state", "facts", "answers", "needed"), SECONDED)
def test_a_second_person_is_needed_exactly_where_it_matters(verb, state, facts, answers, needed):
    step = step_of(verb)
    role = min(step.by)

    happened = outcome(step, facts_for(verb, state, **facts), role, **answers)

    assert happened == ("second" if needed else "done")


def test_every_rule_of_the_machine_was_seen_to_stop_something():
    stopping = {(verb, rule or "uninvolved") for verb, _, _, _, _, rule in STOPPED}

    declared = {
        (t.verb, "uninvolved" if len(r.name) > 80 else r.name) for t in COMPLAINT.transitions for r in t.rules
    }

    assert declared == stopping


def test_every_rule_says_why_and_where_it_comes_from():
    for step in COMPLAINT.transitions:
        for rule in (*step.rules, *((step.second.when,) if step.second and step.second.when else ())):
            assert rule.says.endswith(".")
            assert rule.source


def test_a_step_without_a_second_person_needs_none():
    alone = [t for t in COMPLAINT.transitions if t.second is None]

    for step in alone:
        facts = ComplaintFacts(state=State.TRIAGED, version=1, tier=1, times={"extend": 1})
        assert not second_needed(step, facts, None, {}, MONDAY)  # type: ignore[arg-type]
