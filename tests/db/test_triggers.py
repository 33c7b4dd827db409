"""What the database refuses by itself, on both kinds; and that the migrations put the very same there."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.cases.test_history import bare
from tests.complaints.walk import received
from tests.inspections.walk import answer_all, find, inspection_at
from workflow.cases.kinds import House
from workflow.db.session import session
from workflow.db.triggers import statements
from workflow.inspections.facts import State

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def placed(dialect: str) -> list[str]:
    """Every trigger and function the migrations make on a kind of database."""
    found: list[str] = []
    for path in sorted(VERSIONS.glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found += getattr(module, dialect.upper(), ())
    return found


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_migrations_place_the_triggers_the_tests_run_with(dialect: str):
    assert placed(dialect) == list(statements(dialect))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaint_words SET sealed = sealed",
        "DELETE FROM complaint_words",
        "DELETE FROM complainant_contact",
        "DELETE FROM allegation",
        "DELETE FROM finding",
        "DELETE FROM checklist_answer",
        "DELETE FROM case_key",
    ],
)
def test_what_was_told_and_found_is_not_taken_out(house: House, statement: str):
    received(house)
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)
    answer_all(house, reference)
    table = statement.split()[1 if statement.startswith("UPDATE") else 2]
    rows = select(func.count()).select_from(text(table))
    before = session().scalar(rows)
    assert before

    with pytest.raises(DBAPIError, match=f"{table} keeps its history"):
        bare(statement)

    assert session().scalar(rows) == before
