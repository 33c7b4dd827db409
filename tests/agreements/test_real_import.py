"""The real lists through the whole import and the plan, where they are at hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.register.conftest import real_data
from workflow.agreements.lists import import_agreements
from workflow.cases.kinds import House
from workflow.cases.models import Task
from workflow.db.session import session
from workflow.engine.actors import SYSTEM
from workflow.planning.coverage import Stand, coverage
from workflow.planning.queries import plan
from workflow.register.models import Agreement

__all__ = ["real_data"]

NOW = datetime(2026, 5, 18, 15, tzinfo=UTC)
PRESENT = "participatingAgencies05182026am.xlsx"
EARLY = "ParticipatingEntities-20210113002027.xlsx"


@pytest.fixture
def folder(real_data: Path) -> Path:
    return real_data / "agreements"


def test_the_list_of_2026_comes_in_and_what_it_owes_is_known(house: House, folder: Path):
    report = import_agreements(house, folder / PRESENT, as_of=NOW.date(), now=NOW)

    assert report.agreements == {"JEM": 182, "WSO": 499, "TFM": 1161}
    assert (report.rows, report.created, report.without_office) == (1843, 1842, 9)
    assert [(r.row, r.value) for r in report.refused] == [(954, "2016-03-19")]
    waiting = select(func.count()).where(Task.kind == "notice", Task.verb == "assign_office")
    assert session().scalar(waiting) == 9

    whole = plan(SYSTEM, as_of=NOW.date())
    said = {gap.words for gap in whole.gaps}
    assert {
        f"TFM: no {lack}: 1,161 agreements" for lack in ("oversight rule", "inspection cadence set")
    } == said
    assert Counter((o.model, o.kind) for o in whole.obligations) == owed_without_history()

    made = plan(SYSTEM, as_of=NOW.date(), kind="routine")
    assert Counter(o.model for o in made.obligations) == {"JEM": 182, "WSO": 499}
    expected = {
        a.reference: _months_on(a.signed_on, 24 if a.model == "JEM" else 12)
        for a in session().scalars(select(Agreement).where(Agreement.model != "TFM"))
        if a.signed_on
    }
    assert {o.agreement: o.due_on for o in made.obligations} == expected
    assert all(o.overdue_days is None and not o.has_history for o in made.obligations)


def test_coverage_accounts_for_every_agreement_of_the_list_of_2026(house: House, folder: Path):
    import_agreements(house, folder / PRESENT, as_of=NOW.date(), now=NOW)

    found = coverage(SYSTEM, as_of=NOW.date())

    models = Counter(session().scalars(select(Agreement.model)))
    assert found.agreements == models.total() == 1842, "the one row that was refused is no agreement here"
    assert found.without_rule == {"TFM": 1161}
    for kind, _ in found.duties:
        assert {model: counts.total() for model, counts in found.counted(kind).items()} == dict(models)
    jem = found.counted("routine")["JEM"]
    assert jem[Stand.UNKNOWN] + jem[Stand.NOT_DUE] == 182, "without history nothing is met and nothing late"
    assert not found.is_certificate


def test_the_list_of_2021_and_then_that_of_2026(house: House, folder: Path):
    early = import_agreements(house, folder / EARLY, as_of=date(2021, 1, 13), now=NOW)

    later = import_agreements(house, folder / PRESENT, as_of=NOW.date(), now=NOW)

    assert (early.created, early.agreements) == (150, {"JEM": 74, "WSO": 76, "TFM": 0})
    assert later.created + later.updated + later.unchanged == 1842
    known = 150 - later.vanished
    assert later.created == 1842 - known
    in_force = session().scalar(select(func.count()).where(Agreement.status == "active"))
    assert in_force == 1842 + later.vanished, "no list ends an agreement"
    again = import_agreements(house, folder / PRESENT, as_of=NOW.date(), now=NOW)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1842)


def owed_without_history() -> dict[tuple[str, str], int]:
    """Each agreement owes each duty once: the yearly meetings follow a first one, which nobody had yet."""
    yearly = ("routine", "first_review", "oversight_contact", "training_check")
    return {
        **{("JEM", kind): 182 for kind in (*yearly, "internal_review")},
        **{("WSO", kind): 499 for kind in yearly},
    }


def _months_on(day: date, months: int) -> date:
    """The same day so many months later, written anew: the last of the month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)
