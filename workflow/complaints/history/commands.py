"""`plumbline import complaints`: reads the clock and the files, calls the import, says what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from workflow.complaints.history.entering import Report, bring, void
from workflow.complaints.history.mapping import mapping_in
from workflow.complaints.history.reading import read
from workflow.complaints.history.sketch import sketch
from workflow.db.session import transaction
from workflow.engine.machine import Refused
from workflow.people.office import claim, office
from workflow.policy.service import ensure_standard
from workflow.register.cells import Table, Unreadable
from workflow.register.import_report import progress, write_refused
from workflow.register.workbook import read_table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("complaints")
@click.argument("file", type=_FILE, required=False)
@click.option("--mapping", type=_FILE, help="What the columns and values mean (TOML).")
@click.option("--sketch", "sketches", is_flag=True, help="Print a proposed mapping instead.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--json", "in_json", is_flag=True, help="One JSON document on standard output.")
@click.option(
    "--refused", "refused_file", type=click.Path(dir_okay=False, path_type=Path), help="Refused rows as CSV."
)
@click.option("--void", "batch", type=int, help="Void an import of this number, where nobody has touched it.")
@click.option("--why", help="Why it is voided.")
def import_complaints_command(
    file: Path | None,
    mapping: Path | None,
    *,
    sketches: bool,
    dry_run: bool,
    in_json: bool,
    refused_file: Path | None,
    batch: int | None,
    why: str | None,
) -> None:
    """Bring complaints of another system in, closed and open ones. Safe to repeat; nothing is sent."""
    if batch is not None:
        _void(batch, why)
        return
    if file is None:
        raise click.UsageError("Name the file to bring in.")
    if sketches == (mapping is not None):
        raise click.UsageError("Give --mapping FILE, or --sketch for a first proposal of one.")
    with _in_words():
        table = read_table(file)
        if mapping is None:
            zone = getattr(office(), "zone", "UTC")
            click.echo(sketch(table, source=file.stem, zone=zone), nl=False)
            return
        report = _bring(table, mapping, dry_run=dry_run)
    if refused_file is not None and report.refused:
        _write_refused(report, table, refused_file)
    if in_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in _said(report, dry_run=dry_run):
            click.echo(line)
    if report.refused:
        sys.exit(1)


@contextmanager
def _in_words() -> Iterator[None]:
    """What cannot be done ends the command with a sentence, never with a traceback."""
    try:
        yield
    except Unreadable as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(2)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


def _bring(table: Table, mapping: Path, *, dry_run: bool) -> Report:
    now: datetime = current_app.extensions["clock"]()
    try:
        translation = mapping_in(mapping.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("The mapping file is not UTF-8 text.") from error
    if not dry_run:
        with transaction():
            claim(is_demonstration=False, now=now)
            ensure_standard(now=now)
    found = read(table, translation, now=now)
    with progress("Entering complaints") as told:
        return bring(
            current_app.extensions["house"], found, translation, now=now, dry_run=dry_run, progress=told
        )


def _void(batch: int, why: str | None) -> None:
    if not why:
        raise click.UsageError("Say why it is voided: --why “…”.")
    now: datetime = current_app.extensions["clock"]()
    try:
        voided, left = void(current_app.extensions["house"], batch, why, now=now)
    except LookupError:
        click.echo(f"There is no import of the number {batch}.", err=True)
        sys.exit(1)
    click.echo(f"{voided:,} complaints voided.")
    for reference in left:
        click.echo(f"{reference} was worked on since: left as it is.")
    if left:
        sys.exit(1)


def _said(report: Report, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "A dry run: nothing was written."
    yield (
        f"{report.rows:,} rows: {report.complaints:,} complaints ({report.open:,} open, {report.closed:,} "
        f"closed), {report.allegations:,} allegations."
    )
    would = "would be created" if dry_run else "created"
    yield f"{report.created:,} {would}, {report.unchanged:,} unchanged, {len(report.refused):,} rows refused."
    if report.batch is not None:
        yield f"This was import {report.batch}. To void what nobody touched: --void {report.batch} --why “…”."
    yield from report.warnings
    for row in report.refused:
        yield f"Refused row {row.number}, {row.column} “{row.value}”: {row.reason}"


def _write_refused(report: Report, table: Table, path: Path) -> None:
    cells = {row.number: {header: cell.text for header, cell in row.cells.items()} for row in table.rows}
    refused = [(r.number, r.column, r.value, r.reason) for r in report.refused]
    write_refused(path, refused, table.headers, cells)
