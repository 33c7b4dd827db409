"""State machines as data, and the pure functions that decide a step.

Nothing here knows Flask, SQLAlchemy or the time of day: the caller passes the facts, the actor, the
answers and the moment, and gets a `Decision` to carry out, or every reason why not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypeVar

from workflow.engine.actors import Actor, Role
from workflow.engine.effects import Effect, Limit, Work

S = TypeVar("S", bound=StrEnum)
Answers: TypeAlias = Mapping[str, Any]
NOTHING: Final[Answers] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class CaseFacts(Generic[S]):
    """A frozen picture of a case: what rules may look at. A slice's own facts add to it.

    `done_by` holds, per verb, everybody who took or seconded it; `times` how often it was taken;
    `pending` the verbs that wait for a second person; `recused` whoever must not touch the case, `let_in`
    who of them may for a while, and until when.
    """

    state: S
    version: int
    office_id: int | None = None
    done_by: Mapping[str, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    times: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    pending: frozenset[str] = frozenset()
    recused: frozenset[int] = frozenset()
    let_in: Mapping[int, datetime] = field(default_factory=lambda: MappingProxyType({}))
    received_at: datetime | None = None
    state_since: datetime | None = None


F = TypeVar("F", bound=CaseFacts[Any])


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule is asked about. `facts` are those of the slice the rule belongs to."""

    facts: Any
    actor: Actor
    answers: Answers
    now: datetime


@dataclass(frozen=True)
class Rule:
    """A condition on a step. `says` is shown to the person it stops, `source` to whoever asks why.

    A rule with a `field` is about an answer: it is asked when the form comes back, not for the button.
    `exactly` says the same with what only the situation knows, such as a date.
    """

    name: str
    holds: Callable[[Situation], bool]
    says: str
    source: str = "our proposal"
    field: str | None = None
    exactly: Callable[[Situation], str] | None = None


class AskKind(Enum):
    """How a question is answered. Codes may stand in an event; words are only committed to."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    PERSON = "person"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    YES = "yes"
    AGENCY = "agency"
    AGREEMENT = "agreement"


#: Kinds whose answers are identifiers or codes; everything else may hold personal words.
CODES: Final = frozenset(
    {AskKind.CHOICE, AskKind.PERSON, AskKind.NUMBER, AskKind.YES, AskKind.AGENCY, AskKind.AGREEMENT}
)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that has to be answered to take a step.

    `of` names where the choices of a person come from (a role) or of a choice (a list of the slice).
    """

    name: str
    label: str
    kind: AskKind = AskKind.TEXT
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    of: str = ""


class Tone(Enum):
    """How a button looks: the next thing to do, one of several, or one to think about."""

    MAIN = "main"
    PLAIN = "plain"
    GRAVE = "grave"


class Same(Enum):
    """The target of a step that stays in its state."""

    SAME = "same"


SAME: Final = Same.SAME


@dataclass(frozen=True)
class Second:
    """A second person has to confirm the exact step before it happens.

    `when` makes it conditional; `who` may narrow further whom the roles admit (asked about the
    confirming actor).
    """

    by: frozenset[Role]
    when: Rule | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Transition(Generic[S, F]):
    """One arrow of the diagram. An entry has no sources: it makes the case."""

    verb: str
    sources: frozenset[S]
    target: S | Same
    label: str
    by: frozenset[Role]
    rules: tuple[Rule, ...] = ()
    asks: tuple[Ask, ...] = ()
    effects: tuple[Effect, ...] = ()
    second: Second | None = None
    tone: Tone = Tone.PLAIN
    #: A way out that does not count as a proper end in the proofs.
    escape: bool = False
    #: The only kind of step that leaves a final state.
    reopens: bool = False
    #: Taken by the system when the task of the state falls due.
    timed: bool = False
    #: One sentence under the button and in the handbook.
    help: str = ""

    @property
    def is_entry(self) -> bool:
        return not self.sources

    def lands_in(self, state: S | None) -> S:
        """The state after the step when taken from `state`."""
        if self.target is SAME:
            assert state is not None
            return state
        return self.target


