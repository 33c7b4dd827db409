"""Writing the event of a step: its exact bytes, its place in the chain, its sealed answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.audit.chain import canonical, digest, origin
from workflow.cases.models import Case, CaseKey, Event, EventAnswer
from workflow.db.seal import Erased, Keyring, as_text, commitment, seal, unseal
from workflow.db.session import session
from workflow.engine.machine import CODES, Answers, Ask, Refusal, Refused

#: What is read once the key of a case was destroyed.
ERASED: Final = "erased"


def key_of(case: Case, keyring: Keyring) -> bytes:
    """The key of a case's personal words; made with the case. Raises `Erased` once it was destroyed."""
    found = case.__dict__.get("_key")
    if isinstance(found, bytes):
        return found
    wrapped = session().scalar(select(CaseKey.wrapped).where(CaseKey.case_id == case.id))
    key = keyring.unwrap(wrapped, f"case_key:{case.reference}")
    case.__dict__["_key"] = key
    return key


def writing_key(case: Case, keyring: Keyring) -> bytes:
    """The same, to write with. Raises `Refused` once it was destroyed: nothing is added to the case then."""
    try:
        return key_of(case, keyring)
    except Erased as gone:
        raise Refused(
            Refusal("erased", "What was written in this case was erased; nothing is added to it any more.")
        ) from gone


def give_key(case: Case, keyring: Keyring) -> None:
    """Make the key of a new case."""
    key, wrapped = keyring.new_key(f"case_key:{case.reference}")
    case.__dict__["_key"] = key
    session().add(CaseKey(case=case, wrapped=wrapped))


def append(
    case: Case,
    *,
    keyring: Keyring,
    verb: str,
    source: str | None,
    actor_id: int,
    second_id: int | None,
    occurred_at: datetime,
    recorded_at: datetime,
    codes: Mapping[str, Any],
    words: Mapping[str, Any],
    backdated: bool = False,
    cause: Event | None = None,
) -> Event:
    """Append one event to the case at its present version. `words` are sealed and only committed to."""
    key = writing_key(case, keyring)
    prev = case.last_hash if case.version > 1 else origin(case.reference)
    columns = columns_of(
        version=case.version,
        verb=verb,
        source=source,
        target=case.state,
        actor_id=actor_id,
        second_id=second_id,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        backdated=backdated,
        codes=dict(codes),
    )
    canon = canonical(
        {
            **columns,
            "case": case.reference,
            "cause": cause.hash.hex() if cause else None,
            "words": {name: commitment(key, name, value) for name, value in words.items()},
        },
        prev,
    )
    event = Event(
        version=case.version,
        verb=verb,
        source=source,
        target=case.state,
        actor_id=actor_id,
        second_id=second_id,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        backdated=backdated,
        codes=dict(codes),
        cause=cause,
        canon=canon,
        prev=prev,
        hash=digest(canon),
    )
    for name, value in words.items():
        context = f"event_answer:{case.reference}:{case.version}:{name}"
        event.answers.append(EventAnswer(name=name, sealed=seal(key, as_text(value).encode(), context)))
    event.case_id = case.id
    case.last_hash = event.hash
    case.events.append(event)
    return event


def columns_of(
    *,
    version: int,
    verb: str,
    source: str | None,
    target: str,
    actor_id: int,
    second_id: int | None,
    occurred_at: datetime,
    recorded_at: datetime,
    backdated: bool,
    codes: dict[str, Any],
) -> dict[str, Any]:
    """The columns that stand in the hashed bytes as well, as JSON has them; the verifier compares both."""
    return {
        "version": version,
        "verb": verb,
        "source": source,
        "target": target,
        "actor_id": actor_id,
        "second_id": second_id,
        "occurred_at": occurred_at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
        "backdated": backdated,
        "codes": codes,
    }


def split(asks: tuple[Ask, ...], answers: Answers) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers as codes (may stand in the hashed bytes) and as words (may not)."""
    codes: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for ask in asks:
        if ask.name in answers:
            (codes if ask.kind in CODES else words)[ask.name] = answers[ask.name]
    return codes, words


def words_of(event: Event, case: Case, keyring: Keyring) -> dict[str, str]:
    """What was answered, opened; an erased answer reads "erased"."""
    opened: dict[str, str] = {}
    for answer in event.answers:
        context = f"event_answer:{case.reference}:{event.version}:{answer.name}"
        try:
            opened[answer.name] = unseal(key_of(case, keyring), answer.sealed, context).decode()
        except Erased:
            opened[answer.name] = ERASED
    return opened
