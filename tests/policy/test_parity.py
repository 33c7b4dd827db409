"""Parity: what can be left undone for good is said in words, for every duty and every model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.cast import MONDAY
from workflow.agreements.facts import IN_FORCE, State
from workflow.cases.kinds import House
from workflow.cli import main
from workflow.engine.machine import Machine
from workflow.policy.duties import DUTIES, Duty
from workflow.policy.parity import undischarged
from workflow.policy.service import store
from workflow.policy.standard import BOOK

DUTY = "oversight_contact"


@pytest.fixture
def machines(house: House) -> dict[str, Machine[Any, Any]]:
    return {name: kind.machine for name, kind in house.kinds.items()}


def without_cadence(model: str, duty: str = DUTY) -> Any:
    kept = tuple(c for c in BOOK.cadences if (c.duty, c.model) != (duty, model))
    return replace(BOOK, cadences=kept)


def test_both_models_get_every_stated_duty_or_are_exempt_for_a_reason(machines: Any):
    assert list(undischarged(BOOK, machines)) == []
    for duty in BOOK.duties:
        for model in ("JEM", "WSO"):
            assert BOOK.cadence(duty.name, model) or (model in duty.exempt_models and duty.why_exempt)


@pytest.mark.parametrize("model", ["WSO", "JEM"])
@pytest.mark.parametrize("duty", [d.name for d in BOOK.duties if not d.exempt_models])
def test_a_duty_without_a_rhythm_under_one_model_is_a_gap_in_words(machines: Any, model: str, duty: str):
    [gap] = undischarged(without_cadence(model, duty), machines)

    title = next(d.title for d in BOOK.duties if d.name == duty)
    assert gap == (
        f"{model}: no rule says when the duty “{title}” is owed, and no exemption says why not: "
        "an agreement of this model may go without it for good."
    )


def test_an_exemption_needs_its_reason(machines: Any):
    duties = tuple(replace(d, why_exempt="") for d in BOOK.duties)

    [gap] = undischarged(replace(BOOK, duties=duties), machines)

    assert gap == "WSO: exempt from the duty “Internal review of the agreement” without a reason."


def test_a_duty_taken_off_the_stated_list_or_out_of_the_policy_is_told(machines: Any):
    stated = [duty for duty in DUTIES if duty.name != DUTY]
    unowed = replace(BOOK, duties=tuple(d for d in BOOK.duties if d.name != DUTY))

    assert list(undischarged(BOOK, machines, stated)) == [
        "No step is said to discharge the duty “Yearly oversight contact”."
    ]
    assert list(undischarged(unowed, machines)) == [
        "The duty “Yearly oversight contact” is stated, but the policy has no such duty: nobody owes it."
    ]


def test_a_duty_no_kind_of_contact_counts_for_is_told(machines: Any):
    duties = tuple(replace(d, counts=()) if d.name == DUTY else d for d in BOOK.duties)

    [gap] = undischarged(replace(BOOK, duties=duties), machines)

    assert "no kind of contact counts for it" in gap


def test_a_state_that_owes_it_without_the_step_that_meets_it_is_told(machines: Any):
    life = machines["agreement"]
    narrowed = tuple(
        replace(t, sources=frozenset(IN_FORCE - {State.TERMINATING})) if t.verb == "record_contact" else t
        for t in life.transitions
    )

    told = list(undischarged(BOOK, {**machines, "agreement": replace(life, transitions=narrowed)}))

    assert len(told) == sum(("agreement", "record_contact") in duty.discharged_by for duty in DUTIES)
    assert all("is owed in the state terminating, where “record_contact” is not offered" in t for t in told)


def test_a_step_that_is_not_there_discharges_nothing(machines: Any):
    lost = Duty(DUTY, "Contact", "contact", "contacts", frozenset({("agreement", "wave")}))

    told = list(undischarged(BOOK, machines, [lost, *(d for d in DUTIES if d.name != DUTY)]))

    assert told == [
        "The duty “Yearly oversight contact” is discharged by “wave” of agreement, which is not there."
    ]


def test_the_command_prints_the_gap_of_the_policy_this_office_works_by(app: Flask):
    with app.app_context():
        store(replace(without_cadence("WSO"), version=2, effective_on=MONDAY.date()), now=MONDAY)

    result = app.test_cli_runner().invoke(main, ["machines", "check"])

    assert result.exit_code == 1
    assert "WSO: no rule says when the duty “Yearly oversight contact” is owed" in result.stdout
