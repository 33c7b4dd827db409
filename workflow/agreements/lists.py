"""Brings a list of participating agencies into the register: agencies, agreements, and the life of each.

Safe to repeat. A later list updates and adds, and says what is no longer on it; it ends nothing by itself.
What a file says is read in `register`; here it is compared with what is known, and entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from workflow.agreements.arrival import Arrival, Report
from workflow.cases.kinds import House
from workflow.db.session import transaction
from workflow.people.office import claim
from workflow.policy.queries import in_force
from workflow.policy.service import ensure_standard
from workflow.register.agreement_list import agreements_in
from workflow.register.import_report import Progress
from workflow.register.workbook import Row, read_table


class _Undone(Exception):
    """Ends a dry run: everything is rolled back."""


def import_agreements(
    house: House,
    path: Path,
    *,
    as_of: date,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Bring a list into the register, in one transaction. A dry run does all of it and keeps nothing.

    Raises `Unreadable` when the file as a whole can not be read, `Refused` in a demonstration's database.
    """
    table = read_table(path)
    report = Report()
    try:
        with transaction():
            claim(is_demonstration=False, now=now)
            ensure_standard(now=now)
            policy_id, book = in_force(now.date())
            listed = agreements_in(
                table,
                as_of=as_of,
                models={alias: m.code for m in book.models for alias in (m.code, m.title, *m.aliases)},
                model_since={m.code: m.exists_since for m in book.models},
            )
            arrival = Arrival(house, listed, as_of, now, policy_id, book, report, progress)
            arrival.take()
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    by_number: Mapping[int, Row] = {row.number: row for row in table.rows}
    report.refused_cells = {
        r.row: {header: cell.text for header, cell in by_number[r.row].cells.items()}
        for r in report.refused
        if r.row in by_number
    }
    return report
