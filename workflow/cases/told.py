"""What an agency was told of a case and what it said itself, entry by entry. Never a name, never a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflow.cases import chronicle
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.db.session import session
from workflow.engine.machine import Ask


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was sent or received: when, what, by which side, in which words."""

    at: datetime
    what: str
    by: str
    words: tuple[tuple[str, str], ...]


def told(
    house: House, case: Case, answers: Mapping[str, tuple[str, ...]], by_agency: frozenset[str]
) -> tuple[Told, ...]:
    """The entries of these verbs since the agency was told of the case, the latest first, with those answers.

    At most two queries.
    """
    since = case.sent_to_agency_at
    if since is None:
        return ()
    found = (
        select(Event)
        .where(Event.case_id == case.id, Event.verb.in_(answers), Event.occurred_at >= since)
        .order_by(Event.version.desc())
        .options(selectinload(Event.answers))
    )
    entries = []
    for event in session().scalars(found):
        label, asks = _declared(house, case.kind, event.verb)
        words = chronicle.words_of(event, case, house.keyring)
        labels = {ask.name: ask.label for ask in asks}
        chosen = {ask.name: dict(ask.choices) for ask in asks if ask.choices and ask.name in event.codes}
        words |= {name: said[event.codes[name]] for name, said in chosen.items()}
        by = "the agency" if event.verb in by_agency else "the office"
        shown = tuple((labels[n], words[n]) for n in answers[event.verb] if n in words)
        entries.append(Told(event.occurred_at, label, by, shown))
    return tuple(entries)


def called(house: House, kind: str, verb: str) -> str:
    """The words for an entry: of its step, or of what was noted."""
    return _declared(house, kind, verb)[0]


def _declared(house: House, kind: str, verb: str) -> tuple[str, tuple[Ask, ...]]:
    step = house.kinds[kind].machine.step(verb)
    if step is not None:
        return step.label, step.asks
    note = house.kinds[kind].notes[verb]
    return note.label, note.asks
