"""What the proposal of a schedule is asked: an office's visits, leads and days, read at once. Nothing writes.

Leads and their days are in `proposal_leads`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from workflow.cases.access import sees
from workflow.cases.calendars import calendar_of
from workflow.cases.recusals import Recusal
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.calendar import OfficeCalendar
from workflow.engine.effects import Limit
from workflow.inspections.facts import DATED, FOR_CAUSE, WITHOUT_DAY, State
from workflow.inspections.models import Inspection
from workflow.people.models import Person
from workflow.planning.proposal import Asked, Kept, Visit
from workflow.planning.proposal_leads import after, days_of, leads_of, mode_of
from workflow.planning.quarters import Quarter
from workflow.planning.queries import plan
from workflow.policy.book import Book
from workflow.policy.duties import OWING
from workflow.policy.queries import in_force
from workflow.register.models import Agency, Agreement

AHEAD: Final = Limit("inspection.schedule_ahead")
NOTICE: Final = Limit("inspection.notice")


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of a visit, and what accepting it needs. Version nought: no case is open yet."""

    key: str
    agreement_id: int
    agreement: str
    agency: str
    model: str
    due_on: date
    basis: str
    mode: str
    version: int
    state: str
    supervisor_id: int | None
    case_id: int | None
    #: A postponed one was put off to this day.
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """A visit that has its days already: it stays."""

    reference: str
    agency: str
    lead: str
    scheduled_on: date
    until_on: date | None


@dataclass(frozen=True)
class Desk:
    """The question, what its visits are about, and what stays as it is."""

    asked: Asked
    about: Mapping[str, About]
    stays: tuple[Booked, ...]


def desk(
    actor: Actor, office_id: int, quarter: Quarter, *, today: date, kept: Mapping[str, Kept] | None = None
) -> Desk:
    """Everything the proposal for an office and a quarter needs. A fixed number of queries."""
    _, book = in_force(today)
    calendar = calendar_of(office_id)
    about = {a.key: a for a in _to_place(actor, office_id, quarter, book, today)}
    leads = leads_of(office_id, quarter, book, calendar)
    asked = Asked(
        first=max(quarter.first, today + timedelta(days=1)),
        last=quarter.last,
        visits=_visits(tuple(about.values()), book, calendar, today, kept or {}),
        leads=leads,
        closed=frozenset(d for d in quarter.days() if not calendar.is_working(d)),
    )
    return Desk(asked, about, _stays(actor, office_id, quarter))


# --- visits -----------------------------------------------------------------------------------------


def _to_place(actor: Actor, office_id: int, quarter: Quarter, book: Book, today: date) -> Iterable[About]:
    """Inspections of the office without a day that are due by the end of the quarter, opened or not."""
    owed = plan(actor, as_of=today, until=quarter.last, office_id=office_id, kind="routine")
    opened = _opened(actor, office_id, quarter, book)
    # Let off for a time: neither proposed nor opened.
    waived = {o.agreement_id for o in owed.obligations if o.waived_until is not None}
    yield from (a for a in opened if a.agreement_id not in waived)
    missing = [o for o in owed.obligations if o.opened is None and o.agreement_id not in waived]
    occupied = _occupied({o.agreement_id for o in missing})
    supervisors = _supervisors({o.agreement_id for o in missing})
    for o in missing:
        # One that the reader may not see is under way: nothing is said, nothing is proposed.
        if o.agreement_id not in occupied:
            yield About(
                key=o.agreement,
                agreement_id=o.agreement_id,
                agreement=o.agreement,
                agency=o.agency,
                model=o.model,
                due_on=o.due_on,
                basis=o.basis,
                mode=mode_of(book, o.model),
                version=0,
                state="",
                supervisor_id=supervisors.get(o.agreement_id),
                case_id=None,
            )


