"""The officers of an agreement held against the office's records: what differs is proposed as a finding.

A person accepts or declines each; nothing becomes a finding by itself. Comparing is pure; how one officer
stands is known in `register.training`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import sealed
from workflow.inspections.answers import writable
from workflow.inspections.facts import (
    ACTS_AFTER,
    DIFFERENCES,
    LAPSED,
    NO_AUTHORITY,
    NOT_LISTED,
    NOT_TOLD,
    WRITING,
)
from workflow.inspections.fieldwork_models import RosterDiscrepancy
from workflow.inspections.findings import Draft, record_finding
from workflow.inspections.kind import items_of
from workflow.inspections.models import Inspection
from workflow.policy import queries as policy
from workflow.register.queries import officers_standing
from workflow.register.training import Stage, Standing

#: The item of the checklist that a difference is about.
ITEM: Final = {NOT_LISTED: "A1", NO_AUTHORITY: "A2", ACTS_AFTER: "A2", LAPSED: "B2", NOT_TOLD: "A3"}
WORDS: Final = dict(DIFFERENCES)
LONGEST: Final = 1000
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class OnRoster:
    """One officer as the office has them on record: the agency's number and how they stand."""

    number: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs: its kind, how many officers, and a sentence."""

    kind: str
    officers: int
    words: str

    @property
    def mark(self) -> str:
        """Stands for exactly this difference."""
        return hashlib.sha256(f"{self.kind}\0{self.officers}\0{self.words}".encode()).hexdigest()


def compare(roster: Iterable[OnRoster], acting: frozenset[str]) -> Iterator[Difference]:
    """What differs between the office's records and the numbers of the officers who act at the agency."""
    known = {o.number.casefold(): o for o in roster}
    seen = {number.casefold(): number for number in acting}
    strangers = sorted(seen[n] for n in seen.keys() - known.keys())
    if strangers:
        yield Difference(NOT_LISTED, len(strangers), f"On duty and not on record: {_listed(strangers)}.")
    here = sorted((known[n] for n in seen.keys() & known.keys()), key=lambda o: o.number)
    ended = (Stage.LEFT, Stage.REVOKED)
    after = [o for o in here if o.standing.stage in ended]
    without = [o for o in here if not o.standing.acts and o.standing.stage not in ended]
    lapsed = [o for o in here if o.standing.acts and o.standing.lapses]
    for kind, officers in ((ACTS_AFTER, after), (NO_AUTHORITY, without)):
        if officers:
            said = "; ".join(f"{o.number} ({o.standing.stage})" for o in officers)
            yield Difference(kind, len(officers), f"On duty and not authorised: {said}.")
    if lapsed:
        said = "; ".join(f"{o.number} ({', '.join(o.standing.lapses)})" for o in lapsed)
        yield Difference(LAPSED, len(lapsed), f"On duty with lapsed training: {said}.")
    gone = sorted(o.number for n, o in known.items() if n not in seen and o.standing.acts)
    if gone:
        yield Difference(NOT_TOLD, len(gone), f"Authorised on record and not at the agency: {_listed(gone)}.")


def roster_of(inspection: Inspection, on: date) -> list[OnRoster]:
    """The officers of the agreement as the office has them on record on a day. Two queries."""
    assert inspection.agreement_id is not None
    book = policy.book(inspection.policy_id)
    found = officers_standing([inspection.agreement_id], on, book).get(inspection.agreement_id, [])
    return [OnRoster(officer.number, stands) for officer, stands in found]


@retried
def compare_roster(
    house: House, reference: str, actor: Actor, acting: frozenset[str], *, now: datetime
) -> int:
    """Propose whatever differs and was not proposed yet; how many that is."""
    with transaction() as s, s.no_autoflush:
        inspection = _open(actor, reference)
        on = calendar_of(inspection.office_id).day_of(now)
        found = list(compare(roster_of(inspection, on), acting))
        return sum(_propose(house, inspection, each, actor, now=now) for each in found)


