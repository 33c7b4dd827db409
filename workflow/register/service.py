"""Writing the register by hand: offices, agencies, other names; merging and splitting, each reversible.

Nothing is merged by itself. Cases stay under the agency they were opened for: whoever reads an agency reads
its family. Agreements are entered by `agreements`, since each has a life.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.register.field_offices import FIELD_OFFICES, office_for
from workflow.register.models import Agency, AgencyAlias, Agreement, FieldOffice, RegisterEvent
from workflow.register.names import Unfit, comparable, same_county, same_numbers, slug, tidy
from workflow.register.queries import Directory, directory, surviving

#: Who may merge, split and name agencies.
MAY_KEEP = frozenset({Role.PROGRAMME_MANAGER, Role.SYSTEM})


def ensure_offices() -> dict[str, FieldOffice]:
    """Put the field offices there are not yet into the database; all of them, by name."""
    with transaction() as s:
        known = {office.code: office for office in s.scalars(select(FieldOffice))}
        missing = [o for o in FIELD_OFFICES if o.code not in known]
        for office in missing:
            known[office.code] = FieldOffice(code=office.code, name=office.name, zone=office.zone)
            s.add(known[office.code])
        s.flush()
        return {office.name: office for office in known.values()}


def record_agency(
    *,
    name: str,
    state: str,
    county: str | None = None,
    kind: str | None = None,
    known: Directory | None = None,
    offices: dict[str, FieldOffice] | None = None,
    key: str | None = None,
) -> Agency:
    """The agency of this name, made if there is none. `known` and `offices` save queries for a whole list.

    Raises `Refused` for a name that can not be one.
    """
    with transaction() as s:
        known = directory() if known is None else known
        try:
            name = tidy(name)
            key = key or comparable(name)
        except Unfit as unfit:
            raise Refused(Refusal("unfit", f"The name {unfit}.", "name")) from unfit
        found = known.find(name=name, state=state, county=county, key=key)
        if found is not None:
            return found
        offices = ensure_offices() if offices is None else offices
        office = offices.get(office_for(state, county) or "")
        agency = Agency(
            slug=_free(slug(name, state), known.slugs),
            name=name,
            comparable=_free_key(state, key, known),
            state=state,
            county=county,
            type=kind,
            office=office,
            merged_into_id=None,
        )
        s.add(agency)
        known.add(agency)
        return agency


def _free(wanted: str, taken: set[str]) -> str:
    return next(
        s for n in range(1, len(taken) + 3) if (s := wanted if n == 1 else f"{wanted}-{n}") not in taken
    )


def _free_key(state: str, key: str, known: Directory) -> str:
    taken = {k for s, k in known.keys if s == state}
    return next(k for n in range(1, len(taken) + 3) if (k := key if n == 1 else f"{key} {n}") not in taken)


# --- by hand -----------------------------------------------------------------------------------


def add_alias(agency_id: int, name: str, *, reason: str, actor: Actor, now: datetime) -> RegisterEvent:
    """Let lists call an agency by another name as well. Raises `Refused` if another agency has it."""
    _may(actor, reason)
    with transaction() as s:
        agency = surviving(s.get_one(Agency, agency_id))
        try:
            name, key = tidy(name), comparable(name)
        except Unfit as unfit:
            raise Refused(Refusal("unfit", f"The name {unfit}.", "name")) from unfit
        if directory().called.get((agency.state, key)):
            raise Refused(Refusal("taken", "An agency of this state is already called that.", "name"))
        s.add(AgencyAlias(agency_id=agency.id, state=agency.state, name=name, comparable=key))
        return _event("alias", agency.id, None, reason, actor, now, {"alias": key})


def merge(into_id: int, other_id: int, *, reason: str, actor: Actor, now: datetime) -> RegisterEvent:
    """Make two records of one agency one: the agreements move, the other address leads to the first.

    Raises `Refused` unless state, county and every number in the names agree.
    """
    _may(actor, reason)
    with transaction() as s:
        into, other = s.get_one(Agency, into_id), s.get_one(Agency, other_id)
        if into.id == other.id or into.merged_into_id or other.merged_into_id:
            raise Refused(Refusal("merged", "Choose two agencies that are not merged already."))
        if why := why_not_one(into, other):
            raise Refused(Refusal("differ", why))
        moved = _move(other.id, into.id)
        other.merged_into_id = into.id
        return _event("merge", into.id, other.id, reason, actor, now, {"agreements": moved})


def why_not_one(one: Agency, other: Agency) -> str | None:
    """Why two records can not be one agency, in a sentence; None where a person has to judge."""
    if one.state != other.state:
        return f"One is in {one.state}, the other in {other.state}."
    if not same_county(one.county, other.county):
        return f"One is in {one.county}, the other in {other.county}."
    if not same_numbers(one.name, other.name):
        return "The numbers in their names differ."
    return None


def split(
    agency_id: int, agreement_ids: Iterable[int], name: str, *, reason: str, actor: Actor, now: datetime
) -> RegisterEvent:
    """Give some agreements of an agency to a new one of another name in the same place."""
    _may(actor, reason)
    with transaction() as s:
        agency = s.get_one(Agency, agency_id)
        known = directory()
        new = record_agency(
            name=name, state=agency.state, county=agency.county, kind=agency.type, known=known
        )
        s.flush()
        wanted = sorted(set(agreement_ids))
        own = set(s.scalars(select(Agreement.id).where(Agreement.agency_id == agency.id)))
        if new.id == agency.id or not wanted or not own.issuperset(wanted):
            raise Refused(Refusal("split", "Choose agreements of this agency, and a name of its own."))
        moved = _move(agency.id, new.id, wanted)
        return _event("split", agency.id, new.id, reason, actor, now, {"agreements": moved})


def undo(event_id: int, *, reason: str, actor: Actor, now: datetime) -> RegisterEvent:
    """Take back a merge, a split or another name: exactly what was moved goes back. The record of both stays.

    Raises `Refused` when it was taken back before, or something done later has to be taken back first.
    """
    _may(actor, reason)
    with transaction() as s:
        done = s.get_one(RegisterEvent, event_id)
        if done.undone_by_id is not None or done.what.startswith("undo"):
            raise Refused(Refusal("undone", "This was taken back already."))
        _last_of_all(done)
        match done.what:
            case "merge":
                assert done.other_id is not None
                s.get_one(Agency, done.other_id).merged_into_id = None
                _move(done.agency_id, done.other_id, done.moved["agreements"])
            case "split":
                assert done.other_id is not None
                _move(done.other_id, done.agency_id, done.moved["agreements"])
                s.get_one(Agency, done.other_id).merged_into_id = done.agency_id
            case _:
                alias = select(AgencyAlias).where(
                    AgencyAlias.agency_id == done.agency_id, AgencyAlias.comparable == done.moved["alias"]
                )
                s.delete(s.scalars(alias).one())
        event = _event(f"undo {done.what}", done.agency_id, done.other_id, reason, actor, now, {})
        done.undone_by_id = event.id
        return event


def _last_of_all(done: RegisterEvent) -> None:
    """Nothing done later to either agency still stands."""
    ids = {i for i in (done.agency_id, done.other_id) if i is not None}
    later = select(RegisterEvent.id).where(
        RegisterEvent.id > done.id,
        RegisterEvent.undone_by_id.is_(None),
        RegisterEvent.what.in_(("merge", "split")),
        RegisterEvent.agency_id.in_(ids) | RegisterEvent.other_id.in_(ids),
    )
    if done.what != "alias" and session().scalar(later.limit(1)) is not None:
        raise Refused(Refusal("later", "Something was merged or split since: take that back first."))


def _move(source_id: int, target_id: int, only: Iterable[int] | None = None) -> list[int]:
    """Give agreements of one agency to another; the ids of those that moved."""
    found = select(Agreement).where(Agreement.agency_id == source_id).order_by(Agreement.id)
    if only is not None:
        found = found.where(Agreement.id.in_(list(only)))
    moved = session().scalars(found).all()
    for agreement in moved:
        agreement.agency_id = target_id
    return [agreement.id for agreement in moved]


def _event(
    what: str,
    agency_id: int,
    other_id: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
    moved: dict[str, Any],
) -> RegisterEvent:
    event = RegisterEvent(
        what=what,
        agency_id=agency_id,
        other_id=other_id,
        reason=reason,
        actor_id=actor.id,
        at=now,
        moved=moved,
    )
    session().add(event)
    session().flush()
    return event


def _may(actor: Actor, reason: str) -> None:
    if not actor.roles & MAY_KEEP:
        raise Refused(Refusal("role", "Only a programme manager changes what agencies are called."))
    if not reason.strip():
        raise Refused(Refusal("required", "Say why.", "reason"))
