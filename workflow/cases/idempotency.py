"""Forms that were already carried out: pressing twice, Back and resubmit find the first answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases.models import Case
from workflow.db.base import Base
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused


class Idempotency(Base):
    """A form that has been carried out; pressing twice finds the first answer."""

    __tablename__ = "idempotency"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str] = mapped_column(String(24))
    version: Mapped[int]
    at: Mapped[datetime]


def claim(key: str | None, actor: Actor) -> Idempotency | None:
    """What came of this key before, if anything. Raises `Refused` for somebody else's key."""
    if not key:
        return None
    known = session().get(Idempotency, key)
    if known is not None and known.actor_id != actor.id:
        raise Refused(Refusal("form", "This form belongs to somebody else. Open it again."))
    return known


def remember(key: str | None, actor: Actor, case: Case, *, now: datetime) -> None:
    """Keep the key with what came of it; a second transaction with the same key fails on the primary key."""
    if key:
        session().add(
            Idempotency(key=key, actor_id=actor.id, reference=case.reference, version=case.version, at=now)
        )
