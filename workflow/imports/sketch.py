"""A proposed mapping of a list nobody has mapped yet, for a person to look through. Decides nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workflow.imports.listing import Holds, Listing
from workflow.register.cells import Cell, Table

#: So many different values of one column are listed, the most frequent first.
MOST: Final = 60
#: Days by which programs say "never". Any other day too early is a mistake: the import refuses it by name.
NEVER: Final = re.compile(r"(0000|0001|1753|1899|1900)\D")
HEAD: Final = """\
# A proposal: look at every line before you import with it. Values that say "" have no meaning here yet.
"""
FOOT: Final = "[missing]  # values that mean “no value”, by their column"


def sketch(table: Table, listing: Listing, *, source: str) -> str:
    """The text of a mapping file for this list; every value of the mapped columns is named in it."""
    columns = dict(columns_alike(table, {c.name: c.called for c in listing.columns}))
    lines = [HEAD, "[source]", f"name = {quoted(source[:40])}", "", "[columns]  # ours = theirs"]
    for column in listing.columns:
        need = "; needed" if column.needed else ""
        lines.append(f"{column.name} = {quoted(columns.get(column.name, ''))}  # {column.says}{need}")
    lines.append("")
    for column in listing.columns:
        if column.holds is Holds.CODE and column.name in columns:
            lines += values_of(column.name, counted(table, columns[column.name]), column.codes)
    days = [columns[c.name] for c in listing.columns if c.holds is Holds.DAY and c.name in columns]
    return "\n".join([*lines, FOOT, *ancient(table, days), ""])


def columns_alike(table: Table, called: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """(ours, theirs) for the headers that are written like one of our names for a column."""
    bare = {_bare(header): header for header in reversed(table.headers)}
    taken: set[str] = set()
    for ours, names in called.items():
        likely = (*names, _bare(ours))
        found = next((bare[name] for name in likely if name in bare and bare[name] not in taken), None)
        if found is not None:
            taken.add(found)
            yield ours, found


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    kept = "".join(
        c if c.isprintable() else f"\\u{ord(c):04X}" for c in text.replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{kept}"'


def counted(table: Table, column: str) -> Counter[str]:
    """How often each value of a column stands there."""
    texts = (" ".join(row.cells.get(column, Cell()).text.split()) for row in table.rows)
    return Counter(text for text in texts if text)


def values_of(kind: str, counts: Counter[str], labels: Sequence[tuple[str, str]]) -> list[str]:
    """The table of one column's values; ours stands there only where it is written the same."""
    lines = [f"[values.{kind}]  # theirs = ours: {', '.join(code for code, _ in labels)}"]
    lines += [
        f"{quoted(theirs)} = {quoted(_alike(labels, theirs))}" for theirs, _ in counts.most_common(MOST)
    ]
    if len(counts) > MOST:
        lines.append(f"# … and {len(counts) - MOST:,} values more")
    return [*lines, ""]


def ancient(table: Table, columns: Sequence[str]) -> Iterator[str]:
    """The lines of [missing]: days by which programs say "never"."""
    for column in columns:
        never = [value for value in counted(table, column) if NEVER.match(value)]
        if never:
            yield f"{quoted(column)} = [{', '.join(map(quoted, never[:20]))}]"


def _alike(labels: Sequence[tuple[str, str]], theirs: str) -> str:
    """Our code that is written the same, letters alone; "" for none. Never a guess by meaning."""
    return next(
        (code for code, label in labels if _bare(theirs) in (_bare(code), _bare(label))),
        "",
    )


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
