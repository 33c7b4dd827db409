"""The office of the tests of visibility, furnished once for each module that only reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import MONDAY
from tests.emptying import restore
from tests.house.looking import Looking, only_looking
from tests.house.office import furnish
from workflow.db.session import db
from workflow.policy import queries as policy


@pytest.fixture(scope="module")
def looking(database: Flask) -> Iterator[Looking]:
    """Pages of an office with a case of every sort and kind; nothing may be changed in it."""
    database.extensions["clock"].now = MONDAY
    with database.app_context():
        restore(database)
        policy.forget()
        references = furnish(database.extensions["house"])
        engine = db.engine
    with only_looking(engine):
        yield Looking(database, references)
