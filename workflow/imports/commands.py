"""The commands of declared listings, made of one piece: files in, a report out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import click
from flask import current_app

from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.engine.machine import Refused
from workflow.imports.batches import Entrant, Report, Voided, bring, void, voided_at
from workflow.imports.listing import Listing, RefusedRow
from workflow.imports.mapping import mapping_in
from workflow.imports.models import ImportedThing
from workflow.imports.reading import read
from workflow.imports.sketch import sketch
from workflow.people.office import claim, could_be_real
from workflow.policy.service import ensure_standard
from workflow.register.cells import Table, Unreadable
from workflow.register.import_report import progress, write_refused
from workflow.register.workbook import read_table

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Told(Protocol):
    """What an import reports, whatever it counts."""

    refused: list[RefusedRow]

    def as_json(self) -> dict[str, Any]: ...


#: Makes what enters the lines of a listing, after everything was read.
EntrantOf = Callable[[House], Entrant]
#: Makes what takes an imported thing back: the house, why, and now.
TakeBackOf = Callable[[House, str, datetime], Callable[[ImportedThing], str | None]]


def asked_of_imports(command: Callable[..., None]) -> Callable[..., None]:
    """What every import can be told on the command line."""
    asked = (
        click.argument("file", type=FILE, required=False),
        click.option("--mapping", type=FILE, help="What the columns and values mean (TOML)."),
        click.option("--sketch", "sketches", is_flag=True, help="Print a proposed mapping instead."),
        click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing."),
        click.option("--json", "in_json", is_flag=True, help="One JSON document on standard output."),
        click.option(
            "--refused",
            "refused_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Refused rows as CSV.",
        ),
        click.option("--void", "batch", type=int, help="Void this import, where nobody touched it."),
        click.option("--why", help="Why it is voided."),
    )
    for each in reversed(asked):
        command = each(command)
    return command


def import_command(
    listing: Listing, entrant_of: EntrantOf, take_back_of: TakeBackOf, *, says: str
) -> click.Command:
    """`plumbline import NAME`, with the manners of every import."""

    @click.command(listing.name, help=f"{says} Safe to repeat; nothing is sent.")
    @asked_of_imports
    def command(
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
        if batch is not None:
            void_and_say(batch, listing.name, take_back_of, why)
            return
        wanted(file, mapping, sketches=sketches)
        assert file is not None
        with in_words():
            table = read_table(file)
            if mapping is None:
                click.echo(sketch(table, listing, source=file.stem), nl=False)
                return
            report = _bring(table, mapping, listing, entrant_of, dry_run=dry_run)
        tell(report, _said(report, dry_run=dry_run), table, in_json=in_json, refused_file=refused_file)

    return command


@contextmanager
def in_words() -> Iterator[None]:
    """What cannot be done ends the command with a sentence, never with a traceback."""
    try:
        yield
    except Unreadable as unreadable:
        click.echo(str(unreadable), err=True)
        sys.exit(2)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


def wanted(file: Path | None, mapping: Path | None, *, sketches: bool) -> None:
    """Raises a usage error unless there is a file, and either a mapping or the wish for a sketch."""
    if file is None:
        raise click.UsageError("Name the file to bring in.")
    if sketches == (mapping is not None):
        raise click.UsageError("Give --mapping FILE, or --sketch for a first proposal of one.")


def text_of(mapping: Path) -> str:
    """The text of a mapping file. Raises `Unreadable`."""
    try:
        return mapping.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The mapping file is not UTF-8 text.") from error


def claim_real(*, now: datetime, dry_run: bool) -> None:
    """The database becomes a real office's, unless it is a demonstration's: then `Refused`, dry or not."""
    if dry_run:
        could_be_real()
        return
    with transaction():
        claim(is_demonstration=False, now=now)
        ensure_standard(now=now)


def void_and_say(batch: int, listing: str, take_back_of: TakeBackOf, why: str | None) -> None:
    """Void a batch; exit status 1 where something was left."""
    if not why:
        raise click.UsageError("Say why it is voided: --why “…”.")
    now: datetime = current_app.extensions["clock"]()
    if (before := voided_at(batch)) is not None:
        click.echo(f"Import {batch} was voided on {before:%d %B %Y} already.")
        return
    take_back = take_back_of(current_app.extensions["house"], why, now)
    try:
        with progress("Voiding") as told:
            done: Voided = void(batch, listing, take_back, now=now, progress=told)
    except LookupError:
        click.echo(f"There is no import of {listing} of the number {batch}.", err=True)
        sys.exit(1)
    click.echo(f"{done.count:,} {listing} voided.")
    for reference in done.left:
        click.echo(f"{reference} was worked on since: left as it is.")
    if done.left:
        sys.exit(1)


def tell(
    report: Told, said: Iterable[str], table: Table, *, in_json: bool, refused_file: Path | None
) -> None:
    """Say what came of it, write the refused rows out; exit status 1 where there are any."""
    if refused_file is not None and report.refused:
        cells = {row.number: {header: cell.text for header, cell in row.cells.items()} for row in table.rows}
        refused = [(r.number, r.column, r.value, r.reason) for r in report.refused]
        write_refused(refused_file, refused, table.headers, cells)
    if in_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in said:
            click.echo(line)
    if report.refused:
        sys.exit(1)


def said_of_refused(refused: Sequence[RefusedRow]) -> Iterator[str]:
    for row in refused:
        place = f", {row.column} “{row.value}”" if row.column else ""
        yield f"Refused row {row.number}{place}: {row.reason}"


def _bring(table: Table, mapping: Path, listing: Listing, entrant_of: EntrantOf, *, dry_run: bool) -> Report:
    now: datetime = current_app.extensions["clock"]()
    translation = mapping_in(text_of(mapping), listing)
    claim_real(now=now, dry_run=dry_run)
    found = read(table, translation, listing, today=now.date())
    with progress(f"Entering {listing.name}") as told:
        entrant = entrant_of(current_app.extensions["house"])
        return bring(listing, found, translation, entrant, now=now, dry_run=dry_run, progress=told)


def _said(report: Report, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "A dry run: nothing was written."
    would = "would be created" if dry_run else "created"
    yield (
        f"{report.rows:,} rows: {report.created:,} {would}, {report.unchanged:,} unchanged, "
        f"{len(report.refused):,} refused."
    )
    if report.batch is not None:
        yield f"This was import {report.batch}. To void what nobody touched: --void {report.batch} --why “…”."
    yield from report.warnings
    yield from said_of_refused(report.refused)
