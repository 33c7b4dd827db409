"""What an agency's contact sees of a corrective action: what was sent, and its own plan. No name, no note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from workflow.cases.calendars import calendar_of
from workflow.cases.handed_in import handed_in
from workflow.cases.history import common
from workflow.cases.kinds import House
from workflow.cases.told import Told, told
from workflow.corrective.facts import CLASSES, POSITIONS
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.plan import Reviewed, plan_of
from workflow.corrective.sealed import words_of
from workflow.documents.queries import Shown
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
    "agency_wrote": ("words",),
    "agency_document": (),
}
#: Steps the agency takes itself; the office may take some of them for it.
BY_AGENCY: Final = frozenset(
    {"interim_fix", "submit_plan", "dispute", "claim_corrected", "agency_wrote", "agency_document"}
)


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
    parts: tuple[Reviewed, ...]
    due_at: datetime | None
    due_words: str
    is_late: bool
    told: tuple[Told, ...]
    documents: tuple[Shown, ...]
    can_write: bool
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
        parts=tuple(plan_of(corrective, house.keyring)),
        due_at=due,
        due_words=calendar.phrase(due, now) if due else "",
        is_late=due is not None and due < now,
        told=told(house, corrective, TOLD, BY_AGENCY),
        documents=tuple(handed_in(house, corrective)),
        can_write=corrective.closed_at is None,
        offers=offers(kind.machine, kind.facts_of(corrective, common(corrective)), actor, now),
        zone=str(calendar.zone),
    )
