"""The plan: what every agreement in force owes, read in one pass. Nothing here writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from workflow.agreements.facts import State
from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.inspections.models import Inspection
from workflow.planning.cadence import next_due
from workflow.policy.book import Book
from workflow.policy.duties import INSPECTION, OWING, Gap, gaps
from workflow.policy.queries import in_force
from workflow.register.models import Agency, Agreement, FieldOffice

#: How agreements without a field office are listed.
NO_OFFICE: Final = "no office yet"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One routine inspection an agreement owes. `opened` is the reference of the case that is to meet it."""

    agreement_id: int
    agreement: str
    agency: str
    slug: str
    state: str
    model: str
    office: str
    office_id: int | None
    due_on: date
    basis: str
    has_history: bool
    overdue_days: int | None
    opened: str | None

    @property
    def is_overdue(self) -> bool:
        return bool(self.overdue_days)

    def as_json(self) -> dict[str, Any]:
        """As other programs read it."""
        return {
            "agreement": self.agreement,
            "agency": self.agency,
            "state": self.state,
            "model": self.model,
            "office": None if self.office_id is None else self.office,
            "kind": "routine",
            "due_on": self.due_on.isoformat(),
            "overdue_days": self.overdue_days,
            "basis": self.basis,
            "history": self.has_history,
            "opened": self.opened,
        }


@dataclass(frozen=True, slots=True)
class Group:
    """What a model or an office owes; what is overdue, and what has no history here, stand apart."""

    agreements: int
    obligations: int
    overdue: int
    no_history: int
    #: Of those without history, how many are past the day of the house cadence.
    past_cadence: int

    def as_json(self) -> dict[str, int]:
        return {
            "agreements": self.agreements,
            "obligations": self.obligations,
            "overdue": self.overdue,
            "no_history": self.no_history,
            "no_history_past_cadence": self.past_cadence,
        }


@dataclass(frozen=True)
class Plan:
    """Everything owed on a day, earliest due first; `gaps` are duties a model has no rhythm for."""

    as_of: date
    until: date | None
    obligations: tuple[Obligation, ...]
    by_model: Mapping[str, Group]
    by_office: Mapping[str, Group]
    gaps: tuple[Gap, ...]
    suspended: int

    def as_json(self) -> dict[str, Any]:
        """The document of `plumbline plan --json`."""
        return {
            "as_of": self.as_of.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "obligations": [o.as_json() for o in self.obligations],
            "by_model": {name: group.as_json() for name, group in self.by_model.items()},
            "by_office": {name: group.as_json() for name, group in self.by_office.items()},
            "gaps": [gap.words for gap in self.gaps],
            "suspended": self.suspended,
        }


def plan(
    actor: Actor,
    *,
    as_of: date,
    until: date | None = None,
    model: str | None = None,
    office_id: int | None = None,
) -> Plan:
    """The routine inspections owed by the agreements this actor may see. Four queries, however many."""
    _, book = in_force(as_of)
    rows = _agreements(actor, as_of, model, office_id)
    owing = [row for row in rows if row.status in OWING]
    inspected, opened = last_fieldwork(as_of), open_inspections(actor)
    found = [o for row in owing if (o := _obligation(row, book, inspected, opened, as_of)) is not None]
    owed = sorted(
        (o for o in found if until is None or o.due_on <= until), key=lambda o: (o.due_on, o.agreement)
    )
    return Plan(
        as_of=as_of,
        until=until,
        obligations=tuple(owed),
        by_model=_groups(_models(owing, book, model), owed, lambda o: o.model, as_of),
        by_office=_groups(Counter(r.office or NO_OFFICE for r in owing), owed, lambda o: o.office, as_of),
        gaps=_gaps_of(book, Counter(r.model for r in owing), model),
        suspended=len(rows) - len(owing),
    )


def _gaps_of(book: Book, agreements: Counter[str], model: str | None) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps(book, agreements) if model is None or gap.model == model)


