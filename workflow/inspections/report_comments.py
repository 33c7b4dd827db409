"""What the agency says of the facts of a draft, and the answer each gets before the report is issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, select

from workflow.cases.access import NotThere, case_for
from workflow.cases.chronicle import words_of
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.cases.perform import note
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor, Role
from workflow.engine.machine import Refusal, Refused
from workflow.inspections import sealed
from workflow.inspections.answers import writable
from workflow.inspections.facts import COMMENT_OUTCOMES, State
from workflow.inspections.models import Inspection
from workflow.inspections.report_models import FactComment
from workflow.inspections.report_rows import comment_rows
from workflow.people.models import PersonRole

LONGEST: Final = 5000
MOST: Final = 100
#: Answers are given once the draft is with the agency, and until the report is out.
ANSWERED_IN: Final = frozenset(
    {State.WITH_AGENCY, State.READY_TO_ISSUE, State.FIELDWORK_COMPLETE, State.FINDINGS_DRAFTED}
)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, opened, with its answer."""

    row: FactComment
    words: str
    answer: str | None


@retried
def comment(
    house: House, reference: str, actor: Actor, words: str, *, finding: int | None = None, now: datetime
) -> int:
    """Keep a comment of the agency, given by its contact or written down by the office; its number."""
    with transaction() as s, s.no_autoflush:
        by_agency = Role.AGENCY_CONTACT in actor.roles
        inspection = _theirs(actor, reference) if by_agency else writable(actor, reference)
        if inspection.state != State.WITH_AGENCY:
            raise Refused(Refusal("state", "Comments are taken while the draft is with the agency."))
        if refusals := _wrong(inspection, words, finding):
            raise Refused(*refusals)
        row = _add(house, inspection, words, finding, by=actor.id, is_recorded=not by_agency, now=now)
        codes = {"comment": row.number} | ({"finding": finding} if finding else {})
        note(house, inspection, "comment_on_facts", actor, codes=codes, now=now)
        s.flush()
        return row.number


@retried
def answer_comment(
    house: House, reference: str, number: int, actor: Actor, *, outcome: str, answer: str, now: datetime
) -> None:
    """Say once what becomes of a comment. Raises `Refused`, `NotThere`, `LookupError` for an unknown one."""
    with transaction() as s, s.no_autoflush:
        inspection = writable(actor, reference)
        row = comment_of(inspection, number)
        if inspection.state not in ANSWERED_IN:
            raise Refused(Refusal("state", "Comments are answered before the report is issued."))
        if row.outcome is not None:
            raise Refused(Refusal("answered", "This comment was answered already."))
        if outcome not in dict(COMMENT_OUTCOMES):
            raise Refused(Refusal("unfit", "Choose what becomes of it.", "outcome"))
        if not answer.strip() or len(answer) > LONGEST:
            raise Refused(Refusal("required", f"Answer in at most {LONGEST:,} characters.", "answer"))
        row.outcome, row.answered_by_id, row.answered_at = outcome, actor.id, now
        row.answer = sealed.keep(inspection, row, "answer", answer, house.keyring)
        codes = {"comment": number, "outcome": outcome}
        note(house, inspection, "answer_comment", actor, codes=codes, now=now)
        s.flush()


def comments_of(house: House, inspection: Inspection) -> list[Said]:
    """Every comment, opened, in order. One query."""
    return [
        Said(
            row,
            sealed.words_in(inspection, row, "words", house.keyring) or "",
            sealed.words_in(inspection, row, "answer", house.keyring),
        )
        for row in comment_rows(inspection)
    ]


def comment_of(inspection: Inspection, number: int) -> FactComment:
    """Raises `LookupError` for a number there is not."""
    found = next((row for row in comment_rows(inspection) if row.number == number), None)
    if found is None:
        raise LookupError(number)
    return found


def last_comments_are_kept(house: House, inspection: Any, event: Event, now: datetime) -> None:
    """What is said on closing the comments is one of them, to be answered like the others."""
    assert isinstance(inspection, Inspection)
    said = words_of(event, inspection, house.keyring).get("comments")
    if not said:
        return
    outside = exists().where(
        PersonRole.person_id == event.actor_id,
        PersonRole.role == Role.AGENCY_CONTACT,
        PersonRole.ended_at.is_(None),
    )
    by_agency = bool(session().scalar(select(outside)))
    _add(house, inspection, said, None, by=event.actor_id, is_recorded=not by_agency, now=now)


def _theirs(actor: Actor, reference: str) -> Inspection:
    case = case_for(actor, reference, lock=True)
    if not isinstance(case, Inspection):
        raise NotThere(reference)
    return case


def _add(
    house: House,
    inspection: Inspection,
    words: str,
    finding: int | None,
    *,
    by: int,
    is_recorded: bool,
    now: datetime,
) -> FactComment:
    row = FactComment(
        inspection_id=inspection.id,
        number=len(comment_rows(inspection)) + 1,
        finding=finding,
        is_recorded=is_recorded,
        by_id=by,
        at=now,
    )
    row.words = sealed.keep(inspection, row, "words", words, house.keyring) or b""
    session().add(row)
    return row


def _wrong(inspection: Inspection, words: str, finding: int | None) -> list[Refusal]:
    found = []
    if not words.strip() or len(words) > LONGEST:
        found.append(Refusal("required", f"Write in at most {LONGEST:,} characters.", "words"))
    if finding is not None and finding not in told_findings(inspection):
        found.append(Refusal("unfit", "Choose a finding of this draft.", "finding"))
    if len(comment_rows(inspection)) >= MOST:
        found.append(Refusal("many", f"At most {MOST} comments; write the rest into one."))
    return found


def told_findings(inspection: Inspection) -> dict[int, str]:
    """The findings the agency is told of, by number, with their item."""
    return {f.number: f.item for f in inspection.findings if f.result != "met" and not f.is_withdrawn}
