"""Everything that can be taken out of a declared machine, one at a time. Nothing is tried here.

Promises (`guarded`, `holds`) stay in: they are proofs about the rest, so nothing behaves differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from workflow.engine.effects import Before, Effect, Notify, On, StartClock, Work
from workflow.engine.machine import Machine, Second, Stage, Transition

#: A day no open case has: a task hung on it is never due.
NEVER: Final = On("closed_at")


@dataclass(frozen=True)
class Mutant:
    """One thing taken out: the `field` of a declared `part` gets a poorer `value`."""

    name: str
    part: object
    field: str
    value: object
    #: The step that is poorer, or the one that usually ends the poorer task.
    verb: str = ""

    def apply(self) -> None:
        """Change the part itself, so that whoever imported it by name sees the mutant too."""
        object.__setattr__(self.part, self.field, self.value)


def mutants(machine: Machine[Any, Any]) -> Iterator[Mutant]:
    for step in machine.transitions:
        for what, field, value in (*_of_step(step), *_of_effects(step), *_of_second(step)):
            yield Mutant(f"{step.verb} without {what}", step, field, value, step.verb)
    for stage in machine.stages:
        for what, work in _of_stage(stage):
            yield Mutant(f"{stage.state} without {what}", stage, "work", work, stage.work.verb)
    for clock in machine.clocks:
        for field in ("limit", "since"):
            if getattr(clock, field) is not None:
                yield Mutant(f"the clock {clock.name} without its {field}", clock, field, None)
    for rule in machine.always:
        yield Mutant(f"every step without {rule.name}", machine, "always", _without(machine.always, rule))


def _of_step(step: Transition[Any, Any]) -> Iterator[tuple[str, str, object]]:
    for state in sorted(step.sources) if len(step.sources) > 1 else ():
        yield f"the source {state}", "sources", step.sources - {state}
    for role in sorted(step.by):
        yield f"the role {role}", "by", step.by - {role}
    for rule in step.rules:
        yield f"the rule {rule.name}", "rules", _without(step.rules, rule)
    for ask in step.asks:
        yield f"asking {ask.name}", "asks", _without(step.asks, ask)
    if step.timed:
        yield "being timed", "timed", False


def _of_effects(step: Transition[Any, Any]) -> Iterator[tuple[str, str, object]]:
    for effect in step.effects:
        name = _called(effect)
        yield name, "effects", _without(step.effects, effect)
        match effect:
            case StartClock(when=when) if when is not None:
                yield f"a condition on {name}", "effects", _instead(step, effect, replace(effect, when=None))
            case Notify(within=within) if within is not None:
                yield f"a limit for {name}", "effects", _instead(step, effect, replace(effect, within=None))


def _of_second(step: Transition[Any, Any]) -> Iterator[tuple[str, str, Second | None]]:
    if (second := step.second) is None:
        return
    yield "a second person", "second", None
    for role in sorted(second.by):
        yield f"the second person's role {role}", "second", replace(second, by=second.by - {role})
    for rule in second.rules:
        poorer = replace(second, rules=_without(second.rules, rule))
        yield f"the second person's rule {rule.name}", "second", poorer
    if second.when is not None:
        yield f"the second person's condition {second.when.name}", "second", replace(second, when=None)


def _of_stage(stage: Stage[Any]) -> Iterator[tuple[str, Work | None]]:
    if (work := stage.work) is None:
        return
    yield "its task", None
    yield "a due date for its task", replace(work, due=NEVER)
    if isinstance(work.due, Before):
        yield "time before the day its task hangs on", replace(work, due=On(work.due.column))
    if work.holder is not None:
        yield "a holder for its task", replace(work, holder=None)
    if work.waiting_for is not None:
        yield "whom its task waits for", replace(work, waiting_for=None)


def _called(effect: Effect) -> str:
    """The kind of an effect and the names it is declared with."""
    said = (getattr(effect, name) for name in effect.__slots__)
    words = ", ".join(str(getattr(value, "name", value)) for value in said)
    return f"{type(effect).__name__}({words})"


def _without(parts: tuple[Any, ...], one: object) -> tuple[Any, ...]:
    return tuple(part for part in parts if part is not one)


def _instead(step: Transition[Any, Any], one: Effect, other: Effect) -> tuple[Effect, ...]:
    return tuple(other if effect is one else effect for effect in step.effects)
