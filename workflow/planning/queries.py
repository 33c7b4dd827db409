"""The plan: what every agreement in force owes, read in one pass. Nothing here writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from workflow.cases.access import sees
from workflow.cases.models import Case
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.planning.obligations import NO_OFFICE, Obligation, owed
from workflow.planning.occurrences import occurrences, open_inspections
from workflow.policy.book import Book
from workflow.policy.duties import IN_FORCE, OWING, Gap, gaps
from workflow.policy.queries import in_force
from workflow.register.models import Agency, Agreement, FieldOffice

#: What is due within so many days is due soon.
SOON: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Group:
    """What a model or an office owes; what is overdue, waived, or has no history here, stands apart."""

    agreements: int
    obligations: int
    overdue: int
    no_history: int
    #: Of those without history, how many are past the day of the house cadence.
    past_cadence: int
    #: Let off by two people, for a time; never counted as overdue.
    waived: int
    by_kind: Mapping[str, int]
    #: Not past due, and due within `SOON`; and inspections due by then that have no day yet.
    due_soon: int = 0
    unplanned: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "agreements": self.agreements,
            "obligations": self.obligations,
            "overdue": self.overdue,
            "no_history": self.no_history,
            "no_history_past_cadence": self.past_cadence,
            "waived": self.waived,
            "due_within_90_days": self.due_soon,
            "unplanned": self.unplanned,
            "by_kind": dict(self.by_kind),
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
    kind: str | None = None,
) -> Plan:
    """What is owed by the agreements this actor may see. Six queries, however many.

    Of each duty the next occurrence alone: a late one stays until it was met, whatever ran meanwhile.
    """
    _, book = in_force(as_of)
    rows = in_force_on(actor, as_of, model, office_id)
    owing = [row for row in rows if row.status in OWING]
    record, opened = occurrences(as_of), open_inspections(actor)
    found = [o for row in owing for o in owed(row, book, record, opened, as_of)]
    wanted = sorted(
        (o for o in found if (until is None or o.due_on <= until) and kind in (None, o.kind)),
        key=lambda o: (o.due_on, o.agreement, o.kind),
    )
    return Plan(
        as_of=as_of,
        until=until,
        obligations=tuple(wanted),
        by_model=_groups(_models(owing, book, model), wanted, lambda o: o.model, as_of),
        by_office=_groups(Counter(r.office or NO_OFFICE for r in owing), wanted, lambda o: o.office, as_of),
        gaps=_gaps_of(book, Counter(r.model for r in owing), model),
        suspended=len(rows) - len(owing),
    )


def _gaps_of(book: Book, agreements: Counter[str], model: str | None) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps(book, agreements) if model is None or gap.model == model)


def in_force_on(
    actor: Actor, as_of: date, model: str | None = None, office_id: int | None = None
) -> Sequence[Any]:
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
            Agreement.status.in_(IN_FORCE),
            Agreement.signed_on.is_(None) | (Agreement.signed_on <= as_of),
        )
        .order_by(Agreement.id)
    )
    if model is not None:
        found = found.where(Agreement.model == model)
    if office_id is not None:
        found = found.where(Agreement.office_id == office_id)
    return session().execute(found).all()


def _models(owing: Sequence[Any], book: Book, model: str | None) -> Counter[str]:
    """Agreements by model; every model of the book is there, also one without any."""
    counted = Counter({m.code: 0 for m in book.models if model in (None, m.code)})
    counted.update(row.model for row in owing)
    return counted


def _groups(
    agreements: Counter[str], wanted: Sequence[Obligation], of: Callable[[Obligation], str], as_of: date
) -> dict[str, Group]:
    """Counts by model or office; those without any obligation are there too, with noughts."""
    kept: dict[str, list[Obligation]] = {name: [] for name in sorted(agreements)}
    for one in wanted:
        kept[of(one)].append(one)
    return {
        name: Group(
            agreements=agreements[name],
            obligations=len(mine),
            overdue=sum(o.is_overdue for o in mine),
            waived=sum(o.waived_until is not None for o in mine),
            by_kind=Counter(o.kind for o in mine),
            no_history=sum(not o.has_history for o in mine),
            past_cadence=sum(not o.has_history and o.due_on < as_of for o in mine),
            due_soon=sum(as_of <= o.due_on <= as_of + SOON for o in mine),
            unplanned=sum(o.is_unplanned(as_of + SOON) for o in mine),
        )
        for name, mine in kept.items()
    }
