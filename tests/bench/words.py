"""What was told, for measuring: sealed and indexed as the product does, in words that mean nothing."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, select, text

from tests.bench.rows import FIRST
from workflow.cases.models import Case, CaseKey
from workflow.complaints.models import ComplaintWords
from workflow.complaints.word_index import WordIndex, marks_of
from workflow.db.seal import Keyring, seal

#: As many words as a large office might read, the first ones often and the last ones seldom.
WORDS: Final = tuple(
    first + middle + last
    for first in "bdfgklmnpr"
    for middle in ("ala", "eso", "ino", "oru", "uma")
    for last in "ben dor fin gal hem jas kol lun mor nes pim ras sot tul vex".split()  # noqa: SIM905
)
LENGTH: Final = 60
#: Two words that stand together in about every fiftieth complaint.
ASKED: Final = (WORDS[3], WORDS[40])


def tell(connection: Connection, keyring: Keyring) -> None:
    """Give every complaint of `rows` its words, its key and its tokens."""
    chance = Random(288)
    found = connection.execute(
        select(Case.id, Case.reference).where(Case.kind == "complaint", Case.id >= FIRST)
    ).all()
    for at in range(0, len(found), 2_000):
        rows = [_row(i, reference, chance, keyring) for i, reference in found[at : at + 2_000]]
        for number, model in enumerate((CaseKey, ComplaintWords, WordIndex)):
            connection.execute(model.__table__.insert(), [row[number] for row in rows])  # type: ignore[attr-defined]
        if connection.dialect.name == "sqlite":
            kept = text("INSERT INTO word_search (rowid, tokens) VALUES (:id, :tokens)")
            connection.execute(kept, [{"id": r[2]["complaint_id"], "tokens": r[2]["tokens"]} for r in rows])


def _row(case_id: int, reference: str, chance: Random, keyring: Keyring) -> tuple[dict[str, Any], ...]:
    words = [WORDS[int(len(WORDS) * chance.random() ** 2)] for _ in range(LENGTH)]
    key, wrapped = keyring.new_key(f"case_key:{reference}")
    told = json.dumps({"narrative": " ".join(words)}).encode()
    sealed = seal(key, told, f"complaint_words:{reference}")
    tokens = " ".join(sorted(marks_of([" ".join(words)], keyring)))
    return (
        {"case_id": case_id, "wrapped": wrapped},
        {"complaint_id": case_id, "sealed": sealed},
        {"complaint_id": case_id, "made_with": "bench", "tokens": tokens},
    )
