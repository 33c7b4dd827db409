"""`plumbline figures coverage`: every agreement in force, on the command line."""

from __future__ import annotations

import json
import sys
from datetime import datetime

import click

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.engine.actors import SYSTEM
from workflow.planning.coverage import TITLES, Stand, coverage
from workflow.planning.coverage_paper import title_of
from workflow.web.clock import now


@click.command("coverage")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="As of this day (default: today).")
@click.option("--json", "in_json", is_flag=True, help="One JSON document on standard output.")
def coverage_command(as_of: datetime | None, *, in_json: bool) -> None:
    """Where every agreement in force stands: inspected, waived, overdue, not due, or without a rule."""
    day = as_of.date() if as_of else in_zone(HEADQUARTERS_ZONE).day_of(now())
    try:
        found = coverage(SYSTEM, as_of=day)
    except LookupError as missing:
        click.echo(str(missing), err=True)
        sys.exit(1)
    if in_json:
        click.echo(json.dumps(found.as_json()))
        return
    click.echo(f"{title_of(found)}, {found.agreements:,} agreements in force on {day:%d %B %Y}")
    for kind, title in found.duties:
        click.echo(f"\n{title}")
        for model, counts in found.counted(kind).items():
            said = ", ".join(f"{TITLES[stand].lower()} {counts[stand]:,}" for stand in Stand if counts[stand])
            click.echo(f"  {model:<5}{counts.total():>7,}  {said or 'none in force'}")
    click.echo(f"\nDigest: {found.digest}")
