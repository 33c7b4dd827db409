"""One place commits, and only inside it is anything written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.cast import ADA
from workflow.db.session import db, session, transaction
from workflow.people.models import Person


def rename(name):
    person = session().get(Person, ADA.id)
    person.name = name


def rename_inside(name):
    with transaction():
        rename(name)


def rename_and_fail(step=lambda: rename("Ada the First")):
    with transaction():
        step()
        raise LookupError


def name_now():
    session().rollback()
    return session().scalar(select(Person.name).where(Person.id == ADA.id))


def test_what_is_done_inside_is_kept(ctx):
    with transaction():
        rename("Ada the First")

    assert name_now() == "Ada the First"


def test_an_error_undoes_everything(ctx):
    with pytest.raises(LookupError):
        rename_and_fail()

    assert name_now() == ADA.name


def test_the_outermost_decides(ctx):
    with pytest.raises(LookupError):
        rename_and_fail(lambda: rename_inside("Ada the First"))

    assert name_now() == ADA.name


def test_a_write_outside_is_a_mistake_that_shows(ctx):
    rename("Ada the First")

    with pytest.raises(RuntimeError, match="outside transaction"):
        session().flush()


def test_a_change_left_over_from_outside_is_not_swept_in(ctx):
    rename("Ada the First")

    with pytest.raises(RuntimeError, match="outside transaction"), transaction():
        pass


def only_sqlite():
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")


def test_sqlite_is_opened_carefully(ctx):
    only_sqlite()

    def pragma(name):
        return session().execute(text(f"PRAGMA {name}")).scalar()

    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert pragma("recursive_triggers") == 1
    assert pragma("trusted_schema") == 0
    assert pragma("secure_delete") == 1
    assert pragma("busy_timeout") >= 5000


def test_reading_does_not_wait_for_a_writer(ctx):
    only_sqlite()
    other = sqlite3.connect(Path(str(db.engine.url.database)), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert session().get(Person, ADA.id) is not None

    other.execute("ROLLBACK")
    other.close()


def test_writing_takes_the_lock_at_once(ctx):
    only_sqlite()
    other = sqlite3.connect(Path(str(db.engine.url.database)), isolation_level=None, timeout=0)

    with transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")

    other.close()
