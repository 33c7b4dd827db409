"""Erasing a complaint's words for good, and what must be kept. The commands are in `erase_commands`.

What is destroyed is the key: words, identity, contact, documents, letters and messages cannot be opened by
anybody any more. The history stays, and still verifies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases import chronicle, followups
from workflow.cases.access import case_for
from workflow.cases.enclosures import key_or_none
from workflow.cases.kinds import House
from workflow.cases.models import Case, CaseKey
from workflow.cases.perform import note
from workflow.cases.recusing import is_recused
from workflow.complaints import word_index
from workflow.complaints.models import Complaint
from workflow.db.base import Base, BigKey, pk
from workflow.db.retry import retried
from workflow.db.seal import Erased, Keyring, seal, unseal
from workflow.db.session import session, transaction
from workflow.documents.models import Document
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.messages.models import Outbox

#: Who erases, who agrees, and who says that nothing may be erased.
ERASES: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})
#: Why a complaint is held. A closed list: words could say who complained.
HOLDS: Final = (
    ("litigation", "A court case needs it, or may need it"),
    ("criminal", "A criminal inquiry needs it"),
    ("records_request", "Somebody asked for the records"),
    ("audit", "Auditors need it"),
)
LONGEST_REASON: Final = 500


class LegalHold(Base):
    """That a complaint must be kept. Whoever ordered it does not end it: that takes another person."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "uq_legal_hold_standing",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_by_id <> placed_by_id", name="two_people"),
    )

    id: Mapped[pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(20))
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class Erasure(Base):
    """Why a complaint was erased, sealed by the application's key: its own is gone. Written once."""

    __tablename__ = "erasure"

    case_id: Mapped[int] = mapped_column(BigKey, ForeignKey("case_file.id"), primary_key=True)
    why: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Done:
    """What was erased, and the cases that followed from it: their words are under keys of their own."""

    reference: str
    documents: int
    followed: tuple[str, ...]


# --- holds ----------------------------------------------------------------------------------------


@retried
def hold(house: House, reference: str, actor: Actor, kind: str, *, now: datetime) -> bool:
    """Order that a complaint is kept; whether it was not held for this. Raises `NotThere`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        complaint = _locked(reference, actor)
        if kind not in dict(HOLDS):
            raise Refused(Refusal("unfit", "There is no such kind of hold.", "kind"))
        if any(each.kind == kind for each in standing(complaint)):
            return False
        note(house, complaint, "legal_hold", actor, codes={"kind": kind}, now=now)
        s.add(LegalHold(case_id=complaint.id, kind=kind, placed_by_id=actor.id, placed_at=now))
        return True


@retried
def end_hold(house: House, reference: str, actor: Actor, kind: str, *, now: datetime) -> None:
    """End a hold that somebody else ordered. Raises `NotThere`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        complaint = _locked(reference, actor)
        row = next((each for each in standing(complaint) if each.kind == kind), None)
        if row is None:
            raise Refused(Refusal("hold", "It is not held for this."))
        if row.placed_by_id == actor.id:
            raise Refused(Refusal("second", "Who ordered a hold does not end it: another person has to."))
        row.ended_at, row.ended_by_id = now, actor.id
        note(house, complaint, "end_legal_hold", actor, codes={"kind": kind}, now=now)


def standing(complaint: Complaint) -> list[LegalHold]:
    """The holds of a complaint that were not ended. One query."""
    found = select(LegalHold).where(LegalHold.case_id == complaint.id, LegalHold.ended_at.is_(None))
    return list(session().scalars(found.order_by(LegalHold.id)))


# --- erasing --------------------------------------------------------------------------------------


