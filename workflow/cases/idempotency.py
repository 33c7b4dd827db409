"""Forms that were already carried out: pressing twice, Back and resubmit find the first answer."""

from __future__ import annotations

from datetime import datetime

from workflow.cases.models import Case, Idempotency
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused


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
