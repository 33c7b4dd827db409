"""The checklist as versioned data: what each model is asked, and that nobody arrested is in it."""

from __future__ import annotations

import re

import pytest

from workflow.corrective.models import CorrectiveAction
from workflow.inspections.checklist_standard import STANDARD as CURRENT
from workflow.inspections.checklists import checklist_of
from workflow.inspections.models import ChecklistAnswer, ChecklistOperation, Finding, Inspection

#: What every agreement is asked, whatever its model.
COMMON = {
    "officers", "training", "functions", "supervision", "custody", "language", "complaints", "information",
}  # fmt: skip


def areas_of(model: str | None) -> set[str]:
    return {area.code for area, _ in CURRENT.sections(model, None)}


def test_each_model_is_asked_the_common_areas_and_its_own():
    assert areas_of("JEM") == COMMON | {"processing"}
    assert areas_of("WSO") == COMMON | {"warrants"}


@pytest.mark.parametrize("model", ["TFM", "HBM", None])
def test_a_model_without_items_of_its_own_is_asked_the_common_ones(model: str | None):
    common = [item for item in CURRENT.items if not item.models and not item.revisions]

    assert areas_of(model) == COMMON
    assert list(CURRENT.applicable(model, "2025")) == common


@pytest.mark.parametrize("code", ["C2", "C3", "F2", "W1", "W2", "W3"])
def test_what_only_warrant_officers_do_is_asked_of_them_alone(code: str):
    assert code in {i.code for i in CURRENT.applicable("WSO", None)}
    assert code not in {i.code for i in CURRENT.applicable("JEM", None)}


@pytest.mark.parametrize("code", ["B3", "J1", "J2", "J3", "J4", "J5", "J6"])
def test_what_only_the_jail_model_does_is_asked_of_it_alone(code: str):
    assert code in {i.code for i in CURRENT.applicable("JEM", None)}
    assert code not in {i.code for i in CURRENT.applicable("WSO", None)}


def test_every_item_has_a_code_of_its_own_an_area_and_a_clause():
    codes = [item.code for item in CURRENT.items]

    assert len(codes) == len(set(codes))
    assert {item.area for item in CURRENT.items} == {area.code for area in CURRENT.areas}
    assert all(item.clause and item.words.endswith(".") for item in CURRENT.items)
    assert CURRENT.item("A1") is CURRENT.items[0]
    assert CURRENT.item("Z9") is None
    assert checklist_of(CURRENT.version) is CURRENT


@pytest.mark.parametrize(
    "table", [Inspection, Finding, ChecklistAnswer, ChecklistOperation, CorrectiveAction]
)
def test_no_column_holds_anything_of_somebody_arrested(table):
    columns = {column.name for column in table.__table__.columns}

    assert not {c for c in columns if re.search(r"name|birth|alien|a_number|country|nationality|detain", c)}
