"""A database of its own in which nothing has been set up yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import MONDAY, accounts_of_nobody
from tests.conftest import Clock, settings_for
from tests.pages import PageClient
from workflow.db.base import Base
from workflow.db.session import db, transaction
from workflow.factory import create_app


@pytest.fixture
def empty(tmp_path) -> Iterator[Flask]:
    """An application on an empty database, as migrations leave it."""
    app = create_app(settings_for(f"sqlite:///{tmp_path}/empty.sqlite"), clock=Clock())
    app.test_client_class = PageClient
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with transaction() as s:
            s.add_all(accounts_of_nobody(MONDAY))
        yield app
        db.session.remove()
        db.engine.dispose()
