"""`plumbline erase` and `plumbline hold`: two people at one keyboard. What is allowed is in `erasing`."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import NoReturn

import click
from flask import current_app

from workflow.cases.access import NotThere
from workflow.cases.kinds import House
from workflow.complaints import erasing
from workflow.db.session import db, session
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused
from workflow.people.identity import is_password_of
from workflow.people.queries import actor_of, by_email


@click.command("erase")
@click.argument("reference")
@click.option("--reason", required=True, help="Why, in words that name nobody.")
@click.option("--by", required=True, prompt="E-mail address of who erases")
@click.option("--second", required=True, prompt="E-mail address of who agrees")
def erase_command(reference: str, reason: str, by: str, second: str) -> None:
    """Destroy the words, identity, contact and documents of a closed complaint, for good.

    Two managers or programme managers give their passwords. The history stays and still verifies.
    """
    actor, other = _person(by), _person(second)
    try:
        done = erasing.erase(_house(), reference, actor, other, reason=reason, now=_now())
    except NotThere:
        _fail(f"There is no complaint {reference} that both of them see.")
    except Refused as refused:
        _fail(*(refusal.text for refusal in refused.refusals))
    click.echo(f"{done.reference} is erased, with {done.documents:,} documents. It cannot be undone.")
    if done.followed:
        click.echo(f"What followed from it keeps its own words: {', '.join(done.followed)}.")
    if not _scrub():
        click.echo("A reader kept the old pages of the database: run this again when it is quiet.", err=True)


@click.group("hold")
def hold() -> None:
    """What must be kept: a complaint that is held cannot be erased."""


@hold.command("place")
@click.argument("reference")
@click.argument("kind", type=click.Choice([code for code, _ in erasing.HOLDS]))
@click.option("--by", required=True, prompt="E-mail address of who orders it")
def place_command(reference: str, kind: str, by: str) -> None:
    """Order that a complaint is kept."""
    actor = _person(by)
    try:
        is_new = erasing.hold(_house(), reference, actor, kind, now=_now())
    except NotThere:
        _fail(f"There is no complaint {reference} that {actor.name} sees.")
    except Refused as refused:
        _fail(*(refusal.text for refusal in refused.refusals))
    click.echo(f"{reference} is held." if is_new else f"{reference} was held for this already.")


@hold.command("end")
@click.argument("reference")
@click.argument("kind", type=click.Choice([code for code, _ in erasing.HOLDS]))
@click.option("--by", required=True, prompt="E-mail address of who ends it")
def end_command(reference: str, kind: str, by: str) -> None:
    """End a hold that somebody else ordered."""
    actor = _person(by)
    try:
        erasing.end_hold(_house(), reference, actor, kind, now=_now())
    except NotThere:
        _fail(f"There is no complaint {reference} that {actor.name} sees.")
    except Refused as refused:
        _fail(*(refusal.text for refusal in refused.refusals))
    click.echo(f"{reference} is not held for this any more.")


def _person(email: str) -> Actor:
    """Somebody with an account in use, who proves it with the password."""
    password = click.prompt(f"Password of {email}", hide_input=True, err=True)
    person = by_email(email)
    if person is None or not is_password_of(person, password):
        _fail(f"{email}: there is no such account in use, or this is not its password.")
    return actor_of(person.id, now=_now())


def _scrub() -> bool:
    """Take the old rows out of the database's own files as well; whether nothing of them is left there."""
    session().remove()
    raw = db.engine.raw_connection()
    try:
        if db.engine.dialect.name == "sqlite":
            [busy, *_] = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        raw.cursor().execute("VACUUM case_key")
        raw.driver_connection.autocommit = False  # type: ignore[union-attr]
        return True
    finally:
        raw.close()


def _fail(*says: str) -> NoReturn:
    for line in says:
        click.echo(line, err=True)
    sys.exit(1)


def _house() -> House:
    found: House = current_app.extensions["house"]
    return found


def _now() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
