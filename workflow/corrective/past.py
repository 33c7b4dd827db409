"""Rows of a corrective action for what came from another system, and for taking it back."""

from __future__ import annotations

from typing import Final, TypeAlias

from workflow.corrective import rules
from workflow.corrective.facts import CLASSES, CorrectiveFacts, State
from workflow.engine.actors import Role
from workflow.engine.effects import Keep, Seal, StartClock, StopClock
from workflow.engine.machine import Ask, AskKind, Second, Tone, Transition

Step: TypeAlias = Transition[State, CorrectiveFacts]

HEADQUARTERS: Final = frozenset({Role.PROGRAMME_MANAGER})
SYSTEM: Final = frozenset({Role.SYSTEM})
REASON: Final = Ask("reason", "Reason")
#: The clock for the interim fix of a critical deficiency ends with the fix, or with the case.
BOTH_CLOCKS: Final = (StopClock("correct"), StopClock("interim"))

import_as_verified = Step(
    verb="import_as_verified",
    sources=frozenset(),
    target=State.VERIFIED,
    label="Bring in from another system, as verified",
    by=SYSTEM,
    asks=(
        Ask("provenance", "Where it comes from", AskKind.LINE),
        Ask("clause", "Provision it was about", AskKind.LINE),
        Ask("class", "Class", AskKind.CHOICE, choices=CLASSES),
    ),
    effects=(Keep("clause", "clause"), Keep("class", "class_code")),
)
# Open when it came: its clock runs from the day it was cited, and nothing is sent for what was said long ago.
import_as_open = Step(
    verb="import_as_open",
    sources=frozenset(),
    target=State.OPEN,
    label="Bring in from another system, still open",
    by=SYSTEM,
    asks=(
        Ask("provenance", "Where it comes from", AskKind.LINE),
        Ask("clause", "Provision it is about", AskKind.LINE),
        Ask("class", "Class", AskKind.CHOICE, choices=CLASSES),
        Ask("evidence", "What was found", required=False),
    ),
    effects=(
        Keep("clause", "clause"),
        Keep("class", "class_code"),
        Seal("evidence", "deficiency"),
        StartClock("correct"),
    ),
)

void_import = Step(
    verb="void_import",
    sources=frozenset({State.VERIFIED}),
    target=State.VOIDED,
    label="Void this import",
    by=HEADQUARTERS,
    rules=(rules.untouched,),
    asks=(REASON,),
    second=Second(by=HEADQUARTERS),
    reopens=True,
    tone=Tone.GRAVE,
    help="For an entry that should never have been made. It stays on record as voided.",
)
# A whole import was a mistake: the command that brought it takes back what nobody touched since.
void_batch = Step(
    verb="void_batch",
    sources=frozenset({State.VERIFIED}),
    target=State.VOIDED,
    label="Void with its whole import",
    by=SYSTEM,
    rules=(rules.untouched,),
    asks=(REASON,),
    reopens=True,
)
void_open_batch = Step(
    verb="void_open_batch",
    sources=frozenset({State.OPEN}),
    target=State.VOIDED,
    label="Void with its whole import, still open",
    by=SYSTEM,
    rules=(rules.untouched,),
    asks=(REASON,),
    effects=BOTH_CLOCKS,
    escape=True,
)
