"""What a line means in the register: the agreement it is about. Reads only."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow.db.session import session
from workflow.imports.listing import Line, Objection
from workflow.register.models import Agreement
from workflow.register.names import comparable
from workflow.register.queries import directory

#: An agreement in these states is over; one in force is meant before it.
OVER: Final = frozenset({"terminated", "superseded", "declined", "withdrawn", "voided"})


class Agreements:
    """Every agreement by its reference and by its agency and model, read once for a whole list."""

    def __init__(self) -> None:
        self._directory = directory()
        self._agreements = {a.id: a for a in session().scalars(select(Agreement))}
        self._by_reference = {a.reference.upper(): a.id for a in self._agreements.values()}
        self._of_agency: dict[int, list[Agreement]] = defaultdict(list)
        for agreement in self._agreements.values():
            self._of_agency[agreement.agency_id].append(agreement)

    def meant(self, line: Line) -> int | Objection:
        """The id of the agreement a line is about, or why it cannot be told."""
        if reference := line.text("agreement"):
            found = self._by_reference.get(reference.upper())
            return found if found is not None else ("agreement", "There is no agreement of this reference.")
        if not line.text("agency"):
            return ("agency", "Neither an agreement nor an agency is named.")
        agency = self._agency(line)
        if not isinstance(agency, int):
            return agency
        if not line.text("model"):
            return ("model", "Which of the agency's agreements? The model is not named.")
        return self._of_model(agency, line.text("model"))

    def _agency(self, line: Line) -> int | Objection:
        name, state = line.text("agency"), line.text("agency_state")
        if state:
            found = self._directory.find(name=name, state=state, county=None, key=comparable(name))
            return found.id if found else ("agency", "There is no agency of this name in this state.")
        match self._directory.everywhere(name):
            case [one]:
                return one.id
            case []:
                return ("agency", "There is no agency of this name in the register.")
        return ("agency", "There are several agencies of this name: name the state as well.")

    def _of_model(self, agency_id: int, model: str) -> int | Objection:
        of_model = [a for a in self._of_agency[agency_id] if a.model.upper() == model.upper()]
        in_force = [a for a in of_model if a.status not in OVER]
        match in_force or of_model:
            case [one]:
                return one.id
            case []:
                return ("model", "The agency has no agreement of this model.")
        return ("model", "The agency has several agreements of this model: name one by its reference.")


def agreement_of(agreement_id: int) -> Agreement:
    """The agreement with its agency and office, in the session of the transaction that runs."""
    found = select(Agreement).where(Agreement.id == agreement_id)
    return session().scalars(found.options(joinedload(Agreement.agency), joinedload(Agreement.office))).one()
