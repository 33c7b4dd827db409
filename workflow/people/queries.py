"""Reading accounts. Nothing here writes."""

from __future__ import annotations

from workflow.db.session import session
from workflow.engine.actors import PUBLIC, SYSTEM, Actor
from workflow.people.models import Person


def actor_of(person_id: int) -> Actor:
    """The actor of an account, with the roles and offices it has now. Raises `LookupError` for none."""
    if person_id in (SYSTEM.id, PUBLIC.id):
        return SYSTEM if person_id == SYSTEM.id else PUBLIC
    person = session().get(Person, person_id)
    if person is None:
        raise LookupError(person_id)
    return person.actor
