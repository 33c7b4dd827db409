"""Talks at a visit: with how many people of which role, when, and what was learnt. Never with whom.

People in custody are not interviewed for this; their complaints have a door of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from workflow.cases.calendars import calendar_of
from workflow.cases.kinds import House
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import sealed
from workflow.inspections.answers import writable
from workflow.inspections.facts import ANSWERING, INTERVIEWED
from workflow.inspections.fieldwork_models import Interview
from workflow.inspections.models import Inspection

#: The longest notes, and the most people and talks.
LONGEST: Final = 5000
PEOPLE: Final = 99
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Talk:
    """One interview as it was noted."""

    role: str
    people: int
    held_on: date
    notes: str | None = None


@retried
def record_interview(house: House, reference: str, actor: Actor, talk: Talk, *, now: datetime) -> int:
    """Keep an interview; its number. Raises `Refused` and `NotThere`."""
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        if inspection.state not in ANSWERING:
            raise Refused(Refusal("state", "Interviews are noted while the inspection is in progress."))
        count = s.scalar(
            select(func.count()).select_from(Interview).where(Interview.inspection_id == inspection.id)
        )
        if refusals := _wrong(inspection, talk, count or 0, now):
            raise Refused(*refusals)
        row = Interview(
            inspection_id=inspection.id,
            number=(count or 0) + 1,
            role=talk.role,
            people=talk.people,
            held_on=talk.held_on,
            by_id=actor.id,
            at=now,
        )
        row.notes = sealed.keep(inspection, row, "notes", talk.notes, house.keyring)
        s.add(row)
        codes = {"role": talk.role, "people": talk.people, "held_on": talk.held_on.isoformat()}
        note(house, inspection, "interview", actor, codes=codes, now=now)
        s.flush()
        return row.number


def interviews_of(house: House, inspection: Inspection) -> list[tuple[Interview, str | None]]:
    """Every interview with its notes, in order. One query."""
    found = select(Interview).where(Interview.inspection_id == inspection.id).order_by(Interview.number)
    rows = session().scalars(found)
    return [(row, sealed.words_in(inspection, row, "notes", house.keyring)) for row in rows]


def _wrong(inspection: Inspection, talk: Talk, count: int, now: datetime) -> list[Refusal]:
    today = calendar_of(inspection.office_id).day_of(now)
    found = []
    if talk.role not in dict(INTERVIEWED):
        found.append(Refusal("unfit", "Choose one of the roles.", "role"))
    if not 1 <= talk.people <= PEOPLE:
        found.append(Refusal("unfit", f"Between 1 and {PEOPLE} people.", "people"))
    if not (inspection.begun_on or today) <= talk.held_on <= today:
        found.append(Refusal("unfit", "A day of this visit that is not in the future.", "held_on"))
    if len(talk.notes or "") > LONGEST:
        found.append(Refusal("unfit", f"At most {LONGEST:,} characters fit here.", "notes"))
    if count >= MOST:
        found.append(Refusal("many", f"At most {MOST} interviews."))
    return found
