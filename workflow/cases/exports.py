"""The record of what was taken out as a file: who, when, which columns, how much; never its words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases.access import hidden
from workflow.cases.entries import ANOTHER
from workflow.db.base import Base, pk
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.people.queries import names
from workflow.web.paging import Page, page_of

#: Rows of one file at most.
MOST: Final = 5_000
#: What a file about one case is narrowed to: its reference.
CASE: Final = "case"
#: Cursor of the record: (at, id), newest first.
CURSOR: Final = (int,)


class Export(Base):
    """One file that was taken out. Written once; the database refuses to change it."""

    __tablename__ = "export_log"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    #: Which list or part, and in which form, as codes.
    what: Mapped[str] = mapped_column(String(30))
    form: Mapped[str] = mapped_column(String(8))
    #: What it was narrowed to: codes only; of words that were looked for, how many.
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    columns: Mapped[str] = mapped_column(String(300))
    rows: Mapped[int]
    #: SHA-256 of the file, to tell one that turns up again.
    digest: Mapped[str] = mapped_column(String(64))


def record(
    actor: Actor,
    what: str,
    form: str,
    content: bytes,
    *,
    filters: Mapping[str, Any],
    columns: Sequence[str],
    rows: int,
    now: datetime,
) -> None:
    """Write down that this file is being taken out, before it is."""
    with transaction() as s:
        s.add(
            Export(
                person_id=actor.id,
                at=now,
                what=what,
                form=form,
                filters=dict(filters),
                columns=" ".join(columns),
                rows=rows,
                digest=hashlib.sha256(content).hexdigest(),
            )
        )
        s.flush()


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it stands in the record for somebody: a case they may not see is not named."""

    at: datetime
    by: str
    what: str
    form: str
    filters: dict[str, Any]
    columns: str
    rows: int
    digest: str


def recorded(actor: Actor, *, after: tuple[Any, ...] | None = None, limit: int = 50) -> Page[Taken]:
    """What was taken out, the latest first. Two queries, three where it was files of cases."""
    query = select(Export).order_by(Export.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(Export.id < after[0])
    page = page_of(session().scalars(query).all(), limit, lambda e: (e.id,), cursor=after)
    people = names({e.person_id for e in page.rows})
    unseen = hidden(actor, {e.filters[CASE] for e in page.rows if CASE in e.filters})
    rows = [
        Taken(
            at=e.at,
            by=people[e.person_id],
            what=e.what,
            form=e.form,
            filters={k: ANOTHER if k == CASE and v in unseen else v for k, v in e.filters.items()},
            columns=e.columns,
            rows=e.rows,
            digest=e.digest,
        )
        for e in page.rows
    ]
    return Page(rows, page.after, page.is_first)
