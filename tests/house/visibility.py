"""Who sees which case: the table of the architecture, written down by hand, not read from the code.

No test lives here. `office` makes a case of every sort and kind; the tests of visibility hold pages to this.
"""

from __future__ import annotations

from typing import Final

from tests.cast import (
    ADA,
    ANN,
    AUDRA,
    BOB,
    CARL,
    HAL,
    IRIS,
    IVAN,
    LEO,
    MAX,
    MONA,
    PAM,
    PETE,
    RUTH,
    SAM,
    SUE,
)
from workflow.engine.actors import Actor

#: Every kind of case, and the room its pages are in.
ROOM: Final = {
    "complaint": "complaints",
    "inspection": "inspections",
    "corrective": "corrective",
    "agreement": "agreements",
}
KINDS: Final = tuple(ROOM)

# --- what is special about a case -----------------------------------------------------------------

#: In Atlanta, of Alder County (Carl's agency; Sam supervises its agreements); of inspections and
#: corrections something was sent to the agency.
OWN: Final = "own"
#: The same, and nothing was sent. There is no such complaint and no such agreement: nothing of them ever is.
UNSENT: Final = "not sent"
#: In Atlanta, of Birch County: another agency, to which it was sent.
OTHERS: Final = "another agency's"
#: In Boston, of Cedar County, to which it was sent.
ELSEWHERE: Final = "of another office"
#: Of an agency without a field office; such cases are with the managers of headquarters.
NOWHERE: Final = "of no office"
#: As `OWN`, and about Sam's own supervision.
ABOUT_SAM: Final = "about Sam"
#: As `OWN`, and Ruth, Iris, Pam and Carl are recused.
RECUSED: Final = "recused"

RECUSED_ARE: Final = (RUTH, IRIS, PAM, CARL)
HERE: Final = frozenset({OWN, UNSENT, OTHERS, ABOUT_SAM, RECUSED})
ALL: Final = HERE | {ELSEWHERE, NOWHERE}
NONE: Final[frozenset[str]] = frozenset()

# --- who sees what --------------------------------------------------------------------------------

#: The rows of the architecture's table, person by person. The same for every kind, Carl apart.
SEES: Final[dict[Actor, frozenset[str]]] = {
    ANN: ALL,
    RUTH: ALL - {RECUSED},
    LEO: ALL,
    SAM: HERE - {ABOUT_SAM},
    SUE: HERE,
    IRIS: HERE - {RECUSED},
    IVAN: HERE | {ELSEWHERE},  # covers Boston until the end of January
    MAX: HERE,
    MONA: HERE,  # covered Boston until yesterday
    BOB: frozenset({ELSEWHERE}),
    HAL: frozenset({NOWHERE}),  # a manager of headquarters
    PAM: ALL - {RECUSED},
    PETE: ALL,
    AUDRA: ALL,
    ADA: NONE,
    CARL: NONE,
}
#: An agency's contact sees of inspections and corrections what was sent. A complaint is never sent to the
#: agency. Of its agreement it could see what the architecture calls "sent parts only"; none is on record as
#: sent: no step of an agreement sends the case (what goes out are letters, which are not kept as parts), and
#: its page is made of what the office notes about the agency. So the stricter reading holds: no agreement at
#: all, until there is a projection of its own for it.
SENT: Final[dict[str, frozenset[str]]] = {
    "complaint": NONE,
    "inspection": frozenset({OWN, ABOUT_SAM}),
    "corrective": frozenset({OWN, ABOUT_SAM}),
    "agreement": NONE,
}
PEOPLE: Final = tuple(SEES)
#: One person for each role, none of them with a cover or from another office.
ONE_OF_A_ROLE: Final = (ANN, RUTH, LEO, SAM, IRIS, MAX, PAM, AUDRA, ADA, CARL)


def shut(person: Actor) -> int:
    """What a page says that is not for somebody's role: an agency is not told that it is there."""
    return 404 if person is CARL else 403


def sees(person: Actor, kind: str) -> frozenset[str]:
    """The sorts of cases of a kind that somebody sees."""
    return SENT[kind] if person is CARL else SEES[person]


#: Whoever reads what was written in a case reads its documents; for everybody else they are missing.
READS_DOCUMENTS: Final = {"complaint": (ANN, RUTH, LEO, MAX), "inspection": (SAM, IRIS, MAX, PAM, AUDRA)}

#: References that no case has.
MISSING: Final = {
    "complaint": "C-2026-00000000-0",
    "inspection": "I-2026-00000000-0",
    "corrective": "A-2026-00000000-0",
    "agreement": "G-2026-00000000-0",
}
