"""`plumbline figures …`: the figures on the command line, for whoever may run it."""

from __future__ import annotations

import json
from datetime import datetime

import click

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.engine.actors import SYSTEM
from workflow.figures.closure_times import By, as_json, closure_times
from workflow.web.clock import now

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("figures")
def figures() -> None:
    """Closure times and other figures."""


@figures.command("closure-times")
@click.option("--kind", type=click.Choice(["complaint", "inspection", "corrective"]), required=True)
@click.option("--as-of", "as_of", type=_DAY, help="Count as on this day (default: today).")
@click.option("--from", "first", type=_DAY, help="Received from this day on.")
@click.option("--until", "last", type=_DAY, help="Received up to this day.")
@click.option("--by", type=click.Choice([b.value for b in By]))
@click.option("--json", "in_json", is_flag=True, help="One JSON document on standard output.")
def closure_times_command(
    kind: str,
    as_of: datetime | None,
    first: datetime | None,
    last: datetime | None,
    by: str | None,
    *,
    in_json: bool,
) -> None:
    """How long cases take, with the open ones counted."""
    if first and last and last < first:
        raise click.UsageError("--until lies before --from.")
    day = as_of.date() if as_of else in_zone(HEADQUARTERS_ZONE).day_of(now())
    groups = closure_times(
        SYSTEM,
        kind,
        as_of=day,
        by=By(by) if by else None,
        received_from=first.date() if first else None,
        received_until=last.date() if last else None,
    )
    if in_json:
        click.echo(json.dumps(as_json(groups, as_of=day, by=By(by) if by else None)))
        return
    click.echo(f"{'group':<30} {'n':>7} {'open':>7} {'median':>7} {'P90':>7} {'≤ 90 d':>7}")
    for g in groups:
        share = g.curve.share_within(90)
        cells = (g.curve.n, g.curve.open, g.curve.median, g.curve.quantile(0.9))
        words = " ".join(f"{'-' if c is None else c:>7}" for c in cells)
        click.echo(f"{g.key or 'all':<30} {words} {'-' if share is None else f'{share:.0%}':>7}")
