"""What lists of the register cost: a fixed number of queries, however many agreements there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from tests.agreements.lists import TFM, WSO, row, saved_list
from tests.cast import MONDAY, SAM
from workflow.agreements.lists import import_agreements
from workflow.agreements.queries import Wanted, listed
from workflow.cases.kinds import House
from workflow.db.session import db
from workflow.overview import agency_queries
from workflow.planning.queries import plan
from workflow.policy.queries import in_force


@pytest.fixture
def many(house: House, tmp_path: Any) -> None:
    names = [f"Grove {n} County Sheriff's Office" for n in range(1, 31)]
    rows = [row(name, model, "2025-06-02", county="") for name in names for model in (WSO, TFM)]
    path = saved_list(tmp_path, rows)
    assert import_agreements(house, path, as_of=date(2025, 12, 1), now=MONDAY).created == 60
    in_force(MONDAY.date())


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("most", "read"),
    [
        (6, lambda: plan(SAM, as_of=MONDAY.date())),
        (1, lambda: listed(SAM, Wanted(), limit=20)),
        (2, lambda: agency_queries.listed(SAM, agency_queries.Wanted(), limit=20)),
    ],
    ids=["plan", "agreements", "agencies"],
)
def test_a_list_costs_the_same_however_long_it_is(most: int, read: Callable[[], Any]):
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(statements) == most, statements
