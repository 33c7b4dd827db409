"""What a field office oversees already, a supervisor at a time, and what one more agreement would add.

A duty weighs what it comes to in a year by the rhythm of its model: one owed every second year weighs a half.
Nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import and_, func, or_, select

from workflow.agreements.facts import IN_FORCE, State
from workflow.agreements.models import AgreementLife
from workflow.cases.kinds import Beside
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.engine.spans import CalendarDays, Months, Span, counted
from workflow.people.models import Person, PersonOffice, PersonRole
from workflow.policy.book import Book
from workflow.register.models import Agreement

#: States in which the question is open.
ASKED_IN: Final = frozenset({State.APPLIED, State.UNDER_REVIEW, State.APPROVED})
#: Steps at which it is decided.
ASKED_AT: Final = frozenset({"vet", "recommend", "decline"})
#: Agreements that have to be overseen, or soon will be.
_COUNTED: Final = IN_FORCE | {State.SIGNED}


@dataclass(frozen=True, slots=True)
class Load:
    """What one supervisor oversees, or what nobody was named for."""

    name: str
    agreements: int
    #: Duties a year.
    duties: float


@dataclass(frozen=True, slots=True)
class Capacity:
    """The load of an office before and after one more agreement; its supervisors with what is theirs."""

    office: str
    supervisors: int
    agreements: int
    duties: float
    #: What the agreement that is asked about adds a year.
    adds: float
    loads: tuple[Load, ...]
    #: Other applications of the same office that are not decided or not signed yet.
    on_the_way: int

    @property
    def before(self) -> tuple[float, float] | None:
        """Agreements and duties a supervisor; None where there is none."""
        return self._each(self.agreements, self.duties)

    @property
    def after(self) -> tuple[float, float] | None:
        return self._each(self.agreements + 1, self.duties + self.adds)

    def _each(self, agreements: int, duties: float) -> tuple[float, float] | None:
        return (agreements / self.supervisors, duties / self.supervisors) if self.supervisors else None


def capacity_for(life: AgreementLife, book: Book, today: date) -> Capacity | None:
    """The capacity of the office that would oversee an agreement; None where none is named. Three queries."""
    if life.office_id is None or life.office is None:
        return None
    people = _supervisors(life.office_id, today)
    counts = _counts(life.office_id)
    mine: dict[int | None, Counter[str]] = {}
    for supervisor_id, model, n in counts:
        mine.setdefault(supervisor_id if supervisor_id in people else None, Counter())[model] += n
    loads = [_load(name, mine.get(person, Counter()), book) for person, name in people.items()]
    if None in mine:
        loads.append(_load("Nobody named who works here", mine[None], book))
    return Capacity(
        office=life.office.name,
        supervisors=len(people),
        agreements=sum(load.agreements for load in loads),
        duties=sum(load.duties for load in loads),
        adds=a_year(book, life.model or ""),
        loads=tuple(loads),
        on_the_way=_on_the_way(life),
    )


def a_year(book: Book, model: str) -> float:
    """How many duties an agreement of a model comes to in a year; what is owed once is not counted."""
    rhythms = (book.cadence(duty.name, model) for duty in book.duties if model not in duty.exempt_models)
    return sum(_a_year(rule.every) for rule in rhythms if rule is not None and rule.every is not None)


def _a_year(every: Span) -> float:
    match every:
        case Months(n):
            return 12 / n
        case CalendarDays(n):
            return 365 / n
    return 0.0


def _load(name: str, agreements: Counter[str], book: Book) -> Load:
    duties = sum(n * a_year(book, model) for model, n in agreements.items())
    return Load(name, agreements.total(), duties)


def _supervisors(office_id: int, today: date) -> dict[int, str]:
    """Who supervises in an office now, by name or as cover."""
    found = (
        select(Person.id, Person.name)
        .join(PersonOffice, PersonOffice.person_id == Person.id)
        .join(
            PersonRole,
            and_(
                PersonRole.person_id == Person.id,
                PersonRole.role == Role.FIELD_SUPERVISOR,
                PersonRole.ended_at.is_(None),
            ),
        )
        .where(
            Person.active.is_(True),
            PersonOffice.office_id == office_id,
            or_(PersonOffice.until.is_(None), PersonOffice.until >= today),
        )
        .order_by(Person.name, Person.id)
    )
    return {row.id: row.name for row in session().execute(found)}


def _counts(office_id: int) -> list[tuple[int | None, str, int]]:
    found = (
        select(Agreement.supervisor_id, Agreement.model, func.count())
        .where(Agreement.office_id == office_id, Agreement.status.in_(_COUNTED))
        .group_by(Agreement.supervisor_id, Agreement.model)
    )
    return [(row[0], row[1], row[2]) for row in session().execute(found)]


def _on_the_way(life: AgreementLife) -> int:
    found = select(func.count()).where(
        Agreement.office_id == life.office_id,
        Agreement.status.in_(ASKED_IN),
        Agreement.id != life.agreement_id,
    )
    return session().scalar(found) or 0


# --- in words -------------------------------------------------------------------------------------

_HEADING: Final = "Capacity of the field office"
_NO_OFFICE: Final = (
    "No field office is named for this agency, so its capacity cannot be shown: name it first."
)
_NOBODY: Final = "No field supervisor works there: nobody could oversee it."


def in_words(found: Capacity | None) -> Beside:
    """The capacity as it is shown at the decision."""
    if found is None:
        return Beside(_HEADING, (_NO_OFFICE,))
    here = (
        f"{found.office}: {counted(found.supervisors, 'field supervisor')}, "
        f"{counted(found.agreements, 'agreement')} to oversee, {found.duties:.1f} duties a year. "
        f"This one adds {found.adds:.1f}; a duty owed every second year counts as a half."
    )
    sentences = [here]
    if found.on_the_way:
        sentences.append(f"On the way there: {counted(found.on_the_way, 'other application')}.")
    if found.before is None or found.after is None:
        sentences.append(_NOBODY)
    else:
        sentences.append(
            f"A supervisor has {_each(found.before)} now, and {_each(found.after)} with this one."
        )
    rows = tuple((load.name, str(load.agreements), f"{load.duties:.1f}") for load in found.loads)
    return Beside(_HEADING, tuple(sentences), ("Field supervisor", "Agreements", "Duties a year"), rows)


def _each(load: tuple[float, float]) -> str:
    return f"{load[0]:.1f} agreements and {load[1]:.1f} duties a year"
