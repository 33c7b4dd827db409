"""An office with a case of every sort and kind, made by real steps, and words planted in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import select, update

from tests.cast import (
    ALDER,
    ATLANTA,
    BIRCH,
    BOB,
    BOSTON,
    CARL,
    IRIS,
    IVAN,
    MAX,
    MONA,
    MONDAY,
    PAM,
    RAY,
    RUTH,
    SAM,
)
from tests.complaints import walk as complaints
from tests.corrective import walk as corrections
from tests.documents.corpus import Sent
from tests.house.visibility import (
    ABOUT_SAM,
    ELSEWHERE,
    KINDS,
    NOWHERE,
    OTHERS,
    OWN,
    RECUSED,
    RECUSED_ARE,
    UNSENT,
)
from tests.inspections import walk as inspections
from workflow.cases.access import case_for
from workflow.cases.enclosures import enclose_in
from workflow.cases.kinds import House
from workflow.cases.models import Case, Task
from workflow.cases.perform import perform
from workflow.cases.recusals import Recusal
from workflow.cases.task_moves import move
from workflow.complaints import letter_lists, letters
from workflow.complaints.allegations import propose_finding
from workflow.complaints.witnesses import add_witness
from workflow.db.session import session, transaction
from workflow.documents.staging import stage
from workflow.engine.actors import SYSTEM, Actor
from workflow.inspections import interviews, notices, roster, service
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.facts import State
from workflow.inspections.report_comments import answer_comment, comment
from workflow.inspections.report_text import Text, write_text
from workflow.people.models import PersonOffice
from workflow.register.models import Agency, Agreement, Officer

TODAY: Final = date(2026, 1, 5)
CEDAR, DOGWOOD = 3, 4
HOLDER: Final = "somebody at a door"
#: Every agency of the office, by its address.
AGENCIES: Final = ("alder-county-ga", "birch-county-ga", "cedar-county-ma", "dogwood-county-tx")

# --- the words that are planted: each in one place, all on cases of the sort `OWN` unless said otherwise ----

NARRATIVE: Final = "planted narrative"
IDENTITY: Final = "planted Dolores"
WITNESS: Final = "planted Walter"
PLAN_OF_INVESTIGATION: Final = "planted plan of the investigation"
EVIDENCE_OF_COMPLAINT: Final = "planted evidence of a complaint"
NAME_OF_DOCUMENT: Final = "planted name of a document"
IN_DOCUMENT: Final = "planted in a document"
LETTER: Final = "planted paragraph of a letter"
#: Not planted: how the page of a complaint calls what it says of danger, and of interpreters.
DANGER: Final = "In danger when it was told"
ASKED_OF_DANGER: Final = "Somebody is in danger"
INTERPRETER: Final = ">Interpreter</dt>"
CODES: Final = frozenset({DANGER, ASKED_OF_DANGER, INTERPRETER})
CLOSING_ASKED: Final = "planted reasons to close"
WHY_BLOCKED: Final = "planted reason of a task"
NOTICE: Final = "planted notice"
REMARK: Final = "planted remark on an item"
NOTE: Final = "planted note on a finding"
DIFFERENCE: Final = "planted difference from a roster"
INTERVIEW: Final = "planted notes of an interview"
EVIDENCE: Final = "planted evidence of a finding"
BRIEFING: Final = "planted exit briefing"
REPORT: Final = "planted text of a report"
COMMENT: Final = "planted comment on a fact"
ANSWER: Final = "planted answer to a comment"
CAUSE: Final = "planted cause"  # of the inspection that was not sent
CANCELLING_ASKED: Final = "planted reasons to cancel"  # of the same
PLAN: Final = "planted plan of the agency"
RETURNED: Final = "planted reason of a return"
MORE_TIME: Final = "planted reason of more time"
RISK_ASKED: Final = "planted reasons to accept a risk"
CONTACT: Final = "planted outcome of a meeting"
SUSPENDING_ASKED: Final = "planted reasons to suspend"

References = dict[str, dict[str, str]]


def furnish(house: House) -> References:
    """Fill an office that holds the cast and nothing else; the references by kind and sort."""
    _places()
    agreements = {
        OWN: inspections.agreement(house),
        RECUSED: inspections.agreement(house, "JEM"),
        ABOUT_SAM: inspections.agreement(house, "TFM"),
        OTHERS: inspections.agreement(house, agency_id=BIRCH),
        ELSEWHERE: inspections.agreement(house, agency_id=CEDAR),
        NOWHERE: inspections.agreement(house, agency_id=DOGWOOD),
    }
    with transaction() as s:
        s.add(Officer(agreement_id=agreements[OWN], number="7", name="Pat Example"))
    found: References = {kind: {} for kind in KINDS}
    found["agreement"] = {
        sort: session().get_one(Agreement, key).reference for sort, key in agreements.items()
    }
    found["inspection"], found["corrective"] = _inspected(house)
    found["complaint"] = _complained(house, agreements[OWN])
    _plant_on_agreement(house, found["agreement"][OWN])
    _set_apart(found)
    session().remove()
    return found


def _places() -> None:
    """Two agencies more, and two people who cover Boston: one still does."""
    with transaction() as s:
        s.add_all(
            Agency(
                id=key,
                slug=slug,
                name=f"{slug.split('-')[0].title()} County Sheriff's Office",
                comparable=f"{slug.split('-')[0]} county sheriff's office",
                state=state,
                office_id=ATLANTA,
            )
            for key, slug, state in (
                (CEDAR, AGENCIES[2], "Massachusetts"),
                (DOGWOOD, AGENCIES[3], "Texas"),
            )
        )
        s.add_all(
            PersonOffice(person_id=person.id, office_id=BOSTON, kind="cover", until=until)
            for person, until in ((IVAN, date(2026, 1, 31)), (MONA, date(2026, 1, 4)))
        )


def take(house: House, reference: str, verb: str, actor: Actor, **answers: Any) -> None:
    """Take a step, or ask for it where a second person is needed."""
    seen = case_for(SYSTEM, reference).version
    perform(house, reference, verb, actor, answers, seen=seen, now=MONDAY)


# --- inspections and what came of them ------------------------------------------------------------


def _inspected(house: House) -> tuple[dict[str, str], dict[str, str]]:
    own = _inspected_whole(house)
    others = inspections.inspection_at(
        house, State.CORRECTIVE_ACTION, deficiencies=("major",), agency_id=BIRCH
    )
    elsewhere = inspections.inspection_at(
        house, State.CORRECTIVE_ACTION, deficiencies=("major",), agency_id=CEDAR
    )
    recused, about_sam = inspections.planned(house), inspections.planned(house, model="TFM")
    for reference in (recused, about_sam):
        inspections.go(house, reference, "schedule", "notify")
    found = {
        OWN: own,
        UNSENT: _for_cause(house),
        OTHERS: others,
        ELSEWHERE: elsewhere,
        NOWHERE: inspections.planned(house, agency_id=DOGWOOD),
        ABOUT_SAM: about_sam,
        RECUSED: recused,
    }
    first, second, third = (case.reference for case in inspections.corrections(own))
    [of_others], [of_elsewhere] = inspections.corrections(others), inspections.corrections(elsewhere)
    _plant_on_correction(house, first)
    corrected = {
        OWN: first,
        UNSENT: corrections.imported(house),
        OTHERS: of_others.reference,
        ELSEWHERE: of_elsewhere.reference,
        NOWHERE: corrections.imported(house),
        ABOUT_SAM: second,
        RECUSED: third,
    }
    return found, corrected


def _notify(house: House, reference: str) -> None:
    """The notice as it is read before it goes out, kept for the agency."""
    case, chosen = inspections.inspection(reference), notices.Chosen("en", NOTICE, "The roster")
    made, _ = notices.compose(case, notices.NOTIFY, chosen, now=MONDAY)
    notices.send(
        house, reference, IRIS, notices.NOTIFY, chosen, seen=case.version, shown=made.digest, now=MONDAY
    )


def _inspected_whole(house: House) -> str:
    """An inspection with three deficiencies, all of it told to the agency but what stays inside."""
    reference = inspections.planned(house)
    inspections.go(house, reference, "schedule")
    _notify(house, reference)
    inspections.go(house, reference, "begin")
    for item in ("G1", "D1", "H1"):
        inspections.find(house, reference, item, evidence=EVIDENCE, comment=NOTE)
    photograph = staged(house, "wall", "A wall.")
    enclose_in(house, reference, [photograph], IRIS, holder=HOLDER, now=MONDAY)
    seen = roster.Difference("not_told", 2, DIFFERENCE)
    roster.type_difference(house, reference, IRIS, seen, now=MONDAY)
    talk = interviews.Talk("booking", 2, TODAY, INTERVIEW)
    interviews.record_interview(house, reference, IRIS, talk, now=MONDAY)
    inspections.answer_all(house, reference)
    answer_items(
        house,
        reference,
        IRIS,
        {"A1": Given("yes", REMARK, base=inspections.standing(reference, "A1"))},
        now=MONDAY,
    )
    inspections.ask(house, reference, "complete_fieldwork", exit_briefing=BRIEFING)
    write_text(house, reference, IRIS, Text(REPORT, REPORT, REPORT), seen=0, now=MONDAY)
    inspections.go(house, reference, "draft_findings", "pass_review")
    comment(house, reference, CARL, COMMENT, now=MONDAY)
    answer_comment(house, reference, 1, IRIS, outcome="kept", answer=ANSWER, now=MONDAY)
    inspections.go(
        house,
        reference,
        "take_comments",
        "issue_report",
        "request_correction",
    )
    return reference


def _for_cause(house: House) -> str:
    """One after a sustained complaint, of an agreement that Sam supervises and some are recused from."""
    jem = inspections.agreement(house, "JEM")
    made = service.open_for_cause(
        house, jem, trigger="sustained_complaint", explanation=CAUSE, actor=MAX, now=MONDAY
    )
    take(house, made.reference, "cancel", MAX, reason=CANCELLING_ASKED)
    return made.reference


def _plant_on_correction(house: House, reference: str) -> None:
    corrections.go(house, reference, "submit_plan", action=PLAN)
    corrections.go(house, reference, "return_plan", reason=RETURNED)
    until = TODAY + timedelta(days=60)
    _move(house, MAX, reference, "extend", until=until, reason=MORE_TIME)
    take(house, reference, "accept_risk", PAM, reason=RISK_ASKED, risk_until_on=date(2026, 9, 30))


def _move(house: House, actor: Actor, reference: str, verb: str, **answers: Any) -> None:
    """Move the task of the state a case is in."""
    case = case_for(SYSTEM, reference)
    [task] = [t for t in case.tasks if t.closed_at is None and t.kind == case.state]
    move(house, actor, reference, task.number, verb, answers, seen=task.move_count, now=MONDAY)


# --- complaints and agreements ------------------------------------------------------------------


def _complained(house: House, agreement_id: int) -> dict[str, str]:
    agencies = {ABOUT_SAM: ALDER, RECUSED: ALDER, OTHERS: BIRCH, ELSEWHERE: CEDAR, NOWHERE: None}
    found = {sort: complaints.received(house, agency_id=agency) for sort, agency in agencies.items()}
    complaints.go(house, found[ABOUT_SAM], "triage", subject="field_supervisor", agreement=agreement_id)
    own = found[OWN] = complaints.received(
        house,
        words={"narrative": NARRATIVE},
        in_danger=False,
        interpreter="none",
        contact={"name": IDENTITY},
        documents=(staged(house, NAME_OF_DOCUMENT, IN_DOCUMENT),),
        holder=HOLDER,
    )
    complaints.go(house, own, "triage", "assign")
    complaints.go(house, own, "begin", questions=PLAN_OF_INVESTIGATION)
    seen = complaints.complaint(own).version
    add_witness(house, own, RAY, "saw_it", {"name": WITNESS}, seen=seen, now=MONDAY)
    seen = complaints.complaint(own).version
    propose_finding(house, own, RAY, 1, "sustained", EVIDENCE_OF_COMPLAINT, seen=seen, now=MONDAY)
    _write(house, own)
    _move(house, RAY, own, "block", waiting_for="person", reason=WHY_BLOCKED)
    take(house, own, "close_without_finding", MAX, closing_reason="administrative", reason=CLOSING_ASKED)
    return found


def _write(house: House, reference: str) -> None:
    """A letter to the complainant that was sent."""
    seen = complaints.complaint(reference).version
    number = letters.ask_for(house, reference, RUTH, "need_more", seen=seen, now=MONDAY)
    case, chosen = complaints.complaint(reference), letters.Chosen("en", LETTER)
    [row] = letter_lists.wanted(case)
    made, _ = letters.compose(house, case, row, chosen, base_url="", now=MONDAY)
    letters.send(
        house,
        reference,
        RUTH,
        number,
        chosen,
        seen=case.version,
        shown=made.digest,
        base_url="",
        now=MONDAY,
    )


def staged(house: House, name: str, words: str) -> str:
    """The token of a text that waits for its case."""
    cabinet = current_app.extensions["documents"]
    return stage(cabinet, Sent(f"{name}.txt", words.encode()), holder=HOLDER, now=MONDAY).token


def _plant_on_agreement(house: House, reference: str) -> None:
    take(
        house,
        reference,
        "record_contact",
        SAM,
        contact_kind="review_meeting",
        held_on=TODAY,
        outcome=CONTACT,
        next_on=TODAY + timedelta(days=200),
    )
    take(
        house,
        reference,
        "suspend",
        PAM,
        reasons=SUSPENDING_ASKED,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=40),
        how_to_answer="In writing",
        exigent=True,
    )


# --- setting cases apart ---------------------------------------------------------------------------


def _set_apart(found: References) -> None:
    """What no step does: areas are drawn anew, a case is about somebody, people are recused."""
    with transaction() as s:
        for key, office in ((CEDAR, BOSTON), (DOGWOOD, None)):
            s.execute(update(Agency).where(Agency.id == key).values(office_id=office))
            s.execute(update(Agreement).where(Agreement.agency_id == key).values(office_id=office))
        for kind in KINDS:
            _put(found[kind][ELSEWHERE], office_id=BOSTON, agency_id=CEDAR)
            _put(found[kind][NOWHERE], office_id=None, agency_id=None if kind == "complaint" else DOGWOOD)
            _put(found[kind][ABOUT_SAM], supervised_by_id=SAM.id)
            case = s.scalars(select(Case).where(Case.reference == found[kind][RECUSED])).one()
            s.add_all(
                Recusal(case_id=case.id, person_id=p.id, declared_by_id=p.id, reason="relative", at=MONDAY)
                for p in RECUSED_ARE
            )
        lead = update(Case).where(Case.reference == found["inspection"][ELSEWHERE])
        s.execute(lead.values(owner_id=BOB.id))


def _put(reference: str, **columns: Any) -> None:
    """Change columns of a case, and of its tasks, which carry them too."""
    session().execute(update(Case).where(Case.reference == reference).values(**columns))
    session().execute(update(Task).where(Task.reference == reference).values(**columns))
