"""Complaints of another system: a dirty list becomes cases, and every row that is refused says why."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.cast import ALDER, AUDRA, RUTH
from tests.complaints.walk import go, received
from tests.pages import PageClient
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock, Event, Task
from workflow.cases.verify import verify
from workflow.complaints import sealed
from workflow.complaints.history.commands import import_complaints_command
from workflow.complaints.history.mapping import mapping_in
from workflow.complaints.models import Allegation, Complaint
from workflow.db.session import session
from workflow.engine.actors import SYSTEM, Actor
from workflow.figures.closure_times import closure_times
from workflow.imports.models import ImportedThing
from workflow.messages.models import Outbox
from workflow.policy.standard.allegations import TYPES
from workflow.register.cells import Unreadable

DATA = Path(__file__).resolve().parents[1] / "data" / "complaints"
DETROIT = Path(__file__).resolve().parents[3] / "shared/data/complaints/detroit_complaints_2016-2019.csv"
LIST, MAPPING = DATA / "dirty.csv", DATA / "dirty.toml"

SOURCE = "[source]\nname='x'\nzone='UTC'\n"
COLUMNS = "[columns]\nreference='Number'\nreceived_at='Came in'\n"

Run = Callable[..., Result]


@pytest.fixture
def run(ctx: Flask) -> Run:
    """The command, at noon of a day in June 2026."""
    ctx.extensions["clock"].now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def invoke(*arguments: Any) -> Result:
        session().rollback()
        return ctx.test_cli_runner().invoke(import_complaints_command, [str(a) for a in arguments])

    return invoke


def brought(run: Run, *more: Any) -> dict[str, Any]:
    result = run(LIST, "--mapping", MAPPING, "--json", *more)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def by_number(number: str) -> Complaint:
    found = session().scalars(
        select(Complaint)
        .join(ImportedThing, ImportedThing.case_id == Complaint.id)
        .where(ImportedThing.number == number, ImportedThing.voided_at.is_(None))
    )
    return found.one()


def allegations_of(complaint: Complaint) -> list[tuple[str, str | None, str | None]]:
    return [(a.code, a.disposition, a.closing_reason) for a in complaint.allegations]


def test_what_can_be_taken_is_taken_and_counted(run: Run):
    report = brought(run)

    counts = {k: report[k] for k in ("rows", "complaints", "allegations", "open", "closed", "created")}
    assert counts == {"rows": 14, "complaints": 5, "allegations": 6, "open": 2, "closed": 3, "created": 5}
    assert verify().breaks == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (5, "Ended", "closed before it was received"),
        (6, "Ended", "after the day of the import"),
        (8, "Came in", "It differs in one complaint: row 7 says “2024/02/01 00:00:00+00”"),
        (7, "Came in", "Refused with row 8: It differs in one complaint"),
        (9, "Number", "no number of the other system"),
        (10, "Came in", "a day that no calendar has"),
        (13, "Handler", "No reviewer of this office signs in with that address."),
        (15, "", "has 13 values for 11 columns"),
    ],
)
def test_every_refused_row_says_why_at_its_column(run: Run, row: int, column: str, says: str):
    report = brought(run)

    [refused] = [r for r in report["refused"] if r["row"] == row]

    assert refused["column"] == column
    assert says in refused["reason"]


def test_the_refused_rows_are_written_out_whole_to_be_put_right(run: Run, tmp_path: Path):
    report = brought(run, "--refused", tmp_path / "refused.csv")

    with (tmp_path / "refused.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(r["row"]) for r in rows] == [r["row"] for r in report["refused"]]
    assert rows[0]["Number"] == "T-3"


def test_the_documentation_shows_what_a_dry_run_really_says(run: Run):
    document = (DATA.parents[2] / "docs" / "import-complaints.md").read_text(encoding="utf-8")
    shown = document.partition("```text\n")[2].partition("```")[0].splitlines()

    said = run(LIST, "--mapping", MAPPING, "--dry-run").output.splitlines()

    assert len(shown) > 5
    assert [line for line in shown if line not in said] == []


def test_what_is_printed_of_a_refused_row_repeats_nobodys_words(run: Run, tmp_path: Path):
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        "[source]\nname='x'\nzone='UTC'\none_row_per='allegation'\n"
        f"{COLUMNS}narrative='Told'\ncontact='Who'\n"
    )
    file = tmp_path / "f.csv"
    file.write_text(
        "Number,Came in,Told,Who\n"
        f"1,2020-01-01,x,{'Dolores Canary ' * 40}\n"
        "2,2020-01-01,Dolores told us,y\n2,2020-01-01,Canary told us,y\n"
        f"3,2020-01-01,{'Dolores Canary ' * 2000},y\n"
    )

    for more in ((), ("--json",)):
        result = run(file, "--mapping", mapping, "--dry-run", *more)

        assert result.exit_code == 1
        assert "Told" in result.output
        assert "Dolores" not in result.output
        assert "Canary" not in result.output


def test_a_second_import_changes_nothing(run: Run):
    brought(run)
    before = session().scalar(select(func.count()).select_from(Event))

    report = brought(run)

    assert (report["created"], report["unchanged"]) == (0, 5)
    assert session().scalar(select(func.count()).select_from(Event)) == before


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run: Run):
    report = brought(run, "--dry-run")

    assert report["created"] == 5
    assert session().scalar(select(func.count()).select_from(Case)) == 0


def test_several_findings_of_one_complaint_stay_apart(run: Run):
    brought(run)

    assert allegations_of(by_number("T-1")) == [
        ("courtesy", "sustained", None),
        ("force", "not_sustained", None),
    ]
    assert by_number("T-1").channel == "telephone"
    assert by_number("T-10").closing_reason == "duplicate"


def test_what_has_no_translation_is_reported_and_not_guessed(run: Run):
    report = brought(run)

    said = " ".join(report["warnings"])
    assert all(words in said for words in ("Channel “Pigeon”", "Allegation “Noise”", "“Paper lost”"))
    assert allegations_of(by_number("T-7")) == [("other", None, None)]
    assert by_number("T-7").channel is None


def test_an_open_one_is_work_from_the_day_of_the_import_and_its_clock_counts_from_receipt(run: Run):
    brought(run)
    complaint = by_number("T-2")

    [task] = session().scalars(select(Task).where(Task.case_id == complaint.id))
    [clock] = session().scalars(select(Clock).where(Clock.case_id == complaint.id, Clock.name == "resolve"))

    assert (complaint.state, task.kind, task.closed_at) == ("received", "received", None)
    assert task.due_at is not None
    assert task.due_at > datetime(2026, 6, 1, tzinfo=UTC)
    assert clock.due_at is not None
    assert clock.due_at < datetime(2024, 12, 31, tzinfo=UTC)


def test_one_that_was_given_out_has_its_reviewer_and_can_be_worked(run: Run, house: House):
    brought(run)
    complaint = by_number("T-8")

    go(house, complaint.reference, "begin", now=datetime(2026, 6, 1, 13, tzinfo=UTC))

    assert complaint.owner_id == RUTH.id
    assert case_for(SYSTEM, complaint.reference).state == "investigating"


def test_what_was_told_and_who_told_it_are_sealed(run: Run, house: House):
    brought(run)
    complaint = by_number("T-2")

    assert sealed.words_of(complaint, house.keyring)["narrative"] == "They would not fetch an interpreter."
    assert sealed.contact_of(complaint, house.keyring) == {"reach": "555 0142"}


def test_an_import_sends_nothing(run: Run):
    brought(run)

    assert session().scalar(select(func.count()).select_from(Outbox)) == 0


def test_what_was_late_before_is_marked_as_late_before_the_import(
    run: Run, sign_in: Callable[[Actor], PageClient]
):
    brought(run)

    page = sign_in(RUTH).get(f"/complaints/{by_number('T-2').reference}")

    assert "Brought in from “the old list”" in page.text
    assert "late before import" in page.text


def test_a_batch_is_voided_where_nobody_has_touched_it(run: Run, house: House):
    batch = brought(run)["batch"]
    touched = by_number("T-8").reference
    go(house, touched, "begin", now=datetime(2026, 6, 1, 13, tzinfo=UTC))

    result = run("--void", batch, "--why", "The wrong file.")

    states = {row.reference: row.state for row in session().execute(select(Case.reference, Case.state))}
    assert states.pop(touched) == "investigating"
    assert set(states.values()) == {"voided"}
    assert touched in result.stdout
    assert result.exit_code == 1


def test_what_was_voided_is_in_no_figure_and_is_counted_once_when_it_comes_again(run: Run):
    batch = brought(run)["batch"]
    [before] = closure_times(SYSTEM, "complaint", as_of=date(2026, 3, 1))

    run("--void", batch, "--why", "The wrong file.")
    [voided] = closure_times(SYSTEM, "complaint", as_of=date(2026, 3, 1))
    brought(run)
    [again] = closure_times(SYSTEM, "complaint", as_of=date(2026, 3, 1))

    assert before.curve.n > 0
    assert voided.curve.n == 0
    assert again.curve.n == before.curve.n


def test_what_was_voided_is_counted_on_no_page_of_its_agency(
    run: Run, house: House, sign_in: Callable[[Actor], PageClient]
):
    here = received(house, agency_id=ALDER, now=datetime(2026, 6, 1, 12, tzinfo=UTC))
    paths = ("/agencies/alder-county-ga", f"/complaints/{here}/triage", f"/complaints/{here}")
    batch = brought(run)["batch"]
    gone = by_number("T-2").reference
    ruth = sign_in(RUTH)
    before = [ruth.get(path).text for path in paths]
    listed = ruth.get("/complaints/triage").text

    run("--void", batch, "--why", "The wrong file.")

    assert all(gone in page for page in before)
    assert "of 6" in before[1]
    assert "5 more about this agency" in listed
    after = [ruth.get(path).text for path in paths]
    assert [gone in page for page in after] == [False, False, False]
    assert "1 open of 1" in after[1]
    assert "more about this agency" not in ruth.get("/complaints/triage").text


def test_what_was_voided_can_be_brought_in_again(run: Run):
    run("--void", brought(run)["batch"], "--why", "The wrong file.")

    report = brought(run)

    assert (report["created"], report["unchanged"]) == (5, 0)


def test_an_agency_nobody_knows_is_registered_without_an_agreement(run: Run, tmp_path: Path):
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING.read_text().replace("Alder County Sheriff\u2019s Office", "Zelkova Police"))

    report = json.loads(run(LIST, "--mapping", mapping, "--json").stdout)

    assert any("Zelkova Police" in w for w in report["warnings"])
    complaint = by_number("T-1")
    assert (complaint.agency_id != ALDER, complaint.agreement_id, complaint.model) == (True, None, None)


def test_a_sketch_is_a_mapping_that_needs_only_to_be_looked_through(run: Run):
    text = run(LIST, "--sketch").stdout

    mapping = mapping_in(text, types={known.code for known in TYPES})

    assert mapping.one_row_per == "allegation"
    assert mapping.columns["reference"] == "Number"
    assert mapping.code("state", "given out") == ""


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("[source", "not TOML"),
        (f"[source]\nzone='UTC'\n{COLUMNS}", "needs a name"),
        (f"[source]\nname='x'\nzone='America/Nowhere'\n{COLUMNS}", "no time zone"),
        (f"{SOURCE}[columns]\nreceived_at='B'", "“reference”"),
        (f"{SOURCE}{COLUMNS}birth='C'", "“birth”"),
        (f"{SOURCE}{COLUMNS}[values.channel]\nX='carrier'", "“carrier”"),
        (f"{SOURCE}[columns]\nreference=1\nreceived_at='B'", "quotation marks"),
        ("[missing]\nA = 'x'", "[columns]"),
    ],
)
def test_a_mapping_that_cannot_be_says_where(wrong: str, says: str):
    with pytest.raises(Unreadable) as unreadable:
        mapping_in(wrong, types={known.code for known in TYPES})

    assert says in unreadable.value.sentence


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xef\xbb\xbf",
        b"Number,Came in\n",
        "Number,Came in\nT-1,2024-01-02\n".encode("utf-16"),
        b"sep=;\nNumber;Came in\nT-1;2024-01-02\n",
        b"Number,Came in\rT-1,2024-01-02\r",
        b"Number,Number,Came in\nT-1,T-1,2024-01-02\n",
        b"Number,Came in\nT-1,\0\0\n",
        b"Number,Came in\n=cmd|' /C calc'!A0,2024-01-02\n",
        b'Number,Came in\n"T-1,2024-01-02\n',
        b"<html><table></table></html>",
        b"PK\x03\x04nonsense",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"Number,Came in\nT-1,10000-01-01\nT-2,0000-00-00\nT-3,1E5\n",
        b"Number,Came in\n" + b"x" * 100 + b",2024-01-02\n",
    ],
)
def test_a_broken_file_ends_in_words(run: Run, tmp_path: Path, written: bytes):
    file, mapping = tmp_path / "list.csv", tmp_path / "m.toml"
    file.write_bytes(written)
    mapping.write_text(SOURCE + COLUMNS)

    result = run(file, "--mapping", mapping, "--json")

    assert result.exit_code in (0, 1, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code != 2 or result.stderr.strip()


def test_detroit_comes_in_with_a_median_of_83_days_and_twice_is_no_change(run: Run):
    if not DETROIT.exists():
        assert os.environ.get("CI") != "true", "the shared data is missing"
        pytest.skip("the public file of Detroit is not here")

    report = json.loads(run(DETROIT, "--mapping", DATA / "detroit.toml", "--json").stdout)
    again = json.loads(run(DETROIT, "--mapping", DATA / "detroit.toml", "--json").stdout)

    assert (report["rows"], report["complaints"], len(report["refused"])) == (19735, 4406, 302)
    assert (again["created"], again["unchanged"]) == (0, 4406)
    assert session().scalar(select(func.count()).select_from(Allegation)) == report["allegations"]

    [group] = closure_times(AUDRA, "complaint", as_of=datetime(2019, 12, 31, tzinfo=UTC).date())
    assert (group.curve.median, group.closed_only_median) == (83, 82)
