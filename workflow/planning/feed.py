"""What stands in somebody's own calendar: the visits they lead, and what is due of agreements they oversee.

It lies with programs outside the office, so it says as little as a calendar needs: agency, model, number,
days. Never a word somebody wrote, a colleague, a complaint, why an inspection is held, or where an
unannounced one goes.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import and_, or_, select

from workflow.cases.access import sees
from workflow.cases.models import VOIDED
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.inspections.facts import State
from workflow.inspections.models import Inspection
from workflow.planning.ical import Entry
from workflow.register.models import Agency, Agreement

#: How far back a calendar reaches, and how much it holds at most.
BACK: Final = timedelta(days=92)
MOST: Final = 500


def entries(actor: Actor, *, base_url: str, today: date, demonstration: bool) -> list[Entry]:
    """The calendar of somebody as they may see it now, earliest first. One query.

    What is cancelled stays in it as cancelled; what they do not lead any more, or may not see, is missing.
    """
    earliest = today - BACK
    led = and_(
        Inspection.state != State.PLANNED,
        Inspection.owner_id == actor.id,
        Inspection.scheduled_on >= earliest,
    )
    overseen = and_(
        Inspection.state == State.PLANNED,
        Inspection.due_on >= earliest,
        Agreement.supervisor_id == actor.id,
    )
    found = (
        select(
            Inspection.reference,
            Inspection.version,
            Inspection.state,
            Inspection.scheduled_on,
            Inspection.until_on,
            Inspection.due_on,
            Inspection.unannounced,
            Inspection.model,
            Agency.name,
        )
        .outerjoin(Agency, Inspection.agency_id == Agency.id)
        .outerjoin(Agreement, Inspection.agreement_id == Agreement.id)
        .where(sees(actor), or_(led, overseen))
        .order_by(Inspection.scheduled_on, Inspection.due_on, Inspection.id)
        .limit(MOST)
    )
    return [_entry(row, base_url=base_url, demonstration=demonstration) for row in session().execute(found)]


def _entry(row: Any, *, base_url: str, demonstration: bool) -> Entry:
    is_due = row.state == State.PLANNED
    first = row.due_on if is_due else row.scheduled_on
    last = first if is_due or row.until_on is None else max(first, row.until_on)
    what = "Inspection due" if is_due else "Inspection"
    where = row.reference if row.unannounced or row.name is None else f"{row.name}, {row.model}"
    said = f"{row.reference}. Everything else is in Plumbline."
    return Entry(
        # The same as long as the visit is the same, whenever the calendar is read (3.8.4.7).
        uid=f"{row.reference}-{'due' if is_due else 'visit'}@plumbline",
        sequence=row.version,
        first=first,
        last=last,
        summary=f"{what}: {where}",
        description=f"Demonstration, nothing of it is real. {said}" if demonstration else said,
        address=f"{base_url}/inspections/{row.reference}",
        status=_status(row.state),
        is_busy=not is_due,
    )


def _status(state: str) -> Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]:
    if state in (State.CANCELLED, VOIDED):
        return "CANCELLED"
    return "TENTATIVE" if state == State.POSTPONED else "CONFIRMED"
