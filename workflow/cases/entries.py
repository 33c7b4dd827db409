"""The history of a case in words: one line for each event, as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow.cases import chronicle
from workflow.cases.access import hidden
from workflow.cases.kinds import CaseKind, House
from workflow.cases.models import Case, Event
from workflow.cases.notes import (
    ASKED,
    FOLLOWING,
    MENDING,
    OF_PROPOSAL,
    PROMISES,
    PROPOSED,
    RECUSING,
    STEPS,
    Note,
)
from workflow.cases.references import is_reference
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.engine.machine import Ask, AskKind

#: Questions whose answers are codes that a slice has words for.
_CHOSEN: Final = frozenset({AskKind.CHOICE, AskKind.AGENCY, AskKind.AGREEMENT})
#: What stands for a case that is named here and hidden from the reader.
ANOTHER: Final = "another case"

Answers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: what was done, by whom, when, and what was answered."""

    version: int
    label: str
    occurred_at: datetime
    recorded_at: datetime
    by: str
    second: str | None
    answers: Answers
    is_late_entry: bool
    caused: bool
    voided: bool
    verb: str


def events_in(case: Case) -> list[Event]:
    """The events of a case with what was answered, first to last. One query."""
    found = (
        select(Event)
        .where(Event.case_id == case.id)
        .order_by(Event.version)
        .options(joinedload(Event.answers))
    )
    return list(session().scalars(found).unique())


def persons_in(events: list[Event]) -> set[int]:
    """The ids that may be people's: who did something, and every number that was answered."""
    ids = {e.actor_id for e in events} | {e.second_id for e in events if e.second_id}
    return ids | {v for e in events for v in e.codes.values() if type(v) is int}


def entries(
    house: House,
    case: Case,
    events: list[Event],
    people: Mapping[int, str],
    actor: Actor,
    *,
    zone: ZoneInfo,
    reads: bool,
) -> list[Entry]:
    """The history, latest first. `reads` is whether this person reads what was answered."""
    kind = house.kind_of(case)
    voided = {e.codes["voids"] for e in events if e.verb == "void"}
    unseen, closed = (
        (_unseen(events, actor), kind.closed(actor, case)) if reads else (frozenset(), frozenset())
    )
    reader = _Reader(house, kind, case, people, zone, unseen, closed) if reads else None
    return [
        Entry(
            version=e.version,
            label=label(kind, e.verb),
            occurred_at=e.occurred_at,
            recorded_at=e.recorded_at,
            by=people.get(e.actor_id, "somebody"),
            second=people.get(e.second_id) if e.second_id else None,
            answers=tuple(reader.answers(e)) if reader else (),
            is_late_entry=(e.recorded_at - e.occurred_at).total_seconds() > 3600,
            caused=e.cause_id is not None,
            voided=e.version in voided,
            verb=e.verb,
        )
        for e in reversed(events)
    ]


def label(kind: CaseKind[Any, Any], verb: str) -> str:
    """What an entry is called: the step or the note, and how far a proposal of it came."""
    bare, _, suffix = verb.partition(".")
    called = declared(kind, bare)
    words = called.label if called else bare.replace("_", " ").capitalize()
    return f"{words} ({PROPOSED.get(suffix, suffix)})" if suffix else words


def declared(kind: CaseKind[Any, Any], verb: str) -> Any:
    """The step or note of this verb: either has a label and what it asks. None for neither."""
    note: Note | None = kind.notes.get(verb) or MENDING.get(verb) or FOLLOWING.get(verb) or RECUSING.get(verb)
    return kind.machine.step(verb) or note


def _unseen(events: list[Event], actor: Actor) -> frozenset[str]:
    """The cases named here that this person may not see. One query where any is named."""
    named = {v for e in events for v in e.codes.values() if isinstance(v, str) and is_reference(v)}
    return hidden(actor, named)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Puts what was answered into words, for somebody who may read them."""

    house: House
    kind: CaseKind[Any, Any]
    case: Case
    people: Mapping[int, str]
    zone: ZoneInfo
    unseen: frozenset[str]
    #: Answers that stay closed to this person, by name.
    closed: frozenset[str]

    def answers(self, event: Event) -> list[tuple[str, str]]:
        """What an event says, in the order it was asked; then what nobody asked for, by its bare name."""
        said = {**event.codes, **chronicle.words_of(event, self.case, self.house.keyring)}
        given = {name: value for name, value in said.items() if name not in self.closed}
        called = declared(self.kind, event.verb)
        asks: tuple[Ask, ...] = called.asks if called else OF_PROPOSAL
        known = [(ask.label, self._words(ask, given[ask.name])) for ask in asks if ask.name in given]
        if called is None or event.verb not in self.kind.notes:
            return known
        rest = given.keys() - {ask.name for ask in asks} - called.elsewhere
        return known + [(name.replace("_", " "), str(given[name])) for name in sorted(rest)]

    def _words(self, ask: Ask, value: Any) -> str:
        if isinstance(value, str) and value in self.unseen:
            return ANOTHER
        match ask.kind:
            case AskKind.PERSON:
                return self.people.get(value, "somebody")
            case AskKind.YES:
                return "yes" if value else "no"
            case AskKind.DAY | AskKind.MOMENT:
                return self._when(value)
            case kind if kind in _CHOSEN:
                return self._options(ask).get(str(value), str(value))
        return str(value)

    def _when(self, value: str) -> str:
        """A day or a moment in words; what was typed before it was corrected stays as it is."""
        try:
            if len(value) == len("2026-01-31"):
                return day_words(date.fromisoformat(value))
            at = datetime.fromisoformat(value).astimezone(self.zone)
        except ValueError:
            return value
        return f"{day_words(at.date())}, {at:%H:%M}"

    def _options(self, ask: Ask) -> dict[str, str]:
        steps = self.kind.machine.transitions
        if ask.of == STEPS:
            return {verb: label(self.kind, verb) for verb in (*(s.verb for s in steps), *self.kind.notes)}
        if ask.of == ASKED:
            return {asked.name: asked.label for step in steps for asked in step.asks}
        if ask.of == PROMISES:
            return dict(self.kind.promises)
        return dict(ask.choices) or dict(self.kind.choices(self.case, ask))
