"""The proofs about clocks: a walk over every (state, standing of each clock) a machine can get into.

What clocks measure and when they are late is not known here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, Generic, TypeAlias

from workflow.engine.effects import (
    ByClock,
    Effect,
    ExtendClock,
    PauseClock,
    RecomputeClock,
    ResumeClock,
    StartClock,
    StopClock,
)
from workflow.engine.machine import F, Machine, S, Transition
from workflow.engine.walk import entering, in_words

ClockEffect: TypeAlias = StartClock | StopClock | PauseClock | ResumeClock | ExtendClock | RecomputeClock


class Standing(Enum):
    """How a clock stands; the value is how a fault says it."""

    IDLE = "not started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


#: Clocks that count or will count on.
ALIVE = (Standing.RUNNING, Standing.PAUSED)

Standings: TypeAlias = tuple[Standing, ...]


def clock_faults(machine: Machine[S, F]) -> Iterator[str]:
    """Every mistake with clocks, with the shortest way to it in words."""
    yield from _declared(machine)
    yield from _Walk(machine).faults()


def clock_effects(machine: Machine[S, F]) -> Iterator[tuple[Transition[S, F], ClockEffect]]:
    """Every effect on a clock, with its step."""
    for step in machine.transitions:
        for effect in step.effects:
            if isinstance(effect, ClockEffect):
                yield step, effect


def _declared(machine: Machine[Any, Any]) -> Iterator[str]:
    names = [clock.name for clock in machine.clocks]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield f"the clock “{name}” is declared {names.count(name)} times"
    for step, effect in clock_effects(machine):
        if effect.name not in names:
            yield f"the step “{step.verb}” speaks of the clock “{effect.name}”, which is not declared"
    started = {e.name for _, e in clock_effects(machine) if isinstance(e, StartClock)}
    stopped = {e.name for _, e in clock_effects(machine) if isinstance(e, StopClock)}
    for clock in machine.clocks:
        if clock.name not in started:
            yield f"the clock “{clock.label}” is never started"
        elif clock.limit is not None and clock.name not in stopped:
            yield f"the clock “{clock.label}” is never stopped"


def _run(effect: Effect, now: Standing) -> tuple[Standing, str | None]:
    """How a clock stands after an effect on it, and what is wrong with that."""
    wrong = None
    match effect:
        case StartClock():
            wrong = "starts" if now in ALIVE else None
            now = now if wrong else Standing.RUNNING
        case StopClock():
            now = Standing.STOPPED if now in ALIVE else now
        case PauseClock():
            wrong = "pauses" if now is not Standing.RUNNING else None
            now = now if wrong else Standing.PAUSED
        case ResumeClock():
            wrong = "resumes" if now is not Standing.PAUSED else None
            now = now if wrong else Standing.RUNNING
        case ExtendClock():
            wrong = "extends" if now not in ALIVE else None
    return now, wrong


class _Walk(Generic[S, F]):
    """One breadth-first walk. The first way on which a fault is met is the shortest one to it."""

    def __init__(self, machine: Machine[S, F]) -> None:
        self.machine = machine
        self.place = {clock.name: i for i, clock in enumerate(machine.clocks)}
        self.labels = {stage.state: stage.label for stage in machine.stages}
        self.due_by = {
            stage.state: (work.title, work.due.clock)
            for stage in machine.stages
            if stage.work is not None
            for work in stage.work.both
            if isinstance(work.due, ByClock)
        }
        self.said: dict[str, str] = {}

    def faults(self) -> list[str]:
        machine = self.machine
        leaving = {state: tuple(machine.leaving(state)) for state in machine.states}
        new: tuple[Standing, ...] = (Standing.IDLE,) * len(machine.clocks)
        ways: dict[tuple[S, Standings], list[Transition[S, F]]] = {}
        queue: deque[tuple[S | None, Standings]] = deque([(None, new)])
        while queue:
            here, before = queue.popleft()
            sofar = [] if here is None else ways[here, before]
            for step in entering(machine) if here is None else leaving.get(here, ()):
                way = [*sofar, step]
                there = step.lands_in(here)
                for standings in self._after(way, before):
                    settled = self._arrive(way, there, standings)
                    if (there, settled) not in ways:
                        ways[there, settled] = way
                        queue.append((there, settled))
        return [f"{way}: {fault}" for fault, way in self.said.items()]

    def _say(self, way: Sequence[Transition[S, F]], fault: str) -> None:
        self.said.setdefault(fault, in_words(way))

    def _after(self, way: Sequence[Transition[S, F]], before: Standings) -> list[Standings]:
        """How the clocks can stand after the last step of `way`; several, where a start has a condition."""
        outcomes = [before]
        for effect in way[-1].effects:
            if not isinstance(effect, ClockEffect) or effect.name not in self.place:
                continue
            i = self.place[effect.name]
            maybe = isinstance(effect, StartClock) and effect.when is not None
            after = [] if not maybe else list(outcomes)
            for standings in outcomes:
                standing, wrong = _run(effect, standings[i])
                if wrong is not None:
                    label = self.machine.clocks[i].label
                    self._say(
                        way,
                        f"“{way[-1].verb}” {wrong} the clock “{label}”, which is {standings[i].value} there",
                    )
                after.append((*standings[:i], standing, *standings[i + 1 :]))
            outcomes = list(dict.fromkeys(after))
        return outcomes

    def _arrive(self, way: Sequence[Transition[S, F]], there: S, standings: Standings) -> Standings:
        """Look at the clocks in the state arrived in. A clock left over in a final state is told once."""
        label = self.labels.get(there, str(there))
        title, needed = self.due_by.get(there, ("", ""))
        if needed in self.place:
            standing = standings[self.place[needed]]
            if standing not in ALIVE:
                clock = self.machine.clock(needed).label
                self._say(
                    way,
                    f"the task “{title}” in {label} is due by the clock “{clock}”, "
                    f"which is {standing.value} there",
                )
        if there not in self.machine.final:
            return standings
        for clock_rule, standing in zip(self.machine.clocks, standings, strict=True):
            if standing in ALIVE:
                self._say(way, f"the clock “{clock_rule.label}” is still {standing.value} in {label}")
        return tuple(Standing.STOPPED if s in ALIVE else s for s in standings)
