"""What inspections start in other cases, and what other cases do to inspections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.cast import ADA, BOB, CARL, IRIS, IVAN, MAX, MONDAY, PAM, PETE, RUTH, SAM
from tests.complaints.walk import go as complain
from tests.corrective import walk as corrections
from tests.inspections.walk import (
    BASIS,
    DUE,
    TODAY,
    agreement,
    find,
    for_cause,
    go,
    inspection,
    inspection_at,
    planned,
    settle,
)
from tests.inspections.walk import corrections as corrections_of
from tests.pages import PageClient
from workflow.cases import undoing as mistakes
from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.perform import confirm, perform
from workflow.cases.recusals import Recusal
from workflow.cases.story import pending
from workflow.cases.sweep import sweep
from workflow.cases.verify import verify
from workflow.complaints.models import Complaint, ReceiptCode
from workflow.complaints.sealed import words_of
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Actor
from workflow.engine.machine import Refused, Stale
from workflow.inspections.facts import State
from workflow.inspections.models import Inspection
from workflow.reactions import IMMEDIATE_RISK
from workflow.register.models import Agreement


def other_inspections(reference: str) -> list[Inspection]:
    own = inspection(reference)
    found = select(Inspection).where(Inspection.agreement_id == own.agreement_id, Inspection.id != own.id)
    return list(session().scalars(found.order_by(Inspection.id)))


def end_agreement(house: House, agreement_id: int) -> None:
    """Give notice, let it run out, let the system end the agreement."""
    record = session().get_one(Agreement, agreement_id)
    life = case_for(SYSTEM, record.reference)
    answers = {
        "given_by": "office",
        "reasons": "It is over.",
        "effective_on": TODAY + timedelta(days=200),
        "published_on": TODAY,
    }
    perform(house, life.reference, "give_notice", PAM, answers, seen=life.version, now=MONDAY)
    sweep(house, now=MONDAY + timedelta(days=210))


def suspend(house: House, agreement_id: int, until: date) -> None:
    record = session().get_one(Agreement, agreement_id)
    life = case_for(SYSTEM, record.reference)
    answers = {
        "reasons": "A grave breach.",
        "from_on": TODAY,
        "until_on": until,
        "how_to_answer": "In writing.",
        "exigent": True,
    }
    perform(house, life.reference, "suspend", PAM, answers, seen=life.version, now=MONDAY)
    life = case_for(SYSTEM, record.reference)
    approval = pending(life, "suspend")
    assert approval is not None
    confirm(house, approval.id, PETE, seen=life.version, payload_hash=approval.payload_hash, now=MONDAY)


# --- deficiencies -------------------------------------------------------------------------------


def test_each_deficiency_of_an_issued_report_is_cited_once(house: House):
    reference = inspection_at(house, State.REPORT_ISSUED, deficiencies=("major", "minor"))

    found = corrections_of(reference)
    assert [c.tier for c in found] == [2, 3]
    assert [f.is_cited for f in inspection(reference).findings] == [True, True]


def test_no_deficiency_is_cited_before_the_report(house: House):
    reference = inspection_at(house, State.READY_TO_ISSUE, deficiencies=("major",))

    assert corrections_of(reference) == []


def test_an_area_of_concern_makes_no_case(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, result="area_of_concern", class_code=None)
    go(
        house,
        reference,
        "complete_fieldwork",
        "draft_findings",
        "pass_review",
        "take_comments",
        "issue_report",
    )

    assert corrections_of(reference) == []
    assert inspection(reference).rating == "compliant"


def test_a_critical_deficiency_is_cited_when_it_is_written(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    find(house, reference, class_code="critical")

    [case] = corrections_of(reference)
    assert (case.tier, case.state) == (1, "open")
    assert inspection(reference).findings[0].is_cited


def test_a_critical_one_is_not_cited_again_by_the_report(house: House):
    reference = inspection_at(house, State.REPORT_ISSUED, deficiencies=("critical", "minor"))

    assert [c.tier for c in corrections_of(reference)] == [1, 3]


def test_escalating_a_finding_tells_the_manager_the_same_day(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, class_code="major")

    go(house, reference, "escalate_urgent")

    case = inspection(reference)
    [notice] = [t for t in case.tasks if t.kind == "notice"]
    assert (notice.role, notice.due_at is not None and notice.due_at.date()) == (
        "manager",
        TODAY + timedelta(days=1),
    )
    assert case.findings[0].is_urgent


# --- an immediate risk --------------------------------------------------------------------------

RISK = "Somebody may be hurt tonight."


def complaints_of(reference: str) -> list[Complaint]:
    found = select(Complaint).where(Complaint.caused_by_id == inspection(reference).id)
    return list(session().scalars(found.order_by(Complaint.id)))


def escalated(house: House, *, now: datetime = MONDAY) -> tuple[str, Complaint]:
    """An inspection with one immediate risk, and the complaint opened for it."""
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, class_code="major", evidence="A door that does not open.", comment="Ask Wren.")
    go(house, reference, "escalate_urgent", risk=RISK, now=now)
    [complaint] = complaints_of(reference)
    return reference, complaint


def test_an_immediate_risk_is_a_complaint_of_tier_1_with_what_reviewers_need(house: House):
    reference, complaint = escalated(house, now=MONDAY + timedelta(hours=2))

    found = inspection(reference)
    assert (complaint.state, complaint.tier, complaint.channel) == ("received", 1, "inspection")
    assert [a.code for a in complaint.allegations] == [IMMEDIATE_RISK]
    assert complaint.agreement_id == found.agreement_id
    assert complaint.occurred_on == TODAY
    assert complaint.received_at == MONDAY + timedelta(hours=2)
    assert not complaint.contact_possible
    told = words_of(complaint, house.keyring)["narrative"]
    assert RISK in told
    assert "A door that does not open." in told
    assert "Wren" not in told, "a note among inspectors stays there"
    assert reference not in told, "who reads the complaint may be recused from the inspection"
    assert verify().breaks == ()


def test_the_system_opens_it_because_of_the_escalation_and_nobody_gets_a_receipt(house: House):
    reference, complaint = escalated(house)

    first = complaint.events[0]
    assert (first.verb, first.actor_id) == ("receive", SYSTEM.id)
    assert first.cause is not None
    assert (first.cause.verb, first.cause.case_id) == ("escalate_urgent", inspection(reference).id)
    assert session().scalars(select(ReceiptCode)).all() == []
    [task] = [t for t in complaint.tasks if t.closed_at is None]
    assert (task.verb, task.role, task.tier) == ("triage", "reviewer", 1)


def test_a_risk_entered_later_counts_from_when_it_was_seen(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)
    case, answers = inspection(reference), {"finding": "1", "risk": RISK}
    seen_at, entered_at = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=30)

    perform(
        house,
        reference,
        "escalate_urgent",
        IRIS,
        answers,
        seen=case.version,
        now=entered_at,
        occurred_at=seen_at,
        late_reason="No network in the jail.",
    )

    [complaint] = complaints_of(reference)
    assert (complaint.received_at, complaint.opened_at) == (seen_at, entered_at)


def test_each_finding_is_escalated_once_and_makes_one_complaint(house: House):
    reference, first = escalated(house)
    case, answers = inspection(reference), {"finding": "1", "risk": RISK}
    with pytest.raises(Refused):
        perform(house, reference, "escalate_urgent", IRIS, answers, seen=case.version, now=MONDAY)
    assert complaints_of(reference) == [first]

    find(house, reference, "D1", "critical")
    go(house, reference, "escalate_urgent", finding="2")

    assert len(complaints_of(reference)) == 2


def test_the_same_form_sent_twice_makes_one_complaint(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)
    seen = inspection(reference).version

    done = [
        perform(
            house,
            reference,
            "escalate_urgent",
            IRIS,
            {"finding": "1", "risk": RISK},
            seen=seen,
            now=MONDAY,
            idempotency_key="pressed twice",
        )
        for _ in range(2)
    ]

    assert [d.repeated for d in done] == [False, True]
    assert len(complaints_of(reference)) == 1


def test_an_escalation_that_is_refused_opens_no_complaint(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference)

    with pytest.raises(Stale):
        perform(house, reference, "escalate_urgent", IRIS, {"finding": "1", "risk": RISK}, seen=1, now=MONDAY)

    assert complaints_of(reference) == []
    assert not inspection(reference).findings[0].is_urgent


@pytest.mark.parametrize(
    ("actor", "status", "reads"),
    [
        (RUTH, 200, True),
        (MAX, 200, True),
        (IRIS, 200, False),
        (SAM, 200, False),
        (PAM, 200, False),
        (BOB, 404, False),
        (CARL, 404, False),
        (ADA, 403, False),
    ],
    ids=lambda v: v.name if isinstance(v, Actor) else str(v),
)
def test_who_sees_the_complaint_is_who_sees_any_and_an_inspector_reads_no_word_of_it(
    sign_in: Callable[[Actor], PageClient], house: House, actor: Actor, status: int, reads: bool
):
    _, complaint = escalated(house)

    page = sign_in(actor).get(f"/complaints/{complaint.reference}")

    assert page.status_code == status
    assert (RISK in page.text) is reads


def test_the_inspection_names_the_complaint_to_those_alone_who_see_it(
    sign_in: Callable[[Actor], PageClient], house: House
):
    reference, complaint = escalated(house)
    complain(house, complaint.reference, "triage", subject="field_supervisor", agreement=agreement(house))
    with transaction() as s:
        inspection(reference).sent_to_agency_at = MONDAY
        s.add(
            Recusal(
                case_id=complaint.id, person_id=IVAN.id, declared_by_id=IVAN.id, reason="relative", at=MONDAY
            )
        )

    pages = {who: sign_in(who).get(f"/inspections/{reference}") for who in (IRIS, MAX, SAM, IVAN, CARL)}

    assert {page.status_code for page in pages.values()} == {200}
    # It is about Sam's supervision now, Ivan is recused, and an agency is told of no complaint.
    assert {who for who, page in pages.items() if complaint.reference in page.text} == {IRIS, MAX}
    assert [
        who.name for who, page in pages.items() if complaint.title in page.text and who in (SAM, CARL)
    ] == []


def test_a_complaint_opened_for_a_risk_is_no_correction_of_its_inspection(house: House):
    reference, complaint = escalated(house)
    go(house, reference, "complete_fieldwork", "draft_findings", "pass_review", "take_comments")
    go(house, reference, "issue_report", "request_correction")

    settle(house, reference)

    assert inspection(reference).state == "verified"
    assert complaint.state == "received"


# --- what came of it ----------------------------------------------------------------------------


def test_the_last_verified_correction_settles_the_inspection(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major", "minor"))
    first, second = corrections_of(reference)

    corrections.go(house, first.reference, "correct_on_site", "verify")
    assert inspection(reference).state == "corrective_action"
    corrections.go(house, second.reference, "correct_on_site", "verify")

    case = inspection(reference)
    assert case.state == "verified"
    assert case.events[-1].actor_id == SYSTEM.id
    assert case.events[-1].cause is not None
    assert case.events[-1].cause.verb == "verify"


def test_a_withdrawn_finding_settles_too_and_counts_no_more(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major",))
    [case] = corrections_of(reference)

    corrections.go(house, case.reference, "dispute", "withdraw_finding")

    found = inspection(reference)
    assert found.state == "verified"
    assert [f.is_deficiency for f in found.findings] == [False]


def test_what_is_sent_back_twice_escalates_the_inspection(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major",))
    [case] = corrections_of(reference)

    corrections.go(house, case.reference, "submit_plan", "return_plan")
    assert inspection(reference).state == "corrective_action"
    corrections.go(house, case.reference, "submit_plan", "return_plan")

    assert inspection(reference).state == "escalated"


@pytest.mark.parametrize(("days", "state"), [(85, "corrective_action"), (95, "escalated")])
def test_the_sweep_escalates_what_is_late_for_too_long(house: House, days: int, state: str):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major",))

    sweep(house, now=MONDAY + timedelta(days=days))

    assert inspection(reference).state == state


def test_a_correction_that_moves_brings_the_follow_up_in_line(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major", "minor"))
    major, minor = corrections_of(reference)

    corrections.go(house, major.reference, "correct_on_site", "verify")

    [task] = [t for t in inspection(reference).tasks if t.closed_at is None]
    due = next(c.due_at for c in minor.clocks if c.name == "correct")
    assert task.due_at is not None
    assert due is not None
    assert task.due_at.date() == due.date()


def test_settling_before_the_report_leads_to_a_clean_close(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, class_code="critical")
    settle(house, reference)
    go(
        house,
        reference,
        "complete_fieldwork",
        "draft_findings",
        "pass_review",
        "take_comments",
        "issue_report",
        "close_clean",
    )

    assert inspection(reference).state == "closed"


# --- the next one -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.CLOSED, State.VERIFIED])
def test_closing_plans_the_next_one_by_the_cadence_of_the_model(house: House, state: State):
    reference = inspection_at(house, state)
    if state is State.VERIFIED:
        go(house, reference, "close")

    [following] = other_inspections(reference)
    assert (following.state, following.due_on) == ("planned", date(2029, 1, 5))
    assert following.basis is not None
    assert following.basis.startswith("36 months after the last inspection")


def test_closing_one_for_cause_leaves_the_routine_one_as_it_is(house: House):
    routine = planned(house)
    agreement_id = agreement(house)
    assert inspection(routine).agreement_id == agreement_id
    before = len(other_inspections(routine))

    reference = inspection_at_for_cause(house)

    assert inspection(reference).state == "closed"
    assert len(other_inspections(routine)) == before + 1, "the one for cause itself"


def inspection_at_for_cause(house: House) -> str:
    from_cause = for_cause(house)
    go(
        house,
        from_cause,
        "schedule",
        "begin",
        "complete_fieldwork",
        "draft_findings",
        "pass_review",
        "take_comments",
        "issue_report",
        "close_clean",
    )
    return from_cause


def test_a_cancelled_one_is_planned_again_for_the_same_day(house: House):
    reference = inspection_at(house, State.CANCELLED)

    [again] = other_inspections(reference)
    assert (again.state, again.due_on) == ("planned", DUE)
    assert again.basis == f"{BASIS}; replaces one that was cancelled"
    assert again.occupies_agreement_id == again.agreement_id


# --- the agreement ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (State.PLANNED, "cancelled"),
        (State.POSTPONED, "cancelled"),
        # Its time for comments runs out first.
        (State.WITH_AGENCY, "cancelled"),
        (State.READY_TO_ISSUE, "cancelled"),
        (State.REPORT_ISSUED, "closed"),
        (State.CORRECTIVE_ACTION, "closed"),
        (State.VERIFIED, "closed"),
    ],
)
def test_the_end_of_an_agreement_ends_its_inspections(house: House, state: State, ended: str):
    reference = inspection_at(house, state)

    end_agreement(house, agreement(house))

    case = inspection(reference)
    assert case.state == ended
    assert [t for t in case.tasks if t.closed_at is None] == []
    assert [c for c in case.clocks if c.stopped_at is None] == []


def test_the_end_of_an_agreement_lets_its_corrections_lapse(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major", "minor"))

    end_agreement(house, agreement(house))

    assert [c.state for c in corrections_of(reference)] == ["lapsed", "lapsed"]
    assert inspection(reference).state == "closed"
    assert other_inspections(reference) == [], "nothing is planned for what is over"


@pytest.mark.parametrize("state", [State.SCHEDULED, State.NOTIFIED])
def test_a_suspension_postpones_what_is_scheduled(house: House, state: State):
    reference = inspection_at(house, state)

    suspend(house, agreement(house), TODAY + timedelta(days=120))

    case = inspection(reference)
    assert (case.state, case.scheduled_on) == ("postponed", TODAY + timedelta(days=120))
    assert case.due_on == DUE


def test_a_suspension_leaves_fieldwork_that_has_begun(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    suspend(house, agreement(house), TODAY + timedelta(days=120))

    assert inspection(reference).state == "in_progress"


# --- a mistake put right ------------------------------------------------------------------------


def test_undoing_the_end_of_fieldwork_takes_the_place_of_the_routine_one_again(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)
    case = inspection(reference)
    assert case.occupies_agreement_id is None

    mistakes.undo(house, reference, IRIS, reason="An item was forgotten.", seen=case.version, now=MONDAY)

    case = inspection(reference)
    assert case.state == "in_progress"
    assert case.occupies_agreement_id == case.agreement_id
    assert case.fieldwork_completed_on is None


def test_a_report_that_was_cited_from_is_not_undone(house: House):
    reference = inspection_at(house, State.REPORT_ISSUED, deficiencies=("major",))

    assert mistakes.undoable(house, inspection(reference)) is None
