"""A whole machine as plain text, one line a thing: what people review and snapshots pin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from workflow.engine.actors import Role
from workflow.engine.effects import Due, Effect, Limit, When, Work
from workflow.engine.machine import SAME, Ask, Machine, Rule, Second, Stage, Transition


def as_table(machine: Machine[Any, Any]) -> str:
    """Everything in a machine that changes what it does; labels and help are left to the handbook."""
    lines = [
        f"{machine.kind} | always: {_rules(machine.always)}",
        "",
        "verb | from | to | by | second | rules | asks | effects",
        *(_step(t, machine) for t in machine.transitions),
        "",
        "state | work | role | due | verb",
        *(_stage(stage, machine) for stage in machine.stages),
        *_clocks(machine),
        *_promises(machine),
    ]
    return "\n".join(lines) + "\n"


def _step(t: Transition[Any, Any], machine: Machine[Any, Any]) -> str:
    marks = [name for name in ("escape", "reopens", "timed") if getattr(t, name)]
    order = [stage.state for stage in machine.stages]
    return " | ".join(
        (
            f"{t.verb} ({', '.join(marks)})" if marks else t.verb,
            ", ".join(sorted(t.sources, key=order.index)) or "-",
            "SAME" if t.target is SAME else str(t.target),
            _roles(t.by),
            _second(t.second),
            _rules(t.rules),
            ", ".join(_ask(ask) for ask in t.asks) or "-",
            "; ".join(_effect(effect) for effect in t.effects) or "-",
        )
    )


def _stage(stage: Stage[Any], machine: Machine[Any, Any]) -> str:
    state = f"{stage.state}*" if stage.state in machine.final else str(stage.state)
    work = stage.work
    if work is None:
        return f"{state} | - | - | - | -"
    return "\n".join((_work(state, work), *_instead(state, work)))


def _work(state: str, work: Work) -> str:
    title = work.title if work.waiting_for is None else f"{work.title} (waiting for {work.waiting_for})"
    return " | ".join((state, title, _holder(work), _due(work.due), work.verb))


def _instead(state: str, work: Work) -> Iterator[str]:
    if work.instead is not None:
        when, other = work.instead
        yield _work(f"{state}, {when.name}", other)


def _clocks(machine: Machine[Any, Any]) -> Iterator[str]:
    if machine.clocks:
        yield from ("", "clock | limit | since")
    for clock in machine.clocks:
        limit = "-" if clock.limit is None else clock.limit.name
        yield f"{clock.name} | {limit} | {clock.since or '-'}{' | anew' if clock.anew else ''}"


def _promises(machine: Machine[Any, Any]) -> Iterator[str]:
    if machine.guarded or machine.holds:
        yield ""
    for guard in machine.guarded:
        yield f"guarded | {', '.join(sorted(guard.propose))} | {guard.approve}"
    for hold in machine.holds:
        yield f"hold | {hold.state} | {', '.join(sorted(hold.doors))}"


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(roles)) or "-"


def _rules(rules: Iterable[Rule]) -> str:
    return ", ".join(r.name if r.field is None else f"{r.name} on {r.field}" for r in rules) or "-"


def _second(second: Second | None) -> str:
    if second is None:
        return "-"
    when = "" if second.when is None else f" if {second.when.name}"
    rules = f" [{_rules(second.rules)}]" if second.rules else ""
    return _roles(second.by) + when + rules


def _ask(ask: Ask) -> str:
    of = f" of {ask.of}" if ask.of else ""
    choices = f" ({'/'.join(code for code, _ in ask.choices)})" if ask.choices else ""
    return f"{ask.name}{'' if ask.required else '?'}:{ask.kind.value}{of}{choices}"


def _holder(work: Work) -> str:
    return work.role if work.holder is None else f"{work.role} ({work.holder})"


def _due(due: Due) -> str:
    return _effect(due)


def _effect(effect: Effect | Due) -> str:
    """The class and its values in the order they are declared; what is not set is left out."""
    values = (getattr(effect, field.name) for field in fields(effect) if field.name != "value")
    said = [type(effect).__name__, *(_value(v) for v in values if v is not None)]
    return " ".join(said) + (f" = {effect.value}" if hasattr(effect, "value") else "")


def _value(value: Any) -> str:
    match value:
        case Limit(name=name):
            return name
        case When(name=name):
            return f"if {name}"
        case _:
            return str(value)