@retried
def type_difference(
    house: House, reference: str, actor: Actor, difference: Difference, *, now: datetime
) -> None:
    """Propose something an inspector saw and typed."""
    with transaction() as s, s.no_autoflush:
        inspection = _open(actor, reference)
        if difference.kind not in WORDS:
            raise Refused(Refusal("unfit", "Choose what differs.", "kind"))
        if not difference.words.strip() or len(difference.words) > LONGEST:
            raise Refused(Refusal("unfit", f"One sentence, at most {LONGEST:,} characters.", "words"))
        if not _propose(house, inspection, difference, actor, now=now):
            raise Refused(Refusal("known", "Exactly this was proposed already."))


@retried
def accept(
    house: House,
    reference: str,
    number: int,
    actor: Actor,
    *,
    class_code: str | None,
    now: datetime,
) -> int:
    """Make a finding of it: a deficiency of a class, without one an area of concern. The finding's number."""
    with transaction() as s, s.no_autoflush:
        inspection = _open(actor, reference)
        row = _undecided(inspection, number)
        result = "deficiency" if class_code else "area_of_concern"
        words = sealed.words_in(inspection, row, "words", house.keyring)
        draft = Draft(row.item, result, class_code=class_code, evidence=words)
        finding = record_finding(house, reference, actor, draft, seen=inspection.version, now=now)
        row.outcome, row.finding, row.decided_by_id, row.decided_at = "accepted", finding, actor.id, now
        s.flush()
        return finding


@retried
def decline(house: House, reference: str, number: int, actor: Actor, *, reason: str, now: datetime) -> None:
    """Make no finding of it, and say why."""
    with transaction() as s, s.no_autoflush:
        inspection = _open(actor, reference)
        row = _undecided(inspection, number)
        if not reason.strip():
            raise Refused(Refusal("required", "Say why this is no finding.", "reason"))
        row.reason = sealed.keep(inspection, row, "reason", reason, house.keyring)
        row.outcome, row.decided_by_id, row.decided_at = "declined", actor.id, now
        codes = {"difference": number, "what": row.kind}
        note(house, inspection, "decline_difference", actor, codes=codes, words={"reason": reason}, now=now)
        s.flush()


def differences_of(
    house: House, inspection: Inspection
) -> list[tuple[RosterDiscrepancy, str | None, str | None]]:
    """Every proposal with its sentence and, where it was declined, why. One query."""
    return [
        (
            row,
            sealed.words_in(inspection, row, "words", house.keyring),
            sealed.words_in(inspection, row, "reason", house.keyring),
        )
        for row in _rows(inspection)
    ]


def _rows(inspection: Inspection) -> Sequence[RosterDiscrepancy]:
    found = select(RosterDiscrepancy).where(RosterDiscrepancy.inspection_id == inspection.id)
    return session().scalars(found.order_by(RosterDiscrepancy.number)).all()


def _open(actor: Actor, reference: str) -> Inspection:
    inspection = writable(actor, reference)
    if inspection.state not in WRITING:
        raise Refused(
            Refusal("state", "The roster is compared from the visit until the findings are drafted.")
        )
    return inspection


def _undecided(inspection: Inspection, number: int) -> RosterDiscrepancy:
    row = next((r for r in _rows(inspection) if r.number == number), None)
    if row is None:
        raise Refused(Refusal("unknown", "There is no such proposal."))
    if row.outcome is not None:
        raise Refused(Refusal("decided", f"This was {row.outcome} already."))
    return row


def _propose(
    house: House, inspection: Inspection, difference: Difference, actor: Actor, *, now: datetime
) -> bool:
    """Keep a proposal unless exactly this one is on record; whether it is new."""
    item = ITEM[difference.kind]
    rows = _rows(inspection)
    if any(r.mark == difference.mark for r in rows) or item not in {i.code for i in items_of(inspection)}:
        return False
    if len(rows) >= MOST:
        raise Refused(Refusal("many", f"At most {MOST} proposals."))
    row = RosterDiscrepancy(
        inspection_id=inspection.id,
        number=len(rows) + 1,
        kind=difference.kind,
        item=item,
        officers=difference.officers,
        mark=difference.mark,
        by_id=actor.id,
        at=now,
    )
    kept = sealed.keep(inspection, row, "words", difference.words, house.keyring)
    assert kept is not None
    row.words = kept
    session().add(row)
    codes = {"difference": row.number, "what": row.kind, "officers": row.officers}
    note(house, inspection, "propose_difference", actor, codes=codes, now=now)
    session().flush()
    return True


def _listed(numbers: Iterable[str]) -> str:
    return ", ".join(numbers)
