"""Finding complaints by what was told, found and decided. Reads only, and only what the searcher may see.

The index gives complaints that hold the words; whether they stand as a phrase is read in the words.
Who does not read what was told searches by agency, reference and codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import selectinload

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.complaints import sealed, word_index
from workflow.complaints.asking import Question, Term
from workflow.complaints.kind import READERS
from workflow.complaints.models import Allegation, Complaint
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.register.models import Agency
from workflow.web.paging import Page, encode, page_of

CAP: Final = 1000
#: Cursor of what was found: (received_at, id), newest first.
CURSOR: Final = (datetime, int)
#: Complaints opened at most to look for a phrase, before the reader is asked to go on; and how many at once.
OPENED: Final = 600
_AT_ONCE: Final = 60

Key: TypeAlias = tuple[datetime, int]


@dataclass(frozen=True)
class Found:
    """A page of what was found; `total` is counted to `CAP + 1`; None on later pages, and for phrases."""

    page: Page[Complaint]
    total: int | None
    #: Whether reading stopped before the page was full: there may be more.
    is_cut: bool = False


def search(
    asked: Question,
    actor: Actor,
    keyring: Keyring,
    *,
    zone: ZoneInfo,
    after: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> Found:
    """Complaints this person may see that answer the question, newest first; at most `limit`.

    Two queries without phrases, three on PostgreSQL; with phrases five more for every sixty complaints that
    are opened.
    """
    reads = bool(actor.roles & READERS)
    rows_of: Any = select(Case.id, Case.received_at, Case.reference)
    query = _narrowed(rows_of, asked, actor, keyring, zone, reads=reads)
    if reads and _phrases(asked):
        return _read_through(query, asked, keyring, after=after, limit=limit)
    # Counted while it is read: the index is asked once, which is what takes the time.
    most = limit + 1 if after else max(limit, CAP) + 1
    rows = session().execute(_ordered(query, after).limit(most)).all()
    page = page_of(rows, limit, lambda row: (row.received_at, row.id), cursor=after)
    complaints = _complaints([row.id for row in page.rows])
    return Found(Page(complaints, page.after, page.is_first), None if after else len(rows))


def _read_through(
    query: Select[Any],
    asked: Question,
    keyring: Keyring,
    *,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found:
    """Open candidates in their order until the page is full, or enough were opened."""
    # Narrowed once, and opened by and by: the index is what takes the time, and a page is full soon.
    rows = session().execute(_ordered(query, after).limit(OPENED + 1)).all()
    fitting: list[Any] = []
    for at in range(0, min(len(rows), OPENED), _AT_ONCE):
        some = rows[at : min(at + _AT_ONCE, OPENED)]
        texts = sealed.texts_of_many({row.id: row.reference for row in some}, word_index.INDEXED, keyring)
        fitting += [row for row in some if _answers(asked, texts.get(row.id, ()))]
        if len(fitting) > limit:
            break
    is_cut = len(rows) > OPENED and len(fitting) <= limit
    shown = fitting[:limit]
    last = rows[OPENED - 1] if is_cut else shown[-1] if len(fitting) > limit else None
    cursor = encode((last.received_at, last.id)) if last else None
    page = Page(_complaints([row.id for row in shown]), cursor, after is None)
    return Found(page, None, is_cut=is_cut)


def _answers(asked: Question, texts: Iterable[str]) -> bool:
    """Whether these texts hold one term of each group and none that is excluded."""
    lined = [f" {' '.join(word_index.words_in(said))} " for said in texts]
    groups = (g for g in asked.groups if any(t.is_phrase for t in g))
    # A word beside a phrase is looked for by its stem, as the index does.
    has_all = all(any(_holds(lined, term) for term in group) for group in groups)
    return has_all and not any(_holds(lined, t) for t in asked.without if t.is_phrase)


def _holds(lined: Sequence[str], term: Term) -> bool:
    if term.is_phrase:
        return any(f" {' '.join(term.words)} " in line for line in lined)
    stem = word_index.stem_of(term.words[0])
    return any(word_index.stem_of(word) == stem for line in lined for word in line.split())


def _phrases(asked: Question) -> bool:
    return any(t.is_phrase for t in (*asked.without, *(t for group in asked.groups for t in group)))


def _ordered(query: Select[Any], after: tuple[Any, ...] | None) -> Select[Any]:
    if after is not None:
        moment, last = after
        query = query.where(or_(Case.received_at < moment, and_(Case.received_at == moment, Case.id < last)))
    return query.order_by(Case.received_at.desc(), Case.id.desc())


def _complaints(ids: Sequence[int]) -> list[Complaint]:
    query = select(Complaint).where(Complaint.id.in_(ids)).options(selectinload(Complaint.office))
    found = {c.id: c for c in session().scalars(query)}
    return [found[i] for i in ids]


# --- conditions -------------------------------------------------------------------------------


def _narrowed(
    query: Select[Any], asked: Question, actor: Actor, keyring: Keyring, zone: ZoneInfo, *, reads: bool
) -> Select[Any]:
    query = query.where(sees(actor), Case.kind == "complaint", *_filtered(asked, zone))
    if not reads:
        return query.where(*_by_title(asked))
    if asked.groups:
        looked = [[_marks(term, keyring) for term in group] for group in asked.groups]
        query = query.where(word_index.holding(looked))
    if words := [t for t in asked.without if not t.is_phrase]:
        unwanted = [[word_index.tokens_of(t.words, keyring) for t in words]]
        query = query.where(word_index.lacking(unwanted))
    return query


def _marks(term: Term, keyring: Keyring) -> frozenset[str]:
    """What every complaint that holds this has in the index; of a phrase also its neighbours."""
    words = word_index.tokens_of(term.words, keyring)
    return words | word_index.pairs_of(term.words, keyring) if term.is_phrase else words


def _by_title(asked: Question) -> Iterator[ColumnElement[bool]]:
    """For who does not read what was told: words of the agency's name."""
    for group in asked.groups:
        yield or_(*(_about(" ".join(t.words)) for t in group))
    for term in asked.without:
        yield or_(Case.agency_id.is_(None), ~_about(" ".join(term.words)))


def _about(words: str) -> ColumnElement[bool]:
    """Whether a complaint is about an agency whose name holds these words."""
    named = Agency.name.ilike(f"%{words}%")
    return Case.agency_id.in_(select(Agency.id).where(named))


def _filtered(asked: Question, zone: ZoneInfo) -> Iterator[ColumnElement[bool]]:
    own = Complaint.__table__.alias()
    for name, value in asked.filters.items():
        match name:
            case "tier":
                yield Case.tier == int(value)
            case "state" if value == "open":
                yield Case.closed_at.is_(None)
            case "state":
                yield Case.state == value
            case "model":
                yield Case.model == value
            case "channel":
                yield exists().where(own.c.id == Case.id, own.c.channel == value)
            case "type":
                alleged = exists().where(Allegation.complaint_id == Case.id)
                yield alleged.where(Allegation.code.in_(asked.types_named(value)))
            case "after":
                yield Case.received_at >= _midnight(value, zone)
            case "before":
                yield Case.received_at < _midnight(value, zone)
            case _:
                yield and_(*(_about(word) for word in word_index.words_in(value)))


def _midnight(day: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), zone)
