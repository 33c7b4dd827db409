"""How a designated officer stands on a day: who may act, whose training lapsed, what is due next. Pure.

Nominated, cleared, in training, certified, authorised; then trained every year and, where the model asks
for it, refreshed. The spans are rows of the policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from workflow.engine.calendar import day_words, months_after
from workflow.engine.effects import Limit
from workflow.engine.spans import Months
from workflow.policy.book import Book, Unresolved

ANNUAL: Final = Limit("training.annual")
REFRESHER: Final = Limit("training.refresher")
AUTHORISATION: Final = Limit("training.authorisation")

#: A certificate needs so many per cent in every examination.
#: Source: Texts of 170 memoranda of agreement, 2019 to 2025: training.
PASSING: Final = 70

#: What is recorded of an officer, in the order in which it has to happen.
ORDER: Final = ("nominated_on", "cleared_on", "training_from", "certified_on", "authorised_on")
SAID: Final[Mapping[str, str]] = {
    "nominated_on": "nominated",
    "cleared_on": "cleared",
    "training_from": "in training",
    "certified_on": "certified",
    "authorised_on": "authorised",
    "revoked_on": "revoked",
    "left_on": "left",
}
COURSES: Final = (("annual", "Annual training"), ("refresher", "Refresher"))


class Stage(StrEnum):
    """Where an officer stands, in the words people read."""

    UNKNOWN = "not nominated"
    NOMINATED = "nominated"
    CLEARED = "cleared"
    IN_TRAINING = "in training"
    CERTIFIED = "certified"
    AUTHORISED = "authorised"
    EXPIRED = "authorisation expired"
    REVOKED = "revoked"
    LEFT = "left"


_STAGES: Final = dict(
    zip(
        ORDER,
        (Stage.NOMINATED, Stage.CLEARED, Stage.IN_TRAINING, Stage.CERTIFIED, Stage.AUTHORISED),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Course:
    """What a model asks of its officers, in months; None where it asks for nothing of the kind."""

    annual: int
    refresher: int | None = None
    authorisation: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of one officer. `days` by the names of `ORDER`, with `revoked_on` and `left_on`."""

    days: Mapping[str, date]
    authorised_until: date | None = None
    #: (kind, day) of what was passed: certification, annual, refresher.
    passed: tuple[tuple[str, date], ...] = ()

    def latest(self, kinds: frozenset[str], on: date) -> date | None:
        """The last day one of these was passed; a certificate counts as all of them."""
        days = [day for kind, day in self.passed if kind in kinds and day <= on]
        certified = self.days.get("certified_on")
        return max([*days, *([certified] if certified and certified <= on else [])], default=None)


@dataclass(frozen=True, slots=True)
class Next:
    """What an officer has to pass next, and by when."""

    what: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How one officer stands on a day. `lapses` says, as ends of a sentence, why not current."""

    stage: Stage
    lapses: tuple[str, ...] = ()
    next: Next | None = None

    @property
    def acts(self) -> bool:
        """Whether the officer may act under the agreement, as far as the authorisation goes."""
        return self.stage is Stage.AUTHORISED

    @property
    def is_current(self) -> bool:
        return self.acts and not self.lapses


def course_of(book: Book, model: str) -> Course:
    """What the policy asks of officers of a model."""
    annual = _months(book, ANNUAL, model)
    if annual is None:
        raise Unresolved(f"The policy has no time limit “{ANNUAL.name}” for {model}.")
    return Course(annual, _months(book, REFRESHER, model), _months(book, AUTHORISATION, model))


def standing(record: Record, course: Course, on: date) -> Standing:
    """How an officer stands on a day: what is recorded for a later one has not happened yet."""
    stage = _stage(record, course, on)
    if stage is not Stage.AUTHORISED:
        return Standing(stage)
    owed = list(_owed(record, course, on))
    lapses = tuple(
        f"{what} was due on {day_words(due)}" if due else f"no {what} on record"
        for what, due in owed
        if due is None or due < on
    )
    coming = [Next(what, due) for what, due in owed if due is not None and due >= on]
    return Standing(stage, lapses, min(coming, key=lambda n: n.on, default=None))


def expires_on(record: Record, course: Course) -> date | None:
    """The day an authorisation ends by itself; None where it is valid until it is revoked."""
    if record.authorised_until is not None:
        return record.authorised_until
    authorised = record.days.get("authorised_on")
    if authorised is None or course.authorisation is None:
        return None
    return months_after(authorised, course.authorisation)


def wrong_order(days: Mapping[str, date]) -> Iterator[tuple[str, str]]:
    """(field, why) for what cannot have happened in this order, or without what comes before it."""
    for at, name in enumerate(ORDER[1:], start=1):
        day = days.get(name)
        if day is None:
            continue
        before = [(n, days[n]) for n in ORDER[:at] if n in days]
        if "nominated_on" not in days:
            yield name, f"Nobody is {SAID[name]} who was not nominated: say when that was."
        elif name == "authorised_on" and "certified_on" not in days:
            yield name, "Nobody is authorised without a certificate: say when it was given."
        elif before and before[-1][1] > day:
            later, on = before[-1]
            yield name, f"It would lie before the officer was {SAID[later]} ({day_words(on)})."
    for name in ("revoked_on", "left_on"):
        if name in days and any(days[n] > days[name] for n in ORDER if n in days):
            yield name, f"It would lie before something that has to come before: {SAID[name]} is an end."


def _stage(record: Record, course: Course, on: date) -> Stage:
    days = {name: day for name, day in record.days.items() if day <= on}
    if "left_on" in days:
        return Stage.LEFT
    if "revoked_on" in days:
        return Stage.REVOKED
    reached = [_STAGES[name] for name in ORDER if name in days]
    stage = reached[-1] if reached else Stage.UNKNOWN
    if stage is Stage.AUTHORISED:
        ends = expires_on(record, course)
        return Stage.EXPIRED if ends is not None and ends <= on else stage
    return stage


def _owed(record: Record, course: Course, on: date) -> Iterator[tuple[str, date | None]]:
    """(what, due on) of everything an authorised officer owes; None where nothing was ever passed."""
    annual = record.latest(frozenset({"certification", "annual"}), on)
    yield "annual training", months_after(annual, course.annual) if annual else None
    if course.refresher is not None:
        refreshed = record.latest(frozenset({"certification", "refresher"}), on)
        yield "refresher", months_after(refreshed, course.refresher) if refreshed else None
    ends = expires_on(record, course)
    if ends is not None:
        yield "new authorisation", ends


def _months(book: Book, limit: Limit, model: str) -> int | None:
    try:
        span = book.span(limit, model=model)
    except Unresolved:
        return None
    assert isinstance(span, Months), "what officers owe is counted in months"
    return span.n
