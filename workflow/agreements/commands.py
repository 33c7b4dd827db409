"""`plumbline import agreements`: reads the clock, calls the import, and says what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from workflow.agreements.arrival import Report
from workflow.agreements.lists import import_agreements
from workflow.engine.calendar import day_words
from workflow.engine.machine import Refused
from workflow.register.agreement_list import Unreadable, list_date
from workflow.register.import_report import progress, write_refused


@click.command("agreements")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date of the list; else its name's, else today."
)
@click.option("--dry-run", is_flag=True, help="Do all of it, and keep nothing.")
@click.option("--json", "in_json", is_flag=True, help="One JSON document on standard output.")
@click.option(
    "--refused", "refused_file", type=click.Path(dir_okay=False, path_type=Path), help="Refused rows as CSV."
)
def import_agreements_command(
    file: Path, as_of: datetime | None, *, dry_run: bool, in_json: bool, refused_file: Path | None
) -> None:
    """Bring a list of participating agencies into the register. Safe to repeat."""
    now: datetime = current_app.extensions["clock"]()
    on = as_of.date() if as_of else (list_date(file.name) or now.date())
    if on > now.date():
        raise click.UsageError(f"The list cannot be of {on}: that day has not come.")
    try:
        with progress("Entering agreements") as told:
            report = import_agreements(
                current_app.extensions["house"], file, as_of=on, now=now, dry_run=dry_run, progress=told
            )
    except Unreadable as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(2)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    if refused_file is not None and report.refused:
        _write_refused(report, refused_file)
    if in_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in _said(report, on, dry_run=dry_run):
            click.echo(line)
    if report.refused:
        sys.exit(1)


def _said(report: Report, on: date, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "A dry run: nothing of this was kept."
    models = ", ".join(f"{model} {count:,}" for model, count in report.agreements.items())
    yield f"List of {day_words(on)}: {report.rows:,} rows, {report.agencies:,} agencies; {models}."
    yield (
        f"{report.created:,} created, {report.updated:,} updated, {report.unchanged:,} unchanged; "
        f"{report.vanished:,} no longer listed; {report.without_office:,} without a field office."
    )
    yield from report.warnings
    for row in report.refused:
        yield f"Refused row {row.row}, {row.column} “{row.value}”: {row.reason}"


def _write_refused(report: Report, path: Path) -> None:
    headers = list(dict.fromkeys(h for cells in report.refused_cells.values() for h in cells))
    refused = [(r.row, r.column, r.value, r.reason) for r in report.refused]
    write_refused(path, refused, headers, report.refused_cells)
