"""A proposed mapping of a list nobody has mapped yet, for a person to look through. Decides nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from workflow.complaints.facts import ALLEGATION_TYPES, CHANNELS, CLOSING_REASONS, DISPOSITIONS
from workflow.complaints.history.mapping import OURS, STATES
from workflow.register.cells import Cell, Table

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
        "allegation": ALLEGATION_TYPES,
        "disposition": DISPOSITIONS,
        "closing_reason": CLOSING_REASONS,
        "state": [(s.value, s.value) for s in STATES],
    }
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,4}[/.]\d{1,2}[/.]\d{1,4}")
#: Days by which programs say "never". Any other day too early is a mistake: the import refuses it by name.
_NEVER: Final = re.compile(r"(0000|0001|1753|1899|1900)\D")
#: So many different values of one column are listed, the most frequent first.
MOST: Final = 60
_HEAD: Final = """\
# A proposal: look at every line before you import with it. Values that say "" have no meaning here yet.
"""


def sketch(table: Table, *, source: str, zone: str) -> str:
    """The text of a mapping file for this list; every value of the mapped columns is named in it."""
    columns = dict(_columns(table))
    lines = [
        _HEAD,
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
            lines += _values(kind, _counted(table, columns[kind]))
    reasons = columns.get("status") or columns.get("disposition")
    if reasons:
        lines += _values("closing_reason", _counted(table, reasons))
    return "\n".join(
        [*lines, "[missing]  # values that mean “no value”, by their column", *_missing(table, columns), ""]
    )


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    kept = "".join(
        c if c.isprintable() else f"\\u{ord(c):04X}" for c in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{kept}"'


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    bare = {re.sub(r"[\W_]", "", header.casefold()): header for header in reversed(table.headers)}
    taken: set[str] = set()
    for ours, names in _CALLED.items():
        found = next((bare[name] for name in names if name in bare and bare[name] not in taken), None)
        if found is None and ours == "reference" and table.headers:
            found = table.headers[0]
        if found is None and ours == "received_at":
            found = next((h for h in table.headers if h not in taken and _holds_days(table, h)), None)
        if found is not None:
            taken.add(found)
            yield ours, found


def _holds_days(table: Table, header: str) -> bool:
    """Whether the first values of a column are dates that can be."""
    values = [row.cells[header].text for row in table.rows[:20] if header in row.cells]
    return bool(values) and all(_DAY.match(v.strip()) for v in values)


def _per(table: Table, columns: Mapping[str, str]) -> str:
    numbers = _counted(table, columns["reference"]) if "reference" in columns else Counter()
    return "allegation" if any(times > 1 for times in numbers.values()) else "complaint"


def _counted(table: Table, column: str) -> Counter[str]:
    texts = (" ".join(row.cells.get(column, Cell()).text.split()) for row in table.rows)
    return Counter(text for text in texts if text)


def _values(kind: str, counted: Counter[str]) -> list[str]:
    lines = [f"[values.{kind}]  # theirs = ours: {', '.join(code for code, _ in _LABELS[kind])}"]
    lines += [f"{quoted(theirs)} = {quoted(_alike(kind, theirs))}" for theirs, _ in counted.most_common(MOST)]
    if len(counted) > MOST:
        lines.append(f"# … and {len(counted) - MOST:,} values more")
    return [*lines, ""]


def _alike(kind: str, theirs: str) -> str:
    """Our code that is written the same, letters alone; "" for none. Never a guess by meaning."""
    bare = re.sub(r"[\W_]", "", theirs.casefold())
    for code, label in _LABELS[kind]:
        if bare in (re.sub(r"[\W_]", "", code), re.sub(r"[\W_]", "", label.casefold())):
            return code
    return ""


def _missing(table: Table, columns: Mapping[str, str]) -> Iterator[str]:
    for ours in ("received_at", "occurred_at", "closed_at"):
        if ours not in columns:
            continue
        ancient = [v for v in _counted(table, columns[ours]) if _NEVER.match(v)]
        if ancient:
            yield f"{quoted(columns[ours])} = [{', '.join(map(quoted, ancient[:20]))}]"
