"""Inspections for cause: what in an inspection proposes one, and deciding on it, opened at once or not."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from workflow.cases import for_cause
from workflow.cases.access import NotThere, case_for
from workflow.cases.followups import end, waiting
from workflow.cases.kinds import House
from workflow.cases.models import Case, Event
from workflow.cases.perform import Done
from workflow.cases.promises import FollowUp
from workflow.db.retry import retried
from workflow.db.session import transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import findings
from workflow.inspections.models import Finding, Inspection
from workflow.inspections.service import open_for_cause

#: So many deficiencies found before and found again give cause for an inspection.
REPEATS: Final = 2


def found_again(
    house: House, inspection: Inspection, finding: Finding, event: Event, *, now: datetime
) -> None:
    """The second repeat deficiency since the agreement was last proposed asks for a decision."""
    if finding.repeat_of_id is None or inspection.agreement_id is None:
        return
    last = for_cause.last_proposed(inspection.agreement_id, for_cause.REPEATS)
    if findings.repeats_since(inspection.agreement_id, last) >= REPEATS:
        for_cause.propose(house, inspection, for_cause.REPEATS, after=event.version, now=now)


# --- deciding -------------------------------------------------------------------------------------


@retried
def accept(
    house: House, reference: str, number: int, actor: Actor, explanation: str, *, seen: int, now: datetime
) -> Inspection:
    """Open the inspection that was proposed. Raises `NotThere`, `Stale`, `Refused`.

    What the agreement does not allow now, since it is suspended, leaves the proposal as it is.
    """
    with transaction() as s, s.no_autoflush:
        case, row = _proposal(reference, number, actor, seen)
        if not explanation.strip():
            raise Refused(
                Refusal("required", "Say what happened: the inspection is opened with it.", "words")
            )
        assert case.agreement_id is not None
        end(house, row, case, actor, "kept", for_cause.ACCEPTED, explanation, now=now)
        opened = open_for_cause(
            house,
            case.agreement_id,
            trigger=row.kind,
            explanation=explanation,
            actor=actor,
            now=now,
            cause=case.events[-1],
        )
        s.flush()
        return opened


@retried
def decline(
    house: House, reference: str, number: int, actor: Actor, reasons: str, *, seen: int, now: datetime
) -> Done:
    """Open no inspection, for reasons that are kept. Raises `NotThere`, `Stale`, `Refused`."""
    with transaction() as s, s.no_autoflush:
        case, row = _proposal(reference, number, actor, seen)
        if not reasons.strip():
            raise Refused(
                Refusal("required", "Say why there is no inspection: the reasons are kept.", "words")
            )
        end(house, row, case, actor, "kept", for_cause.DECLINED, reasons, now=now)
        s.flush()
        return Done(case.reference, case.version)


def _proposal(reference: str, number: int, actor: Actor, seen: int) -> tuple[Case, FollowUp]:
    """A proposal that waits, its case locked, for somebody who decides on it."""
    case = case_for(actor, reference, lock=True)
    row = waiting(actor, case, number, seen)
    if row.page != for_cause.PAGE:
        raise NotThere(f"{reference}/{number}")
    if not actor.roles & for_cause.DECIDERS:
        raise Refused(Refusal("role", "A manager decides whether there is an inspection for cause."))
    return case, row
