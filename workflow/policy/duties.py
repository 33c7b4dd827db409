"""The oversight duties: what discharges them, which models have no rule for one. Pure; the proof is `parity`.

GAO's finding was that one model had no oversight mechanism at all; so nothing is ever left out silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflow.policy.book import Book, DutyRule


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty, what one occurrence and its rhythm are called, and the steps that discharge it: (kind, verb).

    Which kinds of contact count is a rule of the book (`DutyRule.counts`); the step that records one counts
    for the duty only then.
    """

    name: str
    title: str
    thing: str
    rhythm: str
    discharged_by: frozenset[tuple[str, str]]
    #: The kind of case that is opened for it alone, so that none may close without it.
    has_cases_of: str | None = None


FIELDWORK: Final = ("inspection", "complete_fieldwork")
CONTACT: Final = ("agreement", "record_contact")

INSPECTION: Final = Duty(
    "routine_inspection",
    "Routine inspection",
    "inspection",
    "inspection cadence",
    frozenset({FIELDWORK}),
    has_cases_of="inspection",
)
#: The stated list. A duty that is on it and not in the policy, or the other way round, fails the proofs.
DUTIES: Final = (
    INSPECTION,
    Duty("first_review", "First review meeting", "review meeting", "first review", frozenset({CONTACT})),
    Duty(
        "review_meeting",
        "Annual review meeting",
        "review meeting",
        "review meeting cadence",
        frozenset({CONTACT}),
    ),
    # An inspection is a contact too, and its checklist looks at the training.
    Duty(
        "oversight_contact",
        "Yearly oversight contact",
        "oversight contact",
        "oversight contact cadence",
        frozenset({CONTACT, FIELDWORK}),
    ),
    Duty(
        "training_check",
        "Check of training",
        "check of training",
        "cadence of training checks",
        frozenset({CONTACT, FIELDWORK}),
    ),
    Duty(
        "internal_review",
        "Internal review of the agreement",
        "internal review",
        "cadence of internal reviews",
        frozenset({CONTACT}),
    ),
)
BY_NAME: Final[Mapping[str, Duty]] = {duty.name: duty for duty in DUTIES}
#: What an inspection meets, by its fieldwork.
MET_BY_FIELDWORK: Final = tuple(duty.name for duty in DUTIES if FIELDWORK in duty.discharged_by)
#: The states in which an agreement owes its duties: until notice has run. A suspension postpones them.
OWING: Final = frozenset({"active", "terminating"})
#: States of an agreement that stands still for a time.
SUSPENDED: Final = frozenset({"suspended", "terminating_suspended"})
#: There is an agreement: it owes, or will again once its suspension is over.
IN_FORCE: Final = OWING | SUSPENDED


def met_by(book: Book, contact: str, model: str) -> tuple[str, ...]:
    """The duties a kind of contact meets under a model, in the order of the book."""
    return tuple(
        rule.name
        for rule in book.duties
        if contact in rule.counts and (model not in rule.exempt_models) and book.cadence(rule.name, model)
    )


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
        lack = NO_RULE if self.is_whole else f"no {self.rhythm} set"
        return f"{self.model}: {lack}: {self.agreements:,} {noun}"

    @property
    def is_whole(self) -> bool:
        """Whether the model has no rule for any duty."""
        return not self.duty


NO_RULE: Final = "no oversight rule"


def has_rule(book: Book, model: str) -> bool:
    """Whether anything at all is owed under a model, by this book."""
    return any(rule.model == model for rule in book.cadences)


def gaps(book: Book, agreements: Mapping[str, int]) -> tuple[Gap, ...]:
    """Every duty a model of the book neither has a rhythm for nor is exempted from, with its agreements.

    Of a model without any rule that is said as a whole, and of its inspections.
    """
    found = []
    for model in book.models:
        ruled, number = has_rule(book, model.code), agreements.get(model.code, 0)
        if not ruled and book.duties:
            found.append(Gap(model.code, "", "", number))
        found += [
            Gap(model.code, rule.name, _rhythm(rule), number)
            for rule in book.duties
            if (ruled or rule.name == INSPECTION.name) and _is_open(book, rule, model.code)
        ]
    return tuple(found)


def _is_open(book: Book, rule: DutyRule, model: str) -> bool:
    return model not in rule.exempt_models and book.cadence(rule.name, model) is None


def _rhythm(rule: DutyRule) -> str:
    duty = BY_NAME.get(rule.name)
    return duty.rhythm if duty else f"cadence for “{rule.title}”"
