"""Storing a version of the rule book. A stored version is never changed; a new one follows it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflow.db.session import transaction
from workflow.engine.spans import kind_of
from workflow.policy.book import Book
from workflow.policy.models import PolicyLimit, PolicyRule, PolicyVersion
from workflow.policy.queries import FAMILIES, allegation_types, forget_newest
from workflow.policy.standard import BOOK
from workflow.policy.type_list import check_types


def store(
    book: Book, *, now: datetime, proposed_by: int | None = None, approved_by: int | None = None
) -> PolicyVersion:
    """Write every rule of the book under its version number.

    Raises `IntegrityError` for a known number, `Invalid` for types of allegation that cannot be.
    """
    with transaction() as session:
        check_types(book.allegation_types, known=allegation_types())
        version = PolicyVersion(
            number=book.version,
            effective_on=book.effective_on,
            note=book.note,
            proposed_by_id=proposed_by,
            approved_by_id=approved_by,
            stored_at=now,
        )
        session.add(version)
        session.flush()
        session.add_all(
            PolicyLimit(
                version_id=version.id,
                name=r.name,
                model=r.model,
                revision=r.revision,
                tier=r.tier,
                unit=kind_of(r.span),
                amount=r.span.n,
                source=r.source,
            )
            for r in book.limits
        )
        for family in FAMILIES:
            session.add_all(
                PolicyRule(version_id=version.id, family=family, position=n, body=as_body(rule))
                for n, rule in enumerate(getattr(book, family))
            )
        session.flush()
    forget_newest()
    return version


def ensure_standard(*, now: datetime) -> None:
    """Put the delivered book into a database that has none."""
    with transaction() as session:
        if session.scalar(select(PolicyVersion.id).limit(1)) is None:
            store(BOOK, now=now)


def as_body(rule: Any) -> dict[str, Any]:
    """A rule as JSON: dates as text, spans as unit and amount, nested rows as lists."""
    return {f.name: _plain(getattr(rule, f.name)) for f in fields(rule)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, str | int):
        return value
    if hasattr(value, "code") and hasattr(value, "title"):
        return {"code": value.code, "title": value.title}
    return {"unit": kind_of(value), "amount": value.n}
