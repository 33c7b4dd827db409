"""The declared life of a corrective action: proofs, the reference written by hand, and the reviewed table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.corrective.pictures import NOW, picture, refusals, unanswered
from tests.corrective.reference import CLOCKS, FINAL, GUARDED, LIMITS, ROWS, WORK
from tests.declared import shape, work
from workflow.cases.commands import proofs
from workflow.corrective.facts import State
from workflow.corrective.machine import MACHINE
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import offers
from workflow.engine.table import as_table
from workflow.policy.book import ModelRule, TemplateRule
from workflow.policy.standard import BOOK

BY_VERB = {row.verb: row for row in ROWS}


def test_the_proofs_find_no_fault_for_any_model_and_class():
    assert proofs(MACHINE, BOOK) == []


def test_a_fourth_model_of_pure_policy_rows_passes_the_proofs():
    book = replace(
        BOOK,
        models=(*BOOK.models, ModelRule("HBM", "Harbour Model")),
        templates=(*BOOK.templates, TemplateRule("HBM", "2026")),
    )

    assert proofs(MACHINE, book) == []


@pytest.mark.snapshot
def test_the_reviewed_table_is_what_is_declared():
    reviewed = (Path(__file__).parent / "machine.txt").read_text()

    assert as_table(MACHINE) == reviewed, "the machine was changed: review the difference, write machine.txt"


@pytest.mark.declared
def test_every_step_of_the_reference_is_declared_and_no_other():
    assert [t.verb for t in MACHINE.transitions] == [row.verb for row in ROWS]
    assert {str(s) for s in MACHINE.final} == FINAL
    assert {str(s) for s in State} == FINAL | set(WORK)


@pytest.mark.declared
@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.verb)
def test_a_step_is_declared_as_the_reference_says(row):
    step = MACHINE.step(row.verb)

    assert step is not None
    assert shape(step) == row.shape()


@pytest.mark.declared
@pytest.mark.parametrize("state", [*WORK, *sorted(FINAL)])
def test_every_open_state_owns_the_one_task_of_the_reference(state: str):
    assert work(MACHINE.stage(state)) == WORK.get(state)


@pytest.mark.declared
def test_clocks_promises_and_the_hold_are_those_of_the_reference():
    assert {c.name: c.limit.name if c.limit else "" for c in MACHINE.clocks} == CLOCKS
    assert {(" ".join(sorted(g.propose)), g.approve) for g in MACHINE.guarded} == GUARDED
    assert [(str(h.state), set(h.doors)) for h in MACHINE.holds] == [
        ("disputed", {"uphold_finding", "withdraw_finding", "lapse"})
    ]
    assert [r.name for r in MACHINE.always] == ["not_recused"]


@pytest.mark.parametrize("name_and_tier", LIMITS, ids=str)
@pytest.mark.parametrize("model", ["JEM", "WSO", "TFM"])
def test_a_limit_hangs_on_the_class_of_the_deficiency(name_and_tier: tuple[str, int], model: str):
    name, tier = name_and_tier

    assert repr(BOOK.span(Limit(name), model=model, tier=tier)) == LIMITS[name_and_tier]


@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("role", sorted(Role))
def test_who_is_offered_what_in_every_state(state: State, role: Role):
    actor = Actor(900, "Somebody", frozenset({role}))
    expected = {r.verb for r in ROWS if state in r.source.split() and role in r.by.split()}

    offered = {o.step.verb for o in offers(MACHINE, picture(state), actor, NOW)}

    assert offered == expected


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.verb)
def test_a_step_from_another_state_or_role_is_refused(row):
    for state in State:
        for role in Role:
            why = refusals(picture(state), row.verb, Actor(900, "Somebody", frozenset({role})))

            assert ("role" in why) is (role not in row.by.split())
            assert ("state" in why) is bool(row.source and state not in row.source.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.verb)
def test_a_step_is_refused_until_what_it_needs_is_answered(row):
    assert unanswered(picture("open"), row.verb) == row.needed


def test_who_is_recused_takes_no_step_at_all():
    actor = Actor(900, "S", frozenset(Role))

    for state in State:
        facts = replace(picture(state), recused=frozenset({900}))
        assert all(not offer.open for offer in offers(MACHINE, facts, actor, NOW))
