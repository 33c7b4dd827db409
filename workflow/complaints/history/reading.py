"""What a list of another system says, complaint by complaint, with every reason why one cannot be taken.

Knows the mapping and the cells, neither the register nor the database. Dates are days of the source's zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from workflow.complaints.facts import State
from workflow.complaints.history.mapping import OF_COMPLAINT, Translation
from workflow.complaints.history.past import Past, Read, Said
from workflow.imports.days import is_midnight, moment
from workflow.imports.listing import RefusedRow
from workflow.imports.reading import FIRST_DAY, HOLDS_UNFIT, NO_WIDTH, UNFIT, check_columns, digest_of
from workflow.imports.sections import loosely
from workflow.register.cells import Cell, Row, Table
from workflow.register.names import Unfit

LONGEST: Final = {"reference": 80, "contact": 500, "narrative": 20_000}
#: Never repeated in what is said about a row: that is printed, and kept in logs. The refused rows have it.
PERSONAL: Final = frozenset({"narrative", "contact"})


class _No(Exception):
    """Why a complaint is refused: the row, our column, its value, the reason."""

    def __init__(self, row: int, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.row, self.column, self.value, self.reason = row, column, value, reason


def read(table: Table, mapping: Translation, *, now: datetime) -> Read:
    """Every complaint of the list. Raises `Unreadable` where a mapped column is not in the file."""
    agency = {"agency": mapping.agency_column} if mapping.agency_column else {}
    check_columns(table, {**mapping.columns, **agency}, mapping.missing)
    found = Read(rows=len(table.rows), warnings=list(table.warnings))
    reader = _Reader(mapping, _columns_of_days(table, mapping), now, found)
    for reference, rows in _by_reference(table, mapping, found):
        try:
            found.past.append(reader.past(reference, rows))
        except _No as no:
            for row in rows:
                is_it = row.number == no.row
                why = no.reason if is_it else f"Refused with row {no.row}: {no.reason}"
                found.refused.append(RefusedRow(row.number, no.column, no.value if is_it else "", why))
    found.refused.sort(key=lambda r: r.number)
    for (kind, theirs), times in sorted(found.unmapped.items()):
        what = kind.capitalize().replace("_", " ")
        found.warnings.append(f"{what} “{theirs}”, {times:,} times, is not mapped: {_LEFT[kind]}.")
    return found


#: What becomes of a value without a translation.
_LEFT: Final = {
    "channel": "the channel is left open",
    "allegation": "kept as “something else”",
    "disposition": "no disposition is kept",
    "closing_reason": "no finding without its reason: no disposition is kept",
    "state": "taken as received, or as closed where it has a closing date",
}


def _by_reference(table: Table, mapping: Translation, found: Read) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each complaint, in the order in which complaints first appear."""
    groups: dict[str, list[Row]] = {}
    column = mapping.columns["reference"]
    for row in table.rows:
        cell = row.cells.get(column, Cell())
        reference = " ".join(cell.text.strip(NO_WIDTH).split())
        if row.fault and not reference:
            found.refused.append(RefusedRow(row.number, "", "", f"The row {row.fault}."))
        elif cell.fault:
            found.refused.append(RefusedRow(row.number, column, cell.text, f"The value {cell.fault}."))
        elif not reference:
            found.refused.append(
                RefusedRow(
                    row.number,
                    column,
                    "",
                    "There is no number of the other system.",
                )
            )
        elif len(reference) > LONGEST["reference"]:
            found.refused.append(
                RefusedRow(row.number, column, reference[:100], "The number is longer than 80 characters.")
            )
        else:
            groups.setdefault(reference, []).append(row)
    yield from groups.items()


def _columns_of_days(table: Table, mapping: Translation) -> frozenset[str]:
    """Our columns in which every time of day is midnight (or none): they hold days."""
    return frozenset(
        ours
        for ours in ("received_at", "occurred_at", "closed_at")
        if ours in mapping.columns
        and all(is_midnight(row.cells.get(mapping.columns[ours], Cell())) for row in table.rows)
    )


