"""Databases, the application, its page client. A database is made once a worker, emptied between tests."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from tests.cast import MONDAY, people_the_office
from tests.emptying import keep, restore
from tests.pages import PageClient
from tests.postgres import binaries, fresh_database, private_postgres
from workflow.cases.kinds import House
from workflow.db.base import Base
from workflow.db.session import db
from workflow.db.triggers import install
from workflow.factory import create_app
from workflow.inspections import checklists
from workflow.policy import queries as policy
from workflow.settings import Settings

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
DATABASES = os.environ.get("TEST_DATABASES", "sqlite").split()


class Clock:
    """The time of a test: stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


def settings_for(url: str, root: Path = ROOT) -> Settings:
    key = base64.b64decode(base64.b64encode(bytes(range(32))))
    return Settings(
        root=root,
        database_url=url,
        secret_key="of-tests-alone-0123456789-abcdefghij",
        pepper=bytes(range(32)),
        keys={"1": key},
        mail_url="file:///dev/null",
        documents_url="memory://",
        jobs_url="",
        base_url="http://localhost",
        trusted_hosts=("localhost", "127.0.0.1"),
        testing=True,
    )


def url_of(kind: str, stack: ExitStack, folder: Path) -> str:
    """The URL of a new, empty database of this kind, for as long as the stack stands."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'test.sqlite'}"
    if not binaries() and os.environ.get("CI") != "true":
        pytest.skip("no PostgreSQL on this machine")
    server = stack.enter_context(private_postgres())
    return fresh_database(server, f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")


@pytest.fixture(scope="session", params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a database with tables, triggers and the cast, kept for the whole run."""
    with ExitStack() as stack:
        url = url_of(request.param, stack, tmp_path_factory.mktemp("db"))
        clock = Clock()
        app = create_app(settings_for(url), clock=clock)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            with db.engine.begin() as connection:
                install(connection)
            people_the_office(now=MONDAY)
            keep(app)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(database: Flask) -> Iterator[Flask]:
    """The application on a database that holds the cast and nothing else."""
    database.extensions["clock"].now = MONDAY
    with database.app_context():
        restore(database)
        policy.forget()
        checklists.forget()
    yield database
    with database.app_context():
        db.session.remove()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """Inside the application, for tests below the pages."""
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def house(ctx: Flask) -> House:
    found: House = ctx.extensions["house"]
    return found


@pytest.fixture
def clock(app: Flask) -> Clock:
    found: Clock = app.extensions["clock"]
    return found


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without script that checks every page it is shown."""
    app.test_client_class = PageClient
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Any], PageClient]:
    """Sign somebody of the cast in and get their browser."""

    def enter(person: Any) -> PageClient:
        app.test_client_class = PageClient
        browser: FlaskClient = app.test_client()
        assert isinstance(browser, PageClient)
        browser.sign_in(person)
        return browser

    return enter
