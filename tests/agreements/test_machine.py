"""The declared life of an agreement: proofs, the reference written by hand, and the reviewed table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.agreements.pictures import NOW, picture
from tests.agreements.reference import FINAL, OPEN, STEPS, WORK
from workflow.agreements.facts import State
from workflow.agreements.machine import MACHINE
from workflow.cases.commands import proofs
from workflow.engine.actors import Actor, Role
from workflow.engine.effects import On, Within
from workflow.engine.machine import Refused, decide, offers
from workflow.engine.table import as_table
from workflow.policy.book import OURS, ModelRule, TemplateRule
from workflow.policy.standard import BOOK

BY_VERB = {row[0]: row for row in STEPS}


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
    assert [t.verb for t in MACHINE.transitions if t.verb not in BY_VERB] == []
    assert [verb for verb in BY_VERB if MACHINE.step(verb) is None] == []
    assert {str(s) for s in MACHINE.final} == FINAL
    assert {str(s) for s in State} - FINAL == OPEN


@pytest.mark.declared
@pytest.mark.parametrize("verb", BY_VERB)
def test_a_step_goes_where_the_reference_says(verb: str):
    _, sources, target, roles, second = BY_VERB[verb]
    step = MACHINE.step(verb)
    assert step is not None

    lands = {str(step.lands_in(State(s) if s else None)) for s in sources or {""}}

    assert {str(s) for s in step.sources} == sources
    assert lands == (sources if target == "=" else {target})
    assert {str(r) for r in step.by} == roles
    assert ({str(r) for r in step.second.by} if step.second else set()) == second


@pytest.mark.parametrize("state", sorted(OPEN | FINAL))
@pytest.mark.parametrize("role", sorted(Role))
def test_who_is_offered_what_in_every_state(state: str, role: Role):
    actor = Actor(900, "Somebody", frozenset({role}))
    expected = {verb for verb, sources, _, roles, _ in STEPS if state in sources and role.value in roles}

    offered = {o.step.verb for o in offers(MACHINE, picture(state), actor, NOW)}

    assert offered == expected


def _codes(state: str, step: Any, role: Role) -> set[str]:
    """Why a step without answers is refused."""
    actor = Actor(900, "Somebody", frozenset({role}))
    try:
        decide(MACHINE, picture(state), step, actor, {}, seen=1, now=NOW)
    except Refused as refused:
        return {r.code for r in refused.refusals}
    return set()


@pytest.mark.parametrize("state", sorted(OPEN | FINAL))
def test_a_step_from_another_state_or_role_is_refused(state: str):
    for verb, sources, _, roles, _ in STEPS:
        step = MACHINE.step(verb)
        assert step is not None
        if step.is_entry:
            continue
        for role in Role:
            allowed = state in sources and role.value in roles
            out_of_place = _codes(state, step, role) & {"state", "role"}
            assert bool(out_of_place) is not allowed, (verb, state, role)


@pytest.mark.declared
@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_owns_the_one_task_of_the_reference(state: str):
    work = MACHINE.stage(state).work
    assert work is not None
    assert isinstance(work.due, Within | On)

    due = work.due.limit.name if isinstance(work.due, Within) else work.due.column

    assert (work.role.value, due) == WORK[state]
    assert all(MACHINE.stage(s).work is None for s in FINAL)


def test_who_is_recused_takes_no_step_at_all():
    actor = Actor(900, "S", frozenset(Role))

    for state in OPEN:
        facts = replace(picture(state), recused=frozenset({900}))
        assert all(not offer.open for offer in offers(MACHINE, facts, actor, NOW))


def test_every_limit_of_the_slice_names_where_it_is_from():
    sourced = [r for r in BOOK.limits if r.name.startswith("agreement.") and r.model]

    assert sourced
    assert [r for r in sourced if r.source == OURS] == []