@dataclass(frozen=True)
class _Reader:
    mapping: Translation
    of_days: frozenset[str]
    now: datetime
    found: Read

    def past(self, reference: str, rows: Sequence[Row]) -> Past:
        """One complaint. Raises `_No`."""
        for row in rows:
            if row.fault:
                raise _No(row.number, "", "", f"The row {row.fault}.")
            self._must_be_fit(row)
        self._must_agree(rows)
        if self.mapping.one_row_per == "complaint" and len(rows) > 1:
            raise _No(
                rows[1].number, self.mapping.columns["reference"], reference, "The number stands twice."
            )
        first = rows[0]
        received = self._moment(first, "received_at")
        if received is None:
            raise _No(
                first.number, self._theirs("received_at"), "", "There is no day on which it was received."
            )
        closed = self._moment(first, "closed_at")
        if closed is not None and closed < received:
            raise _No(
                first.number,
                self._theirs("closed_at"),
                self._text(first, "closed_at"),
                "It would have been closed before it was received.",
            )
        occurred = self._moment(first, "occurred_at")
        if occurred is not None and occurred > received:
            raise _No(
                first.number,
                self._theirs("occurred_at"),
                self._text(first, "occurred_at"),
                "It would have happened after it was received.",
            )
        state = self._state(first, closed)
        said = tuple(self._said(row) for row in rows)
        return Past(
            reference=reference,
            rows=tuple(row.number for row in rows),
            state=state,
            received_at=received,
            closed_at=closed,
            occurred_on=occurred.astimezone(self.mapping.zone).date() if occurred else None,
            channel=self._code(first, "channel") or None,
            said=tuple(s for s in said if s is not None),
            agency=self._agency(first),
            narrative=self._long(first, "narrative"),
            contact=self._long(first, "contact"),
            owner=self._text(first, "owner"),
            office=self._text(first, "office"),
            model=self._text(first, "model").upper(),
            digest=digest_of(rows),
        )

    def _must_be_fit(self, row: Row) -> None:
        """No value that is taken over may hold what breaks or hides."""
        for theirs in filter(None, map(self._theirs, (*self.mapping.columns, "agency"))):
            if UNFIT.search(row.cells.get(theirs, Cell()).text):
                raise _No(row.number, theirs, "", HOLDS_UNFIT)

    def _must_agree(self, rows: Sequence[Row]) -> None:
        """Rows of one complaint may differ in allegations, in nothing else that is mapped."""
        for ours in (*OF_COMPLAINT, "agency"):
            theirs = self._theirs(ours)
            if not theirs:
                continue
            values = {self._meaning(row, ours) for row in rows}
            if len(values) > 1:
                other = next(r for r in rows if self._meaning(r, ours) != self._meaning(rows[0], ours))
                if ours in PERSONAL:
                    says = f"It differs between rows {rows[0].number} and {other.number} of one complaint."
                    raise _No(other.number, theirs, "", says)
                raise _No(
                    other.number,
                    theirs,
                    self._raw(other, theirs),
                    f"It differs in one complaint: row {rows[0].number} says"
                    f" “{self._raw(rows[0], theirs)}”, row {other.number} “{self._raw(other, theirs)}”.",
                )

    def _meaning(self, row: Row, ours: str) -> str:
        written = loosely(self._text(row, ours))
        translated = self.mapping.code(ours, written) if ours in ("channel", "state") else None
        return written if translated is None else f"={translated}"

    def _state(self, row: Row, closed: datetime | None) -> State:
        """Where it lands: what the list says, else closed or received by its closing date."""
        plain = State.RECEIVED if closed is None else State.CLOSED
        code = self._code(row, "state")
        if not code:
            return plain
        state = State(code)
        column, value = self._theirs("state"), self._text(row, "state")
        if (state is State.CLOSED) != (closed is not None):
            raise _No(
                row.number, column, value, "A closed complaint has a closing date, and an open one none."
            )
        if state is State.ASSIGNED and not self._text(row, "owner"):
            raise _No(
                row.number, column, value, "An assigned complaint needs an owner: the e-mail of a reviewer."
            )
        return state

    def _said(self, row: Row) -> Said | None:
        """What one row alleges, and what was found; None where it alleges nothing."""
        if not self._theirs("allegation"):
            return None
        theirs = self._text(row, "allegation")
        if not theirs and not self._text(row, "disposition"):
            return None
        code = self._code(row, "allegation") or "other"
        disposition = self._code(row, "disposition") or None
        reason = self._closing_reason(row) if disposition == "no_finding" else None
        if disposition == "no_finding" and reason is None:
            disposition = None
        return Said(code, disposition, reason)

    def _closing_reason(self, row: Row) -> str | None:
        """Why there is no finding: by the status of the row, else by its finding."""
        written = [w for w in (self._text(row, "status"), self._text(row, "disposition")) if w]
        for value in written:
            if code := self.mapping.code("closing_reason", value):
                return code
        self.found.unmapped["closing_reason", written[0]] += 1
        return None

    def _code(self, row: Row, kind: str) -> str:
        """Our code of a value; "" for none, and where there is no translation, which is noted."""
        written = self._text(row, kind)
        code = self.mapping.code(kind, written)
        if code is None and written:
            self.found.unmapped[kind, written] += 1
        return code or ""

    def _agency(self, row: Row) -> str:
        if self.mapping.agency_column is None:
            return self.mapping.agency or ""
        return " ".join(self._raw(row, self.mapping.agency_column).split())

    def _long(self, row: Row, ours: str) -> str:
        text = row.cells.get(self._theirs(ours), Cell()).text.strip() if self._theirs(ours) else ""
        if len(text) > LONGEST[ours]:
            raise _No(row.number, self._theirs(ours), "", f"More than {LONGEST[ours]:,} characters.")
        return text

    def _moment(self, row: Row, ours: str) -> datetime | None:
        """The moment in a column, or the middle of its day. Raises `_No` for one that cannot be."""
        theirs, written = self._theirs(ours), self._text(row, ours)
        cell = row.cells.get(theirs, Cell()) if theirs else Cell()
        if cell.fault:
            raise _No(row.number, theirs, cell.text, f"The value {cell.fault}.")
        if not written:
            return None
        try:
            at = moment(cell, self.mapping.zone, days=ours in self.of_days)
        except (Unfit, ValueError, OverflowError) as unfit:
            why = str(unfit) if isinstance(unfit, Unfit) else "is not a date; write it as 2025-02-26"
            raise _No(row.number, theirs, written, f"The date {why}.") from unfit
        if at.astimezone(self.mapping.zone).date() < FIRST_DAY:
            raise _No(row.number, theirs, written, "The date lies before 1970.")
        if (
            at > self.now
            and at.astimezone(self.mapping.zone).date() > self.now.astimezone(self.mapping.zone).date()
        ):
            raise _No(row.number, theirs, written, "The date lies after the day of the import.")
        return min(at.astimezone(UTC), self.now)

    def _text(self, row: Row, ours: str) -> str:
        """What stands in one of our columns; empty where the mapping says that it means nothing."""
        theirs = self._theirs(ours)
        return self._raw(row, theirs) if theirs else ""

    def _raw(self, row: Row, theirs: str) -> str:
        text = " ".join(row.cells.get(theirs, Cell()).text.split())
        return "" if loosely(text) in self.mapping.missing.get(theirs, ()) else text

    def _theirs(self, ours: str) -> str:
        if ours == "agency":
            return self.mapping.agency_column or ""
        return self.mapping.columns.get(ours, "")