def _agreements(actor: Actor, as_of: date, model: str | None, office_id: int | None) -> Sequence[Any]:
    """Agreements in force on the day with what a line of the plan shows, in the order of their entry."""
    found = (
        select(
            Agreement.id,
            Agreement.reference,
            Agreement.model,
            Agreement.status,
            Agreement.signed_on,
            Agreement.operational_on,
            Agreement.office_id,
            Agency.name.label("agency"),
            Agency.slug,
            Agency.state,
            FieldOffice.name.label("office"),
        )
        .join(Agency, Agency.id == Agreement.agency_id)
        .outerjoin(FieldOffice, FieldOffice.id == Agreement.office_id)
        .join(Case, (Case.agreement_id == Agreement.id) & (Case.kind == "agreement"))
        .where(
            sees(actor),
            Agreement.status.in_((*OWING, State.SUSPENDED)),
            Agreement.signed_on.is_(None) | (Agreement.signed_on <= as_of),
        )
        .order_by(Agreement.id)
    )
    if model is not None:
        found = found.where(Agreement.model == model)
    if office_id is not None:
        found = found.where(Agreement.office_id == office_id)
    return session().execute(found).all()


def last_fieldwork(as_of: date) -> dict[int, date]:
    """The day on which fieldwork was last completed, by agreement, as known on a day. One query."""
    on = func.max(Inspection.fieldwork_completed_on)
    done = (
        select(Inspection.agreement_id, on)
        .where(Inspection.fieldwork_completed_on <= as_of, Inspection.state.not_in(("cancelled", "voided")))
        .group_by(Inspection.agreement_id)
    )
    return {agreement: day for agreement, day in session().execute(done) if agreement and day}


def open_inspections(actor: Actor) -> dict[int, str]:
    """The routine inspection of an agreement that is planned or under way, by its reference. One query.

    Only of those this actor may see: an agreement can be seen by somebody recused from its inspection.
    """
    under_way = select(Inspection.occupies_agreement_id, Inspection.reference).where(
        Inspection.occupies_agreement_id.is_not(None), sees(actor)
    )
    return {agreement: reference for agreement, reference in session().execute(under_way) if agreement}


def _obligation(
    row: Any, book: Book, inspected: Mapping[int, date], opened: Mapping[int, str], as_of: date
) -> Obligation | None:
    rule = book.cadence(INSPECTION.name, row.model)
    if rule is None:
        return None
    due = next_due(
        rule,
        signed_on=row.signed_on,
        operational_on=row.operational_on,
        last_fieldwork=inspected.get(row.id),
    )
    if due is None:
        return None
    return Obligation(
        agreement_id=row.id,
        agreement=row.reference,
        agency=row.agency,
        slug=row.slug,
        state=row.state,
        model=row.model,
        office=row.office or NO_OFFICE,
        office_id=row.office_id,
        due_on=due.on,
        basis=due.basis,
        has_history=due.has_history,
        overdue_days=due.overdue_days(as_of),
        opened=opened.get(row.id),
    )


def _models(owing: Sequence[Any], book: Book, model: str | None) -> Counter[str]:
    """Agreements by model; every model of the book is there, also one without any."""
    counted = Counter({m.code: 0 for m in book.models if model in (None, m.code)})
    counted.update(row.model for row in owing)
    return counted


def _groups(
    agreements: Counter[str], owed: Sequence[Obligation], of: Callable[[Obligation], str], as_of: date
) -> dict[str, Group]:
    """Counts by model or office; those without any obligation are there too, with noughts."""
    kept: dict[str, list[Obligation]] = {name: [] for name in sorted(agreements)}
    for one in owed:
        kept[of(one)].append(one)
    return {
        name: Group(
            agreements=agreements[name],
            obligations=len(mine),
            overdue=sum(o.is_overdue for o in mine),
            no_history=sum(not o.has_history for o in mine),
            past_cadence=sum(not o.has_history and o.due_on < as_of for o in mine),
        )
        for name, mine in kept.items()
    }
