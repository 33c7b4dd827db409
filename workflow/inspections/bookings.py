"""The days leads spend at jails: nobody is at two on one day, whoever scheduled the visits, and when.

The rule `lead_is_free` says so on the page. Two planners at once meet at the row of the lead, whatever the
rule saw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases.kinds import House, Reaction
from workflow.cases.models import Event
from workflow.db.session import session
from workflow.engine.machine import Refusal, Refused
from workflow.inspections.facts import AT_THE_JAIL, DATED, days_between
from workflow.inspections.models import Inspection
from workflow.inspections.rules import lead_is_free
from workflow.people.models import Person


def taken_days(people: Iterable[int], *, besides: int | None) -> dict[int, frozenset[date]]:
    """The days of each one's visits on site that are still to come or under way. One query.

    `besides` is the inspection that is asked about. Whoever may see the others: days, and no word more.
    """
    found = select(Inspection.owner_id, Inspection.scheduled_on, Inspection.until_on).where(
        Inspection.owner_id.in_(list(people)),
        Inspection.mode == AT_THE_JAIL,
        Inspection.state.in_(DATED),
        Inspection.id != (besides or 0),
    )
    taken: defaultdict[int, set[date]] = defaultdict(set)
    for lead, first, until in session().execute(found):
        if lead is not None and first is not None:
            taken[lead] |= days_between(first, until or first)
    return {lead: frozenset(days) for lead, days in taken.items()}


def hold_days(_house: House, case: Any, _event: Event, _now: datetime) -> None:
    """Look again at the lead's days with their row locked: of two planners at once the second is refused."""
    assert isinstance(case, Inspection)
    if case.mode != AT_THE_JAIL or case.owner_id is None or case.scheduled_on is None:
        return
    # Not its key: other rows may go on naming this person while the lock is held.
    session().execute(select(Person.id).where(Person.id == case.owner_id).with_for_update(key_share=True))
    taken = taken_days([case.owner_id], besides=case.id).get(case.owner_id, frozenset())
    if taken & days_between(case.scheduled_on, case.until_on or case.scheduled_on):
        raise Refused(Refusal(lead_is_free.name, lead_is_free.says, "lead"))


#: What scheduling leads to besides.
REACTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = {
    ("inspection", "schedule"): (hold_days,),
    ("inspection", "reschedule"): (hold_days,),
}