@dataclass(frozen=True)
class Stage(Generic[S]):
    """A state as people see it, with the one task it owns; a final stage owns none."""

    state: S
    label: str
    work: Work | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock of a machine. It counts from `since`: a column of the case, or the step that starts it.

    `ticking` clocks only measure (own time in hand) and are never late. Started again it counts from its
    first start, so that nothing gains time; a clock `anew` is of another matter each time.
    """

    name: str
    label: str
    limit: Limit | None
    since: str | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Guarded:
    """Separation of duties: one of `propose` lies on every way to `approve`, by somebody else."""

    propose: frozenset[str]
    approve: str


@dataclass(frozen=True, slots=True)
class Hold(Generic[S]):
    """A state that is left only by its own doors."""

    state: S
    doors: frozenset[str]


@dataclass(frozen=True)
class Machine(Generic[S, F]):
    """The life of one kind of case."""

    kind: str
    title: str
    states: type[S]
    stages: tuple[Stage[S], ...]
    final: frozenset[S]
    transitions: tuple[Transition[S, F], ...]
    clocks: tuple[ClockRule, ...] = ()
    always: tuple[Rule, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    holds: tuple[Hold[S], ...] = ()

    def step(self, verb: str) -> Transition[S, F] | None:
        """The transition of that name; verbs are unique within a machine."""
        return self._by_verb.get(verb)

    def stage(self, state: S | str) -> Stage[S]:
        return self._by_state[self.states(state)]

    def clock(self, name: str) -> ClockRule:
        return self._by_clock[name]

    def leaving(self, state: S) -> Iterator[Transition[S, F]]:
        """The steps that can be taken in a state, those that stay in it included."""
        return (t for t in self.transitions if state in t.sources)

    @property
    def entries(self) -> tuple[Transition[S, F], ...]:
        return tuple(t for t in self.transitions if t.is_entry)

    @cached_property
    def _by_verb(self) -> dict[str, Transition[S, F]]:
        return {t.verb: t for t in self.transitions}

    @cached_property
    def _by_state(self) -> dict[S, Stage[S]]:
        return {stage.state: stage for stage in self.stages}

    @cached_property
    def _by_clock(self) -> dict[str, ClockRule]:
        return {clock.name: clock for clock in self.clocks}


# --- refusals ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step was not taken. `field` names the ask it is about, if any."""

    code: str
    text: str
    field: str | None = None


