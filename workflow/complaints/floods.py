"""Floods at the public door: who sends very many waits for a turn, and what came in one is set apart.

Nobody is shut out, nothing is refused for good and nothing is thrown away: a report that is set apart is
a complaint like any other, with its dates and its work; only the list it is looked through in is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, ForeignKey, String, exists
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import note
from workflow.complaints.models import Complaint
from workflow.db.base import Base, BigKey
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import PUBLIC, Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.web.limits import ALIKE, AROUND, EVERYWHERE, REPORTS, Key, count

#: So many reports of one network in an hour never wait for what others send.
QUIET: Final = 10
#: Who puts a report among the others.
PUTS_BACK: Final = frozenset({Role.INTAKE, Role.REVIEWER})
#: Why a report was set apart.
WHY: Final = (
    ("network", "Very many came from one network"),
    ("around", "Very many came from networks near one another"),
    ("alike", "Very many came in the same words"),
)


class FloodMark(Base):
    """That a complaint came in a flood; once somebody put it among the others it stays so."""

    __tablename__ = "flood_mark"

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    why: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    put_back_at: Mapped[datetime | None]
    put_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


@dataclass(frozen=True, slots=True)
class Look:
    """How a report that is about to be sent looks: its wait for a turn, and why it is set apart."""

    wait: timedelta
    why: str = ""


def look(network: str, around: str, said: str, *, now: datetime) -> Look:
    """Count a report, and say how it looks. Whoever sent it is told of the wait alone.

    A network that sent few waits for nobody else, however many others send. What was said is counted by
    a keyed fingerprint that is forgotten after an hour; no address is kept.
    """
    own, near = Key(REPORTS, network), Key(AROUND, around)
    everywhere, alike = Key(EVERYWHERE, "all"), Key(ALIKE, " ".join(said.casefold().split()))
    tries = count(own, near, everywhere, alike, now=now)
    over = [
        why
        for why, key in (("network", own), ("around", near), ("alike", alike))
        if tries[key] > key.limit.free
    ]
    waits = [key.limit.wait_after(tries[key]) for key in (own, near, everywhere)]
    wait = max(waits) if tries[own] > QUIET else timedelta(0)
    return Look(wait, over[0] if over else "")


def set_apart(house: House, complaint: Complaint, why: str, *, now: datetime) -> None:
    """Mark a new complaint, inside the transaction that takes it in; without a reason do nothing."""
    if not why:
        return
    session().add(FloodMark(complaint_id=complaint.id, why=why, at=now))
    note(house, complaint, "set_apart", PUBLIC, codes={"why": why}, now=now)


@retried
def put_back(house: House, reference: str, actor: Actor, *, now: datetime) -> bool:
    """Put a complaint among the others; whether it was apart. Raises `NotThere`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        complaint = case_for(actor, reference, lock=True)
        if not isinstance(complaint, Complaint):
            raise Refused(Refusal("kind", "This is not a complaint."))
        if not actor.roles & PUTS_BACK:
            raise Refused(Refusal("role", "Your role does not allow this."))
        mark = s.get(FloodMark, complaint.id, populate_existing=True)
        if mark is None or mark.put_back_at is not None:
            return False
        mark.put_back_at, mark.put_back_by_id = now, actor.id
        note(house, complaint, "put_back", actor, codes={"why": mark.why}, now=now)
        return True


def is_apart() -> ColumnElement[bool]:
    """The condition on a case that it is set apart."""
    return exists().where(FloodMark.complaint_id == Case.id, FloodMark.put_back_at.is_(None))
