"""The index of words: which complaints hold a word, as keyed tokens only. What a query means is in `search`.

Words are sealed, so no word stands here: a token is a keyed fingerprint of a word's stem, and of a complaint
the set of its tokens is kept, in no order and uncounted. Of two neighbours there is a blurred token too: it
narrows a phrase and proves nothing. Contact and names of people are never indexed.
SQLite keeps the sets in FTS5, PostgreSQL as tsvector; both are asked the same in `holding`, nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeAlias

from snowballstemmer import stemmer
from sqlalchemy import (
    DDL,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    any_,
    column,
    delete,
    event,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from workflow.cases.chronicle import ERASED
from workflow.cases.models import Case
from workflow.complaints import sealed
from workflow.complaints.mailbox_models import texts_in
from workflow.complaints.models import Complaint
from workflow.db.base import Base, BigKey
from workflow.db.seal import Keyring
from workflow.db.session import session, transaction

#: Of what was told only these: who was involved, and in which language, are of persons.
INDEXED: Final = ("narrative", "where", "agency", "remedy")
#: What of a complaint is indexed at most, in characters; the rest is read, not found.
LONGEST: Final = 200_000
#: Words that stand nearly everywhere: they find nothing, and would tell most to whoever counts tokens.
_LISTED: Final = """
    a about after again all also am an and any are as at be because been before being but by can could
    did do does doing down for from further get got had has have having he her here hers him his how i
    if in into is it its just me more most my no nor not now of off on once only or other our out over
    own said same she should so some such than that the their them then there these they this those
    through to too under until up us very was we were what when where which while who whom why will with
    would you your
"""
EVERYWHERE: Final = frozenset(_LISTED.split())
#: How many tokens there are for neighbours: so few that each stands for a great many pairs of words.
PAIRS: Final = 4_096
#: From this share of all complaints on a question is answered from the newest case on, on PostgreSQL.
COMMON: Final = 0.2
_WORD: Final = re.compile(r"[^\W_]+")
_BATCH: Final = 500
_english: Final = stemmer("english")

#: All of the groups; of a group one of the alternatives; of an alternative every token.
Looked: TypeAlias = Sequence[Sequence[frozenset[str]]]


class WordIndex(Base):
    """That a complaint is indexed, and with which key. On SQLite its tokens are in `word_search`."""

    __tablename__ = "word_index"
    __table_args__ = (
        Index("ix_word_index_tokens", "tokens", postgresql_using="gin").ddl_if(dialect="postgresql"),
    )

    complaint_id: Mapped[int] = mapped_column(BigKey, ForeignKey("complaint.id"), primary_key=True)
    made_with: Mapped[str] = mapped_column(String(8))
    tokens: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR, "postgresql"))


def _on_sqlite(statement: str) -> Any:
    made: Any = DDL(statement)  # type: ignore[no-untyped-call]
    return made.execute_if(dialect="sqlite")


#: Sets need neither order nor place: `detail=none` keeps none.
SQLITE: Final = ("CREATE VIRTUAL TABLE word_search USING fts5(tokens, detail=none)",)
for _statement in SQLITE:
    event.listen(WordIndex.__table__, "after_create", _on_sqlite(_statement))
event.listen(WordIndex.__table__, "before_drop", _on_sqlite("DROP TABLE IF EXISTS word_search"))


# --- words and tokens -------------------------------------------------------------------------


def folded(said: str) -> str:
    """A text without case and accents."""
    apart = unicodedata.normalize("NFKD", said.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def words_in(said: str) -> list[str]:
    """The words of a text, folded, in their order."""
    return _WORD.findall(folded(said.replace("'", "").replace("\u2019", "")))


def tokens_of(words: Iterable[str], keyring: Keyring) -> frozenset[str]:
    """The tokens of folded words; those that stand everywhere have none."""
    key = _key(keyring.keys[0])
    return frozenset(_token(key, word) for word in set(words) - EVERYWHERE)


def pairs_of(words: Sequence[str], keyring: Keyring) -> frozenset[str]:
    """The blurred tokens of neighbours in a text, in no order; words that stand everywhere are skipped."""
    key, kept = _key(keyring.keys[0]), [stem_of(word) for word in words if word not in EVERYWHERE]
    return frozenset(_pair(key, *sorted(two)) for two in pairwise(kept))


def marks_of(texts: Iterable[str], keyring: Keyring) -> frozenset[str]:
    """Every token of these texts, which are not each other's neighbours."""
    words: set[str] = set()
    pairs: frozenset[str] = frozenset()
    room = LONGEST
    for said in texts:
        read = words_in(said[:room])
        words.update(read)
        pairs |= pairs_of(read, keyring)
        room -= min(room, len(said))
    return tokens_of(words, keyring) | pairs


def stem_of(word: str) -> str:
    """The stem of a folded word, in English."""
    return _stem(word[:60])


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stem: str = _english.stemWord(word)
    return stem


def is_everywhere(word: str) -> bool:
    """Whether a folded word is one that is not indexed."""
    return word in EVERYWHERE


@lru_cache(maxsize=8)
def _key(first: bytes) -> bytes:
    """The key of the index, of the first of the ring: a new one that wraps changes nothing here."""
    return hmac.new(first, b"plumbline: index of words", hashlib.sha256).digest()


@lru_cache(maxsize=50_000)
def _token(key: bytes, word: str) -> str:
    digest = hmac.new(key, stem_of(word).encode(), hashlib.sha256).digest()
    return b32encode(digest[:10])[:13].decode().lower()


@lru_cache(maxsize=50_000)
def _pair(key: bytes, first: str, second: str) -> str:
    digest = hmac.new(key, f"{first} {second}".encode(), hashlib.sha256).digest()
    return f"p{int.from_bytes(digest[:4]) % PAIRS:03x}"


