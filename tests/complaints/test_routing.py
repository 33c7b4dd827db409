"""Routing as ordered data, held against a table that people review: every class of input, and its outcome."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from workflow.complaints.facts import JURISDICTION, SUBJECTS
from workflow.complaints.routing import (
    CHANNEL_NAMES,
    CHANNEL_OF,
    LABELS,
    RULES,
    VERBS,
    About,
    Inputs,
    Matter,
    Route,
    inputs_of,
    suggest,
)
from workflow.complaints.steps import STEPS
from workflow.policy.standard.allegations import TYPES

GOLDEN: Final = Path(__file__).with_name("routing.csv")
EVERY: Final = [
    Inputs(tier, matter, about, where, at_risk)
    for tier, matter, about, (where, _), at_risk in product(
        (1, 2, 3, 4), Matter, About, JURISDICTION, (False, True)
    )
]


def as_row(inputs: Inputs) -> dict[str, str]:
    found = suggest(inputs)
    asked = {name: str(value) for name, value in inputs.codes().items()} | {
        "at_risk": "yes" if inputs.at_risk else "no"
    }
    return {**asked, "rule": found.rule.id, "route": found.route.value}


def kept() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_class_of_input_goes_where_the_reviewed_table_says():
    assert [as_row(inputs) for inputs in EVERY] == kept()


def test_the_table_leaves_out_no_class_and_names_none_twice():
    rows = kept()

    assert len(rows) == len(EVERY) == 4 * 4 * 4 * 3 * 2
    assert len({tuple(list(row.values())[:5]) for row in rows}) == len(rows)


def test_every_rule_decides_something():
    assert {row["rule"] for row in kept()} == {rule.id for rule in RULES}


def test_every_route_is_suggested_somewhere_and_leads_to_a_declared_step():
    assert {row["route"] for row in kept()} == {route.value for route in Route} == set(LABELS)
    assert set(VERBS.values()) <= {step.verb for step in STEPS}


@pytest.mark.parametrize("channel", CHANNEL_NAMES)
def test_a_closed_channel_is_named_in_words_wherever_its_rule_would_have_applied(channel: str):
    for inputs in EVERY:
        before, after = suggest(inputs), suggest(inputs, closed=[channel])
        assert CHANNEL_OF.get(after.route) != channel
        if CHANNEL_OF.get(before.route) == channel:
            assert before.rule.id in after.warnings[0]
            assert CHANNEL_NAMES[channel] in after.warnings[0]
        else:
            assert (after.rule, after.warnings) == (before.rule, ())


def test_with_every_channel_closed_there_is_still_a_suggestion():
    found = suggest(EVERY[0], closed=CHANNEL_NAMES)

    assert found.route not in CHANNEL_OF


def test_a_risk_of_reprisal_never_suggests_the_agency_itself():
    for inputs in EVERY:
        if inputs.at_risk or inputs.matter is Matter.RETALIATION:
            assert suggest(inputs).route is not Route.REFER_TO_AGENCY


def test_nothing_about_our_own_oversight_is_suggested_to_be_looked_into_here():
    for inputs in EVERY:
        if inputs.about is About.OURSELVES and inputs.jurisdiction == "ours":
            assert suggest(inputs).route is not Route.INVESTIGATE


@pytest.mark.parametrize("code", [known.code for known in TYPES])
def test_every_type_of_allegation_has_a_place_in_routing(code: str):
    found = inputs_of(
        tier=3, codes=[code], subject="unknown", jurisdiction=None, fears_reprisal=False, protected=False
    )

    assert found.matter in Matter


@pytest.mark.parametrize("subject", [*dict(SUBJECTS), None])
def test_every_subject_has_a_place_in_routing(subject: str | None):
    found = inputs_of(
        tier=3, codes=[], subject=subject, jurisdiction="ours", fears_reprisal=False, protected=True
    )

    assert found.about in About
    assert found.at_risk
