"""One row of a list of agreements, and what it may say. Compares no two rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from workflow.register.cells import Cell, Row
from workflow.register.columns import Column, alias_key
from workflow.register.days import day_in
from workflow.register.field_offices import is_split, office_for
from workflow.register.links import clean_link
from workflow.register.names import Called, Unfit, comparable, present, tidy
from workflow.register.states import state_name

#: The Illegal Immigration Reform and Immigrant Responsibility Act, which brought section 287(g), became law.
ENACTED_ON: Final = date(1996, 9, 30)

_LONGEST_SHOWN: Final = 200


_TYPES: Final = {
    "county": "County",
    "municipality": "Municipality",
    "municipal": "Municipality",
    "state agency": "State Agency",
    "state": "State Agency",
}


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement as the list gives it, cleaned. `comparable` identifies the agency within its state."""

    number: int
    agency_name: str
    comparable: str
    agency_type: str | None
    state: str
    county: str | None
    model_code: str
    signed_on: date
    moa_url: str | None
    moa_pending: bool
    addendum_url: str | None
    office: str | None

    @property
    def called(self) -> Called:
        return Called(self.agency_name, self.state, self.county)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its number, the column and value that stopped it, and why.

    Agency and model are kept where they could be read, so that a refused row does not look like one that
    vanished from the list.
    """

    row: int
    column: str
    value: str
    reason: str
    called: Called | None = None
    model_code: str | None = None


@dataclass(slots=True)
class Notes:
    """Remarks on rows that were taken; the same remark on many rows is one warning."""

    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, remark: str, number: int) -> None:
        self.rows[remark].append(number)

    def warnings(self) -> tuple[str, ...]:
        return tuple(f"{remark}: {_numbered(numbers)}." for remark, numbers in self.rows.items())


def _numbered(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    shown = ", ".join(str(number) for number in numbers[:12])
    return f"{len(numbers):,} rows ({shown}{', …' if len(numbers) > 12 else ''})"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is needed to read a row: its columns, the models by their names, and the bounds of dates."""

    columns: Mapping[Column, str]
    models: Mapping[str, str]
    model_since: Mapping[str, date | None]
    as_of: date
    notes: Notes

    def row(self, row: Row) -> AgreementRow | RefusedRow:
        """The agreement in a row; or, with all its faults at once, why it is refused."""
        if row.fault:
            return RefusedRow(row.number, "", "", _sentence("The row", row.fault))
        values = _Values(self, row)
        state, name = values.state(), values.name()
        county, kind = values.optional(Column.COUNTY), values.kind()
        model = values.model()
        signed_on = values.signed_on(model)
        if values.faults or not (state and name and model and signed_on):
            return values.refused(state, name, county, model)
        url, pending = values.document(Column.MOA)
        return AgreementRow(
            number=row.number,
            agency_name=name,
            comparable=comparable(name),
            agency_type=kind,
            state=state,
            county=county,
            model_code=model,
            signed_on=signed_on,
            moa_url=url,
            moa_pending=pending,
            addendum_url=values.document(Column.ADDENDUM)[0],
            office=office_for(state, county),
        )


