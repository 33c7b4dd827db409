"""`plumbline search`: the index of words, made anew. Nothing is searched here."""

from __future__ import annotations

import click
from flask import current_app

from workflow.complaints.word_index import reindex


@click.group("search")
def search() -> None:
    """The index that finds complaints by their words."""


@search.command("reindex")
def reindex_command() -> None:
    """Make the index anew: after the first of the keys was changed, or a backup was brought back."""
    done = reindex(current_app.extensions["house"].keyring)
    click.echo(f"{done:,} complaints are indexed.")
