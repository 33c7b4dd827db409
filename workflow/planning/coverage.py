"""Coverage: where every agreement in force stands with every duty. Each is counted once; nothing is left out.

No judgement follows from our own silence: what nothing is on record of stands apart from what is overdue.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from workflow.engine.actors import Actor
from workflow.planning.obligations import ROUTINE, Reckoned, kind_of, reckon
from workflow.planning.occurrences import occurrences
from workflow.planning.queries import in_force_on
from workflow.policy.book import Book, DutyRule
from workflow.policy.duties import OWING, has_rule
from workflow.policy.queries import in_force


class Stand(StrEnum):
    """Where one agreement stands with one duty, in the order of the columns."""

    MET = "met"
    WAIVED = "waived"
    OVERDUE = "overdue"
    NOT_DUE = "not_due"
    #: Nothing on record here, and the house cadence has passed.
    UNKNOWN = "nothing_on_record"
    POSTPONED = "postponed"
    EXEMPT = "exempt"
    NO_RULE = "no_oversight_rule"


TITLES: Final[Mapping[Stand, str]] = {
    Stand.MET: "Met in time",
    Stand.WAIVED: "Waived",
    Stand.OVERDUE: "Overdue",
    Stand.NOT_DUE: "Not due yet",
    Stand.UNKNOWN: "Nothing on record here",
    Stand.POSTPONED: "Suspended",
    Stand.EXEMPT: "Exempt by the policy",
    Stand.NO_RULE: "No oversight rule",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One agreement and where it stands with one duty."""

    agreement_id: int
    agreement: str
    agency: str
    state: str
    model: str
    office: str | None
    stand: Stand
    last_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class Coverage:
    """Every agreement in force on a day, by duty, and the digest of exactly that."""

    as_of: date
    #: (kind, title) of every duty, in the order of the book.
    duties: tuple[tuple[str, str], ...]
    rows: Mapping[str, tuple[Row, ...]]
    models: tuple[str, ...]

    @property
    def agreements(self) -> int:
        """How many agreements are in force."""
        return len(self.rows[ROUTINE])

    @property
    def without_rule(self) -> Counter[str]:
        """Agreements of models that have no oversight rule at all, by model."""
        return Counter(r.model for r in self.rows[ROUTINE] if r.stand is Stand.NO_RULE)

    @property
    def is_certificate(self) -> bool:
        """Whether something can be certified: of each agreement that should have been inspected it is known.

        Without loaded history this is a statement of what is on record, and says so.
        """
        stands = Counter(r.stand for r in self.rows[ROUTINE])
        return bool(stands[Stand.MET] + stands[Stand.OVERDUE]) and not stands[Stand.UNKNOWN]

    def counted(self, kind: str) -> dict[str, Counter[Stand]]:
        """How many agreements of each model stand where."""
        found: dict[str, Counter[Stand]] = {model: Counter() for model in self.models}
        for row in self.rows[kind]:
            found.setdefault(row.model, Counter())[row.stand] += 1
        return found

    def total(self, kind: str) -> Counter[Stand]:
        """How many agreements of any model stand where."""
        return Counter(row.stand for row in self.rows[kind])

    @property
    def digest(self) -> str:
        """A fingerprint of every line: who works it out again from the same records gets the same."""
        lines = [
            [kind, r.agreement, r.stand, *(d.isoformat() if d else None for d in (r.last_on, r.due_on))]
            for kind, rows in sorted(self.rows.items())
            for r in sorted(rows, key=lambda r: r.agreement)
        ]
        said = json.dumps([self.as_of.isoformat(), lines], separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The document of `plumbline figures coverage --json`."""
        return {
            "as_of": self.as_of.isoformat(),
            "agreements": self.agreements,
            "document": "certificate" if self.is_certificate else "statement",
            "digest": self.digest,
            "no_oversight_rule": dict(self.without_rule),
            "duties": {
                kind: {
                    "title": title,
                    "total": _said(self.total(kind)),
                    "by_model": {model: _said(counts) for model, counts in self.counted(kind).items()},
                }
                for kind, title in self.duties
            },
        }


def _said(counts: Counter[Stand]) -> dict[str, int]:
    return {"agreements": counts.total(), **{stand.value: counts[stand] for stand in Stand}}


def coverage(actor: Actor, *, as_of: date) -> Coverage:
    """Where the agreements this person may see stand on a day. Five queries, however many."""
    book = in_force(as_of)[1]
    found, record = in_force_on(actor, as_of), occurrences(as_of)
    return Coverage(
        as_of=as_of,
        duties=tuple((kind_of(duty.name), duty.title) for duty in book.duties),
        rows={kind_of(duty.name): tuple(_rows(found, duty, book, record, as_of)) for duty in book.duties},
        models=tuple(model.code for model in book.models),
    )


def _rows(found: Iterable[Any], duty: DutyRule, book: Book, record: Any, as_of: date) -> Iterable[Row]:
    for a in found:
        how = reckon(a, duty, book, record)
        yield Row(
            agreement_id=a.id,
            agreement=a.reference,
            agency=a.agency,
            state=a.state,
            model=a.model,
            office=a.office,
            stand=_stand(a, duty, book, how, as_of),
            last_on=how.last,
            due_on=how.due.on if how.due else None,
        )


def _stand(agreement: Any, duty: DutyRule, book: Book, how: Reckoned, as_of: date) -> Stand:
    """One place for each agreement. What was met in time needs no waiver, so that is asked first."""
    if not has_rule(book, agreement.model):
        return Stand.NO_RULE
    if agreement.model in duty.exempt_models:
        return Stand.EXEMPT
    if how.rule is None:
        return Stand.NO_RULE
    if agreement.status not in OWING:
        return Stand.POSTPONED
    if how.last is not None and (how.due is None or how.due.on >= as_of):
        return Stand.MET
    if how.waiver is not None:
        return Stand.WAIVED
    if how.last is not None:
        return Stand.OVERDUE
    # It waits for another duty, or no day is known to count from: not due as far as can be known.
    return Stand.UNKNOWN if how.due and how.due.on < as_of else Stand.NOT_DUE
