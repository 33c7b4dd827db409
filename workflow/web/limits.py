"""Throttling, kept in the database so that every process sees it. What is throttled is said by the caller.

A key is never stored as it is: only its HMAC under the application's secret. Somebody else's failures
slow an account down, with a wait that grows to a ceiling; they never lock it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from flask import current_app, request
from sqlalchemy import String, bindparam, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.db.base import Base, Instant
from workflow.db.session import transaction
from workflow.web.errors import TooMany


class RateLimit(Base):
    """How often one key was tried lately, and from when on it may try again."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    free_at: Mapped[datetime]
    forget_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` tries cost nothing; each further one doubles the wait, from `first` up to `most`."""

    name: str
    free: int
    first: timedelta
    most: timedelta
    forget: timedelta

    def wait_after(self, tries: int) -> timedelta:
        if tries < self.free:
            return timedelta(0)
        doubled: int = 1 << min(tries - self.free, 20)
        return min(self.first * doubled, self.most)


#: Per account, from machines that never signed in to it.
ACCOUNT: Final = Limit("account", 5, timedelta(seconds=2), timedelta(minutes=5), timedelta(hours=1))
#: Per account and a machine that has signed in to it before: others' failures do not slow its owner.
DEVICE: Final = Limit("device", 8, timedelta(seconds=2), timedelta(minutes=5), timedelta(hours=1))
#: Per network: one place trying many accounts.
ADDRESS: Final = Limit("address", 30, timedelta(seconds=2), timedelta(minutes=15), timedelta(hours=1))
#: Per network, for things everybody may do a few times: public forms, one-time links.
PUBLIC_FORM: Final = Limit("public", 20, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=1))

#: Per network, for reports that are begun: a shelter's visitors share one address.
DRAFTS: Final = Limit("draft", 60, timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1))
#: For reports that are sent: per network, per network around it, and for all there are. Each report waits
#: for its own turn, once; nobody can take it away from them.
REPORTS: Final = Limit("report", 60, timedelta(seconds=2), timedelta(seconds=30), timedelta(hours=1))
AROUND: Final = Limit("around", 300, timedelta(seconds=1), timedelta(seconds=15), timedelta(hours=1))
EVERYWHERE: Final = Limit(
    "everywhere", 600, timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=10)
)
#: For reports in the same words, wherever they come from: counted, and nobody waits for it.
ALIKE: Final = Limit("alike", 20, timedelta(0), timedelta(0), timedelta(hours=1))
#: Per network, for codes that are typed, right or wrong.
CODE_NETWORK: Final = Limit("code", 60, timedelta(seconds=10), timedelta(minutes=5), timedelta(hours=1))
#: Per first characters of a code that is typed, wherever it is typed.
CODE_PREFIX: Final = Limit("prefix", 20, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=1))
#: For all codes that are typed anywhere: the wait stays short, so that guessing shuts nobody out.
CODES: Final = Limit("codes", 600, timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=10))
#: Per secret address of a calendar: programs ask a few times an hour, each device by itself.
FEED: Final = Limit("feed", 30, timedelta(seconds=30), timedelta(minutes=10), timedelta(hours=1))
#: Per network, for addresses of calendars that open nothing.
NO_FEED: Final = Limit("no-feed", 30, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that is counted."""

    limit: Limit
    value: str

    @property
    def kept(self) -> str:
        secret = str(current_app.config["SECRET_KEY"]).encode()
        return hmac.new(secret, f"{self.limit.name}:{self.value}".encode(), hashlib.sha256).hexdigest()


def claim(*keys: Key, now: datetime) -> None:
    """Count one try on every key, before it is known whether it succeeds.

    Raises `TooMany` if one of them has to wait; such a try is not counted and makes no wait longer.
    """
    waits: list[timedelta] = []
    with transaction() as session:
        session.execute(delete(RateLimit).where(RateLimit.forget_at < now))
        rows = {key: session.get(RateLimit, key.kept) for key in keys}
        waits = [row.free_at - now for row in rows.values() if row is not None and row.free_at > now]
        if not waits:
            for key in keys:
                _count(key, now)
    if waits:
        raise TooMany(max(waits))


def count(*keys: Key, now: datetime) -> dict[Key, int]:
    """Count one try on every key, whoever would have to wait; how many each has now."""
    with transaction() as session:
        session.execute(delete(RateLimit).where(RateLimit.forget_at < now))
        # Always in one order, so that two who count the same keys never wait for one another.
        return {key: _count(key, now) for key in sorted(keys, key=lambda each: each.kept)}


def forgive(*keys: Key) -> None:
    """Forget the tries of these keys: the last one was right."""
    with transaction() as session:
        session.execute(delete(RateLimit).where(RateLimit.key.in_([key.kept for key in keys])))


def _count(key: Key, now: datetime) -> int:
    """One statement, so that a hundred tries at once are a hundred tries."""
    with transaction() as session:
        tries = session.execute(
            text(
                "INSERT INTO rate_limit (key, tries, free_at, forget_at) VALUES (:key, 1, :now, :forget)"
                " ON CONFLICT (key) DO UPDATE SET tries = rate_limit.tries + 1 RETURNING tries"
            ).bindparams(bindparam("now", type_=Instant), bindparam("forget", type_=Instant)),
            {"key": key.kept, "now": now, "forget": now + key.limit.forget},
        ).scalar_one()
        row = session.get(RateLimit, key.kept, populate_existing=True)
        assert row is not None
        row.free_at = now + key.limit.wait_after(tries)
        row.forget_at = now + key.limit.forget
        return int(tries)


def network() -> str:
    """The network this request comes from: /24 of IPv4, /56 of IPv6; never the address itself."""
    return _network(24, 56)


def network_around() -> str:
    """The network around that one: /16 of IPv4, /40 of IPv6."""
    return _network(16, 40)


def _network(short: int, long: int) -> str:
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network((address, short if address.version == 4 else long), strict=False))
