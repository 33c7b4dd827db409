"""`plumbline plan`: the inspections owed and when, on the command line; with `--open` their cases."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

import click
from flask import current_app
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import select

from workflow.cases.calendars import HEADQUARTERS_ZONE, in_zone
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.planning.obligations import kinds
from workflow.planning.opening import open_all
from workflow.planning.queries import Plan, plan
from workflow.policy.queries import in_force
from workflow.register.models import FieldOffice
from workflow.web.clock import now

_DAY = click.DateTime(["%Y-%m-%d"])
#: Lines printed for people; programs take the JSON.
SHOWN = 40


@click.command("plan")
@click.option("--as-of", "as_of", type=_DAY, help="As known on this day (default: today).")
@click.option("--until", type=_DAY, help="Only what is due up to this day.")
@click.option("--open", "opens", is_flag=True, help="Open an inspection for each that has none yet.")
@click.option("--model", help="Only agreements of this model, such as WSO.")
@click.option("--kind", help="Only obligations of this kind, such as routine or oversight_contact.")
@click.option("--office", help="Only agreements of this field office, by name.")
@click.option("--json", "in_json", is_flag=True, help="One JSON document on standard output.")
def plan_command(
    as_of: datetime | None,
    until: datetime | None,
    model: str | None,
    kind: str | None,
    office: str | None,
    *,
    opens: bool,
    in_json: bool,
) -> None:
    """What every active agreement owes by the policy: when, and on what that rests."""
    day = as_of.date() if as_of else in_zone(HEADQUARTERS_ZONE).day_of(now())
    try:
        book = in_force(day)[1]
    except LookupError as missing:
        click.echo(str(missing), err=True)
        sys.exit(1)
    if model is not None and book.model(model.upper()) is None:
        raise click.UsageError(
            f"There is no model {model}. There are {', '.join(m.code for m in book.models)}."
        )
    if kind is not None and kind not in kinds(book):
        raise click.UsageError(f"There is no kind {kind}. There are {', '.join(kinds(book))}.")
    wanted: dict[str, Any] = {
        "as_of": day,
        "until": until.date() if until else None,
        "model": model.upper() if model else None,
        "office_id": _office(office),
        "kind": kind,
    }
    made = plan(SYSTEM, **wanted)
    if opens:
        opened = _open(made)
        click.echo(f"{opened:,} inspections opened.", err=True)
        made = plan(SYSTEM, **wanted)
    if in_json:
        click.echo(json.dumps(made.as_json()))
        return
    _print(made)


def _open(made: Plan) -> int:
    """Open what has no inspection yet, with a bar on standard error where somebody looks."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("Opening inspections", total=len(made.obligations))
        house = current_app.extensions["house"]
        return open_all(house, made.obligations, now=now(), progress=lambda: bar.advance(task))


def _office(name: str | None) -> int | None:
    if name is None:
        return None
    offices = session().execute(select(FieldOffice.id, FieldOffice.name, FieldOffice.code)).all()
    wanted = name.strip().casefold()
    found: int | None = next(
        (o.id for o in offices if wanted in (o.name.casefold(), o.code.casefold())), None
    )
    if found is None:
        known = ", ".join(sorted(o.name for o in offices)) or "none; import agreements first"
        raise click.UsageError(f"There is no field office “{name}”. There are: {known}.")
    return found


def _print(made: Plan) -> None:
    """The plan for people: what is owed by model, then the first lines."""
    click.echo(f"Owed as of {made.as_of:%d %B %Y}:")
    click.echo(
        f"{'model':<8}{'agreements':>12}{'owed':>8}{'overdue':>9}{'waived':>8}{'nothing on record':>19}"
    )
    for name, group in made.by_model.items():
        click.echo(
            f"{name:<8}{group.agreements:>12,}{group.obligations:>8,}{group.overdue:>9,}{group.waived:>8,}"
            f"{group.no_history:>19,}"
        )
    for gap in made.gaps:
        click.echo(gap.words)
    for o in made.obligations[:SHOWN]:
        late = f", {o.overdue_days} days overdue" if o.is_overdue else ""
        late += f", waived until {o.waived_until}" if o.waived_until else ""
        click.echo(f"{o.due_on}  {o.model:<5} {o.title}: {o.agency}, {o.state} ({o.office}){late}: {o.basis}")
    if len(made.obligations) > SHOWN:
        click.echo(f"… and {len(made.obligations) - SHOWN:,} more; --json prints all of them.")
