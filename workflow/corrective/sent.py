"""What an agency's contact sees of a corrective action: what was sent, and its own plan. No name, no note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflow.cases import chronicle
from workflow.cases.calendars import calendar_of
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.corrective.facts import CLASSES, POSITIONS
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.sealed import words_of
from workflow.db.session import session
from workflow.engine.actors import Actor
from workflow.engine.machine import Offer, offers

#: Steps the agency is told of, with the answers that were meant for it.
TOLD: Final[dict[str, tuple[str, ...]]] = {
    "cite": (),
    "interim_fix": ("fix",),
    "submit_plan": (),
    "return_plan": ("reason",),
    "accept_plan": ("note",),
    "dispute": ("grounds",),
    "uphold_finding": ("reason",),
    "withdraw_finding": ("reason",),
    "correct_on_site": (),
    "claim_corrected": ("evidence",),
    "reject_unplanned": ("reason",),
    "reject_correction": ("reason",),
    "verify": (),
    "extend": ("reason",),
    "accept_risk": (),
    "risk_ended": (),
    "lapse": (),
}
#: Steps the agency takes itself; the office may take some of them for it.
BY_AGENCY: Final = frozenset({"interim_fix", "submit_plan", "dispute", "claim_corrected"})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was sent or received: when, what, by which side, in which words."""

    at: datetime
    what: str
    by: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """The agency's part of a corrective action."""

    reference: str
    title: str
    stage: str
    class_label: str | None
    clause: str | None
    deficiency: str | None
    is_repeat: bool
    position: str | None
    action: str | None
    responsible: str | None
    target_on: date | None
    due_at: datetime | None
    due_words: str
    is_late: bool
    told: tuple[Told, ...]
    offers: tuple[Offer[Any, Any], ...]
    zone: str


def sent(house: House, corrective: CorrectiveAction, actor: Actor, *, now: datetime) -> Sent:
    """What was sent to the agency of this corrective action, and what it handed in."""
    kind = house.kind_of(corrective)
    calendar = calendar_of(corrective.office_id)
    clock = next((c for c in corrective.clocks if c.name == "correct"), None)
    words = words_of(corrective, house.keyring)
    running = clock is not None and clock.stopped_at is None
    due = clock.due_at if clock is not None and running else None
    return Sent(
        reference=corrective.reference,
        title=corrective.title,
        stage=kind.machine.stage(corrective.state).label,
        class_label=dict(CLASSES).get(corrective.class_code or ""),
        clause=corrective.clause,
        deficiency=words.deficiency,
        is_repeat=corrective.is_repeat,
        position=dict(POSITIONS).get(corrective.position or ""),
        action=words.action,
        responsible=words.responsible,
        target_on=corrective.target_on,
        due_at=due,
        due_words=calendar.phrase(due, now) if due else "",
        is_late=due is not None and due < now,
        told=tuple(_told(house, corrective)),
        offers=offers(kind.machine, kind.facts_of(corrective, common(corrective)), actor, now),
        zone=str(calendar.zone),
    )


def _told(house: House, corrective: CorrectiveAction) -> list[Told]:
    found = (
        select(Event)
        .where(Event.case_id == corrective.id, Event.verb.in_(TOLD))
        .order_by(Event.version.desc())
        .options(selectinload(Event.answers))
    )
    machine = house.kind_of(corrective).machine
    told = []
    for event in session().scalars(found):
        step = machine.step(event.verb)
        assert step is not None
        words = chronicle.words_of(event, corrective, house.keyring)
        labels = {ask.name: ask.label for ask in step.asks}
        by = "the agency" if event.verb in BY_AGENCY else "the office"
        shown = tuple((labels[n], words[n]) for n in TOLD[event.verb] if n in words)
        told.append(Told(event.occurred_at, step.label, by, shown))
    return told
