"""Reading corrective actions: the list, and what belongs to one. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from workflow.cases.access import sees, visible
from workflow.cases.models import Case, Clock, Event, Task
from workflow.cases.tasks import NO_DATE
from workflow.corrective.facts import CLASS_OF_TIER, CLASSES, TIER_OF_CLASS
from workflow.corrective.machine import MACHINE
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.engine.prose import role_words
from workflow.people.queries import names
from workflow.register.models import Agency, FieldOffice
from workflow.web.paging import Page, page_of

#: Counting stops here: nobody needs to know how many more there are.
CAP: Final = 1000
#: Where what is settled stands in the list: after everything that is open.
SETTLED: Final = NO_DATE + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; an empty one lets everything pass.

    `standing` is open, late or closed, `waits` the role whose turn it is.
    """

    model: str = ""
    office: str = ""
    state: str = ""
    class_code: str = ""
    standing: str = ""
    repeat: bool = False
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One corrective action of the list. `original_due_at` is what on time is measured by.

    What is next, for which role and until when is the task of its state.
    """

    id: int
    reference: str
    title: str
    agency: str | None
    model: str | None
    office: str | None
    state: str
    tier: int | None
    clause: str | None
    is_repeat: bool
    returns: int
    due_at: datetime | None
    original_due_at: datetime | None
    closed_at: datetime | None
    risk_until_on: date | None
    next_title: str | None
    next_role: str | None
    next_due_at: datetime | None

    @property
    def next_who(self) -> str | None:
        """Whose turn it is, in words; nobody's once it is settled."""
        if self.next_role is None:
            return None
        return "the agency" if self.next_role == Role.AGENCY_CONTACT else role_words(Role(self.next_role))

    @property
    def label(self) -> str:
        return MACHINE.stage(self.state).label

    @property
    def class_label(self) -> str:
        return dict(CLASSES)[CLASS_OF_TIER[self.tier]] if self.tier in CLASS_OF_TIER else "no class"

    @property
    def sort_at(self) -> datetime:
        return SETTLED if self.closed_at is not None else self.due_at or NO_DATE

    def is_late(self, now: datetime) -> bool:
        """Whether it is not settled though the first date has passed; extending does not help."""
        # A paused clock has no due date: while a finding is disputed nothing is late.
        is_running = self.closed_at is None and self.due_at is not None
        return is_running and self.original_due_at is not None and self.original_due_at < now


def listed(
    actor: Actor, wanted: Wanted, *, now: datetime, after: tuple[datetime, int] | None = None, limit: int = 50
) -> Page[Line]:
    """The corrective actions this person may see: open ones first, what is due first on top. One query."""
    is_settled = CorrectiveAction.closed_at.is_not(None)
    at = case((is_settled, SETTLED), else_=func.coalesce(Clock.due_at, NO_DATE))
    query = _filtered(_lines().where(sees(actor)), wanted, now)
    if after is not None:
        query = query.where(or_(at > after[0], and_(at == after[0], CorrectiveAction.id > after[1])))
    found = session().execute(query.order_by(at, CorrectiveAction.id).limit(limit + 1)).all()
    return page_of([Line(*row) for row in found], limit, lambda line: (line.sort_at, line.id), cursor=after)


def counted(actor: Actor, wanted: Wanted, *, now: datetime) -> int:
    """How many the list has; beyond `CAP` one more than that. One query."""
    query = _filtered(_lines().where(sees(actor)), wanted, now)
    some = query.with_only_columns(CorrectiveAction.id).limit(CAP + 1).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CorrectiveAction.id,
            CorrectiveAction.reference,
            CorrectiveAction.title,
            Agency.name,
            CorrectiveAction.model,
            FieldOffice.name,
            CorrectiveAction.state,
            CorrectiveAction.tier,
            CorrectiveAction.clause,
            CorrectiveAction.is_repeat,
            CorrectiveAction.returns,
            Clock.due_at,
            Clock.original_due_at,
            CorrectiveAction.closed_at,
            CorrectiveAction.risk_until_on,
            Task.title,
            Task.role,
            Task.due_at,
        )
        .outerjoin(Agency, CorrectiveAction.agency_id == Agency.id)
        .outerjoin(FieldOffice, CorrectiveAction.office_id == FieldOffice.id)
        .outerjoin(Clock, and_(Clock.case_id == CorrectiveAction.id, Clock.name == "correct"))
        .outerjoin(
            Task,
            and_(
                Task.case_id == CorrectiveAction.id,
                Task.kind == CorrectiveAction.state,
                Task.closed_at.is_(None),
            ),
        )
    )


