"""What a file of the past means in the register: agencies, offices, agreements, reviewers by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import func, select

from workflow.complaints.facts import State
from workflow.complaints.history.mapping import Translation
from workflow.complaints.history.past import Past
from workflow.db.session import session
from workflow.engine.actors import Role
from workflow.people.models import Person
from workflow.people.queries import holding
from workflow.register.models import Agency, Agreement, FieldOffice
from workflow.register.names import comparable
from workflow.register.queries import directory
from workflow.register.service import ensure_offices, record_agency

#: Where a source says nothing of the state an agency lies in.
SOMEWHERE: Final = "Unknown"


class Register:
    """What a file's names mean in the register; what is missing there is added as it is met."""

    def __init__(self, mapping: Translation) -> None:
        self._mapping = mapping
        self._made: set[str] = set()
        self._would_make: set[str] = set()
        self._offices = {o.id: o for o in session().scalars(select(FieldOffice))}
        self._owners = {p.email.casefold(): p for p in holding(Role.REVIEWER)}
        self._by_name = {key.casefold(): o.id for o in self._offices.values() for key in (o.name, o.code)}
        self._agencies: dict[str, int | None] = {}

    def refresh(self) -> None:
        """Read what a former transaction of this import left behind."""
        self._offices = {o.id: o for o in session().scalars(select(FieldOffice))}

    def objection(self, past: Past) -> tuple[str, str, str] | None:
        """Why the register cannot take it: column, value, reason; None if it can."""
        columns = self._mapping.columns
        if past.office and past.office.casefold() not in self._by_name:
            return columns["office"], past.office, "There is no field office of that name or code."
        if past.owner and past.state is State.ASSIGNED and past.owner.casefold() not in self._owners:
            return columns["owner"], past.owner, "No reviewer of this office signs in with that address."
        return None

    def agency(self, past: Past) -> Agency | None:
        """The agency of a name, registered without an agreement if it is new."""
        if not past.agency:
            return None
        if past.agency not in self._agencies:
            found = self._find(past.agency) or self._register(past.agency)
            session().flush()
            self._agencies[past.agency] = found.id
        return session().get(Agency, self._agencies[past.agency])

    def office(self, past: Past, agency: Agency | None) -> FieldOffice | None:
        """The field office the file names, else the one the agency lies in."""
        if past.office:
            return self._offices[self._by_name[past.office.casefold()]]
        return self._offices.get(agency.office_id) if agency and agency.office_id else None

    def owner(self, past: Past) -> int | None:
        """The reviewer of an assigned complaint; for others an owner of the past is no owner of today."""
        person: Person | None = self._owners.get(past.owner.casefold())
        return person.id if person is not None and past.state is State.ASSIGNED else None

    def agreement(self, past: Past, agency: Agency | None) -> Agreement | None:
        """The agency's one agreement of the model the file names; None where it is not clear."""
        if agency is None or not past.model:
            return None
        of_model = select(Agreement).where(
            Agreement.agency_id == agency.id, func.upper(Agreement.model) == past.model
        )
        found = session().scalars(of_model.limit(2)).all()
        return found[0] if len(found) == 1 else None

    def foresee(self, some: Iterable[Past]) -> None:
        """Note which agencies would be added, and add none."""
        named = {past.agency for past in some if past.agency}
        self._would_make = {name for name in named if self._find(name) is None}

    def said(self) -> Iterator[str]:
        """What was added to the register, or would be."""
        for name in sorted(self._made):
            yield f"Agency “{name}” was not in the register: it was added without an agreement."
        for name in sorted(self._would_make):
            yield f"Agency “{name}” is not in the register: it would be added without an agreement."

    def _find(self, name: str) -> Agency | None:
        state = self._mapping.agency_state
        if state:
            return directory().find(name=name, state=state, county=None, key=comparable(name))
        found = session().scalars(
            select(Agency)
            .where(Agency.comparable == comparable(name), Agency.merged_into_id.is_(None))
            .limit(2)
        )
        alike = list(found)
        return alike[0] if len(alike) == 1 else None

    def _register(self, name: str) -> Agency:
        self._made.add(name)
        state = self._mapping.agency_state or SOMEWHERE
        return record_agency(name=name, state=state, offices=ensure_offices())
