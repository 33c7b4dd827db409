"""What tests about recusal share: recusing, letting in, an office with one reviewer. No test lives here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from tests.cast import MAX, MONDAY, RAY, RUTH
from tests.complaints.walk import complaint, received
from workflow.cases import recusing
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.people.models import PersonRole


def now_(actor: Actor, *, after: timedelta = timedelta()) -> Actor:
    """Somebody as they are known at a moment."""
    return replace(actor, at=MONDAY + after)


def recuse(house: House, reference: str, by: Actor, whom: Actor, reason: str = "other_interest") -> None:
    recusing.recuse(house, reference, by, whom.id, reason, seen=None, now=MONDAY)


def let_in(
    house: House, reference: str, whom: Actor, *, by: Actor = MAX, days: float = 5, why: str = "Nobody"
):
    seen = complaint(reference).version
    until = MONDAY + timedelta(days=days)
    recusing.let_in(house, reference, by, whom.id, why, until=until, seen=seen, now=MONDAY)


def open_tasks(reference: str) -> list[Task]:
    found = select(Task).where(Task.reference == reference, Task.closed_at.is_(None)).order_by(Task.number)
    return list(session().scalars(found))


def alone(house: House) -> str:
    """A complaint that waits for a reviewer, of whom there is only one, and who is recused."""
    reference = received(house)
    only_reviewer()
    recuse(house, reference, RUTH, RUTH)
    return reference


def only_reviewer() -> None:
    """Ray is a reviewer no more."""
    with transaction() as s:
        s.execute(update(PersonRole).where(PersonRole.person_id == RAY.id).values(ended_at=MONDAY))
