"""How the history calls what is noted on an inspection without being a step. Declarations only."""

from __future__ import annotations

from typing import Final

from workflow.cases.notes import ENCLOSED, FROM_AGENCY, Note, code, count
from workflow.engine.machine import Ask, AskKind
from workflow.inspections.facts import CLASSES, COMMENT_OUTCOMES, DIFFERENCES, INTERVIEWED, LETTERS, RESULTS
from workflow.messages.wording import LANGUAGES

_FINDING: Final = (
    count("finding", "Finding"),
    code("item", "Item of the checklist"),
    code("result", "Established", RESULTS),
    code("class", "Class", CLASSES),
    Ask("repeat_of", "Repeats an earlier finding", AskKind.YES),
    Ask("clause", "Clause"),
    Ask("evidence", "Evidence"),
    Ask("comment", "Note"),
)

NOTES: Final = {
    "record_finding": Note("Finding recorded", _FINDING),
    "change_finding": Note("Finding changed", _FINDING),
    "answer_items": Note(
        "Checklist answered",
        (
            code("answers", "Items"),
            code("disputed", "Answered differently by two people"),
            Ask("noted_on", "Noted on paper on", AskKind.DAY),
            count("document", "Scan, document"),
        ),
    ),
    "sample_file": Note(
        "File of the sample looked at",
        (count("file", "File"), code("verdict", "It"), code("failed", "Answered no")),
    ),
    "interview": Note(
        "Interview noted",
        (
            code("role", "With", INTERVIEWED),
            count("people", "People"),
            Ask("held_on", "Held on", AskKind.DAY),
        ),
    ),
    "propose_difference": Note(
        "Difference from the roster proposed as a finding",
        (count("difference", "Number"), code("what", "What", DIFFERENCES), count("officers", "Officers")),
    ),
    "decline_difference": Note(
        "Proposed finding declined",
        (count("difference", "Number"), code("what", "What", DIFFERENCES), Ask("reason", "Why")),
    ),
    "write_report": Note("Text of the report saved", (count("text", "Version"),)),
    "comment_on_facts": Note(
        "Comment of the agency on the facts", (count("comment", "Comment"), count("finding", "Finding"))
    ),
    "answer_comment": Note(
        "Comment of the agency answered",
        (count("comment", "Comment"), code("outcome", "What becomes of it", COMMENT_OUTCOMES)),
    ),
    "send_letter": Note(
        "Letter sent",
        (count("letter", "Letter"), code("name", "Which", LETTERS), code("language", "Language", LANGUAGES)),
        elsewhere=frozenset({"digest"}),
    ),
    **ENCLOSED,
    **FROM_AGENCY,
}
