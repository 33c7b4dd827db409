"""A database put back to what it held when it was kept: between two tests, and as cheaply as can be.

SQLite is a file and is copied. In PostgreSQL one question finds the tables that differ, and those alone are
emptied and filled again: most tests touch a dozen of some eighty.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import Connection, text

from workflow.db.base import Base
from workflow.db.session import db

#: Tables whose rows a test may change without changing how many there are.
CHANGED_IN_PLACE: Final = (
    *("person", "person_role", "person_office", "person_agency"),
    *("office", "agency", "field_office", "policy_version"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a PostgreSQL database held: its rows by table, the question what differs, who guards what."""

    rows: dict[str, list[dict[str, Any]]]
    question: str
    guards: dict[str, list[str]]


def keep(app: Flask) -> None:
    """Remember the database as it is now. Call inside the application."""
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        path = _file()
        shutil.copy(path, path.with_suffix(".kept"))
        return
    with db.engine.connect() as connection:
        app.extensions["kept"] = Kept(_rows(connection), _question(connection), _guards(connection))


def restore(app: Flask) -> None:
    """Put the database back to what it was when it was kept. Call inside the application."""
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        path = _file()
        for side in ("-wal", "-shm"):
            Path(f"{path}{side}").unlink(missing_ok=True)
        shutil.copy(path.with_suffix(".kept"), path)
        return
    kept: Kept = app.extensions["kept"]
    with db.engine.begin() as connection:
        differing = set(connection.execute(text(kept.question)).scalars())
        if differing:
            _refill(connection, kept, differing)


def _file() -> Path:
    return Path(db.engine.url.database or "")


def _rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
        for table in Base.metadata.sorted_tables
    }


def _state_of(table: str) -> str:
    if table in CHANGED_IN_PLACE:
        return f"(SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t)"
    return f"(SELECT count(*)::text FROM {table})"


def _question(connection: Connection) -> str:
    """A select of the names of the tables that no longer hold what they hold now."""
    asked = []
    for table in Base.metadata.tables:
        state = connection.execute(text(f"SELECT {_state_of(table)}")).scalar_one()
        held = "NULL" if state is None else f"'{state}'"
        asked.append(f"SELECT '{table}' WHERE {_state_of(table)} IS DISTINCT FROM {held}")
    return " UNION ALL ".join(asked)


def _guards(connection: Connection) -> dict[str, list[str]]:
    """Triggers that fire even for a replica, by table: they have to be lifted by name."""
    found: dict[str, list[str]] = {}
    for table, trigger in connection.execute(
        text(
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgenabled = 'A'"
        )
    ):
        found.setdefault(table, []).append(trigger)
    return found


def _refill(connection: Connection, kept: Kept, differing: set[str]) -> None:
    lifted = [(table, trigger) for table in differing for trigger in kept.guards.get(table, ())]
    # As on a replica, neither foreign keys nor ordinary triggers are asked.
    statements = ["SET LOCAL session_replication_role = replica"]
    statements += [f"ALTER TABLE {table} DISABLE TRIGGER {trigger}" for table, trigger in lifted]
    statements += [f"DELETE FROM {table}" for table in differing]
    connection.exec_driver_sql(";".join(statements))
    for table in Base.metadata.sorted_tables:
        if table.name in differing and kept.rows[table.name]:
            connection.execute(table.insert(), kept.rows[table.name])
    if lifted:
        connection.exec_driver_sql(
            ";".join(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}" for table, trigger in lifted)
        )
