"""Which rows a person may see. `visible(actor)` is where every query on cases starts.

The table is the one of the architecture: hidden and missing are the same. A recusal always wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from workflow.cases.models import Case, Task
from workflow.cases.recusals import LetIn, Recusal
from workflow.db.session import session
from workflow.engine.actors import Actor, Role
from workflow.register.models import FieldOffice

#: Kinds of case an agency contact can ever see a part of.
SENT_KINDS = ("inspection", "corrective")

_ALL_COMPLAINTS = frozenset({Role.INTAKE, Role.REVIEWER, Role.LIAISON})
_EVERYTHING = frozenset({Role.PROGRAMME_MANAGER, Role.AUDITOR})
_OWN_OFFICE = frozenset({Role.FIELD_SUPERVISOR, Role.INSPECTOR, Role.MANAGER})


class NotThere(LookupError):
    """There is no such case for this person; whether it exists is not said."""


def visible(actor: Actor) -> Select[Case]:
    """The cases this actor may see, for any query to narrow further."""
    return select(Case).where(sees(actor))


def sees(actor: Actor) -> ColumnElement[bool]:
    """The condition behind `visible`, for statements that select something else of a case."""
    if Role.SYSTEM in actor.roles:
        return true()
    # Neither hangs on a role: whoever holds two of them is not let in by the other one.
    never = (not_about(actor, Case.supervised_by_id), ~recused(actor, Case.id))
    return and_(or_(false(), *_grants(actor)), *never)


def hidden(actor: Actor, references: Iterable[str]) -> frozenset[str]:
    """Those of these references that belong to a case this person may not see. One query, none for none."""
    asked = set(references)
    if not asked:
        return frozenset()
    # Not `~sees`: where an office is not known that is neither true nor false.
    found = select(Case.reference, case((sees(actor), 1), else_=0)).where(Case.reference.in_(asked))
    return frozenset(reference for reference, is_seen in session().execute(found) if not is_seen)


def recused(actor: Actor, case_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the actor must not touch the case of that id now."""
    row, door = _others()
    stands = exists().where(row.case_id == case_id, row.person_id == actor.id, row.withdrawn_at.is_(None))
    if actor.at is None:
        return stands
    let_in = exists().where(
        door.case_id == case_id,
        door.person_id == actor.id,
        door.ended_at.is_(None),
        door.until_at > actor.at,
    )
    return and_(stands, ~let_in)


@cache
def _others() -> tuple[type[Recusal], type[LetIn]]:
    """Rows beside those of the statement: a list of recusals asks this too, and looks for other rows.

    Made once, for making them costs more than the rest of the condition; every page asks it several times.
    """
    return aliased(Recusal), aliased(LetIn)


def _grants(actor: Actor) -> Iterator[ColumnElement[bool]]:
    roles = actor.roles
    if roles & (_EVERYTHING | _ALL_COMPLAINTS):
        # Of kinds they do not work on they read a summary: `CaseKind.reads`.
        yield true()
        return
    if roles & _OWN_OFFICE:
        yield in_reach(actor, Case.office_id)
        yield Case.owner_id == actor.id
    if Role.AGENCY_CONTACT in roles:
        yield and_(
            Case.agency_id.in_(actor.agencies),
            Case.sent_to_agency_at.is_not(None),
            Case.kind.in_(SENT_KINDS),
        )


def in_reach(actor: Actor, office_id: Any) -> ColumnElement[bool]:
    """Own office and those it covers; headquarters (no office): what has none, and what it covers."""
    if actor.offices:
        return office_id.in_(actor.offices)  # type: ignore[no-any-return]
    covered = select(FieldOffice.id).where(FieldOffice.covered_by_headquarters.is_(True))
    return or_(office_id.is_(None), office_id.in_(covered))


def reaches(actor: Actor, office_id: int | None, *, by_headquarters: bool = False) -> bool:
    """Whether cases of an office (None: of none) are within somebody's reach, by their roles and places.

    The same as `visible` for a case that is special in nothing; `by_headquarters` says who covers the office.
    """
    if actor.roles & (_EVERYTHING | _ALL_COMPLAINTS):
        return True
    here = office_id in actor.offices if actor.offices else office_id is None or by_headquarters
    return bool(actor.roles & _OWN_OFFICE) and here


def not_about(actor: Actor, supervised_by_id: Any) -> ColumnElement[bool]:
    """Never a case about one's own supervision."""
    return or_(supervised_by_id.is_(None), supervised_by_id != actor.id)


def case_for(actor: Actor, reference: str, *, lock: bool = False) -> Case:
    """The case of a reference. Raises `NotThere` for hidden and missing alike.

    With `lock` the row is locked until the transaction ends and read afresh.
    """
    query = visible(actor).where(Case.reference == reference)
    if lock:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    found = session().scalar(query)
    if found is None:
        raise NotThere(reference)
    return found


def may_see(actor: Actor, case_id: int) -> bool:
    """Whether this person may see the case of an id, for giving work to somebody else."""
    return session().scalar(visible(actor).where(Case.id == case_id).with_only_columns(Case.id)) is not None


def workable(actor: Actor) -> ColumnElement[bool]:
    """The open tasks this person can work on: their own, and unclaimed ones of their roles in their reach."""
    headquarters = {Role.PROGRAMME_MANAGER, *_ALL_COMPLAINTS} & actor.roles
    local = (actor.roles & _OWN_OFFICE) - headquarters
    unclaimed: list[ColumnElement[bool]] = []
    if headquarters:
        unclaimed.append(Task.role.in_(headquarters))
    if local:
        unclaimed.append(and_(Task.role.in_(local), in_reach(actor, Task.office_id)))
    if Role.AGENCY_CONTACT in actor.roles:
        unclaimed.append(and_(Task.role == Role.AGENCY_CONTACT, Task.agency_id.in_(actor.agencies)))
    return and_(
        Task.closed_at.is_(None),
        or_(Task.holder_id == actor.id, and_(Task.holder_id.is_(None), or_(false(), *unclaimed))),
        not_about(actor, Task.supervised_by_id),
        ~recused(actor, Task.case_id),
    )
