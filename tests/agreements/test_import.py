"""Bringing lists of agreements in: once, twice, a later one, with refused rows, on trial, for a new model."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.agreements.lists import CEDAR, CEDAR_JAIL, DOGWOOD, ELM, TFM, TOO_EARLY, row, saved_list
from tests.cast import MONDAY, PAM
from workflow.agreements.arrival import Report
from workflow.agreements.lists import import_agreements
from workflow.agreements.models import AgreementLife
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event, Task
from workflow.cases.perform import perform
from workflow.cases.verify import verify
from workflow.cli import import_group
from workflow.db.base import Base
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.engine.spans import Months
from workflow.planning.queries import plan
from workflow.policy.book import CadenceRule, ModelRule, TemplateRule
from workflow.policy.service import store
from workflow.policy.standard import BOOK
from workflow.register.models import Agency, Agreement

FIRST, LATER = date(2025, 9, 1), date(2025, 12, 1)
ROWS = (CEDAR, CEDAR_JAIL, DOGWOOD, ELM, TOO_EARLY)


def bring_in(house: House, path: Path, *, as_of: date = FIRST, **more: Any) -> Report:
    return import_agreements(house, path, as_of=as_of, now=MONDAY, **more)


def counted() -> dict[str, int]:
    return {
        t.name: session().scalar(select(func.count()).select_from(t)) or 0
        for t in Base.metadata.sorted_tables
    }


def record(name: str, model: str) -> Agreement:
    found = select(Agreement).join(Agency).where(Agency.name == name, Agreement.model == model)
    return session().scalars(found).one()


def test_a_list_becomes_agencies_agreements_and_lives_in_force(house: House, tmp_path: Path):
    report = bring_in(house, saved_list(tmp_path, ROWS))

    assert (report.rows, report.created, report.agencies) == (5, 4, 3)
    assert report.agreements == {"JEM": 1, "WSO": 2, "TFM": 1}
    lives = session().scalars(select(AgreementLife)).all()
    assert {life.state for life in lives} == {"active"}
    assert {life.office.name for life in lives if life.office} == {"Atlanta"}
    cedar = record("Cedar County Sheriff's Office", "WSO")
    assert (cedar.template, cedar.template_inferred, cedar.signed_on) == ("2025", True, date(2025, 3, 1))
    assert list(verify().breaks) == []


def test_every_agreement_was_entered_by_the_step_of_its_life(house: House, tmp_path: Path):
    bring_in(house, saved_list(tmp_path, ROWS))

    assert session().scalars(select(Event.verb)).all() == ["register"] * 4
    assert session().scalars(select(Case.version)).all() == [1] * 4


def test_a_second_run_changes_nothing(house: House, tmp_path: Path):
    path = saved_list(tmp_path, ROWS)
    bring_in(house, path)
    before = counted()

    again = bring_in(house, path)

    assert (again.created, again.updated, again.unchanged, again.vanished) == (0, 0, 4, 0)
    assert counted() == before


def test_a_trial_says_the_same_and_keeps_nothing(house: House, tmp_path: Path):
    path = saved_list(tmp_path, ROWS)
    before = counted()

    tried = bring_in(house, path, dry_run=True)

    assert counted() == before
    assert tried.as_json() == bring_in(house, path).as_json()


def test_an_impossible_row_is_refused_alone_and_never_counts_as_vanished(house: House, tmp_path: Path):
    fir = row("Fir County Sheriff's Office", TFM, "2025-02-01", county="Fir County")
    bring_in(house, saved_list(tmp_path, [CEDAR, fir]))

    report = bring_in(house, saved_list(tmp_path, [CEDAR, TOO_EARLY]), as_of=LATER)

    assert [(r.row, r.column, r.value) for r in report.refused] == [(3, "SIGNED", "2016-03-19")]
    assert report.vanished == 0


def test_a_later_list_updates_adds_and_reports_what_vanished_but_ends_nothing(house: House, tmp_path: Path):
    bring_in(house, saved_list(tmp_path, [CEDAR, DOGWOOD]))
    linked = (*CEDAR[:6], "https://www.ice.gov/doclib/cedar.pdf", None)

    report = bring_in(house, saved_list(tmp_path, [linked, CEDAR_JAIL]), as_of=LATER)

    assert (report.created, report.updated, report.unchanged, report.vanished) == (1, 1, 0, 1)
    dogwood = record("Dogwood County Sheriff's Office", "TFM")
    assert (dogwood.status, dogwood.vanished_on) == ("active", LATER)
    assert record("Cedar County Sheriff's Office", "WSO").moa_url == "https://www.ice.gov/doclib/cedar.pdf"
    assert any("Dogwood" in w and "no longer on the list" in w for w in report.warnings)


def test_a_respelling_is_pointed_out_and_not_merged(house: House, tmp_path: Path):
    bring_in(house, saved_list(tmp_path, [DOGWOOD]))
    misspelt = row("Dogwod County Sheriff's Office", TFM, "2025-05-01", county="Dogwood County")

    report = bring_in(house, saved_list(tmp_path, [misspelt]), as_of=LATER)

    assert (report.created, report.vanished) == (1, 1)
    assert any("may now be called “Dogwod County Sheriff's Office”" in w for w in report.warnings)


def test_what_comes_back_is_listed_again(house: House, tmp_path: Path):
    bring_in(house, saved_list(tmp_path, [CEDAR, DOGWOOD]))
    bring_in(house, saved_list(tmp_path, [CEDAR]), as_of=LATER)

    report = bring_in(house, saved_list(tmp_path, [CEDAR, DOGWOOD]), as_of=date(2026, 1, 2))

    assert (report.updated, report.vanished) == (1, 0)
    assert record("Dogwood County Sheriff's Office", "TFM").vanished_on is None


def test_an_older_list_adds_and_changes_nothing(house: House, tmp_path: Path):
    bring_in(house, saved_list(tmp_path, [CEDAR]), as_of=LATER)

    report = bring_in(house, saved_list(tmp_path, [DOGWOOD]), as_of=FIRST)

    assert (report.created, report.vanished) == (1, 0)
    assert record("Cedar County Sheriff's Office", "WSO").vanished_on is None
    assert record("Dogwood County Sheriff's Office", "TFM").vanished_on == LATER


def test_another_day_of_signing_is_said_and_left_to_a_person(house: House, tmp_path: Path):
    bring_in(house, saved_list(tmp_path, [CEDAR]))
    other = row("Cedar County Sheriff's Office", CEDAR[4], "2025-06-01")

    report = bring_in(house, saved_list(tmp_path, [other]), as_of=LATER)

    assert record("Cedar County Sheriff's Office", "WSO").signed_on == date(2025, 3, 1)
    assert any("listed as signed 1 June 2025" in w for w in report.warnings)


def test_an_agreement_without_office_waits_for_a_programme_manager(house: House, tmp_path: Path):
    report = bring_in(house, saved_list(tmp_path, ROWS))
    life = session().scalars(select(AgreementLife).where(AgreementLife.office_id.is_(None))).one()
    tasks = select(Task).where(Task.case_id == life.id, Task.kind == "notice")
    assert report.without_office == 1
    assert session().scalars(tasks).one().role.value == "programme_manager"

    answers = {"office": "HOU", "reasons": "It lies in Harris County."}
    perform(house, life.reference, "assign_office", PAM, answers, seen=1, now=MONDAY)

    known = record("Elm Constable Precinct 2", "WSO")
    session().refresh(life)
    assert life.office is not None
    assert (life.office.name, known.office_id) == ("Houston", life.office_id)
    assert session().scalars(tasks).one().closed_at == MONDAY


def test_a_fourth_model_comes_in_as_pure_policy(house: House, tmp_path: Path):
    path = saved_list(tmp_path, [CEDAR, row("Gum Harbour Police", "Harbour Model", "2025-08-01")])
    assert [r.column for r in bring_in(house, path, dry_run=True).refused] == ["SUPPORT TYPE"]
    store(
        replace(
            BOOK,
            version=2,
            effective_on=date(2025, 12, 1),
            models=(*BOOK.models, ModelRule("HBM", "Harbour Model")),
            templates=(*BOOK.templates, TemplateRule("HBM", "2025")),
        ),
        now=MONDAY,
    )

    report = bring_in(house, path)

    assert report.agreements == {"JEM": 0, "WSO": 1, "TFM": 0, "HBM": 1}
    made = plan(SYSTEM, as_of=MONDAY.date(), kind="routine")
    assert [o.model for o in made.obligations] == ["WSO"]
    assert "HBM: no inspection cadence set: 1 agreement" in [gap.words for gap in made.gaps]

    cadence = CadenceRule("routine_inspection", "HBM", Months(6), Months(6))
    third = replace(
        BOOK,
        version=3,
        effective_on=date(2025, 12, 2),
        models=(*BOOK.models, ModelRule("HBM", "Harbour Model")),
        templates=(*BOOK.templates, TemplateRule("HBM", "2025")),
        cadences=(*BOOK.cadences, cadence),
    )
    store(third, now=MONDAY)

    owed = {o.model: o.due_on for o in plan(SYSTEM, as_of=MONDAY.date(), kind="routine").obligations}
    assert owed == {"WSO": date(2026, 3, 1), "HBM": date(2026, 2, 1)}


# --- the command ------------------------------------------------------------------------------


def command(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(import_group, ["agreements", *arguments])


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_command_prints_one_document_and_exits_1_with_refused_rows(app: Flask, tmp_path: Path):
    path, refused = saved_list(tmp_path, ROWS), tmp_path / "list.refused.csv"

    result = command(app, str(path), "--as-of", "2025-09-01", "--json", "--refused", str(refused))

    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert list(document) == [
        "rows", "agencies", "agreements", "created", "updated", "unchanged",
        "vanished", "without_office", "refused", "warnings",
    ]  # fmt: skip
    assert document["refused"][0]["row"] == 6
    assert len(rows_of(refused)) == 2


def test_the_command_exits_0_when_every_row_is_in(app: Flask, tmp_path: Path):
    result = command(app, str(saved_list(tmp_path, [CEDAR])), "--as-of", "2025-09-01")

    assert result.exit_code == 0, result.output
    assert "1 created" in result.stdout


def test_a_file_that_is_no_list_is_said_in_a_sentence(app: Flask, tmp_path: Path):
    path = tmp_path / "note.csv"
    path.write_text("what,when\nlunch,noon\n")

    result = command(app, str(path), "--json")

    assert result.exit_code != 0
    assert result.stdout == ""
    assert "no list of agreements" in result.stderr
    assert command(app, str(tmp_path / "missing.xlsx")).exit_code == 2


def test_a_cell_that_looks_like_a_formula_is_written_as_text(app: Flask, tmp_path: Path):
    path, refused = tmp_path / "list.csv", tmp_path / "refused.csv"
    path.write_text("STATE,AGENCY,MODEL,SIGNED\nGeorgia,=HYPERLINK(0),JEM,never\n")

    command(app, str(path), "--as-of", "2025-09-01", "--refused", str(refused))

    [_, cells] = rows_of(refused)
    assert "'=HYPERLINK(0)" in cells
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow"])
def test_a_day_that_is_none_is_bad_usage(app: Flask, tmp_path: Path, day: str):
    assert command(app, str(saved_list(tmp_path, [CEDAR])), "--as-of", day).exit_code == 2


def test_a_list_of_the_future_is_bad_usage(app: Flask, tmp_path: Path):
    path = saved_list(tmp_path, [CEDAR])

    assert command(app, str(path), "--as-of", "2030-01-01").exit_code == 2
