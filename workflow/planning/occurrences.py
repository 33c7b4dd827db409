"""When each duty was last met, and what is let off or under way: read at once for all. Nothing here writes.

Whether something is late follows from these rows alone, whatever ran or did not run meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from workflow.agreements import contacts, waivers
from workflow.agreements.models import DutyWaiver
from workflow.cases.access import sees
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.inspections.facts import WITHOUT_DAY
from workflow.inspections.models import Inspection
from workflow.policy.duties import MET_BY_FIELDWORK


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What is on record on a day, of all agreements or of one."""

    met: dict[int, dict[str, date]]
    waived: dict[tuple[int, str], DutyWaiver]

    def last(self, agreement_id: int, duty: str) -> date | None:
        """When a duty of an agreement was last met."""
        return self.met.get(agreement_id, {}).get(duty)

    def waiver(self, agreement_id: int, duty: str) -> DutyWaiver | None:
        """The waiver of a duty that runs longest."""
        return self.waived.get((agreement_id, duty))


def occurrences(as_of: date, agreement_id: int | None = None) -> Occurrences:
    """Contacts, fieldwork and waivers as known on a day. Three queries, however many agreements."""
    met = contacts.discharged(as_of, agreement_id)
    for agreement, on in last_fieldwork(as_of, agreement_id).items():
        mine = met.setdefault(agreement, {})
        for duty in MET_BY_FIELDWORK:
            mine[duty] = max(on, mine.get(duty, on))
    return Occurrences(
        met=met,
        waived={(row.agreement_id, row.duty): row for row in waivers.running(as_of, agreement_id)},
    )


def last_fieldwork(as_of: date, agreement_id: int | None = None) -> dict[int, date]:
    """The day on which fieldwork was last completed, by agreement, as known on a day. One query."""
    on = func.max(Inspection.fieldwork_completed_on)
    done = (
        select(Inspection.agreement_id, on)
        .where(Inspection.fieldwork_completed_on <= as_of, Inspection.state.not_in(("cancelled", "voided")))
        .group_by(Inspection.agreement_id)
    )
    if agreement_id is not None:
        done = done.where(Inspection.agreement_id == agreement_id)
    return {agreement: day for agreement, day in session().execute(done) if agreement and day}


@dataclass(frozen=True, slots=True)
class Opened:
    """A routine inspection that is planned or under way, and whether its visit has a day."""

    reference: str
    is_scheduled: bool


def open_inspections(actor: Actor) -> dict[int, Opened]:
    """The routine inspection of an agreement that is planned or under way. One query.

    Only of those this actor may see: an agreement can be seen by somebody recused from its inspection.
    """
    under_way = select(Inspection.occupies_agreement_id, Inspection.reference, Inspection.state).where(
        Inspection.occupies_agreement_id.is_not(None), sees(actor)
    )
    return {
        agreement: Opened(reference, state not in WITHOUT_DAY)
        for agreement, reference, state in session().execute(under_way)
        if agreement
    }
