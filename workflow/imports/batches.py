"""Entering what a file holds in batches that can be resumed, and taking a batch back while it is untouched.

Safe to repeat: a number of the same source is entered once. What a thing is, its own slice knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import select

from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import react
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.imports.listing import Line, Listing, Objection, Read, RefusedRow
from workflow.imports.mapping import Translation
from workflow.imports.models import ImportBatch, ImportedThing
from workflow.register.import_report import Progress

#: So many things are entered, or taken back, in one transaction.
BATCH: Final = 250


@dataclass(frozen=True, slots=True)
class Thing:
    """What a line became: a case, or a row of the slice's own."""

    case_id: int | None = None
    row_id: int | None = None


class Entrant(Protocol):
    """What a slice knows of its lines: what stands against one in the register, and how it is entered."""

    def objection(self, line: Line) -> Objection | None: ...

    def enter(self, line: Line, *, source: str, now: datetime) -> Thing:
        """Inside a transaction. Nothing is sent to anybody."""

    def said(self) -> Sequence[str]:
        """What somebody should know of what was entered, in sentences."""


@dataclass
class Report:
    """What an import came to."""

    rows: int = 0
    created: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    batch: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The document other programs read."""
        return {
            **{name: getattr(self, name) for name in ("rows", "created", "unchanged")},
            "refused": [
                {"row": r.number, "column": r.column, "value": r.value, "reason": r.reason}
                for r in self.refused
            ],
            "warnings": self.warnings,
            "batch": self.batch,
        }


@dataclass(frozen=True, slots=True)
class Voided:
    """How many were voided, and the references of those left because somebody worked on them."""

    count: int
    left: tuple[str, ...]


def bring(
    listing: Listing,
    found: Read,
    mapping: Translation,
    entrant: Entrant,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Enter what is new. A dry run writes nothing at all."""
    report = Report(rows=found.rows, refused=list(found.refused), warnings=list(found.warnings))
    known = known_of(listing.name, mapping.source)
    fresh: list[Line] = []
    changed = 0
    for line in found.lines:
        if line.reference in known:
            report.unchanged += 1
            changed += known[line.reference] != bytes.fromhex(line.digest)
        elif why := entrant.objection(line):
            column = listing.column(why[0])
            value = "" if column.personal else str(line.values.get(column.name, ""))
            report.refused.append(RefusedRow(line.number, mapping.theirs(column.name), value, why[1]))
        else:
            fresh.append(line)
    report.refused.sort(key=lambda r: r.number)
    if changed:
        report.warnings.append(
            f"{changed:,} that were brought in before read differently now; nothing was changed."
        )
    report.created = len(fresh)
    if fresh and not dry_run:
        report.batch = open_batch(listing.name, mapping.source, now=now)
        for at in range(0, len(fresh), BATCH):
            some = fresh[at : at + BATCH]
            _enter(listing.name, some, mapping.source, entrant, batch=report.batch, now=now)
            progress(at + len(some), len(fresh))
    report.warnings += entrant.said()
    return report


def known_of(listing: str, source: str) -> dict[str, bytes]:
    """The digest of what was brought in from this source before, by its number."""
    found = select(ImportedThing.number, ImportedThing.digest).where(
        ImportedThing.listing == listing,
        ImportedThing.source == source,
        ImportedThing.voided_at.is_(None),
    )
    return {row.number: row.digest for row in session().execute(found)}


def open_batch(listing: str, source: str, *, now: datetime) -> int:
    """The number of a new batch, committed at once: what follows may be interrupted."""
    with transaction() as s:
        batch = ImportBatch(listing=listing, source=source, made_at=now)
        s.add(batch)
        s.flush()
        return batch.id


@retried
def _enter(
    listing: str, some: Sequence[Line], source: str, entrant: Entrant, *, batch: int, now: datetime
) -> None:
    with transaction() as s, s.no_autoflush:
        for line in some:
            thing = entrant.enter(line, source=source, now=now)
            s.add(
                ImportedThing(
                    batch_id=batch,
                    listing=listing,
                    source=source,
                    number=line.reference,
                    case_id=thing.case_id,
                    row_id=thing.row_id,
                    digest=bytes.fromhex(line.digest),
                    made_at=now,
                )
            )
        s.flush()
        s.expunge_all()


def void(
    batch_id: int,
    listing: str,
    take_back: Callable[[ImportedThing], str | None],
    *,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> Voided:
    """Take back what a batch brought and nobody has touched, some at a time, each whole.

    `take_back` says the reference of what it has to leave as it is, None when it is voided.
    Raises `LookupError` for a batch of this listing there is none of.
    """
    batch = session().get(ImportBatch, batch_id)
    if batch is None or batch.listing != listing:
        raise LookupError(batch_id)
    rows = select(ImportedThing.id).where(
        ImportedThing.batch_id == batch_id, ImportedThing.voided_at.is_(None)
    )
    ids = list(session().scalars(rows.order_by(ImportedThing.id)))
    session().rollback()
    count, left = 0, []
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        left += (kept := _take_back(some, take_back, now=now))
        count += len(some) - len(kept)
        progress(at + len(some), len(ids))
    if not left:
        _mark_voided(batch_id, now=now)
    return Voided(count, tuple(left))


@retried
def _take_back(
    ids: Sequence[int], take_back: Callable[[ImportedThing], str | None], *, now: datetime
) -> list[str]:
    left = []
    with transaction() as s, s.no_autoflush:
        rows = select(ImportedThing).where(ImportedThing.id.in_(ids)).order_by(ImportedThing.id)
        for row in s.scalars(rows):
            reference = take_back(row)
            if reference is None:
                row.voided_at = now
            else:
                left.append(reference)
            s.flush()
    return left


@retried
def _mark_voided(batch_id: int, *, now: datetime) -> None:
    with transaction() as s:
        batch = s.get_one(ImportBatch, batch_id)
        batch.voided_at = batch.voided_at or now


def voided_at(batch_id: int) -> datetime | None:
    """When a batch was voided whole."""
    batch = session().get(ImportBatch, batch_id)
    return batch.voided_at if batch else None


def void_case(
    house: House, verb_of: Callable[[Case], str], why: str, *, now: datetime
) -> Callable[[ImportedThing], str | None]:
    """Takes a case back by the step of its machine; the step's own rules say whether somebody touched it."""

    def take_back(row: ImportedThing) -> str | None:
        case = session().get_one(Case, row.case_id)
        done = react(house, case, verb_of(case), {"reason": why}, now=now, cause=None)
        return case.reference if done is None else None

    return take_back
