"""`plumbline init` and `plumbline user …`: a real office, and accounts from the command line."""

from __future__ import annotations

import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from flask import current_app
from sqlalchemy import select

from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Role
from workflow.engine.machine import Refused
from workflow.people import queries, service
from workflow.people.office import set_up
from workflow.policy.service import ensure_standard
from workflow.register.models import FieldOffice

#: What `init` asks, in order: key in the answers file, question, default.
QUESTIONS: Final = (
    ("name", "Name of the office", None),
    ("address", "Postal address (\\n for a new line)", ""),
    ("zone", "Time zone", "America/New_York"),
    ("contact", "How the office is reached (\\n for a new line)", ""),
    ("administrator_email", "E-mail address of the first administrator", None),
    ("administrator_name", "Name of the first administrator", None),
)


def _now() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment


def _fail(refused: Refused) -> None:
    for refusal in refused.refusals:
        click.echo(f"{refusal.field}: {refusal.text}" if refusal.field else refusal.text, err=True)
    sys.exit(1)


def _link(token: str) -> str:
    return f"{current_app.extensions['settings'].base_url}/invitation/{token}"


@click.command("init")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A TOML file.")
def init_command(answers: Path | None) -> None:
    """Set up a real office without demonstration data, and its first administrator."""
    given: dict[str, Any] = tomllib.loads(answers.read_text()) if answers else {}
    missing = [key for key, _, default in QUESTIONS if answers and default is None and not given.get(key)]
    if missing:
        click.echo(f"{answers} does not answer: {', '.join(missing)}", err=True)
        sys.exit(1)
    for key, question, default in QUESTIONS:
        if key not in given:
            given[key] = default if answers else click.prompt(question, default=default)
    text = {key: str(value).replace("\\n", "\n") for key, value in given.items()}
    try:
        token = _begin(text)
    except Refused as refused:
        _fail(refused)
    else:
        click.echo("The office is set up. The first administrator sets a password here, once, within 7 days:")
        click.echo(_link(token))


def _begin(text: dict[str, str]) -> str:
    """Office, policy and first administrator, all or nothing; the token of the one-time link."""
    now = _now()
    with transaction():
        set_up(
            name=text["name"], address=text["address"], zone=text["zone"], contact=text["contact"], now=now
        )
        ensure_standard(now=now)
        _, token = service.invite(
            text["administrator_email"], text["administrator_name"], [Role.ADMINISTRATOR], by=SYSTEM, now=now
        )
    return token


@click.group("user")
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, type=click.Choice([r.value for r in Role]))
@click.option("--office", "offices", multiple=True, help="Name of a home office.")
def add(email: str, name: str, roles: tuple[str, ...], offices: tuple[str, ...]) -> None:
    """Make an account and print its one-time link."""
    known = {o.name: o.id for o in session().scalars(select(FieldOffice))}
    missing = [office for office in offices if office not in known]
    if missing:
        raise click.UsageError(f"There is no office {missing[0]!r}.")
    try:
        _, token = service.invite(
            email, name, [Role(r) for r in roles], by=SYSTEM, now=_now(), offices=[known[o] for o in offices]
        )
    except Refused as refused:
        _fail(refused)
    else:
        click.echo(_link(token))


@user.command("off")
@click.argument("email")
def off(email: str) -> None:
    """Switch an account off; its open work waits for anybody of the role."""
    person = queries.by_email(email)
    if person is None:
        click.echo(f"There is no account {email}.", err=True)
        sys.exit(1)
    try:
        service.switch_off(person.id, successor_id=None, by=SYSTEM, now=_now())
    except Refused as refused:
        _fail(refused)
    else:
        click.echo(f"{person.name} is switched off.")
