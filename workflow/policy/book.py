"""The rule book: limits, cadences, models, templates, ratings as immutable data. Pure.

A case keeps the version of the book it was opened under. Machines name limits, the book knows spans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from workflow.engine.effects import Limit
from workflow.engine.spans import Span, usual_hours

#: How a rule without a public source is called wherever people read it.
OURS = "our proposal"
#: A first time that is counted from operation, else from signing.
FROM_THE_START = "operational"


class Unresolved(LookupError):
    """The book has no rule for this; a proof reports it before a case can meet it."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A span under a name; the narrower rule wins: tier, then revision, then model, then general."""

    name: str
    span: Span
    model: str | None = None
    revision: str | None = None
    tier: int | None = None
    source: str = OURS

    def fits(self, name: str, model: str | None, revision: str | None, tier: int | None) -> bool:
        return (
            self.name == name
            and self.model in (None, model)
            and self.revision in (None, revision)
            and self.tier in (None, tier)
        )

    @property
    def narrowness(self) -> tuple[bool, bool, bool]:
        return (self.tier is not None, self.revision is not None, self.model is not None)

    @property
    def applies_to(self) -> str:
        """For whom the rule is, in words: "WSO, template 2019, tier 1" or "every agreement"."""
        parts = [p for p in (self.model, self.revision and f"template {self.revision}") if p]
        if self.tier is not None:
            parts.append(f"tier {self.tier}")
        return ", ".join(parts) or "all"


@dataclass(frozen=True, slots=True)
class ModelRule:
    """A participant model. A new one is a new row; no code names a model."""

    code: str
    title: str
    aliases: tuple[str, ...] = ()
    exists_since: date | None = None
    source: str = OURS
    #: How an inspection is held unless its lead chooses otherwise, and the days its lead gives to it.
    visit: str = "on_site"
    lead_days: int = 3


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """Which template an agreement signed in a period is taken to follow, until a document says so."""

    model: str
    revision: str
    signed_from: date | None = None
    signed_until: date | None = None
    source: str = OURS


@dataclass(frozen=True, slots=True)
class CadenceRule:
    """How often a duty is owed under a model: first so long after a basis, then every so often, or once."""

    duty: str
    model: str
    first: Span
    #: None for what is owed once.
    every: Span | None
    #: "operational" falls back to "signed". Any other name is a duty: until that was met, this one waits.
    first_basis: str = FROM_THE_START
    every_basis: str = "last_fieldwork"
    source: str = OURS


@dataclass(frozen=True, slots=True)
class DutyRule:
    """An oversight duty of the programme, what counts for it, and which models are exempt, and why."""

    name: str
    title: str
    #: The kinds of contact that meet it, beside the steps that do.
    counts: tuple[str, ...] = ()
    exempt_models: tuple[str, ...] = ()
    why_exempt: str = ""
    source: str = OURS


@dataclass(frozen=True, slots=True)
class Rating:
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale; an inspection keeps the scale it was begun under."""

    name: str
    ratings: tuple[Rating, ...]
    source: str = OURS


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """An authority that complaints can be referred to takes none from a day on, and why. A row is enough."""

    code: str
    closed_on: date
    why: str
    source: str = OURS


@dataclass(frozen=True, slots=True)
class AllegationType:
    """What an allegation can be about, for people and in letters. A code is never lost: it is retired."""

    code: str
    title: str
    #: One line, shown beside it wherever it is chosen.
    means: str
    #: The tier it suggests; a person decides.
    tier: int
    #: How letters call it, within a sentence.
    english: str
    spanish: str
    #: Not to be chosen from this day on; old cases keep it.
    retired_on: date | None = None
    source: str = OURS

    def said_in(self, language: str) -> str:
        return self.spanish if language == "es" else self.english


@dataclass(frozen=True)
class Book:
    """One version of all rules, in force from a day on."""

    version: int
    effective_on: date
    limits: tuple[LimitRule, ...]
    models: tuple[ModelRule, ...]
    templates: tuple[TemplateRule, ...]
    cadences: tuple[CadenceRule, ...]
    duties: tuple[DutyRule, ...] = ()
    scales: tuple[Scale, ...] = ()
    channels: tuple[ChannelRule, ...] = ()
    allegation_types: tuple[AllegationType, ...] = ()
    note: str = ""

    def rule(
        self, limit: Limit, *, model: str | None = None, revision: str | None = None, tier: int | None = None
    ) -> LimitRule:
        """The narrowest rule for a limit. Raises `Unresolved` when none fits."""
        fitting = [r for r in self._by_name.get(limit.name, ()) if r.fits(limit.name, model, revision, tier)]
        if not fitting:
            where = ", ".join(str(p) for p in (model, revision, tier) if p is not None) or "any case"
            raise Unresolved(f"The policy has no time limit “{limit.name}” for {where}.")
        return max(fitting, key=lambda r: r.narrowness)

    def span(
        self, limit: Limit, *, model: str | None = None, revision: str | None = None, tier: int | None = None
    ) -> Span:
        return self.rule(limit, model=model, revision=revision, tier=tier).span

    def rule_for(
        self, limit: Limit, *, model: str | None, revision: str | None, tier: int | None
    ) -> LimitRule:
        """The rule a case follows: of its template or, while that is not known, the strictest it could be.

        Raises `Unresolved` when there is none.
        """
        if model is not None and revision is not None:
            return self.rule(limit, model=model, revision=revision, tier=tier)
        could_be = [(m, r) for m, r in self.template_keys() if model in (None, m)]
        general = self._fitting(limit, model, revision, tier)
        every = [rule for m, r in could_be for rule in self._fitting(limit, m, r, tier)]
        if not (found := [*general, *every]):
            return self.rule(limit, model=model, revision=revision, tier=tier)
        # Of equals the first: the general one, whose words name no template that may not be meant.
        return min(found, key=lambda rule: usual_hours(rule.span))

    def _fitting(
        self, limit: Limit, model: str | None, revision: str | None, tier: int | None
    ) -> list[LimitRule]:
        """The narrowest rule, or none."""
        try:
            return [self.rule(limit, model=model, revision=revision, tier=tier)]
        except Unresolved:
            return []

    def rules_named(self, name: str) -> tuple[LimitRule, ...]:
        return tuple(self._by_name.get(name, ()))

    def model(self, code: str) -> ModelRule | None:
        return next((m for m in self.models if m.code == code), None)

    def template_for(self, model: str, signed_on: date | None) -> TemplateRule | None:
        """The template an agreement is taken to follow; an inference, and to be shown as one."""
        of_model = [t for t in self.templates if t.model == model]
        if signed_on is None:
            return of_model[-1] if of_model else None
        return next((t for t in of_model if _between(signed_on, t.signed_from, t.signed_until)), None)

    def cadence(self, duty: str, model: str) -> CadenceRule | None:
        """The rhythm of a duty under a model, or None: then the model has no such rule, and lists say so."""
        return next((c for c in self.cadences if (c.duty, c.model) == (duty, model)), None)

    def scale(self, name: str) -> Scale:
        return next(s for s in self.scales if s.name == name)

    def template_keys(self) -> Iterator[tuple[str, str]]:
        """Every (model, revision) there is, once."""
        return iter(dict.fromkeys((t.model, t.revision) for t in self.templates))

    @cached_property
    def _by_name(self) -> dict[str, list[LimitRule]]:
        named: dict[str, list[LimitRule]] = {}
        for rule in self.limits:
            named.setdefault(rule.name, []).append(rule)
        return named


def _between(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
