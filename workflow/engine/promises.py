"""The proofs about promises: what rules speak of, who is kept apart from whom, which states hold a case.

Whether a rule holds for a person is decided in `machine`; here only what is declared is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workflow.engine.machine import F, Guarded, Hold, Machine, Rule, S, Transition
from workflow.engine.prose import label_of
from workflow.engine.walk import entering, in_words, opening, walks


def promise_faults(machine: Machine[S, F], facts: type[Any] | None) -> Iterator[str]:
    """Rules that name nothing, approvals without a proposal or by the same person, holds with other doors."""
    yield from _names_in_rules(machine, facts)
    yield from _guards(machine)
    yield from _holds(machine)


def _rules(t: Transition[S, F]) -> Iterator[Rule]:
    yield from t.rules
    if t.second is not None:
        yield from t.second.rules
        if t.second.when is not None:
            yield t.second.when


def _names_in_rules(m: Machine[S, F], facts: type[Any] | None) -> Iterator[str]:
    owners = [(f"the step “{t.verb}”", rule) for t in m.transitions for rule in _rules(t)]
    owners += [("the whole machine", rule) for rule in m.always]
    for owner, rule in owners:
        for verb in sorted(_verbs_in(rule)):
            if m.step(verb) is None:
                yield f"a rule of {owner} speaks of “{verb}”, which is not a step"
        kind, _, fact = rule.name.partition(":")
        if kind == "only_the" and not _has(facts, fact):
            yield f"a rule of {owner} is about the fact “{fact}”, which the facts do not hold"
    for stage in m.stages:
        for work in stage.work.both if stage.work is not None else ():
            if work.holder is not None and not _has(facts, work.holder):
                yield (
                    f"the task in {stage.label} is held by the fact “{work.holder}”, "
                    "which the facts do not hold"
                )


def _verbs_in(rule: Rule) -> frozenset[str]:
    """The verbs the name of a rule speaks of."""
    kind, _, rest = rule.name.partition(":")
    match kind:
        case "not_by_whoever":
            return frozenset(rest.split(","))
        case "at_most":
            return frozenset({rest.partition(":")[2]})
        case _:
            return frozenset()


def _has(facts: type[Any] | None, fact: str) -> bool:
    return facts is None or fact in getattr(facts, "__dataclass_fields__", ()) or hasattr(facts, fact)


# --- separation of duties, holds ---------------------------------------------------------------


def _guards(m: Machine[S, F]) -> Iterator[str]:
    for guard in m.guarded:
        unknown = [verb for verb in (*sorted(guard.propose), guard.approve) if m.step(verb) is None]
        if unknown:
            yield from (f"a guarded pair speaks of “{verb}”, which is not a step" for verb in unknown)
        else:
            yield from _unproposed(m, guard)
            yield from _alone(m, guard)


def _unproposed(m: Machine[S, F], guard: Guarded) -> Iterator[str]:
    """A way by people (not an import) to the approval without any of its proposals."""
    for way, _ in walks(m, opening(m), avoiding=lambda step: step.verb in guard.propose):
        if way[-1].verb == guard.approve:
            yield f"{in_words(way)}: “{guard.approve}” is reached without {_one_of(guard.propose)}"
            return


def _alone(m: Machine[S, F], guard: Guarded) -> Iterator[str]:
    """Whether the person who proposed could approve: no rule forbids it and no second person is needed."""
    step = m.step(guard.approve)
    assert step is not None
    second = step.second
    if second is not None and second.when is None:
        return
    for rules in (m.always + step.rules, second.rules if second is not None else ()):
        kept_apart = {v for r in rules if r.name.startswith("not_by_whoever:") for v in _verbs_in(r)}
        if guard.propose <= kept_apart:
            return
    yield f"no rule of “{guard.approve}” keeps whoever took {_one_of(guard.propose)} from taking it too"


def _one_of(verbs: frozenset[str]) -> str:
    return " or ".join(f"“{verb}”" for verb in sorted(verbs))


def _holds(m: Machine[S, F]) -> Iterator[str]:
    for hold in m.holds:
        yield from _other_doors(m, hold)
        for verb in sorted(hold.doors):
            step = m.step(verb)
            if step is None or hold.state not in step.sources or step.lands_in(hold.state) == hold.state:
                yield f"“{verb}” is a door of {label_of(m, hold.state)}, but does not leave it"


def _other_doors(m: Machine[S, F], hold: Hold[S]) -> Iterator[str]:
    for way, there in walks(m, entering(m)):
        verb = way[-1].verb
        if _end(way[:-1]) == hold.state != there and verb not in hold.doors:
            yield (
                f"{in_words(way)}: {label_of(m, hold.state)} is left by “{verb}”, "
                f"but its only way out is {_one_of(hold.doors)}"
            )


def _end(way: Sequence[Transition[S, F]]) -> S | None:
    """The state a way ends in."""
    here: S | None = None
    for step in way:
        here = step.lands_in(here)
    return here
