"""`plumbline import complaints`: reads the clock and the files, calls the import, says what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from workflow.complaints import matters
from workflow.complaints.history.entering import LISTING, Report, bring, take_back
from workflow.complaints.history.mapping import mapping_in
from workflow.complaints.history.reading import read
from workflow.complaints.history.sketch import sketch
from workflow.imports.commands import (
    asked_of_imports,
    claim_real,
    in_words,
    said_of_refused,
    tell,
    text_of,
    void_and_say,
    wanted,
)
from workflow.people.office import office
from workflow.register.cells import Table
from workflow.register.import_report import progress
from workflow.register.workbook import read_table


@click.command("complaints")
@asked_of_imports
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
        void_and_say(batch, LISTING, take_back, why)
        return
    wanted(file, mapping, sketches=sketches)
    assert file is not None
    with in_words():
        table = read_table(file)
        if mapping is None:
            zone = getattr(office(), "zone", "UTC")
            click.echo(sketch(table, source=file.stem, zone=zone, types=matters.titles()), nl=False)
            return
        report = _bring(table, mapping, dry_run=dry_run)
    tell(report, _said(report, dry_run=dry_run), table, in_json=in_json, refused_file=refused_file)


def _bring(table: Table, mapping: Path, *, dry_run: bool) -> Report:
    now: datetime = current_app.extensions["clock"]()
    translation = mapping_in(text_of(mapping), types=matters.titles())
    claim_real(now=now, dry_run=dry_run)
    found = read(table, translation, now=now)
    with progress("Entering complaints") as told:
        return bring(
            current_app.extensions["house"], found, translation, now=now, dry_run=dry_run, progress=told
        )


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
    yield from said_of_refused(report.refused)