def _opened(actor: Actor, office_id: int, quarter: Quarter, book: Book) -> list[About]:
    """Planned and postponed ones this person may see; one for cause is scheduled by hand, at once."""
    found = (
        select(
            Inspection.id,
            Inspection.reference,
            Inspection.version,
            Inspection.state,
            Inspection.model,
            Inspection.due_on,
            Inspection.basis,
            Inspection.scheduled_on,
            Agreement.id.label("agreement_id"),
            Agreement.reference.label("agreement"),
            Agreement.supervisor_id,
            Agency.name.label("agency"),
        )
        .join(Agreement, Agreement.id == Inspection.agreement_id)
        .join(Agency, Agency.id == Agreement.agency_id)
        .where(
            sees(actor),
            Inspection.office_id == office_id,
            Inspection.state.in_(WITHOUT_DAY),
            Inspection.kind_of != FOR_CAUSE,
            Inspection.due_on <= quarter.last,
            Agreement.status.in_(OWING),
        )
        .order_by(Inspection.id)
    )
    return [
        About(
            key=row.reference,
            agreement_id=row.agreement_id,
            agreement=row.agreement,
            agency=row.agency,
            model=row.model,
            due_on=row.due_on,
            basis=row.basis or "",
            mode=mode_of(book, row.model),
            version=row.version,
            state=row.state,
            supervisor_id=row.supervisor_id,
            case_id=row.id,
            not_before=row.scheduled_on if row.state == State.POSTPONED else None,
        )
        for row in session().execute(found)
    ]


def _occupied(agreements: set[int]) -> set[int]:
    """Those with a routine inspection under way, whoever may see it."""
    if not agreements:
        return set()
    found = select(Inspection.occupies_agreement_id).where(Inspection.occupies_agreement_id.in_(agreements))
    return {agreement for agreement in session().scalars(found) if agreement}


def _supervisors(agreements: set[int]) -> dict[int, int | None]:
    if not agreements:
        return {}
    found = select(Agreement.id, Agreement.supervisor_id).where(Agreement.id.in_(agreements))
    return {row[0]: row[1] for row in session().execute(found)}


def _visits(
    about: Sequence[About], book: Book, calendar: OfficeCalendar, today: date, kept: Mapping[str, Kept]
) -> tuple[Visit, ...]:
    recused = _recused({a.case_id for a in about if a.case_id})
    led = _last_leads({a.agreement_id for a in about})
    told = after(calendar, book, NOTICE, today)
    ahead = (after(calendar, book, AHEAD, today) - today).days
    return tuple(
        Visit(
            key=a.key,
            model=a.model,
            due_on=a.due_on,
            opens_on=max(told, a.due_on - timedelta(days=ahead), a.not_before or told),
            days=days_of(book, a.model),
            supervisor_id=a.supervisor_id,
            recused=recused.get(a.case_id or 0, frozenset()),
            last_leads=led.get(a.agreement_id, ()),
            kept=kept.get(a.key),
        )
        for a in about
    )


def _recused(cases: set[int]) -> dict[int, frozenset[int]]:
    if not cases:
        return {}
    rows = select(Recusal.case_id, Recusal.person_id).where(
        Recusal.case_id.in_(cases), Recusal.withdrawn_at.is_(None)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for case_id, person in session().execute(rows):
        found[case_id].add(person)
    return {case_id: frozenset(people) for case_id, people in found.items()}


def _last_leads(agreements: set[int]) -> dict[int, tuple[int, ...]]:
    """Who led the latest two inspections of each agreement, newest first; nought where that is not known."""
    if not agreements:
        return {}
    newest = (Inspection.fieldwork_completed_on.desc(), Inspection.id.desc())
    place = func.row_number().over(partition_by=Inspection.agreement_id, order_by=newest)
    ranked = (
        select(Inspection.agreement_id, Inspection.owner_id, place.label("place"))
        .where(Inspection.agreement_id.in_(agreements), Inspection.fieldwork_completed_on.is_not(None))
        .subquery()
    )
    found: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    rows = select(ranked).where(ranked.c.place <= 2).order_by(ranked.c.agreement_id, ranked.c.place)
    for agreement, lead, _ in session().execute(rows):
        found[agreement] += (lead or 0,)
    return found


# --- what stays -------------------------------------------------------------------------------------


def _stays(actor: Actor, office_id: int, quarter: Quarter) -> tuple[Booked, ...]:
    """Visits of the quarter that have their days, as far as this person may see them. One query."""
    found = (
        select(
            Inspection.reference,
            Agency.name,
            Person.name.label("lead"),
            Inspection.scheduled_on,
            Inspection.until_on,
        )
        .join(Agency, Agency.id == Inspection.agency_id)
        .join(Person, Person.id == Inspection.owner_id)
        .where(
            sees(actor),
            Inspection.office_id == office_id,
            Inspection.state.in_(DATED),
            Inspection.scheduled_on.between(quarter.first, quarter.last),
        )
        .order_by(Inspection.scheduled_on, Inspection.reference)
    )
    rows: Sequence[Any] = session().execute(found).all()
    return tuple(Booked(*row) for row in rows)
