"""`plumbline demo`: a believable office with made-up agencies, and its printed accounts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import downgrade, upgrade

from workflow.db.session import db
from workflow.demo.build import SEED, build, is_half_made
from workflow.demo.people import accounts
from workflow.engine.machine import Refused
from workflow.people.office import office
from workflow.people.signing import demonstration_accounts
from workflow.policy import queries as policy

demonstration_accounts.append(accounts)


def fill(app: Any, *, echo: Callable[[str], None], seed: int = SEED, today: datetime | None = None) -> None:
    """Make the demonstration office. Raises `Refused` in a real database."""
    settings = app.extensions["settings"]
    moment = today or app.extensions["clock"]()
    build(app.extensions["house"], today=moment, pepper=settings.pepper, seed=seed, echo=echo)
    db.session.remove()


def clear_half_made(*, echo: Callable[[str], None]) -> None:
    """Empty a database in which the making of the demonstration was interrupted; any other stays as it is."""
    if not is_half_made():
        return
    echo("The demonstration was interrupted while it was made; it is made anew.")
    db.session.remove()
    db.engine.dispose()
    downgrade(revision="base")
    upgrade()
    policy.forget()


def print_accounts() -> None:
    """Say how to sign in, in a demonstration."""
    here = office()
    if here is None or not here.is_demonstration:
        return
    ways = accounts()
    click.echo(f"Sign in with password {ways[0].password} as:")
    for way in ways:
        click.echo(f"  {way.email:<32} {way.roles}")


@click.command("demo")
@click.option("--seed", default=SEED, show_default=True, help="The same seed gives the same office.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the office stands.")
@with_appcontext
def demo_command(seed: int, today: datetime | None) -> None:
    """Make the demonstration office in an empty database."""
    clear_half_made(echo=lambda words: click.echo(words, err=True))
    if office() is not None:
        click.echo("This database is not empty: a demonstration needs one of its own.", err=True)
        sys.exit(1)
    moment = today.replace(hour=15, tzinfo=UTC) if today else None
    try:
        fill(current_app, echo=lambda words: click.echo(words, err=True), seed=seed, today=moment)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    print_accounts()
