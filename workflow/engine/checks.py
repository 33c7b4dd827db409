"""Faults of a machine that can be found without running it.

Clocks are proved in `clockwork`; rules, guarded pairs and holds in `promises`; ways are found in `walk`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from workflow.engine.actors import Role
from workflow.engine.clockwork import clock_faults
from workflow.engine.effects import ByClock, Keep, Limit, Seal, Work
from workflow.engine.machine import SAME, AskKind, F, Machine, S, Stage, Transition
from workflow.engine.promises import promise_faults
from workflow.engine.prose import label_of, limits_of, role_words
from workflow.engine.table import as_table
from workflow.engine.walk import (
    entering,
    in_words,
    shortest_to,
    shortest_way,
    walks,
)

__all__ = ["as_table", "faults", "shortest_to", "shortest_way"]

#: Whether a limit has a value for a model, a revision of its template and a tier.
Resolves: TypeAlias = Callable[[Limit, str | None, str | None, int | None], bool]

#: Who is nobody in the office, so cannot be the second person.
_NOBODY = frozenset({Role.SYSTEM, Role.PUBLIC})


def faults(
    machine: Machine[S, F],
    *,
    resolves: Resolves | None = None,
    templates: Sequence[tuple[str, str]] = (),
    tiers: Sequence[int | None] = (None,),
    facts: type[Any] | None = None,
    works: bool = True,
) -> list[str]:
    """Everything wrong with a machine, in words; an empty list for a sound one.

    `resolves` is asked for every limit, each (model, revision) of `templates` and each tier. With the
    type of the `facts`, the facts that rules and tasks name are looked up in it. `works` is switched
    off for a machine whose states own no tasks.
    """
    found = [
        *_steps(machine),
        *_states(machine),
        *_ways(machine),
        *(_works(machine) if works else ()),
        *clock_faults(machine),
        *_asks(machine),
        *_seconds(machine),
        *promise_faults(machine, facts),
    ]
    if resolves is not None:
        found += _limits(machine, resolves, templates or ((None, None),), tiers)
    return found


# --- shape -------------------------------------------------------------------------------------


def _steps(m: Machine[S, F]) -> Iterator[str]:
    for verb, times in Counter(t.verb for t in m.transitions).items():
        if times > 1:
            yield f"the step “{verb}” is declared {times} times"
    if not m.entries:
        yield "no step opens a case: every step has sources"
    states = set(m.states)
    for t in m.transitions:
        if not t.by:
            yield f"the step “{t.verb}” names no role: nobody can take it"
        if t.is_entry and t.target is SAME:
            yield f"the entry “{t.verb}” has no target: it opens a case nowhere"
        if t.is_entry and (t.reopens or t.timed or t.escape):
            yield f"the entry “{t.verb}” cannot be an escape, be timed or reopen: there is no case before it"
        for state in sorted(t.sources - states):
            yield f"the step “{t.verb}” leaves “{state}”, which is not a declared state"
        if t.target is not SAME and t.target not in states:
            yield f"the step “{t.verb}” leads to “{t.target}”, which is not a declared state"
        yield from _timed(m, t)


def _timed(m: Machine[S, F], t: Transition[S, F]) -> Iterator[str]:
    if not t.timed:
        return
    if Role.SYSTEM not in t.by:
        yield f"the step “{t.verb}” is timed, but the system may not take it"
    for stage in m.stages:
        if stage.state in t.sources and stage.work is None:
            yield f"the step “{t.verb}” is timed, but {stage.label} has no task that could fall due"


def _states(m: Machine[S, F]) -> Iterator[str]:
    described = Counter(stage.state for stage in m.stages)
    for state in m.states:
        if described[state] != 1:
            yield f"the state “{state}” is described by {described[state]} stages instead of one"
    for state in sorted({*described, *m.final} - set(m.states)):
        yield f"“{state}” is described or final, but is not a declared state"
    if not m.final:
        yield "no state is final: a case could never end"


def _ways(m: Machine[S, F]) -> Iterator[str]:
    ways: dict[S, str] = {}
    for way, there in walks(m, entering(m)):
        ways.setdefault(there, in_words(way))
    ending = _can_end(m)
    for state in m.states:
        label = label_of(m, state)
        if state not in ways:
            yield f"{label} cannot be reached from any entry"
        elif state not in ending:
            yield f"{ways[state]}: from {label} no final state can be reached without an escape"
    for t in m.transitions:
        for state in sorted(t.sources & set(ways)):
            label = label_of(m, state)
            path = f"{ways[state]} → {t.label}"
            if state in m.final and not t.reopens and t.lands_in(state) != state:
                yield f"{path}: {label} is final, but is left by “{t.verb}”, which does not reopen"
            if state not in m.final and t.reopens:
                yield f"{path}: “{t.verb}” reopens, but {label} is not final"


def _can_end(m: Machine[S, F]) -> set[S]:
    """The states from which a final one can be reached without an escape."""
    ending = set(m.final)
    proper = [t for t in m.transitions if not t.escape and t.target is not SAME]
    grown = True
    while grown:
        before = len(ending)
        for t in proper:
            if t.target in ending:
                ending |= t.sources
        grown = len(ending) > before
    return ending


# --- tasks and limits --------------------------------------------------------------------------


def _works(m: Machine[S, F]) -> Iterator[str]:
    clocks = {clock.name for clock in m.clocks}
    for stage in m.stages:
        if stage.state in m.final:
            if stage.work is not None:
                yield f"{stage.label} is final, but owns the task “{stage.work.title}”"
        elif stage.work is None:
            yield f"{stage.label} owns no task: nobody would see that something is to be done"
        else:
            for work in stage.work.both:
                if isinstance(work.due, ByClock) and work.due.clock not in clocks:
                    yield (
                        f"the task “{work.title}” in {stage.label} is due by the clock “{work.due.clock}”, "
                        "which is not declared"
                    )
                yield from _ends(m, stage, work)


def _ends(m: Machine[S, F], stage: Stage[S], work: Work) -> Iterator[str]:
    task = f"the task “{work.title}” in {stage.label}"
    step = m.step(work.verb)
    if step is None:
        yield f"{task} is ended by “{work.verb}”, which is not a step"
    elif stage.state not in step.sources:
        yield f"{task} is ended by “{work.verb}”, which cannot be taken there"
    elif work.role not in step.by and not (step.timed and Role.SYSTEM in step.by):
        yield f"{task} belongs to {role_words(work.role)}, who may not take “{work.verb}”"


def _limits(
    m: Machine[S, F],
    resolves: Resolves,
    templates: Iterable[tuple[str | None, str | None]],
    tiers: Sequence[int | None],
) -> Iterator[str]:
    for where, limit in limits_of(m):
        missing = [
            _case_words(model, revision, tier)
            for model, revision in templates
            for tier in tiers
            if not resolves(limit, model, revision, tier)
        ]
        if missing:
            yield f"the limit “{limit.name}” of {where} has no value for {'; '.join(missing)}"


def _case_words(model: str | None, revision: str | None, tier: int | None) -> str:
    template = "any template" if model is None else f"{model} {revision}"
    return template if tier is None else f"{template}, tier {tier}"


# --- questions, second persons, rules ----------------------------------------------------------


def _asks(m: Machine[S, F]) -> Iterator[str]:
    for t in m.transitions:
        names = Counter(ask.name for ask in t.asks)
        kinds = {ask.name: ask.kind for ask in t.asks}
        for name, times in names.items():
            if times > 1:
                yield f"the step “{t.verb}” asks “{name}” {times} times"
        for effect in t.effects:
            if isinstance(effect, Keep | Seal) and effect.answer not in names:
                yield f"the step “{t.verb}” keeps the answer “{effect.answer}”, which it does not ask for"
            if isinstance(effect, Keep) and kinds.get(effect.answer) is AskKind.TEXT:
                yield f"the step “{t.verb}” keeps the words “{effect.answer}” in the open: seal them"
        for rule in t.rules:
            if rule.field is not None and rule.field not in names:
                yield f"the step “{t.verb}” has a rule about “{rule.field}”, which it does not ask for"


def _seconds(m: Machine[S, F]) -> Iterator[str]:
    for t in m.transitions:
        if t.second is not None:
            if not t.second.by:
                yield f"the step “{t.verb}” needs a second person, but names no role for one"
            for role in sorted(t.second.by & _NOBODY):
                yield f"the step “{t.verb}” would be confirmed by {role_words(role)}: no person of the office"
