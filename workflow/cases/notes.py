"""What is written into a history without being a step, and in which words. Declarations only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from workflow.cases.recusals import REASONS
from workflow.engine.machine import Ask, AskKind

#: Where the words for a code come from: steps, what they ask, kinds of promise (`Ask.of`).
STEPS, ASKED, PROMISES = "steps", "asked", "promises"


@dataclass(frozen=True, slots=True)
class Note:
    """The words for an entry that is no step. What it holds beside its `asks` is shown by its bare name."""

    label: str
    asks: tuple[Ask, ...] = ()
    #: What it holds that is shown on a page of its own (the document's, the letter's) and never in a history.
    elsewhere: frozenset[str] = frozenset()


def code(name: str, label: str, choices: tuple[tuple[str, str], ...] = (), *, of: str = "") -> Ask:
    """A code with words for it, from a fixed list or from what the kind of case has."""
    return Ask(name, label, AskKind.CHOICE, choices=choices, of=of)


def count(name: str, label: str) -> Ask:
    return Ask(name, label, AskKind.NUMBER)


_REASON: Final = Ask("reason", "Reason")
_MOVED: Final = (count("entry", "Entry"), code("verb", "What it says", of=STEPS))

#: What mends a mistake in any kind of case.
MENDING: Final[Mapping[str, Note]] = MappingProxyType(
    {
        "void": Note("Undo a step", (code("undone", "Step", of=STEPS), _REASON)),
        "supersede": Note(
            "Correct an answer",
            (count("of", "Entry"), code("name", "Answer", of=ASKED), Ask("value", "What is right"), _REASON),
        ),
        "moved_in": Note("Take in an entry of another case", (*_MOVED, code("from", "From"), _REASON)),
        "moved_out": Note("Move an entry to another case", (*_MOVED, code("to", "To"), _REASON)),
    }
)
#: What is promised on any kind of case, and what came of it.
_PROMISED: Final = (count("follow_up", "Follow-up"), code("what", "What", of=PROMISES))
FOLLOWING: Final[Mapping[str, Note]] = MappingProxyType(
    {
        "follow_up": Note("Follow-up promised", (*_PROMISED, Ask("due", "Due", AskKind.DAY))),
        "keep_follow_up": Note(
            "Follow-up done",
            (*_PROMISED, code("result", "What came of it", of=PROMISES), Ask("words", "In words")),
        ),
        "cancel_follow_up": Note("Follow-up cancelled", (*_PROMISED, Ask("words", "Why"))),
    }
)
#: What is noted of documents, for the kinds of case that take any.
ENCLOSED: Final[Mapping[str, Note]] = MappingProxyType(
    {"add_document": Note("Document added", (count("document", "Number"),), elsewhere=frozenset({"hash"}))}
)
#: What an agency's contact adds to what was sent to it.
FROM_AGENCY: Final[Mapping[str, Note]] = MappingProxyType(
    {
        "agency_wrote": Note("The agency wrote", (Ask("words", "It says"),)),
        "agency_document": Note(
            "The agency handed in a document", (count("document", "Number"),), elsewhere=frozenset({"hash"})
        ),
    }
)
#: Who must not touch a case, and who was let in all the same: the person as an id, the reason as a code.
_PERSON: Final = Ask("person", "Who", AskKind.PERSON)
RECUSING: Final[Mapping[str, Note]] = MappingProxyType(
    {
        "recuse": Note("Recused", (_PERSON, code("why", "Why", REASONS))),
        "withdraw_recusal": Note("Recusal withdrawn", (_PERSON,)),
        "let_in": Note(
            "Let in although recused",
            (_PERSON, Ask("until", "Until", AskKind.MOMENT), Ask("reason", "Why nobody else can")),
        ),
        "end_let_in": Note("No longer let in", (_PERSON,)),
    }
)
#: What happens to a proposal on the way to its second person: the end of the verb, in words.
PROPOSED: Final[Mapping[str, str]] = MappingProxyType({"proposed": "asked for", "declined": "declined"})
#: What is said of a proposal in the history; what it asks for is shown where it is confirmed.
OF_PROPOSAL: Final = (Ask("late_reason", "Why it is entered late"), Ask("reason", "Why it was declined"))
