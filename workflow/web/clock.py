"""The time of day, read once per request. The only module that asks the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from flask import current_app, g

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """The moment this request (or command) began, the same however often it is asked."""
    if "now" not in g:
        tick: Clock = current_app.extensions["clock"]
        g.now = tick()
    moment: datetime = g.now
    return moment