class _Values:
    """Takes one row's values out, gathering faults."""

    def __init__(self, reading: Reading, row: Row) -> None:
        self.reading = reading
        self.row = row
        self.faults: list[tuple[Column, str]] = []

    def cell(self, column: Column) -> Cell:
        return self.row.cells.get(self.reading.columns.get(column, ""), Cell())

    def optional(self, column: Column) -> str | None:
        cell = self.cell(column)
        try:
            if cell.fault:
                raise Unfit(cell.fault)
            return present(tidy(cell.text))
        except Unfit as unfit:
            self.faults.append((column, _sentence("The value", str(unfit))))
            return None

    def required(self, column: Column) -> str | None:
        before = len(self.faults)
        text = self.optional(column)
        if text is None and len(self.faults) == before:
            self.faults.append((column, "There is no value."))
        return text

    def state(self) -> str | None:
        text = self.required(Column.STATE)
        name = state_name(text) if text else None
        if text and name is None:
            self.faults.append((Column.STATE, "There is no state or territory of that name."))
        return name

    def name(self) -> str | None:
        text = self.required(Column.AGENCY)
        try:
            if text:
                comparable(text)
        except Unfit as unfit:
            self.faults.append((Column.AGENCY, _sentence("The name", str(unfit))))
            return None
        return text

    def kind(self) -> str | None:
        text = self.optional(Column.TYPE)
        if text and text.casefold() not in _TYPES:
            self.reading.notes.add(
                f"“{text}” is no type of agency known here; it was kept as it is", self.row.number
            )
        return _TYPES.get(text.casefold(), text[:40]) if text else None

    def model(self) -> str | None:
        text = self.required(Column.MODEL)
        code = self.reading.models.get(alias_key(text)) if text else None
        if text and code is None:
            known = ", ".join(sorted(set(self.reading.models.values())))
            self.faults.append(
                (Column.MODEL, f"No such model is registered (there are {known}). Add the model first.")
            )
        return code

    def signed_on(self, model: str | None) -> date | None:
        cell = self.cell(Column.SIGNED)
        if self.required(Column.SIGNED) is None:
            return None
        try:
            day = day_in(cell)
        except Unfit as unfit:
            self.faults.append((Column.SIGNED, _sentence("The value", str(unfit))))
            return None
        since = self.reading.model_since.get(model) if model else None
        if day < ENACTED_ON:
            reason = f"No agreement can be older than section 287(g) itself ({ENACTED_ON})."
        elif day > self.reading.as_of:
            reason = f"The date lies after the date of the list ({self.reading.as_of})."
        elif since is not None and day < since:
            reason = f"The date lies before the model {model} began ({since})."
        else:
            return day
        self.faults.append((Column.SIGNED, reason))
        return None

    def document(self, column: Column) -> tuple[str | None, bool]:
        """A document's address, and whether it is announced as pending. A bad one is noted, not refused."""
        cell, header = self.cell(column), self.reading.columns.get(column, "")
        text = " ".join(cell.text.split())
        written = re.match(r"(https?:|www\.|[a-z][a-z0-9+.-]*:)", text, re.IGNORECASE)
        try:
            if cell.fault:
                raise Unfit(cell.fault)
            if cell.hyperlink or written:
                return clean_link(cell.hyperlink or text), False
        except Unfit as unfit:
            self.reading.notes.add(f"{header} {unfit}; the row was taken without it", self.row.number)
            return None, False
        if "pending" in text.casefold():
            return None, True
        if present(text) is not None:
            self.reading.notes.add(f"{header} has a word but no address behind it", self.row.number)
        return None, False

    def refused(
        self, state: str | None, name: str | None, county: str | None, model: str | None
    ) -> RefusedRow:
        column, reason = self.faults[0]
        header = self.reading.columns.get(column, "")
        others = [f"Also {self.reading.columns.get(other, '')}: {why}" for other, why in self.faults[1:]]
        return RefusedRow(
            self.row.number,
            header,
            shown(self.cell(column)),
            " ".join([reason, *others]),
            Called(name, state, county) if name and state else None,
            model,
        )


def shown(cell: Cell) -> str:
    """A refused value for a report: dates as ISO dates, no control characters, not endless."""
    text = cell.value.date().isoformat() if isinstance(cell.value, datetime) else cell.text
    text = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _sentence(subject: str, fault: str) -> str:
    return f"{subject} {fault}."


def lies_in_no_area(row: AgreementRow) -> str | None:
    """Why a row has no office; none if it has one."""
    if row.office is not None:
        return None
    if not is_split(row.state):
        return f"No field office: {row.state} is in no area"
    if row.county is None:
        return f"No field office: {row.state} has several and no county is given"
    return f"No field office: {row.state} has several and no county “{row.county}”"
