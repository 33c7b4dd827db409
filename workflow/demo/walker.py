"""Walking a case through its machine as an office would: who, when, with which answers. It takes real steps.

The walker knows nothing of any kind of case; a `Script` says which ways are usual and what is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from workflow.cases.access import NotThere, case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import SAME, Ask, AskKind, Refused, Transition

#: (case, question, moment, chance) -> the answer; None lets the walker answer by the kind of question.
Answer: TypeAlias = Callable[[Case, Ask, datetime, Random], Any]
#: What has to be done before a step beside answering it (adding allegations, filling a checklist).
Prepare: TypeAlias = Callable[[House, Case, Actor, datetime, Random], None]


People: TypeAlias = Callable[[Role, int | None], Sequence[Actor]]
#: (house, reference, until, chance, people): keeps what was promised and has fallen due.
Keep: TypeAlias = Callable[[House, str, datetime, Random, People], None]


class Stuck(Exception):
    """A way that cannot be gone; nothing of it stays."""


@dataclass(frozen=True)
class Script:
    """How a kind of case usually goes.

    `ways` weighs the steps that may be taken in a state, `days` gives the usual number of days a state
    lasts, `answers` what is answered to a question by step and name.
    """

    ways: Mapping[str, Mapping[str, float]]
    days: Mapping[str, float]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    prepare: Mapping[str, Prepare] = field(default_factory=dict)
    #: How likely a case rests for good in a state, such as a closed one.
    rests: Mapping[str, float] = field(default_factory=dict)
    #: Steps taken on the way without leaving the state: (state, verb, chance).
    asides: Sequence[tuple[str, str, float]] = ()
    #: What is done about what was promised on a case, up to a moment.
    keep: Keep | None = None
    #: What is done after every step that was taken; it must not throw the die.
    after: Callable[[Walker, str], None] | None = None


@dataclass(frozen=True)
class Walker:
    """Somebody to ask for every role in an office, a die, and the day on which to stop."""

    house: House
    people: People
    chance: Random
    today: datetime

    def walk(self, reference: str, script: Script, *, begun: datetime) -> None:
        """Take steps until the case is closed, nothing usual is possible, or today has come."""
        now: datetime | None = begun
        while now is not None:
            now = self._further(reference, script, now)
        self._keep(reference, script, self.today)

    def _further(self, reference: str, script: Script, now: datetime) -> datetime | None:
        """Take the next usual step; the moment it was taken at, or None where the case stays now."""
        case = case_for(SYSTEM, reference)
        self._asides(case, script, now)
        ways = script.ways.get(case.state)
        if not ways or self.chance.random() < script.rests.get(case.state, 0.0):
            return None
        later = self._later(now, self._days(script, case.state))
        if later >= self.today:
            return None
        self._keep(reference, script, later)
        return later if self._one_of(case.reference, ways, script, later) else None

    def _keep(self, reference: str, script: Script, until: datetime) -> None:
        if script.keep is not None:
            script.keep(self.house, reference, until, self.chance, self.people)

    def lead(self, kind: str, script: Script, route: Sequence[str], *, state: str) -> timedelta:
        """How long ago a case began in `state` that has gone this way by now, at its usual pace."""
        days = 0.2
        for verb in route:
            days += self._days(script, state) + 1
            target = self.house.step(kind, verb).target
            state = state if target is SAME else target
        return timedelta(days=days + self._days(script, state) / 2)

    def follow(self, reference: str, script: Script, route: Sequence[str], *, begun: datetime) -> bool:
        """Take exactly these steps, each when its state has lasted as usual; False where one cannot be."""
        now = begun
        for left, verb in zip(range(len(route), 0, -1), route, strict=True):
            case = case_for(SYSTEM, reference)
            self._asides(case, script, now)
            later = self._in_office_hours(now + timedelta(days=self._days(script, case.state)))
            now = max(now, min(later, self.today - timedelta(hours=left)))
            self._keep(reference, script, now)
            if not self.take(reference, verb, script, now):
                return False
        self._keep(reference, script, self.today)
        return True

    @staticmethod
    def _days(script: Script, state: str) -> float:
        return script.days.get(state, 5.0)

    def _one_of(self, reference: str, ways: Mapping[str, float], script: Script, now: datetime) -> bool:
        """Take one of the usual steps, the likelier ones first; False if none can be taken."""
        verbs = sorted(ways, key=lambda v: self.chance.random() ** (1 / max(ways[v], 1e-9)), reverse=True)
        return any(self.take(reference, verb, script, now) for verb in verbs)

    def take(self, reference: str, verb: str, script: Script, now: datetime) -> bool:
        """Take a step by the first person who may; a second one confirms it where that is needed."""
        case = case_for(SYSTEM, reference)
        step = self.house.step(case.kind, verb)
        for actor in self._who(step.by, case):
            try:
                if verb in script.prepare:
                    script.prepare[verb](self.house, case, actor, now, self.chance)
                    case = case_for(SYSTEM, reference)
                answers = self._answers(case, step, script, now)
                done = perform(self.house, reference, verb, actor, answers, seen=case.version, now=now)
            except (NotThere, Refused):
                continue
            taken = not done.awaits_second or self._second(reference, step, actor, now)
            if taken and script.after:
                script.after(self, reference)
            return taken
        return False

    def _second(self, reference: str, step: Transition[Any, Any], first: Actor, now: datetime) -> bool:
        case = case_for(SYSTEM, reference)
        approval = pending(case, step.verb)
        if approval is None or step.second is None:
            return False
        later = min(now + timedelta(hours=self.chance.randint(2, 50)), self.today)
        for other in self._who(step.second.by, case):
            if other.id == first.id:
                continue
            try:
                confirm(
                    self.house,
                    approval.id,
                    other,
                    seen=case.version,
                    payload_hash=approval.payload_hash,
                    now=later,
                )
            except (NotThere, Refused):
                continue
            return True
        return False

    def _who(self, roles: frozenset[Role], case: Case) -> list[Actor]:
        """Whoever could take a step: the one who has the case first, then others, shuffled."""
        if Role.SYSTEM in roles:
            return [SYSTEM]
        people = [a for role in sorted(roles) for a in self.people(role, case.office_id)]
        found = [a for a in people if not a.agencies or case.agency_id in a.agencies]
        self.chance.shuffle(found)
        return sorted(found, key=lambda a: a.id != case.owner_id)

    def _asides(self, case: Case, script: Script, now: datetime) -> None:
        for state, verb, likely in script.asides:
            if case.state == state and self.chance.random() < likely:
                self.take(case.reference, verb, script, now)

    def _later(self, now: datetime, days: float) -> datetime:
        """Some time later, in office hours of a weekday: long ones are rare, very long ones happen."""
        hours = max(1.0, self.chance.lognormvariate(0, 0.6) * days * 24)
        return self._in_office_hours(now + timedelta(hours=hours))

    def _in_office_hours(self, moment: datetime) -> datetime:
        while moment.weekday() > 4:
            moment += timedelta(days=1)
        return moment.replace(hour=self.chance.randint(14, 20), minute=self.chance.randint(0, 59))

    def _answers(
        self, case: Case, step: Transition[Any, Any], script: Script, now: datetime
    ) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for ask in step.asks:
            special = script.answers.get(f"{step.verb}.{ask.name}") or script.answers.get(ask.name)
            value = special(case, ask, now, self.chance) if special else self._plain(case, ask, now)
            if value is not None:
                given[ask.name] = value
        return given

    def _plain(self, case: Case, ask: Ask, now: datetime) -> Any:
        match ask.kind:
            case AskKind.LINE | AskKind.TEXT:
                return "Noted for the demonstration." if ask.required else None
            case AskKind.CHOICE:
                options = [v for v, _ in ask.choices] or self._listed(case, ask)
                return self.chance.choice(options) if options else None
            case AskKind.PERSON | AskKind.AGENCY | AskKind.AGREEMENT:
                options = self._listed(case, ask)
                return int(self.chance.choice(options)) if options else None
            case AskKind.DAY:
                return (now + timedelta(days=30)).date()
            case AskKind.MOMENT:
                return now
            case AskKind.NUMBER:
                return 10
            case AskKind.YES:
                return True

    def _listed(self, case: Case, ask: Ask) -> list[str]:
        return [value for value, _ in self.house.kind_of(case).choices(case, ask)]
