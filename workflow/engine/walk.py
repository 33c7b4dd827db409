"""Ways through a machine: where a case can come, and the shortest way there. Judging is in `checks`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from workflow.engine.actors import Role
from workflow.engine.machine import SAME, F, Machine, S, Transition

#: Steps to keep away from.
Avoiding: TypeAlias = Callable[[Transition[Any, Any]], bool]


def walks(
    machine: Machine[S, F], entries: Iterable[Transition[S, F]], avoiding: Avoiding | None = None
) -> Iterator[tuple[list[Transition[S, F]], S]]:
    """Every step that can be taken from each state, with the shortest way ending in it; shortest first.

    Beside each way stands the state it ends in.
    """
    ways: dict[S, list[Transition[S, F]]] = {}
    queue: deque[S | None] = deque([None])
    while queue:
        here = queue.popleft()
        for step in entries if here is None else machine.leaving(here):
            if avoiding is not None and avoiding(step):
                continue
            way = [step] if here is None else [*ways[here], step]
            there = step.lands_in(here)
            yield way, there
            if there not in ways:
                ways[there] = way
                queue.append(there)


def opening(machine: Machine[S, F]) -> tuple[Transition[S, F], ...]:
    """The entries by which people open a case; imports, taken by the system alone, are not among them."""
    return tuple(t for t in entering(machine) if t.by != {Role.SYSTEM})


def entering(machine: Machine[S, F]) -> tuple[Transition[S, F], ...]:
    """The entries that lead somewhere."""
    return tuple(t for t in machine.entries if t.target is not SAME)


def shortest_way(
    machine: Machine[S, F], goal: S, *, avoiding: Avoiding | None = None
) -> list[Transition[S, F]]:
    """The fewest steps from an entry to `goal`; an import is used only where people have no way.

    Raises `LookupError` if there is no way.
    """
    return _first(machine, lambda _, there: there == goal, avoiding, str(goal))


def shortest_to(
    machine: Machine[S, F], verb: str, *, avoiding: Avoiding | None = None
) -> list[Transition[S, F]]:
    """The fewest steps from an entry up to and with the step `verb`. Raises `LookupError` as above."""
    return _first(machine, lambda step, _: step.verb == verb, avoiding, verb)


def _first(
    machine: Machine[S, F],
    wanted: Callable[[Transition[S, F], S], bool],
    avoiding: Avoiding | None,
    name: str,
) -> list[Transition[S, F]]:
    for entries in (opening(machine), entering(machine)):
        for way, there in walks(machine, entries, avoiding):
            if wanted(way[-1], there):
                return way
    raise LookupError(name)


def in_words(way: Sequence[Transition[Any, Any]]) -> str:
    """A way as people read it: the labels of its steps."""
    return " → ".join(step.label for step in way)
