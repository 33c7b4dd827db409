"""Reading the rule book. A version never changes once stored, so what was read is kept."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from workflow.db.session import db, is_writing, session
from workflow.engine.spans import Span, parse
from workflow.policy.book import (
    AllegationType,
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
from workflow.policy.standard.allegations import TYPES

FAMILIES: Final[dict[str, type[Any]]] = {
    "models": ModelRule,
    "templates": TemplateRule,
    "cadences": CadenceRule,
    "duties": DutyRule,
    "scales": Scale,
    "channels": ChannelRule,
    "allegation_types": AllegationType,
}
#: Under this name a session keeps which version is the newest, for as long as a request.
_NEWEST: Final = "plumbline_newest_policy"


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
    newest = _newest()
    return {r.code: (r.closed_on, r.why) for r in newest.channels} if newest is not None else {}


def allegation_types() -> dict[str, AllegationType]:
    """Every type of allegation there is or was, by its code, in the words of the newest book."""
    newest = _newest()
    return {known.code: known for known in newest.allegation_types} if newest is not None else {}


def types_offered(on: date) -> tuple[AllegationType, ...]:
    """The types of allegation that can be chosen on a day, in their order."""
    known = allegation_types().values()
    return tuple(t for t in known if t.retired_on is None or on < t.retired_on)


def forget_newest() -> None:
    """Ask again which version is the newest: one was stored."""
    db.session().info.pop(_NEWEST, None)


def _newest() -> Book | None:
    """The newest book. One query a request; in a transaction each time, as another may have stored one."""
    kept = db.session().info
    found: int | None = None if is_writing() else kept.get(_NEWEST)
    if found is None:
        found = session().scalar(select(PolicyVersion.id).order_by(PolicyVersion.number.desc()).limit(1))
        if not is_writing():
            kept[_NEWEST] = found
    return book(found) if found is not None else None


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
    # A book that was stored before it held them had those that were delivered.
    families["allegation_types"] = families["allegation_types"] or TYPES
    return Book(
        version=version.number,
        effective_on=version.effective_on,
        note=version.note,
        limits=tuple(
            LimitRule(r.name, parse(r.unit, r.amount), r.model, r.revision, r.tier, r.source) for r in limits
        ),
        **families,
    )


_DAYS = frozenset({"closed_on", "exists_since", "retired_on", "signed_from", "signed_until"})


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
