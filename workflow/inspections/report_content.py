"""A report as one text from top to bottom: what was done, found, answered and asked for, and the rating.

It is made of what the office means to tell the agency. No note of the office, no talk and no file of the
sample is read here, and nobody is named: neither who was arrested, complained or was interviewed, nor who
inspected. Reads only; how it looks is elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from workflow.cases.calendars import calendar_of
from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.db.session import session
from workflow.inspections import sealed
from workflow.inspections.checklists import checklist_of
from workflow.inspections.facts import CLASSES, COMMENT_OUTCOMES, INTERVIEWED, KINDS, MODES, RESULTS, SCALE
from workflow.inspections.fieldwork_models import Interview
from workflow.inspections.kind import items_of
from workflow.inspections.models import Finding, Inspection
from workflow.inspections.report_comments import comments_of
from workflow.inspections.report_text import text_of
from workflow.inspections.sampling import sample_of
from workflow.policy import queries as policy
from workflow.web.filters import day, plural

NOT_YET: Final = "set on the day of issue"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as the report tells it."""

    number: int
    heading: str
    requirement: str
    clause: str
    evidence: str
    repeat: str
    #: The corrective action asked for, and by when; nothing for an area of concern.
    correction: str
    plan_by: str
    correct_by: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What the agency said, and the answer."""

    heading: str
    words: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says. `is_draft`: nothing was issued, and every page says so."""

    reference: str
    title: str
    is_draft: bool
    facts: tuple[tuple[str, str], ...]
    summary: str
    done: tuple[str, ...]
    method: str
    strengths: str
    counts: str
    findings: tuple[Found, ...]
    comments: tuple[Comment, ...]
    conclusion: str
    rating: str
    #: The scale, best first: the words of each rating.
    scale: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def report_of(house: House, inspection: Inspection, *, issuing: Event | None = None, now: datetime) -> Report:
    """The report as it stands: the draft, or what is issued by the step `issuing`. At most ten queries."""
    text, _ = text_of(house, inspection)
    told = [f for f in inspection.findings if f.result != "met" and not f.is_withdrawn]
    today = calendar_of(inspection.office_id).day_of(now)
    ratings = policy.book(inspection.policy_id).scale(SCALE).ratings
    is_draft = issuing is None
    rated = "" if is_draft else next((r.title for r in ratings if r.code == inspection.rating), "")
    return Report(
        reference=inspection.reference,
        title=f"Inspection report: {inspection.agency.name if inspection.agency else inspection.title}",
        is_draft=is_draft,
        facts=tuple(_facts(inspection, rated, None if is_draft else today)),
        summary=text.summary,
        done=tuple(_done(inspection)),
        method=text.method or "",
        strengths=text.strengths or "",
        counts=_counts(told),
        findings=tuple(_found(house, inspection, told)),
        comments=tuple(_comments(house, inspection)),
        conclusion=words_of(issuing, inspection, house.keyring).get("conclusion", "") if issuing else "",
        rating=rated,
        scale=tuple(r.title for r in ratings),
    )


def _facts(inspection: Inspection, rating: str, issued_on: date | None) -> Iterator[tuple[str, str]]:
    yield "Agreement", f"{inspection.model}, template {inspection.template}"
    # Not why: a complaint may be behind an inspection for cause.
    mode = dict(MODES).get(inspection.mode or "", "").lower()
    unannounced = "unannounced" if inspection.unannounced else ""
    yield "Inspection", ", ".join(filter(None, (dict(KINDS)[inspection.kind_of], mode, unannounced)))
    first, last = inspection.begun_on or inspection.scheduled_on, inspection.fieldwork_completed_on
    if first:
        yield "Held", day(first) if last in (None, first) else f"{day(first)} to {day(last)}"
    if issued_on:
        yield "Issued", day(issued_on)
    if rating:
        yield "Rating", rating


