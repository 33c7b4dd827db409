"""What the steps of an agreement have in common: their type, who decides, questions asked more than once."""

from __future__ import annotations

from typing import Final, TypeAlias

from workflow.agreements.facts import AgreementFacts, State
from workflow.engine.actors import Role
from workflow.engine.machine import Ask, AskKind, Second, Transition

Step: TypeAlias = Transition[State, AgreementFacts]

HEADQUARTERS: Final = frozenset({Role.PROGRAMME_MANAGER})
#: Another programme manager: an agreement's life is decided at headquarters, by two.
ANOTHER: Final = Second(by=HEADQUARTERS)

REASONS: Final = Ask("reasons", "Reasons")
SIGNED_ON: Final = Ask("signed_on", "Signed on", AskKind.DAY)
TEMPLATE: Final = Ask(
    "template",
    "Template of the memorandum",
    AskKind.CHOICE,
    of="templates",
    help="As the document itself says.",
)
