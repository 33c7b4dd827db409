"""What a step leaves behind, as plain values that the substrate carries out. Nothing happens here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from workflow.engine.actors import Role


@dataclass(frozen=True, slots=True)
class Limit:
    """The name of a span in the policy a case is pinned to, such as `complaint.triage`."""

    name: str


# --- when the task of a state is due ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Within:
    """Due so long after the state was entered."""

    limit: Limit


@dataclass(frozen=True, slots=True)
class Before:
    """Due so long before a date the case keeps in `column`."""

    column: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class On:
    """Due on a date the case keeps in `column`; without a date, not due yet."""

    column: str


@dataclass(frozen=True, slots=True)
class ByClock:
    """Due when a clock of the case runs out."""

    clock: str


Due: TypeAlias = Within | Before | On | ByClock


@dataclass(frozen=True, slots=True)
class Work:
    """The one task a state owns: opened on entering it, settled on leaving it.

    `verb` is the step that usually ends it. `holder` names the fact that says whose it is; without
    one, it waits for anybody of the role. `waiting_for` is set where the office itself cannot act.
    `instead` is what is to do in its place where a condition holds when the state is entered.
    """

    title: str
    role: Role
    due: Due
    verb: str
    holder: str | None = None
    waiting_for: str | None = None
    instead: tuple[When, Work] | None = None

    def of(self, case: Any) -> Work:
        """The work this case has in the state."""
        return self.instead[1] if self.instead is not None and self.instead[0].holds(case) else self

    @property
    def both(self) -> tuple[Work, ...]:
        """The usual work and, where there is one, what may be in its place."""
        return (self,) if self.instead is None else (self, self.instead[1])


# --- what a step does besides changing the state ---------------------------------------------

#: Decides from the facts whether an effect applies; named so that tables and proofs can speak of it.
Condition: TypeAlias = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class When:
    """A named condition on the facts *after* the step, for effects that apply only sometimes."""

    name: str
    holds: Condition


@dataclass(frozen=True, slots=True)
class StartClock:
    """Start a clock of the machine; a stopped one starts again with its first start kept."""

    name: str
    when: When | None = None


@dataclass(frozen=True, slots=True)
class StopClock:
    """Stop a clock if it runs; a clock that never ran stays silent."""

    name: str


@dataclass(frozen=True, slots=True)
class PauseClock:
    """Hold a running clock; `because` is printed beside the days it does not count."""

    name: str
    because: str


@dataclass(frozen=True, slots=True)
class ResumeClock:
    name: str


@dataclass(frozen=True, slots=True)
class ExtendClock:
    """Add a span to a running clock; the original due date stays on record."""

    name: str
    by: Limit


@dataclass(frozen=True, slots=True)
class RecomputeClock:
    """Count a clock again from its first start, under the facts as they are after the step."""

    name: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Copy an answer to a column of the case."""

    answer: str
    column: str


@dataclass(frozen=True, slots=True)
class Seal:
    """Copy words to a column of the case that holds them sealed under its key."""

    answer: str
    column: str


@dataclass(frozen=True, slots=True)
class Put:
    """Write a fixed code into a column of the case."""

    column: str
    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Write the day (or, for a moment column, the moment) on which the step happened into a column."""

    column: str


@dataclass(frozen=True, slots=True)
class Renew:
    """The task of the state is done for this time: a new one is opened, with its full time."""


@dataclass(frozen=True, slots=True)
class SendToAgency:
    """From here on the agency's invited contact sees its part of the case."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter for the outbox, written to one party: complainant, subject or agency."""

    name: str
    to: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell everybody of a role in the office of the case; with a limit it is a task of its own."""

    role: Role
    what: str
    within: Limit | None = None


Effect: TypeAlias = (
    StartClock
    | StopClock
    | PauseClock
    | ResumeClock
    | ExtendClock
    | RecomputeClock
    | Keep
    | Seal
    | Put
    | Stamp
    | Renew
    | SendToAgency
    | Letter
    | Notify
)
