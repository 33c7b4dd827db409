"""Which checklist is which: the delivered one and those of the office, and the one in force on a day.

A version in force never changes, so what was read of it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from workflow.db.session import db, session
from workflow.inspections.checklist import Checklist, from_body
from workflow.inspections.checklist_models import IN_FORCE, ChecklistRevision, ChecklistVersion
from workflow.inspections.checklist_standard import STANDARD

_kept: WeakKeyDictionary[Engine, dict[str, Checklist]] = WeakKeyDictionary()
#: So many versions are listed at most.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A version as it stands: its row, the number of its latest revision, and the checklist."""

    row: ChecklistVersion
    revision: int
    checklist: Checklist


def checklist_of(code: str) -> Checklist:
    """The version an inspection was begun under. One query the first time, none later.

    Raises `LookupError` for a code that was never in force.
    """
    if code == STANDARD.version:
        return STANDARD
    kept = _kept.setdefault(db.engine, {})
    if code not in kept:
        found = session().scalar(
            select(ChecklistRevision.body)
            .join(ChecklistVersion, ChecklistRevision.version_id == ChecklistVersion.id)
            .where(
                ChecklistVersion.code == code,
                ChecklistVersion.outcome == IN_FORCE,
                ChecklistRevision.number == ChecklistVersion.revision,
            )
        )
        if found is None:
            raise LookupError(f"checklist {code} was never in force")
        kept[code] = from_body(code, found)
    return kept[code]


def in_force(on: date) -> str:
    """The code of the version in force on a day: the latest that took effect, else the delivered one."""
    found = session().scalar(
        select(ChecklistVersion.code)
        .where(ChecklistVersion.outcome == IN_FORCE, ChecklistVersion.effective_on <= on)
        .order_by(ChecklistVersion.effective_on.desc(), ChecklistVersion.settled_at.desc())
        .limit(1)
    )
    return found or STANDARD.version


def versions() -> Sequence[ChecklistVersion]:
    """Every version the office made, the newest first."""
    return session().scalars(select(ChecklistVersion).order_by(ChecklistVersion.id.desc()).limit(MOST)).all()


def version_of(code: str, *, lock: bool = False) -> ChecklistVersion | None:
    """One version of the office by its code."""
    found = select(ChecklistVersion).where(ChecklistVersion.code == code)
    return session().scalar(found.with_for_update() if lock else found)


def as_it_stands(row: ChecklistVersion) -> Draft:
    """The latest revision of a draft; of a version in force the one that was put in force."""
    found = select(ChecklistRevision).where(ChecklistRevision.version_id == row.id)
    if row.revision is not None:
        found = found.where(ChecklistRevision.number == row.revision)
    latest = session().scalars(found.order_by(ChecklistRevision.number.desc()).limit(1)).one()
    return Draft(row, latest.number, from_body(row.code, latest.body))


def any_of(code: str) -> Checklist | None:
    """A version whatever came of it, for comparing; None for a code there is not."""
    if code == STANDARD.version:
        return STANDARD
    row = version_of(code)
    return None if row is None else as_it_stands(row).checklist


def every_one() -> list[Checklist]:
    """Every revision there ever was, so that a code is never given to another question."""
    rows = session().execute(
        select(ChecklistVersion.code, ChecklistRevision.body).join(
            ChecklistRevision, ChecklistRevision.version_id == ChecklistVersion.id
        )
    )
    return [STANDARD, *(from_body(code, body) for code, body in rows)]


def forget() -> None:
    """Drop what was kept, for tests that share an engine between databases."""
    _kept.clear()
