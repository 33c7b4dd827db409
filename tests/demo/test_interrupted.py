"""A demonstration whose making was interrupted is not trusted by the next start: it is made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from tests.cast import MONDAY
from tests.conftest import DATABASES, Clock, settings_for, url_of
from workflow.db.session import db, transaction
from workflow.demo.build import NAME, is_half_made
from workflow.demo.commands import clear_half_made, fill
from workflow.factory import create_app
from workflow.people.office import claim, office
from workflow.policy import queries as policy


class Interrupted(Exception):
    """What Ctrl-C is to the one who made the demonstration."""


@pytest.fixture(params=DATABASES)
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database, as its migrations make it."""
    with ExitStack() as stack:
        app = create_app(settings_for(url_of(request.param, stack, tmp_path)), clock=Clock())
        with app.app_context():
            policy.forget()
            upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()


def interrupted_at(words: str):
    def echo(said: str) -> None:
        if said.startswith(words):
            raise Interrupted

    return echo


def test_it_is_cleared_and_said(migrated: Flask):
    with pytest.raises(Interrupted):
        fill(migrated, echo=interrupted_at("Walking inspections"), today=MONDAY)
    assert is_half_made()
    said: list[str] = []

    clear_half_made(echo=said.append)

    assert office() is None
    assert said == ["The demonstration was interrupted while it was made; it is made anew."]


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_what_is_whole_or_real_stays(migrated: Flask, is_demonstration: bool):
    with transaction():
        claim(is_demonstration=is_demonstration, now=MONDAY).name = NAME if is_demonstration else "Ours"

    clear_half_made(echo=pytest.fail)

    assert office() is not None


def test_a_real_office_without_a_name_is_no_half_made_demonstration(migrated: Flask):
    claim(is_demonstration=False, now=MONDAY)

    assert not is_half_made()
