"""The proof of parity: every stated duty is discharged on every path of every model, or exempted. Pure.

A model without any rule is no fault of a machine: lists count its agreements as "no oversight rule".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workflow.engine.machine import Machine, Transition
from workflow.engine.walk import in_words, opening, walks
from workflow.policy.book import Book, DutyRule
from workflow.policy.duties import CONTACT, DUTIES, OWING, Duty, has_rule


def undischarged(
    book: Book, machines: Mapping[str, Machine[Any, Any]], stated: Iterable[Duty] = DUTIES
) -> Iterator[str]:
    """What can be left undone for good, one sentence each; none in a sound house."""
    by_name = {duty.name: duty for duty in stated}
    rules = {rule.name: rule for rule in book.duties}
    for rule in book.duties:
        if rule.name not in by_name:
            yield f"No step is said to discharge the duty “{rule.title}”."
    for duty in by_name.values():
        known = rules.get(duty.name)
        if known is None:
            yield f"The duty “{duty.title}” is stated, but the policy has no such duty: nobody owes it."
            continue
        yield from _unowed(book, known)
        yield from _uncounted(duty, known)
        for kind, verb in sorted(duty.discharged_by):
            yield from _undone(duty, known, machines.get(kind), kind, verb)


def _unowed(book: Book, rule: DutyRule) -> Iterator[str]:
    """Models under which other duties are owed and this one is neither owed nor exempted, with a reason."""
    for model in (m.code for m in book.models if has_rule(book, m.code)):
        if model in rule.exempt_models:
            if not rule.why_exempt:
                yield f"{model}: exempt from the duty “{rule.title}” without a reason."
        elif book.cadence(rule.name, model) is None:
            yield (
                f"{model}: no rule says when the duty “{rule.title}” is owed, and no exemption says why not: "
                f"an agreement of this model may go without it for good."
            )


def _uncounted(duty: Duty, rule: DutyRule) -> Iterator[str]:
    if CONTACT in duty.discharged_by and not rule.counts:
        yield f"The duty “{rule.title}” is met by contacts, but no kind of contact counts for it."


def _undone(
    duty: Duty, rule: DutyRule, machine: Machine[Any, Any] | None, kind: str, verb: str
) -> Iterator[str]:
    step = machine.step(verb) if machine else None
    if machine is None or step is None:
        yield f"The duty “{rule.title}” is discharged by “{verb}” of {kind}, which is not there."
    elif duty.has_cases_of == kind and (way := _way_round(machine, verb)):
        yield f"The duty “{rule.title}” can be closed without “{verb}”: {in_words(way)}."
    elif kind == CONTACT[0]:
        for state in sorted(OWING - {str(source) for source in step.sources}):
            yield f"The duty “{rule.title}” is owed in the state {state}, where “{verb}” is not offered."


def _way_round(machine: Machine[Any, Any], verb: str) -> list[Transition[Any, Any]] | None:
    """The shortest way from an opening to a proper end that leaves out a step; None in a sound machine."""
    ways = walks(machine, opening(machine), lambda t: t.escape or t.verb == verb)
    return next((way for way, there in ways if there in machine.final), None)
