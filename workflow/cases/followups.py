"""Promising, keeping and cancelling work on a case that is no state's task. Its page is `followup_views`.

Such work outlives the states: closing or merging a case does not end it, only keeping it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from workflow.cases import sealed, tasks
from workflow.cases.access import NotThere, case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import Done, note
from workflow.cases.promises import FOLLOW, FollowUp
from workflow.cases.task_moves import task_for
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import Refusal, Refused, Stale

#: What can come of a follow-up on the page that serves them all; the second keeps a series going.
RESULTS: Final = (
    ("done", "Done: nothing more to do"),
    ("nothing_yet", "Nothing yet: ask again next time"),
)
#: Results after which the rest of a series is still owed.
GOES_ON: Final = frozenset({"nothing_yet"})
CANCELS: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})


def promise(
    house: House,
    case: Case,
    kind: str,
    title: str,
    role: Role,
    *,
    due_at: datetime,
    now: datetime,
    by: Actor = SYSTEM,
    holder_id: int | None = None,
    page: str | None = None,
    about: int | None = None,
    later: Sequence[datetime] = (),
    after: int | None = None,
) -> FollowUp:
    """Open one follow-up with its task and an event, inside a transaction that has the case locked.

    `title` is declared in code, never typed. `later` are the due moments of the rest of a series: the
    next is opened when this one is kept with a result of `GOES_ON`. `page` is an endpoint that takes
    `reference` and `number` and calls `keep`. `after` is the version of the step that led to it (default:
    the present one): undoing that step takes it back.
    """
    after = after or case.version
    task = tasks.add(
        case,
        kind=f"{FOLLOW}{kind}",
        title=title,
        verb=None,
        role=role,
        holder_id=holder_id,
        due_at=due_at,
        calendar=calendar_of(case.office_id),
        at=now,
        actor_id=by.id,
    )
    session().flush()
    row = FollowUp(
        case_id=case.id,
        number=task.number,
        task_id=task.id,
        kind=kind,
        about=about,
        promised_at_version=after,
        promised_at=now,
        due_at=due_at,
        later=[moment.isoformat() for moment in sorted(later)],
        page=page,
    )
    session().add(row)
    due = calendar_of(case.office_id).day_of(due_at).isoformat()
    note(house, case, "follow_up", by, codes={"follow_up": task.number, "what": kind, "due": due}, now=now)
    return row


@retried
def keep(
    house: House,
    reference: str,
    number: int,
    actor: Actor,
    result: str,
    words: str,
    *,
    seen: int,
    now: datetime,
) -> Done:
    """Say what came of a follow-up: whoever has its task, anybody of its role while nobody has, a manager.

    `seen` is the version of the case. Raises `NotThere`, `Stale`, `Refused`.
    """
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        row = waiting(actor, case, number, seen)
        if not words.strip():
            raise Refused(Refusal("required", "Say what came of it.", "words"))
        end(house, row, case, actor, "kept", result, words, now=now)
        s.flush()
        return Done(case.reference, case.version)


@retried
def cancel(
    house: House, reference: str, number: int, actor: Actor, reason: str, *, seen: int, now: datetime
) -> Done:
    """Take a follow-up back, with the rest of its series, by a manager and with a reason."""
    with transaction() as s, s.no_autoflush:
        case = case_for(actor, reference, lock=True)
        row = waiting(actor, case, number, seen)
        if not actor.roles & CANCELS:
            raise Refused(Refusal("role", "Only a manager can cancel what was promised."))
        if row.kind in house.kind_of(case).must_be_kept:
            raise Refused(Refusal("must_be_kept", "This is an obligation: it is kept, and never cancelled."))
        if not reason.strip():
            raise Refused(Refusal("required", "Say why it is cancelled.", "words"))
        end(house, row, case, actor, "cancelled", "cancelled", reason, now=now)
        s.flush()
        return Done(case.reference, case.version)


def end(
    house: House,
    row: FollowUp,
    case: Case,
    actor: Actor,
    outcome: str,
    result: str,
    words: str | None,
    *,
    now: datetime,
) -> None:
    """Close a follow-up and its task, and open the next of its series, inside a transaction."""
    row.outcome, row.result, row.ended_at, row.ended_by_id = outcome, result, now, actor.id
    if words:
        row.words = sealed.keep(case, _place(case, row), words, house.keyring)
    gone = outcome == "cancelled"
    verb, target = ("cancel", "cancelled") if gone else ("settle", "done")
    if row.task.closed_at is None:
        tasks.settle(row.task, at=now, actor_id=actor.id, verb=verb, target=target)
    note(
        house,
        case,
        "cancel_follow_up" if gone else "keep_follow_up",
        actor,
        codes={"follow_up": row.number, "what": row.kind, "result": result},
        words={"words": words} if words else {},
        now=now,
    )
    if outcome == "kept" and result in GOES_ON and row.later:
        _go_on(house, row, case, now=now)


def _go_on(house: House, row: FollowUp, case: Case, *, now: datetime) -> None:
    first, *rest = (datetime.fromisoformat(moment) for moment in row.later)
    promise(
        house,
        case,
        row.kind,
        row.task.title,
        Role(row.task.role),
        due_at=first,
        now=now,
        holder_id=row.task.holder_id,
        page=row.page,
        about=row.about,
        later=rest,
    )


def settle(
    house: House, case: Case, kind: str, about: int | None, actor: Actor, result: str, *, now: datetime
) -> int:
    """End the open follow-ups of a kind about one child row: what was waited for has come. How many."""
    rows = open_ones(case, kind, about)
    for row in rows:
        end(house, row, case, actor, "kept", result, None, now=now)
    return len(rows)


def undo_promises(house: House, case: Case, version: int, actor: Actor, *, now: datetime) -> None:
    """Take back what the step of this version promised: the step itself was undone."""
    for row in open_ones(case):
        if row.promised_at_version == version:
            end(house, row, case, actor, "cancelled", "undone", None, now=now)


def waiting(actor: Actor, case: Case, number: int, seen: int) -> FollowUp:
    """An open follow-up this person can work on. Raises `NotThere` for hidden and missing, `Stale`."""
    row = session().scalar(select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.number == number))
    if row is None:
        raise NotThere(f"{case.reference}/{number}")
    if row.outcome is not None or seen != case.version:
        raise Stale(f"version {seen} seen, {case.version} found")
    task_for(actor, case.reference, number, lock=True)
    return row


def open_ones(case: Case, kind: str | None = None, about: int | None = None) -> list[FollowUp]:
    """What is still owed on a case, soonest first; of one kind and about one child row, if asked so."""
    found = select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.outcome.is_(None))
    if kind is not None:
        found = found.where(FollowUp.kind == kind)
    if about is not None:
        found = found.where(FollowUp.about == about)
    return list(session().scalars(found.order_by(FollowUp.due_at, FollowUp.id)))


def of_case(case: Case) -> list[FollowUp]:
    """Everything that was promised on a case, first to last. One query."""
    found = select(FollowUp).where(FollowUp.case_id == case.id).order_by(FollowUp.due_at, FollowUp.id)
    return list(session().scalars(found))


def words_of(house: House, case: Case, row: FollowUp) -> str | None:
    """What came of it, in words; None if nothing was said."""
    return sealed.read(case, _place(case, row), row.words, house.keyring)


def _place(case: Case, row: FollowUp) -> str:
    return f"follow_up:{case.reference}:{row.number}:words"
