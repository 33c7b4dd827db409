"""Reading every chain back: the first event of a case that is not what was written, if any. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from workflow.audit.chain import Break, Link, first_break
from workflow.cases.chronicle import columns_of
from workflow.cases.models import Case, Event
from workflow.db.session import session

#: Rows fetched at a time; memory stays flat however long the history is.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification read, and what it found."""

    cases: int
    events: int
    breaks: tuple[Break, ...]


def verify(*, stop_at_first: bool = True) -> Report:
    """Walk the chain of every case. With `stop_at_first` it names the first bad event and stops."""
    cases = events = 0
    breaks: list[Break] = []
    heads = {
        row.id: row
        for row in session().execute(
            select(Case.id, Case.reference, Case.version, Case.last_hash, Case.state).order_by(Case.id)
        )
    }
    seen: set[int] = set()
    for case_id, found in groupby(_events(), key=lambda e: e.case_id):
        rows = list(found)
        head = heads.get(case_id)
        cases, events = cases + 1, events + len(rows)
        seen.add(case_id)
        if head is None:
            breaks.append(Break("?", rows[0].version, rows[0].id, "events of a case that is not there"))
        elif wrong := _check(head, rows):
            breaks.append(wrong)
        if breaks and stop_at_first:
            return Report(cases, events, tuple(breaks))
    breaks += [
        Break(h.reference, 1, None, "a case without history") for i, h in heads.items() if i not in seen
    ]
    return Report(cases, events, tuple(breaks))


def _check(head: Any, rows: list[Any]) -> Break | None:
    wrong = first_break(head.reference, map(_link, rows), head.last_hash, head.version)
    if wrong is None and rows[-1].target != head.state:
        return Break(
            head.reference, head.version, rows[-1].id, "the case's state is not that of its last event"
        )
    return wrong


def _link(row: Any) -> Link:
    return Link(
        id=row.id,
        version=row.version,
        canon=row.canon,
        prev=row.prev,
        hash=row.hash,
        columns=json.loads(
            json.dumps(
                columns_of(
                    version=row.version,
                    verb=row.verb,
                    source=row.source,
                    target=row.target,
                    actor_id=row.actor_id,
                    second_id=row.second_id,
                    occurred_at=row.occurred_at,
                    recorded_at=row.recorded_at,
                    backdated=row.backdated,
                    codes=row.codes,
                )
            )
        ),
    )


def _events() -> Iterator[Any]:
    table = Event.__table__
    found: Iterable[Any] = session().execute(
        select(*table.c).order_by(table.c.case_id, table.c.version).execution_options(yield_per=BATCH)
    )
    return iter(found)


def exported() -> Iterator[str]:
    """One line an event, in order: reference, version, hash. What an auditor keeps elsewhere."""
    rows = session().execute(
        select(Case.reference, Event.version, Event.hash)
        .join(Case, Case.id == Event.case_id)
        .order_by(Event.id)
        .execution_options(yield_per=BATCH)
    )
    for reference, version, digest in rows:
        yield f"{reference} {version} {digest.hex()}"


def first_difference(lines: Iterable[str]) -> str | None:
    """The first line of an earlier export that the database no longer holds; None if all stand."""
    now_there = set(exported())
    missing = next((line for line in lines if line.strip() and line.strip() not in now_there), None)
    if missing is None:
        return None
    reference, version, *_ = missing.split()
    return f"{reference}, version {version}: the event that was exported earlier is not there any more"
