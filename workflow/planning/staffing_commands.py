"""`plumbline staffing …`: what nobody could do, and who covers a small office."""

from __future__ import annotations

import sys
from typing import Final

import click
from flask import current_app
from sqlalchemy import select

from workflow.cases.kinds import House
from workflow.db.session import session, transaction
from workflow.planning.staffing import check
from workflow.register.models import FieldOffice
from workflow.web.clock import now

#: What headquarters is called where an office can be named.
HEADQUARTERS: Final = "headquarters"


@click.group("staffing")
def staffing() -> None:
    """Who is there for what."""


@staffing.command("check")
def check_command() -> None:
    """Print each step that nobody could take for the cases of an office; nothing, and 0, if there is none."""
    house: House = current_app.extensions["house"]
    try:
        found = check({name: kind.machine for name, kind in house.kinds.items()}, now=now())
    except LookupError as missing:
        click.echo(str(missing), err=True)
        sys.exit(1)
    for said in found:
        click.echo(said)
    if found:
        sys.exit(1)


@staffing.command("cover")
@click.argument("office")
@click.option("--by", "neighbour", help="The field office, or headquarters, whose people see to it as well.")
@click.option("--end", "ends", is_flag=True, help="Nobody covers it any more but by name.")
def cover_command(office: str, neighbour: str | None, *, ends: bool) -> None:
    """Let the people of a neighbour office, or of headquarters, work on the cases of a small one."""
    if bool(neighbour) == ends:
        raise click.UsageError("Say either --by OFFICE or --end.")
    small, headquarters = _office(office), (neighbour or "").strip().casefold() == HEADQUARTERS
    by = _office(neighbour) if neighbour and not headquarters else None
    if by is not None and (by.id == small.id or _is_covered(by)):
        raise click.UsageError("An office is covered by another, which is not covered itself.")
    if not ends and session().scalar(
        select(FieldOffice.id).where(FieldOffice.covered_by_id == small.id).limit(1)
    ):
        raise click.UsageError(f"{small.name} covers another office, so it cannot be covered.")
    with transaction():
        small.covered_by_id, small.covered_by_headquarters = by.id if by else None, headquarters
    if ends:
        click.echo(f"No office covers {small.name}.")
    else:
        click.echo(f"{small.name} is covered by {by.name if by else HEADQUARTERS}.")


def _is_covered(office: FieldOffice) -> bool:
    return office.covered_by_id is not None or office.covered_by_headquarters


def _office(name: str) -> FieldOffice:
    wanted = name.strip().casefold()
    for office in session().scalars(select(FieldOffice).order_by(FieldOffice.name)):
        if wanted in (office.name.casefold(), office.code.casefold()):
            return office
    raise click.UsageError(f"There is no field office “{name}”.")
