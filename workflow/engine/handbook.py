"""The handbook page of a machine, as Markdown. Pure text: lengths of limits and sources are handed in.

Nothing is read or written here; `plumbline machines write` puts the pages under `docs/machines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from workflow.engine.diagram import as_mermaid
from workflow.engine.effects import Effect, Limit, Work
from workflow.engine.machine import SAME, Ask, Machine, Rule, Second, Stage, Transition
from workflow.engine.prose import (
    clock_label,
    due_limit,
    due_words,
    effect_limit,
    effect_words,
    label_of,
    names_in,
    role_words,
    roles_words,
    spaced,
)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One value of a limit: its length in `words` and the title of its `source`, or “our proposal”.

    `applies_to` says for what (“JEM 2020, tier 1”); it is empty for a value that holds everywhere.
    """

    applies_to: str
    words: str
    source: str


Limits: TypeAlias = Callable[[Limit], Sequence[LimitLine]]

_HEAD = (
    "<!-- Written by `plumbline machines write` from the declaration of the machine. Change that instead. -->"
)


def page(machine: Machine[Any, Any], *, limits: Limits, about: str = "") -> str:
    """Everything a machine says, for people: states, steps, clocks, promises, picture.

    `limits` gives every value of a limit. `about` is the paragraph that says what such a case is.
    """
    parts = [
        [_HEAD, "", f"# {_plain(machine.title)}"],
        [_about(machine, about)],
        ["## States", "", *_states(machine, limits)],
        ["## Steps", "", *_steps(machine, limits)],
        ["## Clocks", "", *_clocks(machine, limits)] if machine.clocks else [],
        ["## What is kept apart", "", *_promises(machine)] if machine.guarded or machine.holds else [],
        ["## Picture", "", "```mermaid", as_mermaid(machine).rstrip(), "```"],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _about(machine: Machine[Any, Any], about: str) -> str:
    opened = ", ".join(f"“{_plain(t.label)}”" for t in machine.entries)
    final = ", ".join(_plain(s.label) for s in machine.stages if s.state in machine.final)
    lines = [_plain(about)] if about else []
    lines.append(f"It is opened by {opened}; it ends as: {final}.")
    lines += [f"Every step is refused with the words: {_rule(rule)}." for rule in machine.always]
    return "\n\n".join(lines)


# --- states ------------------------------------------------------------------------------------


def _states(machine: Machine[Any, Any], limits: Limits) -> Iterator[str]:
    yield from _table_head("State", "What is to do", "Who", "By when", "Usually ended by")
    for stage in machine.stages:
        yield _row(*_state(machine, stage, limits))
        if stage.work is not None and stage.work.instead is not None:
            when, work = stage.work.instead
            yield _row(f"{_plain(stage.label)}, {_plain(when.name)}", *_to_do(machine, work, limits))


def _state(machine: Machine[Any, Any], stage: Stage[Any], limits: Limits) -> tuple[str, ...]:
    name = f"**{_plain(stage.label)}**" + (f"<br>{_plain(stage.help)}" if stage.help else "")
    work = stage.work
    if work is None:
        return name, "nothing: the case is over" if stage.state in machine.final else "—", "—", "—", "—"
    return name, *_to_do(machine, work, limits)


def _to_do(machine: Machine[Any, Any], work: Work, limits: Limits) -> tuple[str, ...]:
    waiting = f" (waiting for {_plain(work.waiting_for)})" if work.waiting_for else ""
    step = machine.step(work.verb)
    return (
        _plain(work.title) + waiting,
        _who(work),
        _by_when(machine, work, limits),
        _plain(step.label) if step is not None else work.verb,
    )


def _who(work: Work) -> str:
    role = role_words(work.role)
    return role if work.holder is None else f"{role} ({_person(work.holder)})"


def _person(fact: str) -> str:
    return f"the {spaced(fact.removesuffix('_id'))} of the case"


def _by_when(machine: Machine[Any, Any], work: Work, limits: Limits) -> str:
    words = due_words(work.due, machine)
    limit = due_limit(work.due)
    return _plain(words) if limit is None else f"{_values(limit, limits)}<br>{_plain(words)}"


def _values(limit: Limit, limits: Limits) -> str:
    """Every value of a limit, those of equal length and source in one line."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for line in limits(limit):
        grouped.setdefault((line.words, line.source), []).append(line.applies_to)
    if not grouped:
        return "no limit set"
    return "<br>".join(
        _plain(f"{'; '.join(applies)}: {words} ({source})" if all(applies) else f"{words} ({source})")
        for (words, source), applies in grouped.items()
    )


# --- steps -------------------------------------------------------------------------------------


def _steps(machine: Machine[Any, Any], limits: Limits) -> Iterator[str]:
    yield from _table_head(
        "Step",
        "From → to",
        "Who",
        "Second person",
        "Questions",
        "Refused with the words",
        "What it leaves behind",
    )
    for t in machine.transitions:
        yield _row(
            _step(t),
            _from_to(machine, t),
            _plain(roles_words(t.by)),
            _second(t.second),
            _list(_ask(ask) for ask in t.asks),
            _list(_rule(rule) for rule in t.rules),
            _list(_effect(effect, t, machine, limits) for effect in t.effects),
        )


def _step(t: Transition[Any, Any]) -> str:
    notes = [
        (t.timed, "taken when the task of the state falls due"),
        (t.escape, "a way out that is no proper end"),
        (t.reopens, "reopens what was over"),
    ]
    said = [f"**{_plain(t.label)}**", _plain(t.help), *(f"*{words}*" for is_so, words in notes if is_so)]
    return _list(said)


def _from_to(machine: Machine[Any, Any], t: Transition[Any, Any]) -> str:
    source = "new" if t.is_entry else names_in(t, machine)
    target = "stays" if t.target is SAME else label_of(machine, t.target)
    return _plain(f"{source} → {target}")


def _second(second: Second | None) -> str:
    if second is None:
        return "—"
    who = _plain(roles_words(second.by))
    when = "" if second.when is None else f"if: {_rule(second.when)}"
    return _list([who, when, *(_rule(rule) for rule in second.rules)])


def _ask(ask: Ask) -> str:
    choices = f": {', '.join(words for _, words in ask.choices)}" if ask.choices else ""
    return _plain(f"{ask.label}{choices}{'' if ask.required else ' (optional)'}")


def _rule(rule: Rule) -> str:
    """A rule in the words that whoever it stops is told, with its source."""
    return f"“{_plain(rule.says)}” ({_plain(rule.source)})"


def _effect(effect: Effect, t: Transition[Any, Any], machine: Machine[Any, Any], limits: Limits) -> str:
    words, limit = _plain(effect_words(effect, t, machine)), effect_limit(effect)
    return words if limit is None else f"{words}: {_values(limit, limits)}"


# --- clocks and promises -----------------------------------------------------------------------


def _clocks(machine: Machine[Any, Any], limits: Limits) -> Iterator[str]:
    yield from _table_head("Clock", "Counts from", "Runs out after")
    for clock in machine.clocks:
        since = "the step that starts it" if clock.since is None else f"“{spaced(clock.since)}” of the case"
        yield _row(
            f"**{_plain(clock_label(machine, clock.name))}**",
            _plain(since),
            "never: it only measures" if clock.limit is None else _values(clock.limit, limits),
        )


def _promises(machine: Machine[Any, Any]) -> Iterator[str]:
    for guard in machine.guarded:
        if guard.propose == {guard.approve}:
            step = machine.step(guard.approve)
            two = step is not None and step.second is not None and step.second.when is None
            how = "takes two different people" if two else "is never taken twice by the same person"
            yield f"* “{_label(machine, guard.approve)}” {how}."
        else:
            yield (
                f"* {_either(machine, guard.propose)} comes before “{_label(machine, guard.approve)}”, "
                "and it is done by somebody else."
            )
    for hold in machine.holds:
        yield (
            f"* {_plain(label_of(machine, hold.state))} is left only by {_either(machine, hold.doors)}; "
            "nothing else moves the case meanwhile."
        )


def _either(machine: Machine[Any, Any], verbs: Iterable[str]) -> str:
    wanted = frozenset(verbs)
    return " or ".join(f"“{_plain(t.label)}”" for t in machine.transitions if t.verb in wanted)


def _label(machine: Machine[Any, Any], verb: str) -> str:
    step = machine.step(verb)
    return verb if step is None else _plain(step.label)


# --- Markdown ----------------------------------------------------------------------------------


def _table_head(*names: str) -> tuple[str, str]:
    return _row(*names), _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell or '—' for cell in cells)} |"


def _list(items: Iterable[str]) -> str:
    return "<br>".join(filter(None, items)) or "—"


def _plain(text: str) -> str:
    """Words that mean nothing to Markdown or HTML, on one line."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))
