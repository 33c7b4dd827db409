"""What every import says of itself: how far it is, and the rows it refused, as a file. Reads no list."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.progress import Progress as Bar

from workflow.web.sheets import Cell, built

#: Told how many are done, of how many.
Progress: TypeAlias = Callable[[int, int], None]
#: Row, column, value and reason of what was refused.
Refusal: TypeAlias = tuple[int, str, str, str]


@contextmanager
def progress(words: str) -> Iterator[Progress]:
    """A bar on standard error; nothing where nobody looks."""
    with Bar(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def write_refused(
    path: Path, refused: Iterable[Refusal], headers: Sequence[str], cells: Mapping[int, Mapping[str, str]]
) -> None:
    """The refused rows as CSV, each with all its cells, to be put right and imported again."""
    rows: list[list[Cell]] = [
        [*why, *(cells.get(why[0], {}).get(header, "") for header in headers)] for why in refused
    ]
    path.write_bytes(built("csv", ["row", "column", "value", "reason", *headers], rows))
