"""Recusing somebody from a case, taking that back, letting somebody in for a few days. Pages are elsewhere.

What the recused person had of the case is passed on in the same transaction, so that nothing stalls. The
decision and its limits: docs/adr (recusal always wins, with one narrow door).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.cases import tasks
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.history import recused_from
from workflow.cases.kinds import House
from workflow.cases.leaving import give_back
from workflow.cases.models import Approval, Case, Task
from workflow.cases.perform import Done, note
from workflow.cases.recusals import LET_IN_FOR, NEVER_LET_IN, REASONS, LetIn, Recusal
from workflow.cases.task_moves import could_take
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import STAFF, SYSTEM, Actor, Role
from workflow.engine.effects import Limit
from workflow.engine.machine import Refusal, Refused, Stale
from workflow.people.models import Person
from workflow.people.queries import actor_of, holding
from workflow.policy.queries import book

#: Who recuses somebody else, takes a recusal back and lets somebody in.
MANAGES: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})
#: By when somebody else is to have what a recused person had.
PASS_ON: Final = Limit("task.pass_on")
WHY: Final = "Somebody who had this must not touch the case any more."
NOBODY_LEFT: Final = "Nobody is left who could do this: find somebody"


@retried
def recuse(
    house: House,
    reference: str,
    actor: Actor,
    person_id: int,
    reason: str,
    *,
    seen: int | None,
    now: datetime,
) -> Done:
    """Say that somebody must not touch a case: oneself, or, as a manager, somebody else.

    Raises `NotThere`, `Stale`, `Refused`. A recusal that stands already is no second one.
    """
    with transaction() as s, s.no_autoflush:
        case = _locked(reference, actor, seen)
        if person_id != actor.id and not actor.roles & MANAGES:
            raise Refused(Refusal("role", "Only a manager says this of somebody else.", "person"))
        person = s.get(Person, person_id)
        if person is None or not person.held & STAFF:
            raise Refused(Refusal("person", "There is no such colleague.", "person"))
        if reason not in dict(REASONS):
            raise Refused(Refusal("unfit", "Choose one of the list.", "reason"))
        keep_out(house, case, person_id, reason, actor, now=now)
        s.flush()
        return Done(case.reference, case.version)


def keep_out(
    house: House, case: Case, person_id: int, reason: str, by: Actor, *, now: datetime
) -> Recusal | None:
    """The same inside a running transaction, on a locked case; None where it stands already."""
    if person_id in recused_from(case.id):
        return None
    row = Recusal(case_id=case.id, person_id=person_id, reason=reason, declared_by_id=by.id, at=now)
    session().add(row)
    note(house, case, "recuse", by, codes={"person": person_id, "why": reason}, now=now)
    session().flush()
    _pass_on(house, case, person_id, by, now=now)
    return row


@retried
def withdraw(house: House, reference: str, actor: Actor, person_id: int, *, seen: int, now: datetime) -> Done:
    """Take a recusal back, as a manager other than whom it keeps out; both stay on record."""
    with transaction() as s, s.no_autoflush:
        case = _locked(reference, actor, seen)
        _must_manage(actor, person_id)
        row = _standing(case, person_id)
        row.withdrawn_at, row.withdrawn_by_id = now, actor.id
        _end_running(case, person_id, actor, now=now)
        note(house, case, "withdraw_recusal", actor, codes={"person": person_id}, now=now)
        s.flush()
        return Done(case.reference, case.version)


@retried
def let_in(
    house: House,
    reference: str,
    actor: Actor,
    person_id: int,
    reason: str,
    *,
    until: datetime,
    seen: int,
    now: datetime,
) -> Done:
    """Let somebody recused act for at most five days, where nobody else can; it ends by the clock.

    Never for who is themselves, or whose kin or supervision is, what the case is about. Who complained
    stays closed to them.
    """
    with transaction() as s, s.no_autoflush:
        case = _locked(reference, actor, seen)
        _must_manage(actor, person_id)
        row = _standing(case, person_id)
        if row.reason in NEVER_LET_IN or case.supervised_by_id == person_id:
            raise Refused(Refusal("never", "For this reason nobody is ever let in.", "person"))
        if not now < until <= now + LET_IN_FOR:
            raise Refused(Refusal("until", f"At most {LET_IN_FOR.days} days from now.", "until"))
        if not reason.strip():
            raise Refused(Refusal("required", "Say why nobody else can.", "reason"))
        _must_be_needed(case, actor_of(person_id, now=now), now=now)
        _end_running(case, person_id, actor, now=now)
        s.add(
            LetIn(
                case_id=case.id,
                person_id=person_id,
                granted_by_id=actor.id,
                at=now,
                until_at=until,
            )
        )
        codes = {"person": person_id, "until": until.isoformat()}
        note(house, case, "let_in", actor, codes=codes, words={"reason": reason}, now=now)
        s.flush()
        return Done(case.reference, case.version)


@retried
def end_let_in(
    house: House, reference: str, actor: Actor, person_id: int, *, seen: int, now: datetime
) -> Done:
    """Close the door again before the clock does."""
    with transaction() as s, s.no_autoflush:
        case = _locked(reference, actor, seen)
        _must_manage(actor, person_id)
        if not _end_running(case, person_id, actor, now=now):
            raise Refused(Refusal("over", "They are not let in any more."))
        note(house, case, "end_let_in", actor, codes={"person": person_id}, now=now)
        _pass_on(house, case, person_id, actor, now=now)
        s.flush()
        return Done(case.reference, case.version)


def close_what_is_over(house: House, *, now: datetime) -> int:
    """End every door whose time is over, and pass on what was taken through it. How many."""
    over = (
        select(LetIn.id, Case.reference)
        .join(Case, Case.id == LetIn.case_id)
        .where(LetIn.ended_at.is_(None), LetIn.until_at <= now)
        .order_by(LetIn.id)
        .limit(500)
    )
    found = session().execute(over).all()
    return sum(_close(house, let_in_id, reference, now=now) for let_in_id, reference in found)


@retried
def _close(house: House, let_in_id: int, reference: str, *, now: datetime) -> bool:
    with transaction() as s, s.no_autoflush:
        case = _locked(reference, SYSTEM, None)
        row = s.get(LetIn, let_in_id, populate_existing=True)
        if row is None or row.ended_at is not None:
            return False
        row.ended_at, row.ended_by_id = now, SYSTEM.id
        note(house, case, "end_let_in", SYSTEM, codes={"person": row.person_id}, now=now)
        if is_recused(case, row.person_id):
            _pass_on(house, case, row.person_id, SYSTEM, now=now)
        s.flush()
        return True


def is_recused(case: Case, person_id: int) -> bool:
    """Whether somebody is recused, let in or not: what is sealed apart stays closed to them. One query."""
    return person_id in recused_from(case.id)


def others_who_could(case: Case, person: Actor, *, now: datetime) -> list[tuple[Task, int]]:
    """The open tasks of a case for this person's roles, each with how many others could take it."""
    found = []
    for task in tasks.open_tasks(case):
        if task.role in person.roles:
            others = [
                p for p in holding(Role(task.role)) if p.id != person.id and could_take(task, p, now=now)
            ]
            found.append((task, len(others)))
    return found


