"""Inspections, corrections and contacts of another system: what is due next is counted from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests.cast import ALDER, BIRCH, MONDAY, PAM, SAM
from workflow.agreements.contact_history import import_contacts_command
from workflow.agreements.models import AgreementContact
from workflow.agreements.service import register_by_hand
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock, Event, Task
from workflow.cases.perform import note
from workflow.cases.verify import verify
from workflow.corrective.history import import_corrective_command
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM
from workflow.imports.models import ImportBatch, ImportedThing
from workflow.inspections.history import import_inspections_command
from workflow.inspections.models import Inspection
from workflow.messages.models import Outbox
from workflow.planning.queries import plan

DATA = Path(__file__).resolve().parents[1] / "data" / "imports"
LIST, MAPPING = DATA / "inspections.csv", DATA / "inspections.toml"
TODAY = MONDAY.date()
COMMANDS = {
    "inspections": import_inspections_command,
    "corrective": import_corrective_command,
    "contacts": import_contacts_command,
}
Run = Callable[..., Result]


@pytest.fixture
def run(ctx: Flask, house: House) -> Run:
    """`plumbline import …`, on a register with a WSO agreement of each of two made-up agencies."""
    for agency in (ALDER, BIRCH):
        register_by_hand(
            house,
            agency_id=agency,
            model="WSO",
            signed_on=date(2021, 5, 4),
            template=None,
            source="The memorandum",
            actor=PAM,
            now=MONDAY,
        )

    def invoke(name: str, *arguments: Any) -> Result:
        session().rollback()
        return ctx.test_cli_runner().invoke(COMMANDS[name], list(map(str, arguments)), catch_exceptions=False)

    return invoke


@pytest.fixture
def brought(run: Run) -> dict[str, Any]:
    result = run("inspections", LIST, "--mapping", MAPPING, "--json")
    assert result.exit_code == 1, (result.output, result.exception)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def came_from(number: str) -> Case:
    found = select(Case).join(ImportedThing, ImportedThing.case_id == Case.id)
    return session().scalars(found.where(ImportedThing.number == number)).one()


def test_what_can_be_read_is_brought_in_as_closed(brought: dict[str, Any]):
    assert (brought["rows"], brought["created"], brought["unchanged"]) == (15, 3, 0)
    first = came_from("A-1")
    assert isinstance(first, Inspection)
    assert (first.state, first.fieldwork_completed_on, first.due_on) == (
        "closed",
        date(2024, 3, 5),
        date(2024, 2, 1),
    )
    assert (first.rating, first.rating_scale, first.kind_of) == ("Good", "Old scale", "routine")
    assert [(f.item, f.clause, f.class_code) for f in first.findings] == [
        ("G1", "Posters missing", "major"),
        ("", "Roster not kept", "minor"),
    ]
    assert verify().breaks == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (5, "Done", "a day that no calendar has"),
        (6, "Partner", "no agency of this name"),
        (7, "Program", "no agreement of this model"),
        (8, "Done", "after the day of the import"),
        (9, "Report", "before the fieldwork ended"),
        (10, "Rating", "nothing without its scale"),
        (11, "Done", "differs between rows 11 and 12 of one inspection"),
        (12, "Done", "differs between rows 11 and 12"),
        (13, "Number", "Nothing stands here"),
        (14, "Done", "the day its fieldwork was completed is needed"),
        (15, "Severity", "A deficiency needs its class"),
    ],
)
def test_every_refused_row_says_why_at_its_column(brought: dict[str, Any], row: int, column: str, says: str):
    [refused] = [r for r in brought["refused"] if r["row"] == row]

    assert refused["column"] == column
    assert says in refused["reason"]


def test_values_without_a_translation_are_reported_and_never_guessed(brought: dict[str, Any]):
    assert "Kind “Special”, 5 times, is not mapped: taken as routine." in brought["warnings"]


@pytest.mark.usefixtures("brought")
def test_the_next_inspection_is_due_from_the_one_brought_in():
    owed = {o.slug: o for o in plan(SYSTEM, as_of=TODAY).obligations}

    assert (owed["alder-county-ga"].due_on, owed["alder-county-ga"].has_history) == (
        date(2027, 3, 5),
        True,
    )


@pytest.mark.usefixtures("brought")
def test_a_second_import_changes_nothing_and_nothing_is_sent(run: Run):
    before = len(session().scalars(select(Outbox)).all())
    again = json.loads(run("inspections", LIST, "--mapping", MAPPING, "--json").stdout)

    assert (again["created"], again["unchanged"], again["batch"]) == (0, 3, None)
    assert len(session().scalars(select(Outbox)).all()) == before == 0
    tasks = select(Task).join(Case, Case.id == Task.case_id).where(Case.kind == "inspection")
    assert session().scalars(tasks).all() == []


def test_a_dry_run_writes_nothing(run: Run):
    told = json.loads(run("inspections", LIST, "--mapping", MAPPING, "--json", "--dry-run").stdout)

    assert (told["created"], told["batch"]) == (3, None)
    assert session().scalars(select(ImportedThing)).all() == []


def test_a_sketch_is_a_mapping_that_can_be_read_again(run: Run, tmp_path: Path):
    sketch = run("inspections", LIST, "--sketch")
    proposed = tmp_path / "proposed.toml"
    proposed.write_text(sketch.stdout.replace('fieldwork_on = ""', 'fieldwork_on = "Done"'), encoding="utf-8")

    told = run("inspections", LIST, "--mapping", proposed, "--dry-run", "--json")

    assert 'model = "Program"' in sketch.stdout
    assert json.loads(told.stdout)["rows"] == 15


def test_a_batch_is_voided_but_for_what_somebody_worked_on(run: Run, house: House, brought: dict[str, Any]):
    touched = came_from("A-2").reference
    with transaction():
        case = case_for(PAM, touched, lock=True)
        note(house, case, "looked_at", SAM, codes={}, now=MONDAY)

    voided = run("inspections", "--void", brought["batch"], "--why", "The wrong list")

    assert voided.exit_code == 1
    assert "2 inspections voided." in voided.output
    assert f"{touched} was worked on since" in voided.output
    session().rollback()
    assert came_from("A-1").state == "voided"
    assert came_from("A-2").state == "closed"
    assert session().get_one(ImportBatch, brought["batch"]).voided_at is None
    assert {
        o.has_history
        for o in plan(SYSTEM, as_of=TODAY).obligations
        if o.agency == "Birch County Sheriff's Office"
    } == {False}


def test_an_import_of_another_list_is_not_voided_by_this_command(run: Run, brought: dict[str, Any]):
    told = run("corrective", "--void", brought["batch"], "--why", "The wrong list")

    assert told.exit_code == 1
    assert "no import of corrective of the number" in told.output


# --- corrective actions -----------------------------------------------------------------------


@pytest.fixture
def corrected(run: Run) -> dict[str, Any]:
    path = DATA / "corrective"
    told = run("corrective", path.with_suffix(".csv"), "--mapping", path.with_suffix(".toml"), "--json")
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_open_corrections_come_in_with_their_task_and_their_first_due_date(corrected: dict[str, Any]):
    assert corrected["created"] == 2
    done, still = came_from("C-1"), came_from("C-2")
    assert isinstance(still, CorrectiveAction)
    assert (done.state, still.state, still.class_code) == ("verified", "open", "minor")
    [task] = session().scalars(select(Task).where(Task.case_id == still.id)).all()
    [clock] = session().scalars(select(Clock).where(Clock.case_id == still.id)).all()
    assert task.state == "open"
    assert clock.started_at.date() == date(2025, 11, 3)
    assert session().scalars(select(Outbox)).all() == []


def test_refused_corrections_say_why(corrected: dict[str, Any]):
    assert [(r["row"], r["column"]) for r in corrected["refused"]] == [
        (4, "Verified"),
        (5, "Severity"),
        (6, "What"),
    ]


def test_what_was_found_is_in_no_report_and_no_event(corrected: dict[str, Any]):
    said = json.dumps(corrected)
    events = session().scalars(select(Event).where(Event.case_id == came_from("C-2").id))

    assert "kept on paper" not in said
    assert all(b"kept on paper" not in event.canon for event in events)


def test_a_batch_of_corrections_is_voided(run: Run, corrected: dict[str, Any]):
    told = run("corrective", "--void", corrected["batch"], "--why", "Twice")

    session().rollback()
    assert "2 corrective voided." in told.output
    assert {came_from("C-1").state, came_from("C-2").state} == {"voided"}
    assert "was voided on" in run("corrective", "--void", corrected["batch"], "--why", "Twice").output


# --- contacts ---------------------------------------------------------------------------------


@pytest.fixture
def contacted(run: Run, tmp_path: Path) -> dict[str, Any]:
    """Four rows: a meeting and a mail of one agency, an unknown kind, a day to come."""
    (tmp_path / "contacts.csv").write_text(
        "No,Partner,Program,Day,How,Notes\n"
        "K-1,Alder County Sheriff's Office,WSO,2025-09-03,Sat down together,The posters hang now.\n"
        "K-2,Birch County Sheriff's Office,WSO,2025-09-04,Mailed,\n"
        "K-3,Birch County Sheriff's Office,WSO,2025-09-05,Dreamed,\n"
        "K-4,Birch County Sheriff's Office,WSO,2026-09-05,Sat down together,\n",
        encoding="utf-8",
    )
    (tmp_path / "contacts.toml").write_text(
        '[source]\nname = "old list"\n[columns]\nreference = "No"\nagency = "Partner"\nmodel = "Program"\n'
        'held_on = "Day"\nkind = "How"\ncovered = "Notes"\n'
        '[values.kind]\n"Sat down together" = "review_meeting"\n"Mailed" = "message"\n',
        encoding="utf-8",
    )
    told = run("contacts", tmp_path / "contacts.csv", "--mapping", tmp_path / "contacts.toml", "--json")
    assert told.stdout, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def due_of(slug: str) -> dict[str, tuple[date, bool]]:
    """When each kind of duty of an agency's agreement is due, and whether that rests on history."""
    return {
        o.kind: (o.due_on, o.has_history) for o in plan(SYSTEM, as_of=TODAY).obligations if o.slug == slug
    }


def test_a_contact_brought_in_meets_the_duties_its_kind_meets(contacted: dict[str, Any]):
    assert contacted["created"] == 2
    assert [(r["row"], r["column"]) for r in contacted["refused"]] == [(4, "How"), (5, "Day")]
    assert due_of("alder-county-ga")["oversight_contact"] == (date(2026, 9, 3), True)
    assert due_of("birch-county-ga")["oversight_contact"][1] is False  # a mail alone does not count
    assert "posters" not in json.dumps(contacted)


def test_a_batch_of_contacts_counts_no_more_and_stays_on_record(run: Run, contacted: dict[str, Any]):
    told = run("contacts", "--void", contacted["batch"], "--why", "The wrong list")

    session().rollback()
    assert "2 contacts voided." in told.output
    assert due_of("alder-county-ga")["oversight_contact"][1] is False
    rows = session().scalars(select(AgreementContact).order_by(AgreementContact.id)).all()
    assert [row.took_place for row in rows] == [True, True, False, False]
    assert verify().breaks == ()
