"""`plumbline policy`: which authorities take no referrals. Other rules change with a version of the book."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from typing import Final

import click
from flask import current_app
from sqlalchemy import func, select

from workflow.db.session import transaction
from workflow.policy.book import ChannelRule
from workflow.policy.models import PolicyVersion
from workflow.policy.queries import book
from workflow.policy.service import store

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
    now: datetime = current_app.extensions["clock"]()
    on = day.date() if day else now.date()
    _change(ChannelRule(channel, on, why.strip()[:300]), channel, now=now)
    click.echo(f"{channel} takes no referrals from {on} on.")


@policy_group.command("open")
@click.argument("channel", type=click.Choice(CHANNELS))
def open_command(channel: str) -> None:
    """Say that an authority takes referrals again."""
    _change(None, channel, now=current_app.extensions["clock"]())
    click.echo(f"{channel} takes referrals.")


def _change(rule: ChannelRule | None, channel: str, *, now: datetime) -> None:
    """Store the newest book again under the next number, with or without a row for this channel."""
    with transaction() as s:
        newest = s.scalar(select(PolicyVersion.id).order_by(PolicyVersion.number.desc()).limit(1))
        if newest is None:
            click.echo("There is no policy yet: run `plumbline init` or `plumbline demo` first.", err=True)
            sys.exit(1)
        known = book(newest)
        kept = tuple(r for r in known.channels if r.code != channel)
        changed = (*kept, rule) if rule else kept
        if changed == known.channels:
            return
        number = s.scalar(select(func.max(PolicyVersion.number))) or 0
        effective: date = max(known.effective_on, now.date())
        changed_book = replace(
            known,
            version=number + 1,
            effective_on=effective,
            channels=changed,
            note=f"Referrals: {channel}",
        )
        store(changed_book, now=now)
