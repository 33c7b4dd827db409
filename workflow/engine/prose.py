"""The words for parts of a machine: roles, dues, effects. Whole pages are in `handbook`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from workflow.engine.actors import Role
from workflow.engine.effects import (
    Before,
    ByClock,
    Due,
    Effect,
    ExtendClock,
    Keep,
    Letter,
    Limit,
    Notify,
    On,
    PauseClock,
    Put,
    RecomputeClock,
    Renew,
    ResumeClock,
    Seal,
    SendToAgency,
    Stamp,
    StartClock,
    StopClock,
    Within,
)
from workflow.engine.machine import Machine, Transition


def role_words(role: Role) -> str:
    match role:
        case Role.SYSTEM:
            return "the system"
        case Role.PUBLIC:
            return "the public"
        case _:
            return spaced(role.value)


def roles_words(roles: Iterable[Role]) -> str:
    """The roles in the order they are declared in `Role`."""
    held = frozenset(roles)
    return ", ".join(role_words(role) for role in Role if role in held)


def spaced(name: str) -> str:
    """A column or code as words."""
    return name.replace("_", " ")


def names_in(step: Transition[Any, Any], machine: Machine[Any, Any]) -> str:
    """The labels of the states a step can be taken in, in the order of the stages."""
    return ", ".join(stage.label for stage in machine.stages if stage.state in step.sources)


def label_of(machine: Machine[Any, Any], state: object) -> str:
    """The label of a state; of one without a stage, its name."""
    return next((stage.label for stage in machine.stages if stage.state == state), str(state))


def clock_label(machine: Machine[Any, Any], name: str) -> str:
    return next((clock.label for clock in machine.clocks if clock.name == name), name)


def due_limit(due: Due) -> Limit | None:
    return due.limit if isinstance(due, Within | Before) else None


def due_words(due: Due, machine: Machine[Any, Any]) -> str:
    """When a task is due, without the length of the span."""
    match due:
        case Within():
            return "after it came into this state"
        case Before(column=column):
            return f"before the {date_words(column)}"
        case On(column=column):
            return f"on the {date_words(column)}"
        case ByClock(clock=name):
            return f"when the clock “{clock_label(machine, name)}” runs out"
        case _:
            assert_never(due)


def date_words(column: str) -> str:
    """A date column as words: `hearing_on` is the “hearing” date."""
    for ending in ("_on", "_at", "_date"):
        if column.endswith(ending):
            return f"“{spaced(column.removesuffix(ending))}” date"
    return f"“{spaced(column)}” date"


def effect_words(  # noqa: C901 - one flat match over the effects
    effect: Effect, step: Transition[Any, Any], machine: Machine[Any, Any]
) -> str:
    """What an effect leaves behind, as the end of a sentence that begins with the step."""
    match effect:
        case StartClock() | StopClock() | PauseClock() | ResumeClock() | ExtendClock() | RecomputeClock():
            return _clock_words(effect, f"the clock “{clock_label(machine, effect.name)}”")
        case Keep(answer=answer):
            label = next((ask.label for ask in step.asks if ask.name == answer), answer)
            return f"keeps “{label}”"
        case Seal(answer=answer):
            label = next((ask.label for ask in step.asks if ask.name == answer), answer)
            return f"keeps “{label}”, sealed"
        case Put(column=column, value=None):
            return f"clears “{spaced(column)}”"
        case Put(column=column, value=value):
            return f"sets “{spaced(column)}” to {_value_words(value)}"
        case Stamp(column=column):
            return f"notes the {date_words(column)}"
        case Renew():
            return "settles the task of the state and opens it anew"
        case SendToAgency():
            return "lets the agency see its part of the case"
        case Letter(name=name, to=to):
            return f"writes the letter “{spaced(name)}” to the {to}"
        case Notify(role=role, what=what):
            return f"tells {roles_words([role])}: {what}"
        case _:
            assert_never(effect)


def _clock_words(
    effect: StartClock | StopClock | PauseClock | ResumeClock | ExtendClock | RecomputeClock, clock: str
) -> str:
    match effect:
        case StartClock(when=when):
            return f"starts {clock}" if when is None else f"starts {clock} if {spaced(when.name)}"
        case StopClock():
            return f"stops {clock}"
        case PauseClock(because=because):
            return f"pauses {clock} ({because})"
        case ResumeClock():
            return f"lets {clock} run on"
        case ExtendClock():
            return f"adds time to {clock}; the first date stays on record"
        case RecomputeClock():
            return f"counts {clock} again from its start"
        case _:
            assert_never(effect)


def _value_words(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{spaced(value)}”" if isinstance(value, str) else str(value)


def effect_limit(effect: Effect) -> Limit | None:
    """The limit an effect names, if any."""
    match effect:
        case ExtendClock(by=limit):
            return limit
        case Notify(within=limit):
            return limit
        case _:
            return None


def limits_of(machine: Machine[Any, Any]) -> Iterator[tuple[str, Limit]]:
    """Every limit a machine names, with what it is the limit of."""
    for stage in machine.stages:
        for work in stage.work.both if stage.work is not None else ():
            if (limit := due_limit(work.due)) is not None:
                yield f"the task “{work.title}” in {stage.label}", limit
    for clock in machine.clocks:
        if clock.limit is not None:
            yield f"the clock “{clock.label}”", clock.limit
    for step in machine.transitions:
        for effect in step.effects:
            if (limit := effect_limit(effect)) is not None:
                yield f"an effect of “{step.verb}”", limit
