"""How each database is opened: SQLite's pragmas and locks, PostgreSQL's limits. No table and no query here.

Who writes says so beforehand. `transaction()` asks for its connection with the execution option
`WRITES`; on SQLite such a transaction begins with BEGIN IMMEDIATE, every other one with a deferred
BEGIN. So a page that only reads never waits for the write lock, and a write never finds out half-way
that somebody else holds it.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url

#: The execution option of a connection that is going to write.
WRITES: Final = "plumbline_writes"

PRAGMAS: Final = (
    "journal_mode = WAL",
    "busy_timeout = 10000",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "trusted_schema = OFF",
    "secure_delete = ON",
)

#: Milliseconds; migrations and bulk loads set their own for their transaction.
POSTGRESQL_LIMITS: Final = {
    "statement_timeout": "20000",
    "lock_timeout": "8000",
    "idle_in_transaction_session_timeout": "60000",
    "timezone": "UTC",
}


def engine_options(url: str | URL) -> dict[str, Any]:
    """Options for `create_engine` that belong to the database behind `url`.

    Values never appear in the text of an error: they may be personal.
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if make_url(url).get_backend_name() == "postgresql":
        limits = " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_LIMITS.items())
        options |= {"pool_pre_ping": True, "connect_args": {"options": limits}}
    return options


def prepare(engine: Engine, *, durable: bool = True) -> None:
    """Hang the set-up of the database on every connection `engine` will open.

    `durable=False` is for tests alone: a power cut may then lose what was acknowledged.
    """
    if engine.dialect.name != "sqlite" or event.contains(engine, "begin", _begin):
        return
    synchronous = "FULL" if durable else "OFF"

    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _: object) -> None:
        raw.isolation_level = None  # the driver begins nothing by itself: `_begin` does
        for pragma in (*PRAGMAS, f"synchronous = {synchronous}"):
            raw.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
