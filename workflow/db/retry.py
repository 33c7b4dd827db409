"""Doing a whole transaction again when the database asks for it: serialisation, deadlock, busy."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError

from workflow.db.session import is_writing

P = ParamSpec("P")
T = TypeVar("T")

TRIES: Final = 5
_AGAIN: Final = frozenset({"40001", "40P01", "55P03"})


def retried(command: Callable[P, T]) -> Callable[P, T]:
    """Run a command that opens its own transaction, at most five times.

    Inside a running transaction it runs once: only the outermost can be done again as a whole.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if is_writing():
            return command(*args, **kwargs)
        for attempt in range(1, TRIES):
            try:
                return command(*args, **kwargs)
            except (OperationalError, IntegrityError) as lost:
                if not worth_trying(lost):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads contenders, guards nothing
        return command(*args, **kwargs)

    return run


def worth_trying(lost: OperationalError | IntegrityError) -> bool:
    """Whether the same command may succeed when run again as a whole."""
    state = getattr(lost.orig, "sqlstate", None)
    if isinstance(lost, IntegrityError):
        # The same form twice at once: the second run finds what the first one stored.
        return "idempotency" in str(lost.orig)
    return state in _AGAIN or "database is locked" in str(lost.orig)
