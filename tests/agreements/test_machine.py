"""The declared life of an agreement: proofs, the reference written by hand, and the reviewed table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.agreements.pictures import NOW, picture
from tests.agreements.reference import FINAL, GUARDED, HOLDS, ROWS, WORK
from tests.declared import Row, shape, work
from workflow.agreements.facts import State
from workflow.agreements.machine import MACHINE
from workflow.cases.commands import proofs
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused, decide, offers
from workflow.engine.table import as_table
from workflow.policy.book import OURS, ModelRule, TemplateRule
from workflow.policy.standard import BOOK


def test_the_proofs_find_no_fault_for_any_model():
    assert proofs(MACHINE, BOOK) == []


def test_a_fourth_model_of_pure_policy_rows_passes_the_proofs():
    book = replace(
        BOOK,
        models=(*BOOK.models, ModelRule("HBM", "Harbour Model")),
        templates=(*BOOK.templates, TemplateRule("HBM", "2026")),
    )

    assert proofs(MACHINE, book) == []


def test_a_missing_limit_is_a_fault():
    limits = tuple(r for r in BOOK.limits if r.name != "agreement.decide")

    assert any("agreement.decide" in fault for fault in proofs(MACHINE, replace(BOOK, limits=limits)))


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
def test_a_step_is_declared_as_the_reference_says(row: Row):
    step = MACHINE.step(row.verb)

    assert step is not None
    assert shape(step) == row.shape()


@pytest.mark.declared
@pytest.mark.parametrize("state", [*WORK, *sorted(FINAL)])
def test_every_open_state_owns_the_one_task_of_the_reference(state: str):
    assert work(MACHINE.stage(state)) == WORK.get(state)


@pytest.mark.declared
def test_suspensions_and_approvals_are_guarded():
    assert {(" ".join(g.propose), g.approve) for g in MACHINE.guarded} == GUARDED
    assert {str(h.state): set(h.doors) for h in MACHINE.holds} == {
        s: set(d.split()) for s, d in HOLDS.items()
    }
    assert [rule.name for rule in MACHINE.always] == ["not_recused"]


@pytest.mark.parametrize("state", sorted(State))
@pytest.mark.parametrize("role", sorted(Role))
def test_who_is_offered_what_in_every_state(state: State, role: Role):
    actor = Actor(900, "Somebody", frozenset({role}))
    expected = {r.verb for r in ROWS if state in r.source.split() and role in r.by.split()}

    offered = {o.step.verb for o in offers(MACHINE, picture(state), actor, NOW)}

    assert offered == expected


def why_not(verb: str, state: State, role: Role) -> tuple[Refusal, ...]:
    """Why a step without answers is refused."""
    step = MACHINE.step(verb)
    assert step is not None
    actor = Actor(900, "Somebody", frozenset({role}))
    try:
        decide(MACHINE, picture(state), step, actor, {}, seen=1, now=NOW)
    except Refused as refused:
        return refused.refusals
    return ()


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.verb)
def test_a_step_from_another_state_or_role_is_refused(row: Row):
    for state in State:
        for role in Role:
            why = {r.code for r in why_not(row.verb, state, role)}

            assert ("role" in why) is (role not in row.by.split())
            assert ("state" in why) is bool(row.source and state not in row.source.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.verb)
def test_a_step_is_refused_until_what_it_needs_is_answered(row: Row):
    why = why_not(row.verb, State.ACTIVE, Role.SYSTEM)

    assert {r.field for r in why if r.code == "required"} == row.needed


def test_who_is_recused_takes_no_step_at_all():
    actor = Actor(900, "S", frozenset(Role))

    for state in State:
        facts = replace(picture(state), recused=frozenset({900}))
        assert all(not offer.open for offer in offers(MACHINE, facts, actor, NOW))


def test_every_limit_of_the_slice_names_where_it_is_from():
    sourced = [r for r in BOOK.limits if r.name.startswith("agreement.") and r.model]

    assert sourced
    assert [r for r in sourced if r.source == OURS] == []
