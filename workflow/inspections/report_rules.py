"""The conditions on handing in, passing and issuing a report, in the words shown to whom they stop."""

from __future__ import annotations

from workflow.engine.machine import Rule, Situation, not_by_whoever
from workflow.inspections.facts import COMPLIANT, MAJORS_THAT_FAIL, NOT_COMPLIANT
from workflow.inspections.rules import CIGIE

summary_written = Rule(
    "summary_written",
    lambda s: s.facts.has_summary or bool(s.answers.get("summary")),
    "Write a summary: here, or in the text of the report.",
    field="summary",
)
reader_is_another = Rule(
    "reader_is_another",
    lambda s: s.answers.get("second_reader") in (None, *(s.facts.readers - {s.actor.id})),
    "The second reader is an inspector or a manager of this office, and somebody else than the author.",
    source=CIGIE,
    field="second_reader",
)
not_the_author = not_by_whoever(
    "draft_findings", says="Whoever drafted the findings does not pass them.", source=CIGIE
)
wrote_no_finding = Rule(
    "wrote_no_finding",
    lambda s: (
        not any(
            s.actor.id in s.facts.done_by.get(verb, ())
            for verb in ("record_finding", "change_finding", "write_report")
        )
    ),
    "You wrote a finding of this inspection, or the text of its report: somebody else passes it.",
    source=CIGIE,
)
not_the_lead = Rule(
    "not_the_lead",
    lambda s: s.facts.owner_id != s.actor.id,
    "The lead of an inspection does not issue its report.",
    source=CIGIE,
)
comments_answered = Rule(
    "comments_answered",
    lambda s: s.facts.open_comments == 0,
    "Every comment of the agency is answered before the report is issued.",
    source=CIGIE,
)
rating_known = Rule(
    "rating_known",
    lambda s: s.answers.get("rating") in (None, *s.facts.ratings),
    "This rating is not on the scale of this inspection.",
    field="rating",
)


def _rating_fits(s: Situation) -> bool:
    facts, rating = s.facts, s.answers.get("rating")
    if rating is None:
        return True
    if facts.deficiencies == 0:
        return bool(rating == COMPLIANT)
    if facts.criticals or facts.majors >= MAJORS_THAT_FAIL:
        return bool(rating == NOT_COMPLIANT)
    return bool(rating != COMPLIANT)


rating_fits = Rule(
    "rating_fits",
    _rating_fits,
    "The rating does not fit the deficiencies found: without any it is compliant, with a critical one"
    f" or {MAJORS_THAT_FAIL} major ones it is not compliant.",
    field="rating",
)
