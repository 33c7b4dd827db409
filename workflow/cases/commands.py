"""Commands about every kind of case: proofs and handbook of machines, the chain, the sweep, the worker."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from sqlalchemy import inspect

from workflow.cases.document_commands import tend
from workflow.cases.kinds import House
from workflow.cases.lacking import lacking
from workflow.cases.models import Case
from workflow.cases.sweep import addresses, hearers, sweep
from workflow.cases.task_machine import TASK
from workflow.cases.verify import exported, first_difference, verify
from workflow.db.session import db
from workflow.engine.actors import SYSTEM
from workflow.engine.checks import faults
from workflow.engine.effects import Limit
from workflow.engine.handbook import LimitLine, page
from workflow.engine.machine import Machine
from workflow.engine.spans import words
from workflow.messages.delivery import Delivered, deliver
from workflow.policy.book import OURS, Book, Unresolved
from workflow.policy.parity import undischarged
from workflow.policy.queries import in_force
from workflow.policy.standard import BOOK

#: Tiers a limit may hang on: of complaints, and the classes of deficiencies under the same name.
TIERS = {"complaint": (1, 2, 3, 4), "corrective": (1, 2, 3)}


def _house() -> House:
    found: House = current_app.extensions["house"]
    return found


def _now() -> datetime:
    moment: datetime = current_app.extensions["clock"]()
    return moment


# --- machines ---------------------------------------------------------------------------------


@click.group()
def machines() -> None:
    """The state machines: their proofs and their handbook."""


@machines.command("check")
def machines_check() -> None:
    """Prove every machine for every model; print each fault and the way to it, or nothing.

    Duties that a model has no rhythm for are no fault of a machine: they are told beside, on stderr.
    """
    found = [f"{machine.title}: {fault}" for machine in declared(_house()) for fault in proofs(machine, BOOK)]
    of_kinds = {name: kind.machine for name, kind in _house().kinds.items()}
    found += dict.fromkeys(gap for book in _books() for gap in undischarged(book, of_kinds))
    for fault in found:
        click.echo(fault)
    for gap in lacking(SYSTEM, BOOK) if inspect(db.engine).has_table(Case.__tablename__) else ():
        click.echo(gap.words, err=True)
    if found:
        sys.exit(1)


def _books() -> list[Book]:
    """The book as delivered, and the one this office works by today, where there is a database."""
    if not inspect(db.engine).has_table(Case.__tablename__):
        return [BOOK]
    try:
        return [BOOK, in_force(_now().date())[1]]
    except LookupError:
        return [BOOK]


@machines.command("write")
@click.option("--into", type=click.Path(path_type=Path), default=Path("docs/machines"))
def machines_write(into: Path) -> None:
    """Write the handbook page of every machine."""
    into.mkdir(parents=True, exist_ok=True)
    for name, text in handbook(_house(), BOOK):
        (into / name).write_text(text)
        click.echo(f"{into / name}")


def declared(house: House) -> list[Machine[Any, Any]]:
    """Every machine there is, tasks included."""
    return [*(kind.machine for kind in house.kinds.values()), TASK]


def proofs(machine: Machine[Any, Any], book: Book) -> list[str]:
    """The faults of one machine under a book, for every template and tier it knows."""
    return faults(
        machine,
        resolves=lambda limit, model, revision, tier: _resolves(book, limit, model, revision, tier),
        templates=[*book.template_keys(), *((m.code, "") for m in book.models)],
        tiers=TIERS.get(machine.kind, (None,)),
        works=machine is not TASK,
    )


def handbook(house: House, book: Book) -> Iterator[tuple[str, str]]:
    """(file name, Markdown) of every machine, as the book has its limits."""

    def limits(limit: Limit) -> Sequence[LimitLine]:
        return [
            LimitLine("" if r.applies_to == "all" else r.applies_to, words(r.span), r.source or OURS)
            for r in book.rules_named(limit.name)
        ]

    for machine in declared(house):
        yield f"{machine.kind}.md", page(machine, limits=limits)


def _resolves(book: Book, limit: Limit, model: str | None, revision: str | None, tier: int | None) -> bool:
    try:
        book.rule(limit, model=model, revision=revision, tier=tier)
    except Unresolved:
        return False
    return True


# --- the chain --------------------------------------------------------------------------------


@click.group()
def audit() -> None:
    """The chain of events: verify it, or take it elsewhere."""


@audit.command("verify")
@click.option(
    "--from",
    "exported_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with an earlier export as well.",
)
def audit_verify(exported_file: Path | None) -> None:
    """Walk every chain; name the first bad event and exit 1, or say what was read."""
    report = verify()
    for wrong in report.breaks:
        where = f"event {wrong.event_id}" if wrong.event_id else "no event"
        click.echo(f"{wrong.reference}, version {wrong.version} ({where}): {wrong.words}")
    if exported_file and (difference := first_difference(exported_file.read_text().splitlines())):
        click.echo(difference)
        sys.exit(1)
    if report.breaks:
        sys.exit(1)
    click.echo(f"{report.events:,} events of {report.cases:,} cases: every one is what was written.")


@audit.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def audit_export(file: Path) -> None:
    """Write reference, version and hash of every event, to be kept elsewhere."""
    count = 0
    with file.open("w") as out:
        for line in exported():
            out.write(line + "\n")
            count += 1
    click.echo(f"{count:,} events written.", err=True)


# --- time -------------------------------------------------------------------------------------


@click.command("sweep")
@click.option("--at", type=click.DateTime(), help="Pretend it is this moment (UTC).")
@click.option("--json", "in_json", is_flag=True)
def sweep_command(at: datetime | None, *, in_json: bool) -> None:
    """What time has done: steps that fall due, messages that wait. Safe to run twice."""
    moment = at.replace(tzinfo=UTC) if at else _now()
    swept = sweep(_house(), now=moment)
    tend(_house(), current_app.extensions["documents"], now=moment)
    sent = _deliver(moment)
    said = {
        "steps": swept.taken,
        "not_yet": swept.left,
        "letters": swept.beside,
        "messages": sent.done,
        "failed": sent.failed,
    }
    click.echo(json.dumps(said) if in_json else ", ".join(f"{k}: {v}" for k, v in said.items()))


def _deliver(moment: datetime) -> Delivered:
    settings = current_app.extensions["settings"]
    return deliver(
        settings.mail_url,
        may_hear=hearers(now=moment),
        now=moment,
        base_url=settings.base_url,
        address_of=addresses(_house()),
    )


@click.command("worker")
@click.option("--every", default=60, show_default=True, help="Seconds between two sweeps.")
def worker_command(every: int) -> None:
    """Sweep and deliver for ever; several may run at once."""
    click.echo(f"Sweeping every {every} seconds. Stop with Ctrl-C.", err=True)
    while True:
        with current_app.app_context():
            sweep(_house(), now=_now())
            tend(_house(), current_app.extensions["documents"], now=_now())
            _deliver(_now())
        time.sleep(every)
