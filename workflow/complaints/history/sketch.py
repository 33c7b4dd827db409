"""A proposed mapping of a list nobody has mapped yet, for a person to look through. Decides nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from workflow.complaints.facts import CHANNELS, CLOSING_REASONS, DISPOSITIONS
from workflow.complaints.history.mapping import OURS, STATES
from workflow.imports.sketch import FOOT, HEAD, ancient, columns_alike, counted, quoted, values_of
from workflow.register.cells import Table

#: What columns are called elsewhere, in letters and digits alone; the likeliest first.
_CALLED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "reference": ("reference", "complaintnumber", "complaintid", "casenumber", "caseid", "number", "id"),
        "received_at": (
            "receivedat",
            "received",
            "datereceived",
            "reportdate",
            "reported",
            "filed",
            "opened",
        ),
        "occurred_at": ("occurredat", "occurred", "incidentdate", "dateofincident", "eventdate"),
        "closed_at": ("closedat", "closed", "dateclosed", "closingdate", "completed", "disposed"),
        "channel": ("channel", "entry", "source", "howreceived", "intake", "method"),
        "allegation": ("allegation", "allegationtype", "category", "type", "offense"),
        "disposition": ("disposition", "finding", "outcome", "result"),
        "status": ("administrativeclosure", "closingreason", "closure", "status"),
        "narrative": ("narrative", "description", "synopsis", "summary"),
        "state": ("state", "stage", "workflowstate"),
        "owner": ("owner", "investigator", "assignedto", "assignee"),
        "office": ("office", "fieldoffice", "area"),
        "model": ("model", "supporttype", "program"),
        "contact": ("contact", "email", "telephone", "phone"),
    }
)
_LABELS: Final[Mapping[str, Sequence[tuple[str, str]]]] = MappingProxyType(
    {
        "channel": CHANNELS,
        "disposition": DISPOSITIONS,
        "closing_reason": CLOSING_REASONS,
        "state": [(s.value, s.value) for s in STATES],
    }
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,4}[/.]\d{1,2}[/.]\d{1,4}")


def sketch(table: Table, *, source: str, zone: str, types: Mapping[str, str]) -> str:
    """The text of a mapping file for this list; every value of the mapped columns is named in it.

    `types` are the types of allegation by their codes.
    """
    labels = {**_LABELS, "allegation": tuple(types.items())}
    columns = _columns(table)
    lines = [
        HEAD,
        "[source]",
        f"name = {quoted(source[:40])}",
        f"one_row_per = {quoted(_per(table, columns))}",
        f"zone = {quoted(zone)}",
        'agency = ""  # or agency_column = "…"; agency_state = "Michigan" tells agencies of one name apart',
        "",
        "[columns]  # ours = theirs",
        *(f"{ours} = {quoted(columns.get(ours, ''))}" for ours in OURS),
        "",
    ]
    for kind in ("channel", "allegation", "disposition", "state"):
        if kind in columns:
            lines += values_of(kind, counted(table, columns[kind]), labels[kind])
    reasons = columns.get("status") or columns.get("disposition")
    if reasons:
        lines += values_of("closing_reason", counted(table, reasons), _LABELS["closing_reason"])
    days = [columns[name] for name in ("received_at", "occurred_at", "closed_at") if name in columns]
    return "\n".join([*lines, FOOT, *ancient(table, days), ""])


def _columns(table: Table) -> dict[str, str]:
    """Ours to theirs; a number and a day of receipt are looked for even where their headers say nothing."""
    found = dict(columns_alike(table, _CALLED))
    if "reference" not in found and table.headers:
        found["reference"] = table.headers[0]
    if "received_at" not in found:
        rest = (h for h in table.headers if h not in found.values() and _holds_days(table, h))
        if (first := next(rest, None)) is not None:
            found["received_at"] = first
    return found


def _holds_days(table: Table, header: str) -> bool:
    """Whether the first values of a column are dates that can be."""
    values = [row.cells[header].text for row in table.rows[:20] if header in row.cells]
    return bool(values) and all(_DAY.match(v.strip()) for v in values)


def _per(table: Table, columns: Mapping[str, str]) -> str:
    numbers = counted(table, columns["reference"]) if "reference" in columns else Counter()
    return "allegation" if any(times > 1 for times in numbers.values()) else "complaint"
