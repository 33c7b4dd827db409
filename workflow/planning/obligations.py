"""What one agreement owes under a book, duty by duty. The rows come from `queries`; nothing is read here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflow.agreements.models import DutyWaiver
from workflow.planning.cadence import Due, next_due
from workflow.planning.occurrences import Occurrences, Opened
from workflow.policy.book import Book, CadenceRule, DutyRule
from workflow.policy.duties import BY_NAME, INSPECTION

#: How agreements without a field office are listed.
NO_OFFICE: Final = "no office yet"
#: What the kind of an obligation is called where it is not the name of its duty.
ROUTINE: Final = "routine"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing an agreement owes. `opened` is the reference of the case that is to meet it."""

    agreement_id: int
    agreement: str
    agency: str
    slug: str
    state: str
    model: str
    office: str
    office_id: int | None
    kind: str
    title: str
    due_on: date
    basis: str
    has_history: bool
    overdue_days: int | None
    waived_until: date | None
    opened: str | None
    #: The case that is to meet it has a lead and days.
    is_scheduled: bool = False

    @property
    def is_overdue(self) -> bool:
        """Past due on what is on record, and nobody let it off."""
        return bool(self.overdue_days) and self.waived_until is None

    @property
    def is_inspection(self) -> bool:
        """Whether a case is opened for it; other duties are met by a contact that is recorded."""
        return self.kind == ROUTINE

    def is_unplanned(self, until: date) -> bool:
        """An inspection due up to a day, or past due, that nobody let off and that has no day yet."""
        return (
            self.is_inspection
            and not self.is_scheduled
            and self.waived_until is None
            and self.due_on <= until
        )

    def as_json(self) -> dict[str, Any]:
        """As other programs read it."""
        return {
            "agreement": self.agreement,
            "agency": self.agency,
            "state": self.state,
            "model": self.model,
            "office": None if self.office_id is None else self.office,
            "kind": self.kind,
            "due_on": self.due_on.isoformat(),
            "overdue_days": self.overdue_days,
            "basis": self.basis,
            "history": self.has_history,
            "waived_until": self.waived_until.isoformat() if self.waived_until else None,
            "opened": self.opened,
        }


def kind_of(duty: str) -> str:
    """What obligations of a duty are called by programs: those of inspections by the kind of inspection."""
    return ROUTINE if duty == INSPECTION.name else duty


def kinds(book: Book) -> dict[str, str]:
    """Every kind of obligation there is under a book, with its title."""
    return {kind_of(duty.name): duty.title for duty in book.duties}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How a duty of an agreement stands: its rule, when it was last met, when it is due, what lets it off."""

    rule: CadenceRule | None
    last: date | None
    due: Due | None
    waiver: DutyWaiver | None


def reckon(agreement: Any, duty: DutyRule, book: Book, record: Occurrences) -> Reckoned:
    """The one way to it for plan, card and coverage; `agreement` has id, model and its days."""
    rule = None if agreement.model in duty.exempt_models else book.cadence(duty.name, agreement.model)
    last = record.last(agreement.id, duty.name)
    due = None
    if rule is not None:
        due = next_due(
            rule,
            signed_on=agreement.signed_on,
            operational_on=agreement.operational_on,
            last=last,
            thing=BY_NAME[duty.name].thing if duty.name in BY_NAME else duty.title,
        )
    return Reckoned(rule, last, due, record.waiver(agreement.id, duty.name))


def owed(
    row: Any, book: Book, record: Occurrences, opened: dict[int, Opened], as_of: date
) -> Iterator[Obligation]:
    """What an agreement owes, in the order of the book; nothing for a model without a rule."""
    for duty in book.duties:
        found = reckon(row, duty, book, record)
        if found.due is None:
            continue
        case = opened.get(row.id) if duty.name == INSPECTION.name else None
        yield Obligation(
            agreement_id=row.id,
            agreement=row.reference,
            agency=row.agency,
            slug=row.slug,
            state=row.state,
            model=row.model,
            office=row.office or NO_OFFICE,
            office_id=row.office_id,
            kind=kind_of(duty.name),
            title=duty.title,
            due_on=found.due.on,
            basis=found.due.basis,
            has_history=found.due.has_history,
            overdue_days=found.due.overdue_days(as_of),
            waived_until=found.waiver.until_on if found.waiver else None,
            opened=case.reference if case else None,
            is_scheduled=bool(case and case.is_scheduled),
        )
