"""`plumbline documents`: compare what is kept with its hashes, and throw away what nobody names any more."""

from __future__ import annotations

import sys
from datetime import datetime

import click
from flask import current_app

from workflow.cases.enclosures import key_or_none
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.documents import staging, upkeep
from workflow.documents.storage import Cabinet
from workflow.engine.actors import SYSTEM


@click.group()
def documents() -> None:
    """What people enclosed: is it still what it was, and is anything left over."""


@documents.command("check")
@click.option("--sample", type=click.IntRange(1), help="So many by chance instead of all; for every night.")
def check(sample: int | None) -> None:
    """Fetch, unseal and hash documents again; name every difference and exit 1, or say what was read."""
    house, cabinet = _house(), _cabinet()
    wrong = read = 0
    for document_id, case_id, number in upkeep.chosen(sample=sample):
        case = session().get_one(Case, case_id)
        for words in upkeep.differences(cabinet, document_id, key=key_or_none(house, case)):
            click.echo(f"{case.reference}, document {number}: {words}")
            wrong += 1
        read += 1
        session().expunge_all()
    if wrong:
        sys.exit(1)
    click.echo(f"{read:,} documents: every one is what was kept.")


@documents.command("tidy")
def tidy() -> None:
    """Throw away uploads that were never sent, and contents that no document names."""
    moment = _now()
    waited = staging.sweep(_cabinet(), now=moment)
    loose = upkeep.tidy(_cabinet(), now=moment)
    click.echo(f"{waited:,} uploads that were never sent, {loose:,} left-over contents: thrown away.")


def tend(house: House, cabinet: Cabinet, *, now: datetime) -> int:
    """Look again at what nobody could look at yet; let go of uploads that waited for too long."""
    staging.sweep(cabinet, now=now)
    looked = 0
    for document_id, case_id in upkeep.quarantined():
        key = key_or_none(house, session().get_one(Case, case_id))
        if key is not None:
            looked += upkeep.look_again(cabinet, document_id, key=key, by=SYSTEM, now=now)
    return looked


def _house() -> House:
    found: House = current_app.extensions["house"]
    return found


def _cabinet() -> Cabinet:
    found: Cabinet = current_app.extensions["documents"]
    return found


def _now() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment
