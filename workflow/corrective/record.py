"""What steps of a corrective action leave beside its columns: its plan, and through whose hands it went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from workflow.cases.kinds import House, Reaction
from workflow.cases.models import Event
from workflow.corrective.machine import MACHINE
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.plan import keep_plan, keep_verdicts

#: The column that says who took a step last.
HANDS: Final = {
    "accept_plan": "accepted_by_id",
    "correct_on_site": "evidence_by_id",
    "claim_corrected": "evidence_by_id",
    "verify": "verified_by_id",
}


def keep_hands(_house: House, case: Any, event: Event, _now: datetime) -> None:
    """Write down who accepted, handed in or verified: the database refuses one person for both."""
    assert isinstance(case, CorrectiveAction)
    setattr(case, HANDS[event.verb], event.actor_id)


def give_back_hands(_house: House, case: Any, event: Event, _now: datetime) -> None:
    """A step that was undone was taken by nobody."""
    assert isinstance(case, CorrectiveAction)
    column = HANDS.get(event.codes["undone"])
    if column is not None:
        setattr(case, column, None)


#: For the factory: runs after every step that leaves something, and after one was undone.
REACTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = MappingProxyType(
    {
        **{(MACHINE.kind, verb): (keep_hands,) for verb in HANDS},
        (MACHINE.kind, "submit_plan"): (keep_plan,),
        (MACHINE.kind, "accept_plan"): (keep_hands, keep_verdicts),
        (MACHINE.kind, "return_plan"): (keep_verdicts,),
        (MACHINE.kind, "void"): (give_back_hands,),
    }
)
