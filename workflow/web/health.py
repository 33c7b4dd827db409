"""Probes: is the process alive, can it work. No detail for strangers."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from workflow.db.session import db
from workflow.web.access import open_to_anyone

bp = Blueprint("health", __name__)

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/health")
@open_to_anyone
def health() -> ResponseReturnValue:
    return "ok\n", 200, PLAIN


@bp.get("/ready")
@open_to_anyone
def ready() -> ResponseReturnValue:
    """The database answers and is migrated as far as this release knows."""
    return ("ready\n", 200, PLAIN) if is_migrated() else ("not ready\n", 503, PLAIN)


def is_migrated() -> bool:
    """Whether the database can be reached and stands at the newest revision."""
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    except SQLAlchemyError:
        return False
    return set(found) == set(heads(Path(current_app.root_path) / "migrations"))


def heads(folder: Path) -> tuple[str, ...]:
    """The newest revision among the migrations of this release."""
    alembic = Config()
    alembic.set_main_option("script_location", str(folder).replace("%", "%%"))
    return tuple(ScriptDirectory.from_config(alembic).get_heads())
