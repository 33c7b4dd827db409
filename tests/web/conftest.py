"""An application of its own for tests that add pages to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask

from tests.conftest import Clock, settings_for
from tests.pages import PageClient
from workflow.db.base import Base
from workflow.db.session import db
from workflow.factory import create_app


@pytest.fixture
def with_page(tmp_path) -> Callable[[Blueprint], Flask]:
    """Make an empty application that has one more blueprint."""

    def make(blueprint: Blueprint) -> Flask:
        made = create_app(settings_for(f"sqlite:///{tmp_path}/page.sqlite"), clock=Clock())
        made.register_blueprint(blueprint)
        made.test_client_class = PageClient
        made.config["PROPAGATE_EXCEPTIONS"] = False
        with made.app_context():
            Base.metadata.create_all(db.engine)
        return made

    return make
