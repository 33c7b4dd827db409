"""What the substrate must know of a slice, and the house that holds all slices together. No query here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypedDict

from workflow.cases.models import Case, Event
from workflow.cases.notes import Note
from workflow.db.seal import Keyring
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Ask, F, Machine, S, Transition

#: (value, label) pairs for a question whose answers depend on the case.
Choices: TypeAlias = list[tuple[str, str]]


class Common(TypedDict):
    """The part of the facts every kind shares, ready to be passed on as `**common`."""

    version: int
    office_id: int | None
    done_by: Mapping[str, frozenset[int]]
    times: Mapping[str, int]
    pending: frozenset[str]
    recused: frozenset[int]
    let_in: Mapping[int, datetime]
    received_at: datetime | None
    state_since: datetime | None


def _no_choices(_case: Case | None, _ask: Ask) -> Choices:
    return []


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the questions of a step: a heading, sentences, and the rows of a table."""

    heading: str
    sentences: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def _nothing_beside(_case: Any, _verb: str, _now: datetime) -> Beside | None:
    return None


#: Who works on inspections, corrections and agreements, or looks over all of them.
OVERSEERS: Final = frozenset(
    {Role.FIELD_SUPERVISOR, Role.INSPECTOR, Role.MANAGER, Role.PROGRAMME_MANAGER, Role.AUDITOR}
)


def _nothing(_actor: Actor, _case: Any) -> frozenset[str]:
    return frozenset()


def oversees(actor: Actor, _case: Case) -> bool:
    """Whoever works on complaints alone reads the summary triage needs; an agency, what was sent to it."""
    return bool(actor.roles & OVERSEERS)


@dataclass(frozen=True)
class CaseKind(Generic[S, F]):
    """A slice as the substrate sees it.

    `letter` begins its references, `endpoint` is its page, `facts_of` reads the picture rules look at,
    `choices` answers a question whose options hang on the case, `notes` has the words for entries that are
    no steps. `reads` says whether somebody who sees a case may also read what was written and answered
    along its way; every page of the substrate asks it. `closed` are the answers, by name, that stay closed to
    somebody who reads the others. `promises` has the words for kinds of follow-up and
    for what can come of them; those of `must_be_kept` are never cancelled.
    `pages` are the endpoints of steps that have a page of their own, with `reference` and `verb`.
    `as_time_passes` does at every sweep what no step does and says how much; `mail_address` is where word
    goes that a letter of a case waits, if it may. `beside` is shown where a step is taken or confirmed.
    """

    machine: Machine[S, F]
    model: type[Case]
    facts_of: Callable[[Any, Common], F]
    letter: str
    endpoint: str
    choices: Callable[[Any, Ask], Choices] = _no_choices
    notes: Mapping[str, Note] = field(default_factory=dict)
    reads: Callable[[Actor, Any], bool] = oversees
    closed: Callable[[Actor, Any], frozenset[str]] = _nothing
    promises: Mapping[str, str] = field(default_factory=dict)
    must_be_kept: frozenset[str] = frozenset()
    pages: Mapping[str, str] = field(default_factory=dict)
    as_time_passes: Callable[[House, datetime], int] | None = None
    mail_address: Callable[[House, str], str | None] | None = None
    beside: Callable[[Any, str, datetime], Beside | None] = _nothing_beside


#: What a step of one kind starts in another: runs in the same transaction, as the system.
Reaction: TypeAlias = Callable[["House", Any, Event, datetime], None]


@dataclass(frozen=True)
class House:
    """Every kind of case, what one starts in another, and the keys. Put together once, by the factory."""

    kinds: Mapping[str, CaseKind[Any, Any]]
    keyring: Keyring
    reactions: Mapping[tuple[str, str], tuple[Reaction, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def kind_of(self, case: Case) -> CaseKind[Any, Any]:
        return self.kinds[case.kind]

    def step(self, kind: str, verb: str) -> Transition[Any, Any]:
        """Raises `LookupError` for a verb the machine does not have."""
        step = self.kinds[kind].machine.step(verb)
        if step is None:
            raise LookupError(f"{kind} has no step {verb!r}")
        return step