class Refused(Exception):
    """The step is not allowed now. Nothing was changed."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(r.text for r in refusals))
        self.refusals = refusals


class Stale(Exception):
    """Somebody else moved the case after the page was drawn. Nothing was changed."""


class Invalid(ValueError):
    """A value that cannot exist, such as a moment without a zone."""


# --- deciding ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision(Generic[S]):
    """A step that may be taken: what to write, nothing written yet.

    With `awaits_second` it is only stored as a proposal until somebody else confirms it.
    """

    verb: str
    source: S | None
    target: S
    actor_id: int
    second_id: int | None
    at: datetime
    answers: Answers
    effects: tuple[Effect, ...]
    awaits_second: bool = False


@dataclass(frozen=True)
class Offer(Generic[S, F]):
    """A button: the step and, if it is greyed out, why."""

    step: Transition[S, F]
    refusals: tuple[Refusal, ...] = ()
    pending: bool = False

    @property
    def open(self) -> bool:
        return not self.refusals


def offers(machine: Machine[S, F], facts: F, actor: Actor, now: datetime) -> tuple[Offer[S, F], ...]:
    """The steps to show this actor: role decides which, rules decide which are greyed out, and why."""
    situation = Situation(facts, actor, NOTHING, now)
    return tuple(
        Offer(
            t,
            tuple(_broken((*machine.always, *t.rules), situation, about_answers=False)),
            t.verb in facts.pending,
        )
        for t in machine.leaving(facts.state)
        if t.by & actor.roles
    )


def decide(
    machine: Machine[S, F],
    facts: F,
    step: Transition[S, F],
    actor: Actor,
    answers: Answers,
    *,
    seen: int,
    now: datetime,
    second: Actor | None = None,
) -> Decision[S]:
    """Decide one step. Raises `Stale`, or `Refused` with every reason at once.

    `seen` is the version of the case the person was looking at; `second` whoever confirms a step
    that needs two people. An entry step is decided on the facts of the case about to exist.
    """
    if seen != facts.version:
        raise Stale(f"version {seen} seen, {facts.version} found")
    refusals = [
        *_out_of_place(machine, facts, step, actor),
        *_broken((*machine.always, *step.rules), Situation(facts, actor, answers, now), about_answers=True),
        *_unanswered(step, answers),
    ]
    needs = second_needed(step, facts, actor, answers, now)
    if needs and second is not None:
        refusals += _unfit_second(machine, step.second, facts, actor, second, answers, now)
    if refusals:
        raise Refused(*refusals)
    source = None if step.is_entry else facts.state
    return Decision(
        verb=step.verb,
        source=source,
        target=step.lands_in(source),
        actor_id=actor.id,
        second_id=second.id if needs and second else None,
        at=now,
        answers={ask.name: answers[ask.name] for ask in step.asks if _given(answers.get(ask.name))},
        effects=step.effects,
        awaits_second=needs and second is None,
    )


def second_needed(step: Transition[S, F], facts: F, actor: Actor, answers: Answers, now: datetime) -> bool:
    """Whether a second person has to confirm this step, as answered."""
    if step.second is None:
        return False
    when = step.second.when
    return when is None or when.holds(Situation(facts, actor, answers, now))


def _out_of_place(
    machine: Machine[S, F], facts: F, step: Transition[S, F], actor: Actor
) -> Iterator[Refusal]:
    if not step.is_entry and facts.state not in step.sources:
        label = machine.stage(facts.state).label.lower()
        yield Refusal("state", f"“{step.label}” cannot be done while the case is {label}.")
    if not step.by & actor.roles:
        yield Refusal("role", "Your role does not allow this.")


def _broken(rules: tuple[Rule, ...], situation: Situation, *, about_answers: bool) -> Iterator[Refusal]:
    for rule in rules:
        if rule.field is not None and not about_answers:
            continue
        if not rule.holds(situation):
            says = rule.exactly(situation) if rule.exactly else rule.says
            yield Refusal(rule.name, says, rule.field)


def _unanswered(step: Transition[Any, Any], answers: Answers) -> Iterator[Refusal]:
    for ask in step.asks:
        value = answers.get(ask.name)
        if not _given(value):
            if ask.required:
                yield Refusal("required", f"{ask.label}: an answer is needed.", ask.name)
        elif not _fits(ask, value):
            yield Refusal("unfit", f"{ask.label}: this answer cannot be used here.", ask.name)


def _given(value: Any) -> bool:
    return value is not None and value is not False and not (isinstance(value, str) and not value.strip())


def _fits(ask: Ask, value: Any) -> bool:
    match ask.kind:
        case AskKind.LINE | AskKind.TEXT:
            return isinstance(value, str)
        case AskKind.CHOICE:
            return isinstance(value, str) and (not ask.choices or value in dict(ask.choices))
        case AskKind.PERSON | AskKind.NUMBER | AskKind.AGENCY | AskKind.AGREEMENT:
            return isinstance(value, int) and not isinstance(value, bool)
        case AskKind.DAY:
            return isinstance(value, date) and not isinstance(value, datetime)
        case AskKind.MOMENT:
            return isinstance(value, datetime) and value.tzinfo is not None
        case AskKind.YES:
            return value is True


def _unfit_second(
    machine: Machine[S, F],
    second: Second | None,
    facts: F,
    actor: Actor,
    other: Actor,
    answers: Answers,
    now: datetime,
) -> Iterator[Refusal]:
    assert second is not None
    if other.id == actor.id:
        yield Refusal(
            "same_person", "This has to be confirmed by somebody else than the person who asked for it."
        )
    if not second.by & other.roles:
        yield Refusal("second_role", "Your role does not allow you to confirm this.")
    yield from _broken(
        (*machine.always, *second.rules), Situation(facts, other, answers, now), about_answers=True
    )


# --- rules every slice uses -------------------------------------------------------------------

not_recused = Rule(
    "not_recused",
    lambda s: s.actor.id not in s.facts.recused or s.facts.let_in.get(s.actor.id, s.now) > s.now,
    "You are recused from this case.",
    source="Standards and Guidelines for Internal Affairs (US Department of Justice, COPS Office)",
)


def not_by_whoever(*verbs: str, says: str, source: str = "our proposal") -> Rule:
    """Separation of duties: the actor must not be one who took or seconded any of `verbs` here."""
    return Rule(
        "not_by_whoever:" + ",".join(verbs),
        lambda s: not any(s.actor.id in s.facts.done_by.get(verb, frozenset()) for verb in verbs),
        says,
        source,
    )


def only_the(fact: str, says: str) -> Rule:
    """Only the person the facts name (investigator, lead) may take the step."""
    return Rule(f"only_the:{fact}", lambda s: getattr(s.facts, fact) == s.actor.id, says)


def at_most(times: int, verb: str, says: str, source: str = "our proposal") -> Rule:
    """The verb has been taken fewer than `times` times on this case."""
    return Rule(f"at_most:{times}:{verb}", lambda s: s.facts.times.get(verb, 0) < times, says, source)
