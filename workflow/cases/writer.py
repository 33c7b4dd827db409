"""Writing a decided step: state, interval, tasks, clocks, letters, event. Called by `perform` alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never

from workflow.cases import chronicle, clocks, sealed, tasks
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import CaseKind, House
from workflow.cases.models import Case, Event, StageInterval
from workflow.cases.promises import is_follow_up
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.calendar import OfficeCalendar
from workflow.engine.effects import (
    Effect,
    ExtendClock,
    Keep,
    Letter,
    Notify,
    PauseClock,
    Put,
    RecomputeClock,
    Renew,
    ResumeClock,
    Seal,
    SendToAgency,
    Stamp,
    StartClock,
    StopClock,
)
from workflow.engine.machine import Decision
from workflow.messages.models import Outbox
from workflow.policy import queries as policy
from workflow.policy.book import Book


def write_step(
    house: House,
    kind: CaseKind[Any, Any],
    case: Case,
    decision: Decision[Any],
    *,
    now: datetime,
    backdated: bool = False,
    cause: Event | None = None,
) -> Event:
    """Write one decided step and its event. The case is locked or new; nothing is committed here."""
    hand = _Hand(house, kind, case, decision, now)
    case.version += 1
    for effect in decision.effects:
        if isinstance(effect, Keep | Seal | Put | Stamp):
            hand.column(effect)
    if decision.source is None or decision.source != decision.target:
        hand.move()
    hand.clocks()
    hand.work()
    hand.tell()
    asks = house.step(case.kind, decision.verb).asks
    codes, words = chronicle.split(asks, decision.answers)
    return chronicle.append(
        case,
        keyring=house.keyring,
        verb=decision.verb,
        source=decision.source,
        actor_id=decision.actor_id,
        second_id=decision.second_id,
        occurred_at=decision.at,
        recorded_at=now,
        codes=codes,
        words=words,
        backdated=backdated,
        cause=cause,
    )


class _Hand:
    """One step being written: what its parts need in common."""

    def __init__(
        self, house: House, kind: CaseKind[Any, Any], case: Case, decision: Decision[Any], now: datetime
    ) -> None:
        self.machine = kind.machine
        self.keyring = house.keyring
        self.case = case
        self.decision = decision
        self.at = decision.at
        self.now = now
        self.calendar: OfficeCalendar = calendar_of(case.office_id)
        self.book: Book = policy.book(case.policy_id)
        self.moved = False

    def column(self, effect: Keep | Seal | Put | Stamp) -> None:
        """Write a column of the case from an answer, a fixed code or the day of the step."""
        match effect:
            case Keep(answer=answer, column=column):
                if answer in self.decision.answers:
                    setattr(self.case, column, self.decision.answers[answer])
            case Seal(answer=answer, column=column):
                if answer in self.decision.answers:
                    place, words = sealed.place_of(self.case, column), self.decision.answers[answer]
                    setattr(self.case, column, sealed.keep(self.case, place, words, self.keyring))
            case Put(column=column, value=value):
                setattr(self.case, column, value)
            case Stamp(column=column):
                moment = column.endswith("_at")
                setattr(self.case, column, self.at if moment else self.calendar.day_of(self.at))

    def move(self) -> None:
        """Leave one state for another: the interval, the task of the old one, and when it closed."""
        case, decision = self.case, self.decision
        self.moved = True
        for interval in case.intervals:
            if interval.left_at is None:
                interval.left_at, interval.left_version = self.at, case.version
        case.intervals.append(
            StageInterval(
                kind=case.kind, state=decision.target, entered_at=self.at, entered_version=case.version
            )
        )
        ends = decision.target in self.machine.final
        for task in tasks.open_tasks(case):
            if not is_follow_up(task) and (ends or task.kind != "notice"):
                tasks.settle(task, at=self.at, actor_id=decision.actor_id)
        case.state, case.state_since = decision.target, self.at
        case.closed_at = self.at if ends else None

    def clocks(self) -> None:
        for effect in self.decision.effects:
            match effect:
                case StartClock(when=when) if when is not None and not when.holds(self.case):
                    continue
                case (
                    StartClock()
                    | StopClock()
                    | PauseClock()
                    | ResumeClock()
                    | ExtendClock()
                    | RecomputeClock()
                ):
                    clocks.turn(
                        self.case, self.machine, effect, book=self.book, calendar=self.calendar, at=self.at
                    )
                case _:
                    pass

    def work(self) -> None:
        """Open the task of the new state, or bring that of the same one up to date."""
        work = self.machine.stage(self.case.state).work
        renewed = not self.moved and any(isinstance(e, Renew) for e in self.decision.effects)
        if renewed:
            for task in tasks.open_tasks(self.case, self.case.state):
                tasks.settle(task, at=self.at, actor_id=self.decision.actor_id)
        if (self.moved or renewed) and work is not None:
            tasks.open_work(
                self.case,
                work,
                book=self.book,
                calendar=self.calendar,
                at=self.at,
                actor_id=self.decision.actor_id,
            )
        elif not self.moved:
            tasks.follow(self.case, self.machine, book=self.book, calendar=self.calendar, at=self.at)

    def tell(self) -> None:
        for effect in self.decision.effects:
            self._tell(effect)

    def _tell(self, effect: Effect) -> None:
        match effect:
            case SendToAgency():
                self.case.sent_to_agency_at = self.case.sent_to_agency_at or self.at
            case Letter(name=name, to=to):
                self._post("letter", name, to)
            case Notify(role=role, what=what, within=within):
                self._post("notice", what, role)
                if within is not None:
                    self._notice(
                        role,
                        what,
                        tasks.within(self.case, within, book=self.book, calendar=self.calendar, at=self.at),
                    )
            case (
                StartClock()
                | StopClock()
                | PauseClock()
                | ResumeClock()
                | ExtendClock()
                | RecomputeClock()
                | Keep()
                | Seal()
                | Renew()
                | Put()
                | Stamp()
            ):
                pass
            case _:
                assert_never(effect)

    def _notice(self, role: Role, what: str, due_at: datetime) -> None:
        tasks.add(
            self.case,
            kind="notice",
            title=what,
            verb=None,
            role=role,
            due_at=due_at,
            calendar=self.calendar,
            at=self.at,
            actor_id=self.decision.actor_id,
        )

    def _post(self, kind: str, name: str, recipient: str) -> None:
        case = self.case
        session().add(
            Outbox(
                dedupe_key=f"{case.reference}:{case.version}:{kind}:{name}:{recipient}"[:120],
                kind=kind,
                name=name,
                recipient=recipient,
                reference=case.reference,
                office_id=case.office_id,
                codes={"kind": case.kind, "verb": self.decision.verb},
                next_at=self.now,
                made_at=self.now,
            )
        )
