"""One mutant against the tests of its machine's folder, in a process of its own. Nothing is printed here."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.table import Mutant, mutants
from workflow.agreements.machine import MACHINE as AGREEMENT
from workflow.cases.task_machine import TASK
from workflow.complaints.machine import COMPLAINT
from workflow.corrective.machine import MACHINE as CORRECTIVE
from workflow.engine.machine import Machine
from workflow.inspections.machine import MACHINE as INSPECTION

TESTS = Path(__file__).parents[1]
#: Every machine, and the folder whose tests have to notice what it lacks.
FOLDERS: dict[str, tuple[Machine[Any, Any], Path]] = {
    "complaint": (COMPLAINT, TESTS / "complaints"),
    "inspection": (INSPECTION, TESTS / "inspections"),
    "corrective": (CORRECTIVE, TESTS / "corrective"),
    "task": (TASK, TESTS / "cases"),
    "agreement": (AGREEMENT, TESTS / "agreements"),
}


def listed(kind: str) -> list[Mutant]:
    return list(mutants(FOLDERS[kind][0]))


def first_failure(kind: str, number: int | None) -> str:
    """The first test that fails with this mutant (with none, as it is), or nothing: it survived.

    Begins with "declared" where no test noticed by trying, only one that reads the row.
    """
    mutant = None if number is None else listed(kind)[number]
    if mutant is not None:
        mutant.apply()
    watch = _Watch(mutant.verb if mutant else "")
    silent = io.StringIO()
    with redirect_stdout(silent), redirect_stderr(silent):
        code = pytest.main(
            ["-x", "-p", "no:cacheprovider", "--tb=no", str(FOLDERS[kind][1])], plugins=[watch]
        )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        raise RuntimeError(silent.getvalue())
    return watch.failed


class _Watch:
    """Runs the cheapest tests first and those that only read the table last; remembers the first failure.

    Left out are snapshots, and lives found by chance: what they notice today they may miss tomorrow.
    """

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if _counts(item)), key=self._cost)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            kind = "declared " if "declared" in report.keywords else ""
            self.failed = self.failed or kind + report.nodeid

    def _cost(self, item: pytest.Item) -> tuple[bool, ...]:
        needs = set(getattr(item, "fixturenames", ()))
        return (
            item.get_closest_marker("declared") is not None,
            bool(needs & {"client", "sign_in"}),
            "database" in needs,
            not self.verb or self.verb not in item.name,
        )


def _counts(item: pytest.Item) -> bool:
    by_chance = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return not by_chance and item.get_closest_marker("snapshot") is None