def _mark(keyring: Keyring) -> str:
    """What an index made with this key, of words and neighbours, is known by."""
    return hmac.new(_key(keyring.keys[0]), b"mark: words, neighbours", hashlib.sha256).hexdigest()[:8]


# --- writing ----------------------------------------------------------------------------------


def index(complaint: Complaint, keyring: Keyring) -> None:
    """Index all words of a complaint anew, inside the transaction that writes them; erased ones are gone."""
    session().flush()
    forget(complaint.id)
    put(complaint.id, texts_of(complaint, keyring), keyring)


def texts_of(complaint: Complaint, keyring: Keyring) -> Iterator[str]:
    """Every text of a complaint that can be found: what was told, evidence, reasons, messages and letters."""
    yield from told_in(sealed.words_of(complaint, keyring))
    for allegation in complaint.allegations:
        for part in ("evidence", "rationale"):
            said = sealed.text_of(complaint, allegation, part, keyring)
            if said and said != ERASED:
                yield said
    yield from (said for said in texts_in(complaint, keyring) if said != ERASED)
    yield from sealed.letters_of_many({complaint.id: complaint.reference}, keyring).get(complaint.id, ())


def told_in(words: Mapping[str, str]) -> list[str]:
    """Of what was told, what can be found."""
    return [words[name] for name in INDEXED if words.get(name)]


def put(complaint_id: int, texts: Iterable[str], keyring: Keyring) -> None:
    """Keep the tokens of these texts as those of a complaint that has none yet."""
    tokens = marks_of(texts, keyring)
    if not tokens:
        return
    kept, s = " ".join(sorted(tokens)), session()
    ours = {"complaint_id": complaint_id, "made_with": _mark(keyring)}
    if _is_postgresql():
        s.execute(insert(WordIndex).values(**ours, tokens=kept))
        return
    s.execute(insert(WordIndex).values(**ours))
    s.execute(
        text("INSERT INTO word_search (rowid, tokens) VALUES (:id, :kept)"),
        {"id": complaint_id, "kept": kept},
    )


def forget(complaint_id: int) -> None:
    """Take the tokens of a complaint out: with its key its words go, and these with them."""
    session().execute(delete(WordIndex).where(WordIndex.complaint_id == complaint_id))
    if not _is_postgresql():
        session().execute(text("DELETE FROM word_search WHERE rowid = :id"), {"id": complaint_id})


def reindex(keyring: Keyring) -> int:
    """Index every complaint anew, `_BATCH` a transaction; how many. Whatever was erased loses its tokens."""
    done, last = 0, 0
    while True:
        with transaction() as s:
            some = s.scalars(
                select(Complaint).where(Complaint.id > last).order_by(Complaint.id).limit(_BATCH)
            ).all()
            if not some:
                return done
            for complaint in some:
                index(complaint, keyring)
            done, last = done + len(some), some[-1].id
            s.expunge_all()


# --- asking -----------------------------------------------------------------------------------


def holding(looked: Looked) -> ColumnElement[bool]:
    """The condition on a case that its words hold what is looked for. One query, on PostgreSQL alone."""
    ids = _ids(looked)
    if _is_postgresql():
        if _is_common(looked):
            # Read from the newest on, case by case, until there are enough: most cases hold it.
            tokens = select(WordIndex.tokens.op("@@")(_asked(looked)))
            return tokens.where(WordIndex.complaint_id == Case.id).correlate(Case).scalar_subquery()
        # Found in the index first, then those cases by their key: else every case is read to join them.
        return Case.id == any_(func.array(ids.scalar_subquery()))
    return Case.id.in_(ids)


def lacking(looked: Looked) -> ColumnElement[bool]:
    """The condition on a case that its words hold nothing of it. No query is made here."""
    return Case.id.not_in(_ids(looked))


def _ids(looked: Looked) -> Select[int]:
    """Those complaints, by the index as a whole: case by case would open the tokens of each."""
    if _is_postgresql():
        matches = WordIndex.tokens.op("@@")(_asked(looked))
        return select(WordIndex.complaint_id).where(matches).offset(0)
    found: Any = table("word_search", column("rowid"))
    matches = literal_column("word_search").op("MATCH")(_said(looked, " AND ", " OR "))
    return select(found.c.rowid).where(matches)


def _asked(looked: Looked) -> ColumnElement[Any]:
    return func.to_tsquery("simple", _said(looked, " & ", " | "))


def _is_common(looked: Looked) -> bool:
    """Whether so many complaints hold it, by the database's own statistics, that the newest are at hand.

    What is found is the same either way. One query, which reads no row.
    """
    said = _said(looked, " & ", " | ")
    # A plan takes no values; tokens are letters and digits of ours.
    plan = text(
        "EXPLAIN (FORMAT JSON) SELECT complaint_id FROM word_index"  # noqa: S608
        f" WHERE tokens @@ to_tsquery('simple', '{said}')"
        " UNION ALL SELECT complaint_id FROM word_index"
    )
    explained: Any = session().scalar(plan)
    of_words, of_all = (each["Plan Rows"] for each in explained[0]["Plan"]["Plans"])
    return bool(of_words > COMMON * of_all)


def is_current(keyring: Keyring) -> bool:
    """Whether what is indexed was indexed with the key of today. One query."""
    made_with = session().scalar(select(WordIndex.made_with).limit(1))
    return made_with in (None, _mark(keyring))


def _said(looked: Looked, both: str, either: str) -> str:
    """A query of either database; tokens are letters and digits of ours, so nothing of it is typed."""
    return both.join(
        f"({either.join(f'({both.join(sorted(tokens))})' for tokens in group)})" for group in looked
    )


def _is_postgresql() -> bool:
    return session().get_bind().dialect.name == "postgresql"