@retried
def erase(house: House, reference: str, actor: Actor, second: Actor, *, reason: str, now: datetime) -> Done:
    """Destroy the key of a complaint and the tokens of its words, at the word of two people.

    The reason is sealed by the application's key, since the complaint's is gone. Raises `NotThere`, and
    `Refused` with everything that stands against it.
    """
    with transaction() as s, s.no_autoflush:
        complaint = _locked(reference, actor)
        case_for(second, reference)
        why = reason.strip()
        people, case = _between(complaint, actor, second, why), _against(house, complaint)
        if against := (*people, *case):
            raise Refused(*against)
        documents = select(func.count()).select_from(Document).where(Document.case_id == complaint.id)
        destroyed = s.scalar(documents) or 0
        complaint.version += 1
        chronicle.append(
            complaint,
            keyring=house.keyring,
            verb="erase",
            source=complaint.state,
            actor_id=actor.id,
            second_id=second.id,
            occurred_at=now,
            recorded_at=now,
            codes={"documents": destroyed},
            words={},
        )
        key = s.get_one(CaseKey, complaint.id, populate_existing=True)
        key.wrapped, key.erased_at = None, now
        sealed = seal(house.keyring.keys[-1], why.encode(), _place(complaint))
        s.add(Erasure(case_id=complaint.id, why=sealed))
        complaint.__dict__.pop("_key", None)
        word_index.forget(complaint.id)
        caused = select(Case.reference).where(Case.caused_by_id == complaint.id).order_by(Case.id)
        return Done(complaint.reference, destroyed, tuple(s.scalars(caused)))


def why_erased(complaint: Complaint, keyring: Keyring) -> str | None:
    """The reason for which a complaint was erased; None if it was not. One query."""
    row = session().get(Erasure, complaint.id)
    if row is None:
        return None
    for ours in reversed(keyring.keys):
        try:
            return unseal(ours, row.why, _place(complaint)).decode()
        except Erased:
            continue
    return ""


def _locked(reference: str, actor: Actor) -> Complaint:
    complaint = case_for(actor, reference, lock=True)
    if not isinstance(complaint, Complaint):
        raise Refused(Refusal("kind", "This is not a complaint: only complaints are held and erased."))
    if not actor.roles & ERASES:
        raise Refused(Refusal("role", f"{actor.name} is neither manager nor programme manager."))
    return complaint


def _between(complaint: Complaint, actor: Actor, second: Actor, reason: str) -> Iterator[Refusal]:
    """What stands against these two, or against what they said."""
    if not 1 <= len(reason) <= LONGEST_REASON:
        yield Refusal("reason", f"Say why, in at most {LONGEST_REASON} characters.", "reason")
    if actor.id == second.id:
        yield Refusal("second", "It takes two people, and these are one.", "second")
    if not second.roles & ERASES:
        yield Refusal("role", f"{second.name} is neither manager nor programme manager.", "second")
    for person, field in ((actor, "by"), (second, "second")):
        if is_recused(complaint, person.id) or person.id in (complaint.owner_id, complaint.supervised_by_id):
            yield Refusal("recused", f"{person.name} is too near to this complaint.", field)


def _against(house: House, complaint: Complaint) -> Iterator[Refusal]:
    """What stands against erasing this complaint now, whoever asks."""
    if key_or_none(house, complaint) is None:
        yield Refusal("erased", "It was erased already.")
    names = dict(HOLDS)
    for each in standing(complaint):
        yield Refusal("hold", f"It is held: {names.get(each.kind, each.kind).lower()}.")
    if complaint.closed_at is None:
        yield Refusal("open", "It is still open: what is worked on is not erased.")
    elif _parent_is_open(complaint):
        yield Refusal("open", "The complaint it was merged into is still open.")
    if followups.open_ones(complaint):
        yield Refusal("owed", "Something is still owed on it: a request, a check-in or an answer.")
    if _letter_waits(complaint):
        yield Refusal("letter", "A letter of it was not sent yet.")


def _parent_is_open(complaint: Complaint) -> bool:
    parent = select(Case.id).where(Case.reference == complaint.parent_reference, Case.closed_at.is_(None))
    return session().scalar(parent) is not None


def _letter_waits(complaint: Complaint) -> bool:
    waits = select(Outbox.id).where(
        Outbox.reference == complaint.reference, Outbox.kind == "letter", Outbox.state == "queued"
    )
    return session().scalar(waits.limit(1)) is not None


def _place(complaint: Complaint) -> str:
    return f"erasure:{complaint.reference}:why"
