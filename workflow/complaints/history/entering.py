"""Entering complaints of the past by the entry steps of the machine, in batches that can be resumed.

Safe to repeat: a number of the same source is entered once. Nothing is sent to anybody. What a file says
was read in `reading`; here it meets the register, and becomes cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import enter
from workflow.complaints import matters, sealed, word_index
from workflow.complaints.facts import State, suggested_tier
from workflow.complaints.history.mapping import Translation
from workflow.complaints.history.past import Past, Read
from workflow.complaints.history.register import Register
from workflow.complaints.models import Allegation, ComplainantContact, Complaint
from workflow.complaints.service import title_of
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM
from workflow.imports.batches import BATCH, known_of, open_batch, void_case
from workflow.imports.listing import RefusedRow
from workflow.imports.models import ImportedThing
from workflow.policy.queries import in_force
from workflow.register.import_report import Progress

#: As the command calls them.
LISTING: Final = "complaints"


@dataclass
class Report:
    """What came of a file. The counts are complaints, `rows` and `refused` rows of the file."""

    rows: int = 0
    complaints: int = 0
    allegations: int = 0
    open: int = 0
    closed: int = 0
    created: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    batch: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The document other programs read."""
        counted = ("rows", "complaints", "allegations", "open", "closed", "created", "unchanged")
        return {
            **{name: getattr(self, name) for name in counted},
            "refused": [
                {"row": r.number, "column": r.column, "value": r.value, "reason": r.reason}
                for r in self.refused
            ],
            "warnings": self.warnings,
            "batch": self.batch,
        }


def bring(
    house: House,
    read: Read,
    mapping: Translation,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Report:
    """Enter what is new, a batch of `BATCH` complaints a transaction. A dry run writes nothing at all."""
    register = Register(mapping)
    report = Report(rows=read.rows, refused=list(read.refused), warnings=list(read.warnings))
    known = known_of(LISTING, mapping.source)
    fresh: list[Past] = []
    changed = 0
    for past in read.past:
        if past.reference in known:
            report.unchanged += 1
            changed += known[past.reference] != bytes.fromhex(past.digest)
        elif why := register.objection(past):
            report.refused += [
                RefusedRow(n, why[0] if n == past.rows[0] else "", why[1], why[2]) for n in past.rows
            ]
            continue
        else:
            fresh.append(past)
        _count(report, past)
    report.refused.sort(key=lambda r: r.number)
    report.created = len(fresh)
    if changed:
        report.warnings.append(
            f"{changed:,} complaints that were brought in before read differently now; nothing was changed."
        )
    if dry_run:
        register.foresee(fresh)
    else:
        report.batch = _enter_all(house, fresh, register, mapping, now=now, progress=progress)
    report.warnings += register.said()
    return report


def take_back(house: House, why: str, now: datetime) -> Callable[[ImportedThing], str | None]:
    """Takes an imported complaint back, where nobody has touched it."""

    def verb_of(case: Case) -> str:
        return "void_closed_import" if case.state == State.CLOSED else "void_import"

    return void_case(house, verb_of, why, now=now)


def _count(report: Report, past: Past) -> None:
    report.complaints += 1
    report.allegations += len(past.said)
    report.closed += past.state is State.CLOSED
    report.open += past.state is not State.CLOSED


def _enter_all(
    house: House,
    fresh: Sequence[Past],
    register: Register,
    mapping: Translation,
    *,
    now: datetime,
    progress: Progress,
) -> int | None:
    """Enter complaints, in the order of the file; the number of their batch, None where none is new."""
    if not fresh:
        return None
    number = open_batch(LISTING, mapping.source, now=now)
    for at in range(0, len(fresh), BATCH):
        some = fresh[at : at + BATCH]
        _enter_some(house, some, register, mapping, batch=number, now=now)
        progress(at + len(some), len(fresh))
    return number


@retried
def _enter_some(
    house: House,
    some: Sequence[Past],
    register: Register,
    mapping: Translation,
    *,
    batch: int,
    now: datetime,
) -> None:
    with transaction() as s, s.no_autoflush:
        register.refresh()
        pairs = [(past, _case(house, past, register, mapping, now=now)) for past in some]
        s.flush()
        for past, complaint in pairs:
            _children(house, past, complaint, mapping, batch=batch, now=now)
        s.flush()
        s.expunge_all()


def _case(house: House, past: Past, register: Register, mapping: Translation, *, now: datetime) -> Complaint:
    """The case, by the entry step of its state; nothing of the past is counted as late since today."""
    agency = register.agency(past)
    office = register.office(past, agency)
    agreement = register.agreement(past, agency)
    codes = [said.code for said in past.said]
    suggested = suggested_tier(codes, matters.tiers())
    complaint = Complaint(
        title=title_of(agency),
        agency_id=agency.id if agency else None,
        agency=agency,
        office_id=office.id if office else None,
        office=office,
        model=agreement.model if agreement else None,
        template=agreement.template if agreement else None,
        agreement_id=agreement.id if agreement else None,
        # The rules of today: the office had none of its own in those days.
        policy_id=in_force(now.date())[0],
        received_at=past.received_at,
        occurred_on=past.occurred_on,
        channel=past.channel,
        suggested_tier=suggested,
        tier=suggested if past.state is State.RECEIVED else None,
        owner_id=register.owner(past),
        fears_reprisal="retaliation" in codes,
        contact_possible=bool(past.contact),
        is_protected=False,
        closing_reason=_closing_reason(past),
    )
    answers = {"provenance": f"{mapping.source} {past.reference}", "brought": _brought(past)}
    verb = f"import_as_{past.state.value}"
    enter(house, complaint, verb, SYSTEM, answers, now=now, occurred_at=past.closed_at or now)
    return complaint


def _children(
    house: House, past: Past, complaint: Complaint, mapping: Translation, *, batch: int, now: datetime
) -> None:
    s = session()
    s.add_all(
        Allegation(
            complaint_id=complaint.id,
            number=number,
            code=said.code,
            subject="unknown",
            disposition=said.disposition,
            closing_reason=said.closing_reason,
        )
        for number, said in enumerate(past.said, start=1)
    )
    s.add(
        ImportedThing(
            case_id=complaint.id,
            batch_id=batch,
            listing=LISTING,
            source=mapping.source,
            number=past.reference,
            digest=bytes.fromhex(past.digest),
            made_at=now,
        )
    )
    if past.narrative:
        s.add(sealed.keep_words(complaint, {"narrative": past.narrative}, house.keyring))
        word_index.put(complaint.id, [past.narrative], house.keyring)
    if past.contact:
        kept = sealed.keep_contact(complaint, {"reach": past.contact}, house.keyring)
        s.add(ComplainantContact(complaint_id=complaint.id, sealed=kept))


def _closing_reason(past: Past) -> str | None:
    """The reason of the whole complaint, where every allegation ended without a finding for the same one."""
    reasons = {said.closing_reason for said in past.said}
    return reasons.pop() if past.state is State.CLOSED and len(reasons) == 1 else None


def _brought(past: Past) -> str:
    """What came along, in codes; committed to by the entry's event."""
    counted = Counter(past.said)
    parts = [
        f"{times} of {said.code}: {said.disposition or 'no disposition'}"
        f"{f' ({said.closing_reason})' if said.closing_reason else ''}"
        for said, times in counted.items()
    ]
    return "; ".join(parts) or "no allegation"