def _done(inspection: Inspection) -> Iterator[str]:
    """How it was done, in numbers: the checklist, the sample, with how many people it was talked."""
    if inspection.checklist is not None:
        count = plural(len(items_of(inspection)), "item")
        yield f"Checklist {checklist_of(inspection.checklist).version}, {count}."
    sample = sample_of(inspection)
    if sample.files:
        share = (
            f"; {sample.share} % of those that could be judged conform" if sample.share is not None else ""
        )
        yield f"{plural(len(sample.files), 'file')} of a numbered sample looked at{share}."
    talks = (
        select(Interview.role, func.sum(Interview.people))
        .where(Interview.inspection_id == inspection.id)
        .group_by(Interview.role)
        .order_by(Interview.role)
    )
    for role, people in session().execute(talks):
        yield f"Interviewed: {dict(INTERVIEWED).get(role, role).lower()} ({people})."


def _counts(told: list[Finding]) -> str:
    classes = Counter(f.cited_class for f in told if f.is_deficiency)
    concerns = sum(f.result == "area_of_concern" for f in told)
    parts = [f"{classes[code]} {words.lower()}" for code, words in CLASSES if classes[code]]
    deficient = f"{plural(classes.total(), 'deficiency', 'deficiencies')}"
    said = f"{deficient} ({', '.join(parts)})" if parts else deficient
    repeats = sum(f.is_deficiency and f.repeat_of_id is not None for f in told)
    return (
        f"{said[0].upper()}{said[1:]}, {plural(repeats, 'repeat')};"
        f" {plural(concerns, 'area of concern', 'areas of concern')}."
    )


def _found(house: House, inspection: Inspection, told: list[Finding]) -> Iterator[Found]:
    words = {item.code: item.words for item in items_of(inspection)}
    before = _earlier(told)
    for finding in told:
        cited = dict(CLASSES).get(finding.cited_class or "", "").lower()
        yield Found(
            number=finding.number,
            heading=", ".join(filter(None, (dict(RESULTS)[finding.result], cited))),
            requirement=f"{finding.item}: {words.get(finding.item, '')}",
            clause=finding.clause or "",
            evidence=sealed.words_of(inspection, finding, house.keyring).evidence or "",
            repeat=_repeat(finding, before),
            correction=(finding.correction or NOT_YET) if finding.is_deficiency else "",
            plan_by=(day(finding.plan_by) or NOT_YET) if finding.is_deficiency else "",
            correct_by=(day(finding.correct_by) or NOT_YET) if finding.is_deficiency else "",
        )


def _repeat(finding: Finding, before: dict[int, date | None]) -> str:
    if not finding.is_deficiency:
        return ""
    if finding.repeat_of_id is None:
        return "No repeat."
    on = before.get(finding.repeat_of_id)
    at = f" at the inspection completed on {day(on)}" if on else " at an earlier inspection"
    raised = ", so its class is one higher" if finding.cited_class != finding.class_code else ""
    return f"Repeat: the same requirement was deficient{at}{raised}."


def _earlier(told: list[Finding]) -> dict[int, date | None]:
    """When the inspections were completed whose findings are repeated. One query, none for no repeat."""
    ids = {f.repeat_of_id for f in told if f.repeat_of_id is not None}
    if not ids:
        return {}
    found = (
        select(Finding.id, Inspection.fieldwork_completed_on)
        .join(Inspection, Finding.inspection_id == Inspection.id)
        .where(Finding.id.in_(ids))
    )
    return {row.id: row.fieldwork_completed_on for row in session().execute(found)}


def _comments(house: House, inspection: Inspection) -> Iterator[Comment]:
    outcomes = dict(COMMENT_OUTCOMES)
    for said in comments_of(house, inspection):
        about = f"on finding {said.row.finding}" if said.row.finding else "on the draft as a whole"
        yield Comment(
            f"{said.row.number}. Comment {about}",
            said.words,
            outcomes.get(said.row.outcome or "", "Not answered yet"),
            said.answer or "",
        )
