"""`plumbline policy`: which authorities take no referrals, what allegations can be about.

Each change is a version of the book; other rules change with a version as well.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TextIO

import click
from flask import current_app
from sqlalchemy import select

from workflow.db.session import session, transaction
from workflow.engine.machine import Invalid
from workflow.policy.book import Book, ChannelRule
from workflow.policy.models import PolicyVersion
from workflow.policy.queries import allegation_types, book
from workflow.policy.service import store
from workflow.policy.type_list import as_table, from_table

#: Who can be closed: another authority is named in words each time.
CHANNELS: Final = ("oig", "opr", "crcl", "agency")


@click.group("policy")
def policy_group() -> None:
    """Rules that an operator changes."""


@policy_group.command("close")
@click.argument("channel", type=click.Choice(CHANNELS))
@click.option("--why", required=True, help="Shown to whoever wants to refer a complaint there.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="From this day on; else from today.")
def close_command(channel: str, why: str, day: datetime | None) -> None:
    """Say that an authority takes no referrals any more."""
    on = day.date() if day else _now().date()
    _change(ChannelRule(channel, on, why.strip()[:300]), channel)
    click.echo(f"{channel} takes no referrals from {on} on.")


@policy_group.command("open")
@click.argument("channel", type=click.Choice(CHANNELS))
def open_command(channel: str) -> None:
    """Say that an authority takes referrals again."""
    _change(None, channel)
    click.echo(f"{channel} takes referrals.")


@policy_group.command("types")
@click.argument("file", required=False, type=click.File("r", encoding="utf-8-sig"))
def types_command(file: TextIO | None) -> None:
    """What an allegation can be about: without FILE show the list as CSV, with one put it in force."""
    if file is None:
        click.echo(as_table(allegation_types().values()), nl=False)
        return
    try:
        types = from_table(file.read())
        is_new = _store(lambda known: replace(known, allegation_types=types), note="Types of allegation")
    except Invalid as fault:
        raise click.ClickException(str(fault)) from None
    except (UnicodeDecodeError, csv.Error):
        raise click.ClickException("This is not a CSV file in UTF-8.") from None
    click.echo(f"{len(types)} types are in force." if is_new else "Nothing changed.")


def _change(rule: ChannelRule | None, channel: str) -> None:
    """Put the newest book in force again, with or without a row for this channel."""

    def change(known: Book) -> Book:
        kept = tuple(r for r in known.channels if r.code != channel)
        return replace(known, channels=(*kept, rule) if rule else kept)

    _store(change, note=f"Referrals: {channel}")


def _store(change: Callable[[Book], Book], *, note: str) -> bool:
    """Store the newest book, changed, under the next number; whether anything is new."""
    now = _now()
    with transaction():
        known = _newest()
        changed = change(known)
        if changed == known:
            return False
        effective: date = max(known.effective_on, now.date())
        store(replace(changed, version=known.version + 1, effective_on=effective, note=note), now=now)
        return True


def _newest() -> Book:
    newest = session().scalar(select(PolicyVersion.id).order_by(PolicyVersion.number.desc()).limit(1))
    if newest is None:
        raise click.ClickException("There is no policy yet: run `plumbline init` or `plumbline demo` first.")
    return book(newest)


def _now() -> datetime:
    now: datetime = current_app.extensions["clock"]()
    return now
