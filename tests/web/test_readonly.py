"""A page that only shows changes nothing, whatever its view tries."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from workflow.db.session import session

WRITES = [
    "INSERT INTO office (id) VALUES (1)",
    "insert or replace into office (id) values (1)",
    "UPDATE office SET name = 'x'",
    "  DELETE FROM office",
    "WITH gone AS (SELECT 1) DELETE FROM office",
    "DROP TABLE office",
]


@pytest.mark.parametrize("statement", WRITES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_write_while_reading_is_refused(app, statement, method):
    with app.test_request_context("/login", method=method), pytest.raises(RuntimeError, match="office"):
        session().execute(text(statement))


def test_the_limiter_and_sessions_may_change(app):
    with app.test_request_context("/login"):
        done = [
            session().execute(text(statement)).all()
            for statement in (
                "DELETE FROM rate_limit RETURNING *",
                "UPDATE sign_in SET ended_at = NULL RETURNING id",
            )
        ]
        session().rollback()

    assert done == [[], []]


def test_reading_is_free(app):
    with app.test_request_context("/login"):
        quoted = session().execute(text("SELECT 'UPDATE office'")).scalar_one()
        named = session().execute(text("WITH a AS (SELECT 1) SELECT * FROM a")).scalar_one()

    assert (quoted, named) == ("UPDATE office", 1)


def test_a_request_that_says_it_writes_may(app):
    with app.test_request_context("/login", method="POST"):
        session().execute(text("UPDATE office SET name = 'x'"))
        now_called = session().execute(text("SELECT DISTINCT name FROM office")).scalars().all()
        session().rollback()

    assert now_called == ["x"]
