"""Reading the rule book. A version never changes once stored, so what was read is kept."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from workflow.db.session import db, session
from workflow.engine.spans import Span, parse
from workflow.policy.book import (
    Book,
    CadenceRule,
    ChannelRule,
    DutyRule,
    LimitRule,
    ModelRule,
    Rating,
    Scale,
    TemplateRule,
)
from workflow.policy.models import PolicyLimit, PolicyRule, PolicyVersion

FAMILIES: Final[dict[str, type[Any]]] = {
    "models": ModelRule,
    "templates": TemplateRule,
    "cadences": CadenceRule,
    "duties": DutyRule,
    "scales": Scale,
    "channels": ChannelRule,
}

_kept: WeakKeyDictionary[Engine, dict[int, Book]] = WeakKeyDictionary()


def book(version_id: int) -> Book:
    """The book a case is pinned to. Three queries the first time, none later."""
    kept = _kept.setdefault(db.engine, {})
    if version_id not in kept:
        kept[version_id] = _read(version_id)
    return kept[version_id]


def in_force(on: date) -> tuple[int, Book]:
    """The id and the book in force on a day: the latest that took effect. One query when known."""
    found = session().scalar(
        select(PolicyVersion.id)
        .where(PolicyVersion.effective_on <= on)
        .order_by(PolicyVersion.effective_on.desc(), PolicyVersion.number.desc())
        .limit(1)
    )
    if found is None:
        raise LookupError("No policy is in force: run `plumbline init` or `plumbline demo` first.")
    return found, book(found)


def closed_channels() -> dict[str, tuple[date, str]]:
    """Authorities that take no referrals from a day on, and why: by the newest book, whatever a case has.

    Whether somebody still answers is a fact of the day, not a rule a case is opened under.
    """
    newest = session().scalar(select(PolicyVersion.id).order_by(PolicyVersion.number.desc()).limit(1))
    return {r.code: (r.closed_on, r.why) for r in book(newest).channels} if newest is not None else {}


def forget() -> None:
    """Drop what was kept, for tests that share an engine between databases."""
    _kept.clear()


def _read(version_id: int) -> Book:
    s = session()
    version = s.get_one(PolicyVersion, version_id)
    limits = s.scalars(
        select(PolicyLimit).where(PolicyLimit.version_id == version_id).order_by(PolicyLimit.id)
    )
    rules = s.scalars(
        select(PolicyRule)
        .where(PolicyRule.version_id == version_id)
        .order_by(PolicyRule.family, PolicyRule.position)
    ).all()
    families: dict[str, Any] = {
        family: tuple(_rule(kind, r.body) for r in rules if r.family == family)
        for family, kind in FAMILIES.items()
    }
    return Book(
        version=version.number,
        effective_on=version.effective_on,
        note=version.note,
        limits=tuple(
            LimitRule(r.name, parse(r.unit, r.amount), r.model, r.revision, r.tier, r.source) for r in limits
        ),
        **families,
    )


_DAYS = frozenset({"closed_on", "exists_since", "signed_from", "signed_until"})


def _rule(kind: type[Any], body: dict[str, Any]) -> Any:
    return kind(**{name: _value(name, value) for name, value in body.items()})


def _value(name: str, value: Any) -> Any:
    if name in _DAYS and value is not None:
        return date.fromisoformat(value)
    if name == "ratings":
        return tuple(Rating(**r) for r in value)
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        span: Span = parse(value["unit"], value["amount"])
        return span
    return value
