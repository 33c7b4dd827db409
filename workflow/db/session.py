"""The database handle, and the one place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.orm import scoped_session

from workflow.db.base import Base
from workflow.db.setup import WRITES

db = SQLAlchemy(metadata=Base.metadata)

_DEPTH = "plumbline_transaction_depth"


def session() -> scoped_session[Session]:
    """The session of this request or command."""
    return db.session


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """Commit on the way out, roll back on any error.

    Inside another `transaction()` it joins that one: the outermost commits, so a step and its
    reactions stand or fall together. The outermost ends what was only read before and takes the
    write lock at once, so what it reads is what it changes; objects read earlier are read anew.
    """
    ours = db.session()
    depth = ours.info.get(_DEPTH, 0)
    if depth == 0:
        if ours.new or ours.dirty or ours.deleted:
            raise RuntimeError("something was changed outside transaction(); change it inside")
        ours.rollback()
        ours.connection(execution_options={WRITES: True})
    ours.info[_DEPTH] = depth + 1
    try:
        yield db.session
        if depth == 0:
            ours.commit()
    except BaseException:
        if depth == 0:
            ours.rollback()
        raise
    finally:
        ours.info[_DEPTH] = depth


def is_writing() -> bool:
    """Whether a `transaction()` is open here and now."""
    return bool(db.session().info.get(_DEPTH, 0))


@event.listens_for(Session, "before_flush")
def _only_inside_a_transaction(flushing: AnySession, *_: object) -> None:
    if not flushing.info.get(_DEPTH, 0):
        raise RuntimeError("something is being written outside transaction()")
