"""Complaints that may be about the same as another, and why. A person decides; nothing is grouped here.

Candidates come from the index of words and from agency and date; only those few are opened and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from rapidfuzz.distance import Indel
from sqlalchemy import ColumnElement, exists, select

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.complaints import sealed, word_index
from workflow.complaints.kind import KIND
from workflow.complaints.models import Complaint
from workflow.db.seal import Keyring
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import day_words
from workflow.register.queries import family

#: Complaints about one agency that came so near in time to another are looked at together.
NEAR_IN_TIME: Final = timedelta(days=30)
#: From this share of words on two texts are called alike, and two agencies need not be the same.
ALIKE: Final = 0.5
#: Of fewer words than this the share says nothing: two short remarks are alike by chance.
FEWEST: Final = 12
MOST: Final = 10
#: How many complaints are opened and compared at most: half by words, half by agency and date.
_EACH: Final = 25
#: Words of a text that are compared, and the rare ones that candidates share three of.
_WORDS: Final = 1_500
_RARE: Final = 12
_AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Near:
    """Another complaint that may be about the same; `score` from 0 to 100, only to be ordered by."""

    reference: str
    why: str
    score: int
    received_on: date
    state: str
    #: What happened, as told; nothing for those who do not read it.
    said: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    reference: str
    state: str
    agency_id: int | None
    received_on: date
    occurred_on: date | None


def near(
    complaint: Complaint,
    actor: Actor,
    keyring: Keyring,
    *,
    words: Mapping[str, str] | None = None,
    kin: frozenset[int] | None = None,
    most: int = MOST,
) -> list[Near]:
    """Complaints this person may see that may be the same, the likeliest first; at most `most`.

    Those who do not read what was told get what agency and date say. Nine queries at most; fewer where what
    was told, and whose its agency is, were read before.
    """
    if kin is None:
        kin = family(complaint.agency_id) if complaint.agency_id is not None else frozenset()
    reads = KIND.reads(actor, complaint)
    own = _compared(sealed.words_of(complaint, keyring) if words is None else words) if reads else []
    found = {c.id: c for c in _candidates(complaint, kin, own, actor, keyring)}
    references = {c.id: c.reference for c in found.values()}
    told = sealed.told_of_many(references, keyring) if own else {}
    rows = (_near(complaint, other, kin, own, told.get(other.id, {})) for other in found.values())
    ordered = sorted((row for row in rows if row is not None), key=lambda row: (-row.score, row.reference))
    return ordered[:most]


def _near(
    complaint: Complaint,
    other: _Candidate,
    kin: Iterable[int],
    own: Sequence[str],
    told: Mapping[str, str],
) -> Near | None:
    """What makes them alike, in words; None where that is too little."""
    words = _compared(told)
    share = Indel.normalized_similarity(own, words) if min(len(own), len(words)) >= FEWEST else 0.0
    same_agency = other.agency_id is not None and other.agency_id in kin
    same_day = other.occurred_on is not None and other.occurred_on == complaint.occurred_on
    if share < ALIKE and not same_agency:
        return None
    apart = abs((other.received_on - complaint.received_at.date()).days)
    why = [
        "same agency" if same_agency else _agency_words(other, kin),
        f"about the same day ({day_words(other.occurred_on)})" if same_day and other.occurred_on else "",
        _apart(apart),
        f"{round(share * 100)} % of the words alike" if share >= ALIKE else "",
    ]
    score = 60 * share + 15 * same_agency + 15 * same_day + max(0, 10 - apart / 3)
    return Near(
        other.reference,
        ", ".join(w for w in why if w),
        round(score),
        received_on=other.received_on,
        state=other.state,
        said=told.get("narrative", ""),
    )


def _agency_words(other: _Candidate, kin: Iterable[int]) -> str:
    if other.agency_id is None:
        return "its agency is not known"
    return "another agency" if kin else ""


def _apart(days: int) -> str:
    if days == 0:
        return "received on the same day"
    counted = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    number = counted[days - 1] if days < 10 else f"{days:,}"
    return f"received {number} {'day' if days == 1 else 'days'} apart"


def _candidates(
    complaint: Complaint, kin: frozenset[int], own: Sequence[str], actor: Actor, keyring: Keyring
) -> list[_Candidate]:
    found: list[_Candidate] = []
    if groups := _rare(own, keyring):
        found += _read(complaint, actor, word_index.holding([groups]))
    if kin:
        around = Case.received_at.between(
            complaint.received_at - NEAR_IN_TIME, complaint.received_at + NEAR_IN_TIME
        )
        found += _read(complaint, actor, Case.agency_id.in_(kin), around)
        if complaint.occurred_on:
            same_day = exists().where(_OWN.c.id == Case.id, _OWN.c.occurred_on == complaint.occurred_on)
            found += _read(complaint, actor, Case.agency_id.in_(kin), same_day, most=_EACH // 2)
    return found[: 2 * _EACH]


_OWN: Final = Complaint.__table__.alias("own_row")


def _read(
    complaint: Complaint, actor: Actor, *conditions: ColumnElement[bool], most: int = _EACH
) -> list[_Candidate]:
    """Complaints that could be the same, the latest first. One query."""
    cases = (
        select(Case.id, Case.reference, Case.state, Case.agency_id, Case.received_at)
        .where(sees(actor), *conditions, Case.kind == "complaint", Case.id != complaint.id)
        .where(Case.state.not_in(("merged", "voided")))
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(most)
        .subquery()
    )
    # Their own rows only of those that are left: words can stand in very many.
    query = select(cases, _OWN.c.occurred_on).join(_OWN, _OWN.c.id == cases.c.id)
    query = query.order_by(cases.c.received_at.desc(), cases.c.id.desc())
    return [_Candidate(i, r, s, a, at.date(), on) for i, r, s, a, at, on in session().execute(query)]


def _compared(told: Mapping[str, str]) -> list[str]:
    """The words of what happened that are compared, sorted: their order counts for nothing."""
    return sorted(word_index.words_in(told.get("narrative", ""))[:_WORDS])


def _rare(words: Iterable[str], keyring: Keyring) -> list[frozenset[str]]:
    """Sets of words that likely stand in few other complaints: numbers, then the longest; by threes.

    Of words as long as each other the token decides, so that no letter of the alphabet comes first.
    """
    by_rarity = sorted(
        (w for w in set(words) if not word_index.is_everywhere(w) and len(w) > 2),
        key=lambda w: (not any(c.isdigit() for c in w), -len(w), *word_index.tokens_of([w], keyring), w),
    )[:_RARE]
    parts = [by_rarity[at : at + _AT_ONCE] for at in range(0, len(by_rarity), _AT_ONCE)]
    found: list[Any] = [word_index.tokens_of(part, keyring) for part in parts if len(part) == _AT_ONCE]
    return found or ([word_index.tokens_of(by_rarity, keyring)] if by_rarity else [])
