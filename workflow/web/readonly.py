"""A page that only shows changes nothing: writes during GET and HEAD are refused. No rule here."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import has_request_context, request
from sqlalchemy import Connection, Engine, event

#: What may change although the person only looked.
ALLOWED: Final = frozenset({"rate_limit", "sign_in"})
_WRITE: Final = re.compile(
    r"^\s*(?:WITH\b.*?\)\s*)?(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|"
    r"DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?|(?:DROP|ALTER|CREATE)\s+\w+)\s+[\"`]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)


def refuse_writes_while_reading(engine: Engine) -> None:
    """Watch every statement of this engine."""
    if not event.contains(engine, "before_cursor_execute", _watch):
        event.listen(engine, "before_cursor_execute", _watch)


def _watch(connection: Connection, cursor: Any, statement: str, *_: object) -> None:
    if not has_request_context() or request.method not in {"GET", "HEAD"}:
        return
    found = _WRITE.match(statement)
    if found and found.group(1).casefold() not in ALLOWED:
        raise RuntimeError(f"{request.method} {request.endpoint} wanted to change {found.group(1)}")
