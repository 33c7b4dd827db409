"""Reading complaints: the list, the triage, how many. Every query starts from what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.complaints import receipt
from workflow.complaints.models import Complaint, ReceiptCode
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.register.models import Agency
from workflow.web.paging import Page, page_of

CAP: Final = 1000
#: Cursor of the list: (received_at, id), newest first.
CURSOR: Final = (datetime, int)
#: More of what was typed names no agency, and a database refuses to compare it.
LONGEST_NAME: Final = 200


class Sort(StrEnum):
    """In which order complaints are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    state: str | None = None
    tier: int | None = None
    office_id: int | None = None
    model: str | None = None
    channel: str | None = None
    words: str = ""
    sort: Sort = Sort.NEWEST


def listed(
    actor: Actor, wanted: Wanted, *, after: tuple[Any, ...] | None = None, limit: int = 50
) -> Page[Complaint]:
    """Complaints this person may see, by receipt. Two queries, at most `limit` rows."""
    # The kind is known of a complaint, but named for the index that holds cases in this order.
    every = select(Complaint).where(sees(actor), Case.kind == "complaint")
    query = _narrowed(every, wanted).options(selectinload(Complaint.office))
    newest = wanted.sort is Sort.NEWEST
    if after is not None:
        moment, last = after
        beyond = Case.received_at < moment if newest else Case.received_at > moment
        further = Case.id < last if newest else Case.id > last
        query = query.where(or_(beyond, and_(Case.received_at == moment, further)))
    order = (Case.received_at.desc(), Case.id.desc()) if newest else (Case.received_at, Case.id)
    rows = session().scalars(query.order_by(*order).limit(limit + 1)).all()
    return page_of(rows, limit, lambda c: (c.received_at, c.id), cursor=after)


def complaint_for(actor: Actor, reference: str) -> Complaint | None:
    """One complaint with its office and agency, if this person may see it. One query."""
    found = select(Complaint).where(sees(actor), Case.reference == reference)
    # The calendar of the office counts most of what a page says.
    with_both = (joinedload(Complaint.office), joinedload(Complaint.agency))
    return session().scalar(found.options(*with_both))


def complaints_for(actor: Actor, references: Sequence[str]) -> Sequence[Complaint]:
    """Those of these complaints this person may see, with office and allegations. Two queries."""
    found = select(Complaint).where(sees(actor), Case.reference.in_(references))
    with_both = (joinedload(Complaint.office), selectinload(Complaint.allegations))
    return session().scalars(found.options(*with_both)).all()


def how_many(actor: Actor, wanted: Wanted) -> int:
    """How many the list has, counted up to `CAP + 1`. One query."""
    query = _narrowed(select(Complaint.id).where(sees(actor)), wanted).limit(CAP + 1)
    return session().scalar(select(func.count()).select_from(query.subquery())) or 0


def complaint_by_code(typed: str, *, pepper: bytes) -> Complaint | None:
    """The complaint of a receipt's code, for its complainant; None for a wrong one. Always one query."""
    code = receipt.read_code(typed) or ""
    found = select(Complaint).join(ReceiptCode, ReceiptCode.complaint_id == Complaint.id)
    return session().scalar(found.where(ReceiptCode.fingerprint == receipt.fingerprint(code, pepper)))


def agencies_named(words: str, *, limit: int = 20) -> list[Agency]:
    """Agencies of the register whose name, county or state holds every one of these words, by name."""
    pieces = words[:LONGEST_NAME].split()[:8]
    if not pieces:
        return []
    said = Agency.name + " " + func.coalesce(Agency.county, "") + " " + Agency.state
    query = (
        select(Agency)
        .where(
            Agency.merged_into_id.is_(None),
            *(said.ilike(f"%{_plain(w)}%", escape="\\") for w in pieces),
        )
        .order_by(Agency.name, Agency.id)
        .limit(limit)
    )
    return list(session().scalars(query))


def group_of(complaint: Complaint, actor: Actor) -> list[Complaint]:
    """Complaints merged into this one, and the one it was merged into, as far as visible; oldest first."""
    # An `or` over columns of two tables would read every case there is.
    rows = Complaint.__table__.alias()
    kin: ColumnElement[bool] = Case.id.in_(
        select(rows.c.id).where(rows.c.parent_reference == complaint.reference)
    )
    if complaint.parent_reference:
        kin = or_(kin, Case.reference == complaint.parent_reference)
    query = select(Complaint).where(sees(actor), kin)
    return list(session().scalars(query.order_by(Case.received_at, Case.id).limit(100)))


def _plain(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.state:
        query = query.where(Case.state == wanted.state)
    if wanted.tier:
        query = query.where(Case.tier == wanted.tier)
    if wanted.office_id:
        query = query.where(Case.office_id == wanted.office_id)
    if wanted.model:
        query = query.where(Case.model == wanted.model)
    if wanted.channel:
        query = query.where(Complaint.channel == wanted.channel)
    if wanted.words:
        pattern = _plain(wanted.words)
        query = query.where(
            or_(
                Case.title.ilike(f"%{pattern}%", escape="\\"),
                Case.reference.ilike(f"{pattern}%", escape="\\"),
            )
        )
    return query
