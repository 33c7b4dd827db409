"""Reads a list of participating agencies, in any known layout, into agreements. Writes nothing anywhere.

One row of a list is one agreement: an agency under a model. What two rows say about one agency is settled
here, so that it does not depend on their order and a second reading changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from workflow.register.agreement_row import (
    AgreementRow,
    Notes,
    Reading,
    RefusedRow,
    lies_in_no_area,
)
from workflow.register.columns import Column, alias_key, columns_of
from workflow.register.days import list_date
from workflow.register.field_offices import county_key, office_for
from workflow.register.names import LONGEST_NAME, comparable, same_county
from workflow.register.workbook import LIMITS, Limits, Table, Unreadable, read_table

__all__ = [
    "AgreementList",
    "AgreementRow",
    "RefusedRow",
    "Unreadable",
    "agreements_in",
    "list_date",
    "read_agreements",
]

_NO_DATES: Final[Mapping[str, date | None]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AgreementList:
    """What a list says: its `total` rows are those taken, those refused, and `duplicates` of one taken."""

    rows: tuple[AgreementRow, ...]
    refused: tuple[RefusedRow, ...]
    warnings: tuple[str, ...]
    total: int
    duplicates: int = 0

    @property
    def agencies(self) -> int:
        """Agencies with at least one agreement taken."""
        return len({(row.state, row.comparable) for row in self.rows})

    @property
    def agencies_listed(self) -> int:
        """Agencies the list names, also where all their rows were refused."""
        refused = {
            (row.called.state, comparable(row.called.name)) for row in self.refused if row.called is not None
        }
        return len({(row.state, row.comparable) for row in self.rows} | refused)

    @property
    def by_model(self) -> Mapping[str, int]:
        return Counter(row.model_code for row in self.rows)

    @property
    def without_office(self) -> tuple[AgreementRow, ...]:
        return tuple(row for row in self.rows if row.office is None)


def read_agreements(
    path: Path,
    *,
    as_of: date,
    models: Mapping[str, str],
    model_since: Mapping[str, date | None] = _NO_DATES,
    limits: Limits = LIMITS,
) -> AgreementList:
    """The agreements in a workbook or text file.

    `models` gives each name a list may use for a model its code; `model_since` the first day a model of
    that code could be signed. Raises `Unreadable` when the file as a whole can not be read.
    """
    table = read_table(path, limits=limits)
    return agreements_in(table, as_of=as_of, models=models, model_since=model_since)


def agreements_in(
    table: Table,
    *,
    as_of: date,
    models: Mapping[str, str],
    model_since: Mapping[str, date | None] = _NO_DATES,
) -> AgreementList:
    """The agreements in a table; see `read_agreements`."""
    notes = Notes()
    reading = Reading(columns_of(table.headers), _by_alias(models), model_since, as_of, notes)
    read = [reading.row(row) for row in table.rows]
    taken = [row for row in read if isinstance(row, AgreementRow)]
    refused = [row for row in read if isinstance(row, RefusedRow)]
    settled = [row for agency in _agencies(taken, notes) for row in _settled(agency, notes)]
    rows, contradicting, duplicates = _one_each(settled, reading.columns[Column.SIGNED], notes)
    for row in rows:
        if why := lies_in_no_area(row):
            notes.add(why, row.number)
    unused = [header for header in table.headers if header not in reading.columns.values()]
    remark = (f"Columns not used: {', '.join(unused)}.",) if unused else ()
    return AgreementList(
        rows=tuple(rows),
        refused=tuple(sorted([*refused, *contradicting], key=lambda row: row.row)),
        warnings=(*table.warnings, *remark, *notes.warnings()),
        total=len(table.rows),
        duplicates=duplicates,
    )


def _by_alias(models: Mapping[str, str]) -> dict[str, str]:
    aliases = {alias_key(code): code for code in models.values()}
    return aliases | {alias_key(alias): code for alias, code in models.items()}


def _agencies(rows: Iterable[AgreementRow], notes: Notes) -> list[list[AgreementRow]]:
    """The rows of each agency. One name in one state is one agency, unless the counties really differ."""
    by_name: dict[tuple[str, str], list[list[AgreementRow]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.county is None, row.number)):
        named = by_name[row.state, row.comparable]
        agency = next((known for known in named if same_county(known[0].county, row.county)), None)
        if agency is None:
            named.append([row])
            continue
        agency.append(row)
    for (_, spelling), named in by_name.items():
        for agency in named[1:]:
            key = f"{spelling} {county_key(agency[0].county or '')}"[:LONGEST_NAME]
            agency[:] = [replace(row, comparable=key) for row in agency]
            remark = (
                f"Another agency of this name is in {named[0][0].county}, so “{agency[0].county}” is its own"
            )
            notes.add(remark, agency[0].number)
    return [agency for named in by_name.values() for agency in named]


def _settled(agency: Sequence[AgreementRow], notes: Notes) -> list[AgreementRow]:
    """An agency's rows with one name, type and county: the most frequent, or the county its name has."""
    name = _most(agency, lambda row: row.agency_name)
    kind = _most(agency, lambda row: row.agency_type)
    county = _county(agency, county_key(name or ""))
    for row in agency:
        if row.county != county:
            notes.add(
                f"County “{row.county or ''}” was taken as “{county}”, as other rows of the agency say",
                row.number,
            )
        if row.agency_type != kind:
            notes.add(
                f"Type “{row.agency_type or ''}” was taken as “{kind}”, as other rows of the agency say",
                row.number,
            )
    return [
        replace(
            row,
            agency_name=name or row.agency_name,
            agency_type=kind,
            county=county,
            office=office_for(row.state, county),
        )
        for row in agency
    ]


def _most(rows: Sequence[AgreementRow], of: Callable[[AgreementRow], str | None]) -> str | None:
    values = Counter(value for row in sorted(rows, key=lambda row: row.number) if (value := of(row)))
    return values.most_common(1)[0][0] if values else None


def _county(agency: Sequence[AgreementRow], name_key: str) -> str | None:
    named = [row for row in agency if row.county and county_key(row.county) in name_key]
    return _most(named or agency, lambda row: row.county)


def _one_each(
    rows: Iterable[AgreementRow], column: str, notes: Notes
) -> tuple[list[AgreementRow], list[RefusedRow], int]:
    """One row for each agency and model: the earliest signed; what repeats it or contradicts it."""
    kept: dict[tuple[str, str, str], AgreementRow] = {}
    refused: list[RefusedRow] = []
    duplicates = 0
    for row in sorted(rows, key=lambda row: (row.signed_on, row.number)):
        first = kept.setdefault((row.state, row.comparable, row.model_code), row)
        if first is row:
            continue
        if first.signed_on == row.signed_on:
            duplicates += 1
            notes.add(f"The same agreement as row {first.number}; taken once", row.number)
            continue
        reason = (
            f"Row {first.number} lists this agency's {row.model_code} agreement as signed {first.signed_on}. "
            "One agreement has one date; the earlier row was taken."
        )
        refused.append(
            RefusedRow(row.number, column, row.signed_on.isoformat(), reason, row.called, row.model_code)
        )
    return sorted(kept.values(), key=lambda row: row.number), refused, duplicates
