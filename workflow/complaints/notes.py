"""How the history calls what is noted on a complaint without being a step. Declarations only."""

from __future__ import annotations

from typing import Final

from workflow.cases.notes import ENCLOSED, Note, code, count
from workflow.complaints.erasing import HOLDS
from workflow.complaints.facts import (
    CLOSING_REASONS,
    DISPOSITIONS,
    INTERPRETER,
    JURISDICTION,
    STANDARDS_OF_PROOF,
    SUBJECTS,
    WITNESS_ROLES,
)
from workflow.complaints.floods import WHY
from workflow.complaints.inquiry_facts import (
    ANSWERS,
    DECISIONS,
    ENTRY_KINDS,
    INTERIM,
    PARTS,
    PLAN,
    REQUESTED,
)
from workflow.complaints.letter_kinds import LETTERS, PARTIES
from workflow.complaints.routing import ROUTE_CHOICES
from workflow.engine.machine import Ask, AskKind
from workflow.messages.wording import LANGUAGES

_NUMBER: Final = count("allegation", "Allegation")
_MEANING: Final = (_NUMBER, code("type", "About"), code("subject", "Who", SUBJECTS))
_REQUEST: Final = count("request", "Request")
_INTERIM: Final = (count("interim", "Proposal"), code("action", "Action", INTERIM))
_LETTER: Final = (
    count("letter", "Letter"),
    code("name", "About", LETTERS),
    code("to", "Written to", PARTIES),
)

#: What a message between the office and the complainant is.
MESSAGES: Final = (
    ("message", "A message"),
    ("withdrawal", "Wants to withdraw"),
    ("review", "Asks for a review"),
    ("letter", "A letter"),
)
_MESSAGE: Final = (count("message", "Message"), code("what", "What it is", MESSAGES))
#: What is promised when the complainant writes.
ASKED_OF_US: Final = {
    "message": "Read the message",
    "withdrawal": "Ask whether the withdrawal is free",
    "review": "Take or refuse the appeal",
}
#: What nobody may let drop.
MUST_BE_ANSWERED: Final = frozenset({"withdrawal", "review"})

NOTES: Final = {
    "allege": Note("Allegation added", _MEANING),
    "change_allegation": Note("Allegation said better", _MEANING),
    "propose_finding": Note(
        "Finding proposed",
        (_NUMBER, code("proposed", "Finding", DISPOSITIONS), Ask("evidence", "Evidence")),
    ),
    "dispose": Note(
        "Allegation disposed of",
        (
            _NUMBER,
            code("disposition", "Disposition", DISPOSITIONS),
            code("standard_of_proof", "Standard of proof", STANDARDS_OF_PROOF),
            code("closing_reason", "Reason for no finding", CLOSING_REASONS),
            Ask("rationale", "Reasons"),
        ),
    ),
    "tell_more": Note("What was told, added to or said better", (Ask("parts", "Which part", AskKind.LINE),)),
    "circumstances": Note(
        "How it was told",
        (
            Ask("in_danger", "Somebody is in danger", AskKind.YES),
            code("interpreter", "Interpreter", INTERPRETER),
            Ask("fears_reprisal", "The complainant fears reprisal", AskKind.YES),
        ),
    ),
    "add_witness": Note(
        "Witness added", (count("witness", "Witness"), code("role", "How they come into it", WITNESS_ROLES))
    ),
    "read_back": Note("Read back and confirmed", (Ask("corrected", "Something was put right", AskKind.YES),)),
    "name_agency": Note("Agency named", (code("agency", "Agency", of="named_agencies"),)),
    "group": Note("Put into a group", (count("group", "Group"), Ask("reason", "Reason"))),
    "ungroup": Note("Taken out of its group", (count("group", "Group"), Ask("reason", "Reason"))),
    "remark": Note("Remark on an act on many", (Ask("comment", "Remark"),)),
    "name_agreements": Note("Agreements named", (code("agreements", "Agreements"),)),
    "suggest_route": Note(
        "Routing suggested",
        (
            code("route", "Suggested", ROUTE_CHOICES),
            code("rule", "By rule"),
            count("policy", "Policy version"),
            code("tier", "Tier"),
            code("matter", "Matter"),
            code("about", "About"),
            code("jurisdiction", "Ours", JURISDICTION),
            Ask("at_risk", "Reprisal feared, or somebody protected", AskKind.YES),
            code("closed", "Closed channels"),
        ),
    ),
    "replan": Note("Plan changed", PLAN),
    "log": Note(
        "Written into the log",
        (
            count("line", "Line"),
            code("kind", "What", ENTRY_KINDS),
            code("part", "With whom", PARTS),
            Ask("reached", "Reached", AskKind.YES),
        ),
    ),
    "ask_agency": Note(
        "Agency asked",
        (_REQUEST, code("kind", "For what", REQUESTED), Ask("due_on", "By", AskKind.DAY)),
    ),
    "answer_request": Note("Agency's answer recorded", (_REQUEST, code("outcome", "Answer", ANSWERS))),
    "propose_interim": Note("Interim action proposed", _INTERIM),
    "decide_interim": Note("Interim action decided", (*_INTERIM, code("decision", "Decision", DECISIONS))),
    "write_message": Note("Message to the complainant", _MESSAGE),
    "take_message": Note("Message from the complainant", _MESSAGE),
    "read_messages": Note("Messages of the complainant read", (count("messages", "Messages"),)),
    "acknowledged": Note(
        "Another authority acknowledged",
        (
            count("referral", "Referral"),
            Ask("on", "Acknowledged on", AskKind.DAY),
            Ask("resolved_on", "Its own inquiry ended on", AskKind.DAY),
            Ask("their_reference", "Their reference", AskKind.LINE),
        ),
    ),
    "legal_hold": Note("Held: nothing of it is erased", (code("kind", "Why", HOLDS),)),
    "end_legal_hold": Note("Held no longer", (code("kind", "Why it was", HOLDS),)),
    "erase": Note("Words, identity, contact and documents erased", (count("documents", "Documents"),)),
    "set_apart": Note("Set apart: it came in a flood", (code("why", "Why", WHY),)),
    "put_back": Note("Put among the others", (code("why", "It was apart because", WHY),)),
    "change_code": Note("Code of the receipt changed by its holder"),
    "change_contact": Note(
        "Contact of the complainant changed",
        (Ask("possible", "The complainant can be reached", AskKind.YES),),
    ),
    "ask_letter": Note("Letter asked for", _LETTER),
    "send_letter": Note(
        "Letter sent",
        (*_LETTER, code("language", "Language", LANGUAGES)),
        elsewhere=frozenset({"digest"}),
    ),
    "post_letter": Note(
        "Letter posted by hand", (count("letter", "Letter"), Ask("posted_on", "Posted on", AskKind.DAY))
    ),
    "set_letter_aside": Note("Letter set aside", (*_LETTER, Ask("reason", "Why"))),
    **ENCLOSED,
    "link_evidence": Note(
        "Evidence named", (count("document", "Document"), Ask("allegations", "On the allegations"))
    ),
}
