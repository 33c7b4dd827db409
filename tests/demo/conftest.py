"""A small demonstration office: a few cases of the two years, and all that came lately."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from tests.cast import MONDAY, accounts_of_nobody, past_the_given_ids
from tests.conftest import DATABASES, Clock, settings_for, url_of
from workflow.db.base import Base
from workflow.db.session import db, transaction
from workflow.demo import complaints, inspections
from workflow.demo.commands import fill
from workflow.factory import create_app
from workflow.policy import queries as policy


@pytest.fixture(scope="module", params=DATABASES)
def demonstration(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        patched.setattr(complaints, "NUMBER", 12)
        patched.setattr(inspections, "NUMBER", 12)
        url = url_of(request.param, stack, tmp_path_factory.mktemp("demonstration"))
        app = create_app(settings_for(url), clock=Clock())
        with app.app_context():
            policy.forget()
            Base.metadata.create_all(db.engine)
            with transaction() as writing:
                writing.add_all(accounts_of_nobody(MONDAY))
                writing.flush()
                past_the_given_ids()
            fill(app, echo=lambda _: None, today=MONDAY)
            yield app
            db.session.remove()
            db.engine.dispose()
            policy.forget()
