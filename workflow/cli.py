"""The `plumbline` command: the groups of the rooms, and the start of the one-process default."""

from __future__ import annotations

import errno
import sys
from typing import Any, Final

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_migrate import upgrade
from waitress.server import create_server

from workflow.agreements import commands as agreements
from workflow.agreements import contact_history, officer_history
from workflow.cases import commands as cases
from workflow.cases import document_commands
from workflow.complaints import erase_commands, search_commands
from workflow.complaints.history import commands as complaint_history
from workflow.corrective import history as corrective_history
from workflow.demo import commands as demo
from workflow.factory import create_app
from workflow.figures import commands as figures
from workflow.inspections import history as inspection_history
from workflow.people import commands as people
from workflow.people.office import office
from workflow.planning import commands as planning
from workflow.planning.coverage_commands import coverage_command
from workflow.planning.staffing_commands import staffing
from workflow.policy import commands as policy
from workflow.settings import Unsafe


def _app(*_: Any) -> Flask:
    """The application, or its refusal to start as one sentence."""
    try:
        return create_app()
    except (Unsafe, RuntimeError) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


@click.command("start")
def start_command() -> None:
    """Migrate, make the demonstration office when the database is empty, and serve."""
    click.echo("Bringing the database up to date …")
    upgrade()
    demo.clear_half_made(echo=click.echo)
    if office() is None:
        demo.fill(current_app, echo=click.echo)
    demo.print_accounts()
    serve()


@click.command("serve")
def serve_command() -> None:
    """Serve in this one process, with waitress."""
    serve()


def serve() -> None:
    """Listen until stopped. A taken port is said in a sentence."""
    settings = current_app.extensions["settings"]
    app: Any = current_app
    try:
        server = create_server(
            app._get_current_object(), host=settings.host, port=settings.port, threads=8, ident=None
        )
    except OSError as taken:
        if taken.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        click.echo(
            f"Port {settings.port} is not free. Stop what uses it, or choose another: PORT=5001 make run",
            err=True,
        )
        sys.exit(1)
    click.echo(f"Plumbline is at {settings.base_url}  (stop it with Ctrl-C)")
    server.run()


@click.group("import")
def import_group() -> None:
    """Bring lists and records of other systems in."""


figures.figures.add_command(coverage_command)
import_group.add_command(agreements.import_agreements_command)
import_group.add_command(complaint_history.import_complaints_command)
import_group.add_command(inspection_history.import_inspections_command)
import_group.add_command(corrective_history.import_corrective_command)
import_group.add_command(officer_history.import_officers_command)
import_group.add_command(contact_history.import_contacts_command)

COMMANDS: Final[tuple[click.Command, ...]] = (
    people.init_command,
    people.user,
    demo.demo_command,
    import_group,
    planning.plan_command,
    staffing,
    policy.policy_group,
    cases.machines,
    cases.audit,
    document_commands.documents,
    search_commands.search,
    erase_commands.erase_command,
    erase_commands.hold,
    cases.sweep_command,
    cases.worker_command,
    figures.figures,
    start_command,
    serve_command,
)


def _in_application(command: click.Command) -> click.Command:
    """The command, run inside the application; Flask does so only for those declared on its own group."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _in_application(each)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


main = FlaskGroup(
    name="plumbline",
    create_app=_app,
    add_version_option=False,
    help="Plumbline: the case system of an oversight office.",
)
for _command in COMMANDS:
    main.add_command(_in_application(_command))
