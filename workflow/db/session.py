"""The database handle, and the one place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from workflow.db.base import Base

db = SQLAlchemy(metadata=Base.metadata)

_DEPTH = "plumbline_transaction_depth"


def session() -> scoped_session[Session]:
    """The session of this request or command."""
    return db.session


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """Commit on the way out, roll back on any error.

    Inside another `transaction()` it joins that one: the outermost commits, so a step and its
    reactions stand or fall together.
    """
    info = db.session().info
    depth = info.get(_DEPTH, 0)
    info[_DEPTH] = depth + 1
    try:
        yield db.session
        if depth == 0:
            db.session.commit()
    except BaseException:
        if depth == 0:
            db.session.rollback()
        raise
    finally:
        info[_DEPTH] = depth