# --- what follows ---------------------------------------------------------------------------------


def _pass_on(house: House, case: Case, person_id: int, by: Actor, *, now: datetime) -> None:
    """Take out of their hands what a recused person has, and say so to a manager where it needs one."""
    _lapse_theirs(case, person_id, by, now=now)
    had_it = case.owner_id == person_id
    if had_it:
        case.owner_id = None
    give_back(house, case, person_id, by, WHY, now=now)
    if case.closed_at is not None:
        return
    session().flush()
    verb = _reassigns(house, case)
    if had_it and verb is not None:
        _ask_for_somebody(case, Role.MANAGER, "Give this to somebody else", verb, by, now=now)
    for task in tasks.open_tasks(case, case.state):
        if not _any(holding(Role(task.role)), task, now=now):
            _ask_for_somebody(case, Role.PROGRAMME_MANAGER, NOBODY_LEFT, None, by, now=now)


def _any(people: Iterable[Person], task: Task, *, now: datetime) -> bool:
    return any(could_take(task, person, now=now) for person in people)


def _reassigns(house: House, case: Case) -> str | None:
    """The step by which a manager gives the case to somebody else, where it can be taken now."""
    machine = house.kind_of(case).machine
    step = machine.step("reassign")
    return "reassign" if step is not None and machine.states(case.state) in step.sources else None


def _ask_for_somebody(
    case: Case, role: Role, title: str, verb: str | None, by: Actor, *, now: datetime
) -> None:
    calendar = calendar_of(case.office_id)
    tasks.add(
        case,
        kind="notice",
        title=title,
        verb=verb,
        role=role,
        due_at=tasks.within(case, PASS_ON, book=book(case.policy_id), calendar=calendar, at=now),
        calendar=calendar,
        at=now,
        actor_id=by.id,
    )


def _lapse_theirs(case: Case, person_id: int, by: Actor, *, now: datetime) -> None:
    """What they asked for can no longer happen: nobody confirms the proposal of a recused person."""
    asked = select(Approval).where(
        Approval.case_id == case.id, Approval.requested_by_id == person_id, Approval.outcome.is_(None)
    )
    for approval in session().scalars(asked).all():
        approval.outcome, approval.decided_at = "lapsed", now
        for task in tasks.open_tasks(case):
            if task.approval_id == approval.id:
                tasks.settle(task, at=now, actor_id=by.id)


# --- what must be true ----------------------------------------------------------------------------


def _locked(reference: str, actor: Actor, seen: int | None) -> Case:
    case = case_for(actor, reference, lock=True)
    if seen is not None and seen != case.version:
        raise Stale(f"version {seen} seen, {case.version} found")
    return case


def _must_manage(actor: Actor, person_id: int) -> None:
    if not actor.roles & MANAGES:
        raise Refused(Refusal("role", "Only a manager does this."))
    if actor.id == person_id:
        raise Refused(Refusal("two_people", "Somebody else has to do this."))


def _standing(case: Case, person_id: int) -> Recusal:
    row = session().scalar(
        select(Recusal).where(
            Recusal.case_id == case.id, Recusal.person_id == person_id, Recusal.withdrawn_at.is_(None)
        )
    )
    if row is None:
        raise Refused(Refusal("person", "This person is not recused.", "person"))
    return row


def _must_be_needed(case: Case, person: Actor, *, now: datetime) -> None:
    """Only where work waits that nobody else can take."""
    waiting = others_who_could(case, person, now=now)
    if not waiting:
        raise Refused(Refusal("no_work", "Nothing of this case waits for a role of theirs.", "person"))
    if all(others for _, others in waiting):
        fewest = min(others for _, others in waiting)
        words = "somebody else" if fewest == 1 else f"{fewest} others"
        raise Refused(Refusal("others", f"Recusal wins: {words} could do this.", "person"))


def _end_running(case: Case, person_id: int, by: Actor, *, now: datetime) -> int:
    running = select(LetIn).where(
        LetIn.case_id == case.id,
        LetIn.person_id == person_id,
        LetIn.ended_at.is_(None),
        LetIn.until_at > now,
    )
    rows = session().scalars(running).all()
    for row in rows:
        row.ended_at, row.ended_by_id = now, by.id
    return len(rows)
