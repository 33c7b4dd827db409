"""What is done next after a visit that could not be held: declared for every sort of attempt. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from workflow.engine.actors import Role
from workflow.engine.effects import Limit
from workflow.inspections.facts import NOBODY, OTHER_DAY, REFUSED


@dataclass(frozen=True, slots=True)
class NextStep:
    """The task an attempt leaves: its kind, its words, whose it is, within what, and what follows from it."""

    kind: str
    title: str
    role: Role
    limit: Limit
    then: str


NEXT: Final[Mapping[str, NextStep]] = MappingProxyType(
    {
        NOBODY: NextStep(
            "nobody_present",
            "Reach the agency and agree on a day",
            Role.INSPECTOR,
            Limit("inspection.nobody_present"),
            "The lead reaches the agency and the visit is held on its day or postponed. It stays due when it "
            "was due. A second time is for the manager to weigh: it may be a refusal.",
        ),
        REFUSED: NextStep(
            "access_refused",
            "Decide what follows the refusal of access",
            Role.MANAGER,
            Limit("inspection.access_refused"),
            "A manager writes to whoever signed the agreement, and decides whether to inspect for cause. "
            "The refusal is no reason to cancel.",
        ),
        OTHER_DAY: NextStep(
            "other_day",
            "Decide on another day, which the agency asked for",
            Role.MANAGER,
            Limit("inspection.other_day"),
            "A manager postpones, with the reason, or the visit stands. It stays due when it was due; a day "
            "after that takes a second manager.",
        ),
    }
)
#: The same in a sentence under the button.
SAID: Final = (
    "Each leaves a task. Nobody present: the lead reaches the agency. Access refused: a manager decides "
    "what follows. Another day: a manager postpones, or the visit stands."
)
