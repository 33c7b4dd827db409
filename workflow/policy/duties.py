"""The oversight duties: which steps discharge them, which models have no rhythm for one. Pure.

GAO's finding was that one model had no oversight mechanism at all; so nothing is ever left out silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflow.engine.machine import Machine, Transition
from workflow.engine.walk import in_words, opening, walks
from workflow.policy.book import Book


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty, what lists call its rhythm, and the steps that discharge it: (kind of case, verb)."""

    name: str
    title: str
    rhythm: str
    discharged_by: frozenset[tuple[str, str]]
    #: The kind of case that is opened for it alone, so that none may close without it.
    has_cases_of: str | None = None


INSPECTION: Final = Duty(
    "routine_inspection",
    "Routine inspection",
    "inspection cadence",
    frozenset({("inspection", "complete_fieldwork")}),
    has_cases_of="inspection",
)
MEETING: Final = Duty(
    "review_meeting",
    "Annual review meeting",
    "review meeting cadence",
    frozenset({("agreement", "record_contact")}),
)
DUTIES: Final = (INSPECTION, MEETING)
#: The states in which an agreement owes its duties: until notice has run. A suspension postpones them.
OWING: Final = frozenset({"active", "terminating"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty for which a model has no rhythm, and how many agreements that concerns."""

    model: str
    duty: str
    rhythm: str
    agreements: int

    @property
    def words(self) -> str:
        """Such as "TFM: no inspection cadence set: 1,162 agreements"."""
        noun = "agreement" if self.agreements == 1 else "agreements"
        return f"{self.model}: no {self.rhythm} set: {self.agreements:,} {noun}"


def gaps(book: Book, agreements: Mapping[str, int]) -> tuple[Gap, ...]:
    """Every duty a model of the book neither has a rhythm for nor is exempted from, with its agreements."""
    return tuple(
        Gap(model.code, rule.name, _rhythm(rule.name, rule.title), agreements.get(model.code, 0))
        for rule in book.duties
        for model in book.models
        if model.code not in rule.exempt_models and book.cadence(rule.name, model.code) is None
    )


def _rhythm(name: str, title: str) -> str:
    return next((d.rhythm for d in DUTIES if d.name == name), f"cadence for “{title}”")


def undischarged(book: Book, machines: Mapping[str, Machine[Any, Any]]) -> Iterator[str]:
    """Duties of the book that no step of any machine discharges, one sentence each; none in a sound house."""
    by_name = {duty.name: duty for duty in DUTIES}
    for rule in book.duties:
        duty = by_name.get(rule.name)
        if duty is None:
            yield f"No step is said to discharge the duty “{rule.title}”."
            continue
        for kind, verb in sorted(duty.discharged_by):
            machine = machines.get(kind)
            if machine is None or machine.step(verb) is None:
                yield f"The duty “{rule.title}” is discharged by “{verb}” of {kind}, which is not there."
            elif duty.has_cases_of == kind and (way := _way_round(machine, verb)):
                yield f"The duty “{rule.title}” can be closed without “{verb}”: {in_words(way)}."


def _way_round(machine: Machine[Any, Any], verb: str) -> list[Transition[Any, Any]] | None:
    """The shortest way from an opening to a proper end that leaves out a step; None in a sound machine."""
    ways = walks(machine, opening(machine), lambda t: t.escape or t.verb == verb)
    return next((way for way, there in ways if there in machine.final), None)
