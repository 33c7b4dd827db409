"""How the history calls what is noted on an agreement without being a step. Declarations only."""

from __future__ import annotations

from typing import Final

from workflow.agreements.officers import WHAT
from workflow.cases.notes import Note, code, count
from workflow.engine.machine import Ask, AskKind

NOTES: Final = {
    "record_officer": Note(
        "Officer recorded",
        (
            count("officer", "Officer of the roster"),
            code("what", "What happened", (("nominated_on", "Nominated"), *WHAT)),
            Ask("day", "Day", AskKind.DAY),
            Ask("was", "Recorded before as", AskKind.DAY),
        ),
    ),
    "import_officer": Note(
        "Officer brought in", (count("officer", "Officer of the roster"), code("source", "From", ()))
    ),
    "import_contact": Note("Contact brought in", (count("contact", "Contact"),)),
    "void_contact": Note(
        "Imported contact counts no more", (count("contact", "Contact"), Ask("reason", "Reason"))
    ),
    "void_officer": Note(
        "Imported officer taken off the roster",
        (count("officer", "Officer of the roster"), Ask("reason", "Reason")),
    ),
}
