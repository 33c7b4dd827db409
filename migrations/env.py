"""Alembic's entry: the application's engine, the application's tables. No table is described here."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from workflow.db.base import Base, Instant
from workflow.db.session import db
from workflow.db.setup import WRITES


def plain_types(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Revisions outlive the code, so they name no class of ours and no list of today's codes."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime()"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def is_ours(name: str | None, kind: str, _: Any) -> bool:
    """The tables SQLite keeps the index of words in belong to a virtual one, which no model describes."""
    return kind != "table" or not (name or "").startswith("word_search")


def fits(item: Any, name: str | None, kind: str, reflected: bool, _: Any) -> bool:
    """The index of words has an index of PostgreSQL alone."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    return reflected or not (kind == "index" and name == "ix_word_index_tokens" and on_sqlite)


def something_changed(_: Any, __: Any, directives: list[Any]) -> None:
    """Write no empty revision."""
    asked = getattr(context.config.cmd_opts, "autogenerate", False)
    if asked and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def migrate(connection: sa.Connection) -> None:
    """Run the revisions, each in a transaction of its own."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_types,
        process_revision_directives=something_changed,
        transaction_per_migration=True,
        compare_type=True,
        include_name=is_ours,
        include_object=fits,
    )
    with context.begin_transaction():
        context.run_migrations()


with db.engine.connect() as fresh:
    writing = fresh.execution_options(**{WRITES: True})
    raw: Any = writing.connection.dbapi_connection
    if writing.dialect.name == "sqlite":
        # A table is rebuilt under another name: references to it must not be followed meanwhile.
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            migrate(writing)
            if raw.execute("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError("a migration left references to rows that are not there")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
    else:
        # Waiting for a lock stops everybody behind us: rather fail and be run again.
        raw.execute("SET statement_timeout = 0")
        raw.execute("SET lock_timeout = '5s'")
        raw.commit()
        migrate(writing)