def _filtered(query: Select[*tuple[Any, ...]], wanted: Wanted, now: datetime) -> Select[*tuple[Any, ...]]:
    if wanted.model:
        query = query.where(CorrectiveAction.model == wanted.model)
    if wanted.office:
        none = wanted.office == "none"
        query = query.where(
            CorrectiveAction.office_id.is_(None) if none else FieldOffice.code == wanted.office
        )
    if wanted.state:
        query = query.where(CorrectiveAction.state == wanted.state)
    if wanted.class_code:
        query = query.where(CorrectiveAction.tier == TIER_OF_CLASS.get(wanted.class_code, 0))
    if wanted.repeat:
        query = query.where(CorrectiveAction.is_repeat.is_(True))
    if wanted.waits:
        query = query.where(Task.role == wanted.waits)
    if wanted.standing:
        query = query.where(_standing(wanted.standing, now))
    return query


def _standing(wanted: str, now: datetime) -> ColumnElement[bool]:
    match wanted:
        case "open":
            return CorrectiveAction.closed_at.is_(None)
        case "closed":
            return CorrectiveAction.closed_at.is_not(None)
        case "late":
            # While a clock is paused (a dispute) nothing is late by it.
            running = and_(CorrectiveAction.closed_at.is_(None), Clock.paused_at.is_(None))
            return and_(running, Clock.original_due_at < now)
        case _:
            return false()


# --- one of them ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hands:
    """Who accepted the plan, who handed in the evidence, who verified: the latest of each, by name."""

    accepted: str | None
    corrected: str | None
    verified: str | None


def hands(corrective: CorrectiveAction) -> Hands:
    """Through whose hands it went, from its history. Two queries."""
    verbs = ("accept_plan", "correct_on_site", "claim_corrected", "verify")
    found = session().execute(
        select(Event.verb, Event.actor_id)
        .where(Event.case_id == corrective.id, Event.verb.in_(verbs))
        .order_by(Event.version)
    )
    last: dict[str, int] = {row.verb: row.actor_id for row in found}
    people = names(set(last.values()))

    def of(*wanted: str) -> str | None:
        return next((people.get(last[verb]) for verb in wanted if verb in last), None)

    return Hands(of("accept_plan"), of("claim_corrected", "correct_on_site"), of("verify"))


def source_of(corrective: CorrectiveAction, actor: Actor) -> Case | None:
    """The inspection in which it was found, if this person may see it."""
    if corrective.caused_by_id is None:
        return None
    return session().scalar(visible(actor).where(Case.id == corrective.caused_by_id))


def earlier_of(corrective: CorrectiveAction, actor: Actor) -> Sequence[Case]:
    """What was found before: the corrective action of the same provision, the inspection; where seen."""
    known = {corrective.repeat_of_id, corrective.found_before_id} - {None}
    if not known:
        return []
    return session().scalars(visible(actor).where(Case.id.in_(known)).order_by(Case.id)).all()


@dataclass(frozen=True, slots=True)
class Risk:
    """An acceptance of the risk: by whom, confirmed by whom, when, for what reason."""

    by: str | None
    second: str | None
    at: datetime
    event: Event


def risk_of(corrective: CorrectiveAction) -> Risk | None:
    """The latest acceptance of the risk, unless it was undone. Up to three queries."""
    if corrective.risk_until_on is None:
        return None
    verbs = ("accept_risk", "void")
    found = select(Event).where(Event.case_id == corrective.id, Event.verb.in_(verbs)).order_by(Event.version)
    events = session().scalars(found).all()
    undone = {event.codes["voids"] for event in events if event.verb == "void"}
    last = next((e for e in reversed(events) if e.verb == "accept_risk" and e.version not in undone), None)
    if last is None:
        return None
    people = names({last.actor_id} | ({last.second_id} if last.second_id else set()))
    second = people.get(last.second_id) if last.second_id else None
    return Risk(people.get(last.actor_id), second, last.occurred_at, last)


def sent_to(actor: Actor, *, limit: int = 200) -> Sequence[CorrectiveAction]:
    """The corrective actions sent to the actor's agencies, those that are open first."""
    found = (
        select(CorrectiveAction)
        .where(sees(actor), CorrectiveAction.sent_to_agency_at.is_not(None))
        .order_by(
            CorrectiveAction.closed_at.is_not(None),
            CorrectiveAction.sent_to_agency_at.desc(),
            CorrectiveAction.id.desc(),
        )
        .limit(limit)
    )
    return session().scalars(found).all()
