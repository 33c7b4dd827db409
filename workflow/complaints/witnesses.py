"""Who saw or heard something: added, opened for a purpose. Their identity is sealed like a complainant's.

Nothing else of a complaint names them: whoever writes about one writes "witness 2".
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from workflow.cases.chronicle import key_of, writing_key
from workflow.cases.kinds import House
from workflow.cases.perform import Done, note
from workflow.cases.recusing import is_recused
from workflow.complaints.facts import UNDECIDED, WITNESS_PURPOSES, WITNESS_ROLES
from workflow.complaints.models import Complaint, ContactReading, Witness
from workflow.complaints.service import READS_CONTACT, open_complaint
from workflow.db.retry import retried
from workflow.db.seal import Erased, Keyring, seal, unseal
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused

#: What is kept of a witness; nothing else is ever asked.
PARTS: Final = ("name", "reach", "safe")


@retried
def add_witness(
    house: House, reference: str, actor: Actor, role: str, who: dict[str, str], *, seen: int, now: datetime
) -> Done:
    """Keep who saw or heard something. The event holds a number and how they come into it, no word more."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, READS_CONTACT, seen)
        _must_be_open(complaint, actor)
        if complaint.state not in UNDECIDED:
            raise Refused(Refusal("state", "The complaint is decided: no witness is added any more."))
        if role not in dict(WITNESS_ROLES):
            raise Refused(Refusal("unfit", "Choose one of the list.", "role"))
        counted = select(func.count()).select_from(Witness).where(Witness.complaint_id == complaint.id)
        number = (s.scalar(counted) or 0) + 1
        kept = json.dumps({k: who[k] for k in PARTS if who.get(k)}, sort_keys=True, ensure_ascii=False)
        s.add(
            Witness(
                complaint_id=complaint.id,
                number=number,
                role=role,
                sealed=seal(writing_key(complaint, house.keyring), kept.encode(), _place(complaint, number)),
            )
        )
        note(house, complaint, "add_witness", actor, codes={"witness": number, "role": role}, now=now)
        s.flush()
        return Done(complaint.reference, complaint.version)


@retried
def read_witness(
    house: House, reference: str, actor: Actor, number: int, purpose: str, *, now: datetime
) -> dict[str, str]:
    """Who a witness is and how to reach them safely; who looked, when and what for is kept first."""
    with transaction() as s, s.no_autoflush:
        complaint = open_complaint(reference, actor, READS_CONTACT, None)
        _must_be_open(complaint, actor)
        witness = witness_of(complaint, number)
        if witness is None:
            raise Refused(Refusal("witness", "There is no such witness."))
        if purpose not in dict(WITNESS_PURPOSES):
            raise Refused(Refusal("purpose", "Say what you need it for.", "purpose"))
        s.add(
            ContactReading(
                complaint_id=complaint.id, person_id=actor.id, witness=number, purpose=purpose, at=now
            )
        )
        s.flush()
        return _opened(complaint, witness, house.keyring)


def witnesses_of(complaint: Complaint) -> list[Witness]:
    """How many saw something and how they come into it; nobody's identity. One query."""
    found = select(Witness).where(Witness.complaint_id == complaint.id).order_by(Witness.number)
    return list(session().scalars(found))


def witness_of(complaint: Complaint, number: int) -> Witness | None:
    """The witness of a number, still sealed. One query."""
    found = select(Witness).where(Witness.complaint_id == complaint.id, Witness.number == number)
    return session().scalar(found)


def identities_of(complaint: Complaint, keyring: Keyring) -> list[dict[str, str]]:
    """Who the witnesses are, for a check that shows it to nobody."""
    return [_opened(complaint, witness, keyring) for witness in witnesses_of(complaint)]


def _opened(complaint: Complaint, witness: Witness, keyring: Keyring) -> dict[str, str]:
    try:
        said: dict[str, str] = json.loads(
            unseal(key_of(complaint, keyring), witness.sealed, _place(complaint, witness.number))
        )
    except Erased:
        return {}
    return said


def _must_be_open(complaint: Complaint, actor: Actor) -> None:
    if is_recused(complaint, actor.id):
        raise Refused(Refusal("recused", "You were let in to act, not to learn who saw it."))


def _place(complaint: Complaint, number: int) -> str:
    return f"witness:{complaint.reference}:{number}"
