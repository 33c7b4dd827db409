"""`plumbline demo`: a believable office with made-up agencies, and its printed accounts."""

from __future__ import annotations

import click
from flask import Flask


def fill(app: Flask, *, echo: object) -> None:
    """PLACEHOLDER until the room is written."""


def print_accounts(app: Flask) -> None:
    """PLACEHOLDER until the room is written."""


@click.command("demo")
def demo_command() -> None:
    """PLACEHOLDER until the room is written."""
