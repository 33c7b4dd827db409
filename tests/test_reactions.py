"""What a step of one kind starts in another: inspections, corrections, agreements and complaints together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import ALDER, BIRCH, CARL, IRIS, IVAN, MAX, MONA, MONDAY, PAM, PETE, SAM
from tests.complaints.walk import complaint, complaint_at
from tests.complaints.walk import go as complain
from tests.inspections.walk import (
    DUE,
    agreement,
    answer_all,
    corrections,
    find,
    go,
    inspection,
    inspection_at,
    planned,
)
from workflow.cases.access import case_for
from workflow.cases.for_cause import TITLE as FOR_CAUSE_TITLE
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.cases.perform import confirm, perform
from workflow.cases.story import pending
from workflow.cases.sweep import sweep
from workflow.cases.undoing import undo
from workflow.cases.verify import verify
from workflow.complaints.facts import State as Complaints
from workflow.corrective.models import CorrectiveAction
from workflow.corrective.sealed import words_of
from workflow.db.session import session
from workflow.engine.actors import SYSTEM, Actor
from workflow.inspections.facts import State
from workflow.inspections.models import Finding, Inspection
from workflow.register.models import Agreement

TODAY = date(2026, 1, 5)


def take(house: House, reference: str, verb: str, actor: Actor, *, day: int = 0, **answers: Any) -> None:
    """Take a step so many days after Monday; Pete or Mona confirms it where that is needed."""
    now = MONDAY + timedelta(days=day)
    done = perform(house, reference, verb, actor, answers, seen=case_for(SYSTEM, reference).version, now=now)
    if done.awaits_second:
        case = case_for(SYSTEM, reference)
        approval = pending(case, verb)
        assert approval is not None
        other = PETE if actor is PAM else MONA
        confirm(house, approval.id, other, seen=case.version, payload_hash=approval.payload_hash, now=now)


def life_of(agreement_id: int) -> str:
    """The reference of an agreement's life."""
    return session().get_one(Agreement, agreement_id).reference


def suspend(house: House, agreement_id: int, *, until: date) -> None:
    take(
        house,
        life_of(agreement_id),
        "suspend",
        PAM,
        reasons="A breach.",
        from_on=TODAY,
        until_on=until,
        how_to_answer="In writing.",
        exigent=True,
    )


def end(house: House, agreement_id: int) -> None:
    """Let an agreement run out: notice today, the end a hundred days later."""
    take(
        house,
        life_of(agreement_id),
        "give_notice",
        PAM,
        given_by="office",
        reasons="Over.",
        effective_on=TODAY + timedelta(days=100),
    )
    sweep(house, now=MONDAY + timedelta(days=101))


def correctives() -> list[CorrectiveAction]:
    return list(session().scalars(select(CorrectiveAction).order_by(CorrectiveAction.id)))


def routine(agreement_id: int) -> list[Inspection]:
    found = select(Inspection).where(Inspection.agreement_id == agreement_id).order_by(Inspection.id)
    return list(session().scalars(found))


# --- inspections and corrections -----------------------------------------------------------------


def test_each_deficiency_of_an_issued_report_becomes_a_correction(house: House):
    reference = inspection_at(house, State.READY_TO_ISSUE, deficiencies=("major", "minor"))
    assert correctives() == []

    go(house, reference, "issue_report")

    first, second = correctives()
    found = inspection(reference)
    assert [c.state for c in (first, second)] == ["open", "open"]
    assert [c.class_code for c in (first, second)] == ["major", "minor"]
    assert {c.caused_by_id for c in (first, second)} == {found.id}
    assert {(c.agreement_id, c.office_id, c.model) for c in (first, second)} == {
        (found.agreement_id, found.office_id, "WSO")
    }
    assert [f.is_cited for f in found.findings] == [True, True]
    assert words_of(first, house.keyring).deficiency == "No poster hangs in the booking area."
    assert case_for(CARL, first.reference).id == first.id


def test_a_critical_deficiency_is_cited_when_it_is_written_and_only_once(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    find(house, reference, "H1", "critical")

    [cited] = correctives()
    assert (cited.class_code, cited.tier) == ("critical", 1)
    assert {c.name for c in cited.clocks} == {"correct", "interim"}
    go(house, reference, "escalate_urgent", finding="1")
    go(house, reference, "complete_fieldwork", "draft_findings", "pass_review", "take_comments")
    go(house, reference, "issue_report")
    assert correctives() == [cited]


def test_an_area_of_concern_makes_no_case(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "G1", None, result="area_of_concern")

    go(house, reference, "complete_fieldwork", "draft_findings", "pass_review", "take_comments")
    go(house, reference, "issue_report")

    assert correctives() == []
    go(house, reference, "close_clean")
    assert inspection(reference).state == "closed"


def test_the_last_correction_settles_the_inspection_and_the_first_does_not(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major", "minor"))
    first, second = correctives()
    for case, state in ((first, "corrective_action"), (second, "verified")):
        take(house, case.reference, "correct_on_site", IRIS, evidence="A photograph.")
        take(house, case.reference, "verify", IVAN, checked="It hangs.")

        assert inspection(reference).state == state

    [event] = [e for e in inspection(reference).events if e.verb == "all_settled"]
    assert event.actor_id == SYSTEM.id
    assert event.cause_id is not None
    assert verify().breaks == ()


def test_what_is_sent_back_twice_escalates_the_inspection(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION)
    [case] = corrections(reference)
    for round_ in (1, 2):
        take(
            house,
            case.reference,
            "submit_plan",
            CARL,
            position="agree",
            action="Posters.",
            responsible="The captain",
            target_on=TODAY + timedelta(days=30),
        )
        take(house, case.reference, "return_plan", SAM, reason="Too little.")

        assert inspection(reference).state == ("corrective_action" if round_ == 1 else "escalated")


def test_sending_back_by_mistake_does_not_count(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION)
    [case] = corrections(reference)
    plan: dict[str, Any] = {"position": "agree", "action": "Posters.", "responsible": "The captain"}
    take(house, case.reference, "submit_plan", CARL, target_on=TODAY + timedelta(days=30), **plan)
    take(house, case.reference, "return_plan", SAM, reason="A slip.")
    seen = case_for(SYSTEM, case.reference).version
    undo(house, case.reference, SAM, reason="A slip.", seen=seen, now=MONDAY)

    take(house, case.reference, "return_plan", SAM, reason="Too little.")

    assert inspection(reference).state == "corrective_action"


def test_the_follow_up_is_due_with_the_next_open_correction(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION, deficiencies=("major", "minor"))
    first, second = correctives()

    def due() -> Any:
        return next(
            t.due_at for t in inspection(reference).tasks if t.closed_at is None and t.kind != "notice"
        )

    assert due().date() <= first.clocks[0].due_at.date() + timedelta(days=1)
    early = due()
    take(house, first.reference, "correct_on_site", IRIS, evidence="A photograph.")
    take(house, first.reference, "verify", IVAN, checked="It hangs.")

    assert due() > early
    assert second.state == "open"


def test_the_plan_for_a_critical_deficiency_is_a_managers_to_review(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)
    find(house, reference, "H1", "critical")
    find(house, reference, "D1", "major")
    [critical] = correctives()

    plan: dict[str, Any] = {
        "position": "agree",
        "action": "At once.",
        "responsible": "The captain",
        "target_on": TODAY,
    }
    take(house, critical.reference, "submit_plan", CARL, **plan)

    [task] = [t for t in case_for(SYSTEM, critical.reference).tasks if t.closed_at is None]
    assert task.role == "manager"


def test_a_withdrawn_finding_counts_no_more(house: House):
    reference = inspection_at(house, State.CORRECTIVE_ACTION)
    [case] = corrections(reference)
    take(house, case.reference, "dispute", CARL, grounds="They hang.")

    take(house, case.reference, "withdraw_finding", MONA, reason="They do.")

    [finding] = session().scalars(select(Finding))
    assert finding.is_withdrawn
    assert not finding.is_deficiency
    assert inspection(reference).state == "verified"


# --- one inspection after another ----------------------------------------------------------------


@pytest.mark.parametrize("clean", [True, False])
def test_the_next_routine_inspection_is_planned_after_closing(house: House, *, clean: bool):
    reference = inspection_at(house, State.REPORT_ISSUED if clean else State.VERIFIED)

    go(house, reference, "close_clean" if clean else "close")

    closed, following = routine(agreement(house))
    assert closed.state == "closed"
    assert (following.state, following.kind_of) == ("planned", "routine")
    # WSO: 36 months after the last completed fieldwork.
    assert following.due_on == date(2029, 1, 5)
    assert following.basis
    assert case_for(SYSTEM, following.reference).events[0].cause_id is not None


def test_a_cancelled_inspection_is_planned_again_for_the_same_day(house: House):
    reference = planned(house)

    go(house, reference, "cancel")

    cancelled, again = routine(agreement(house))
    assert (cancelled.state, again.state) == ("cancelled", "planned")
    assert again.due_on == cancelled.due_on == DUE
    assert again.basis is not None
    assert "replaces one that was cancelled" in again.basis
    assert reference not in again.basis, "whoever is recused from that one may see this one"


def test_an_undone_step_gives_the_inspection_its_place_back(house: House):
    reference = inspection_at(house, State.FIELDWORK_COMPLETE)
    assert inspection(reference).occupies_agreement_id is None
    case = inspection(reference)

    undo(house, reference, MAX, reason="Too early.", seen=case.version, now=MONDAY)

    back = inspection(reference)
    assert back.state == "in_progress"
    assert back.occupies_agreement_id == back.agreement_id
    assert back.fieldwork_completed_on is None


# --- agreements ----------------------------------------------------------------------------------


def test_the_end_of_an_agreement_ends_its_inspections_and_corrections_never_its_complaints(house: House):
    complained = complaint_at(house, Complaints.ASSIGNED)
    reported = inspection_at(house, State.CORRECTIVE_ACTION)
    [correction] = corrections(reported)
    here = agreement(house)
    ahead = planned(house)

    end(house, here)

    assert session().get_one(Agreement, here).status == "terminated"
    assert inspection(ahead).state == "cancelled"
    assert inspection(reported).state == "closed"
    assert case_for(SYSTEM, correction.reference).state == "lapsed"
    assert complaint(complained).state == "assigned"
    assert [i for i in routine(here) if i.closed_at is None] == []
    open_tasks = [t for c in session().scalars(select(Case)) for t in c.tasks if t.closed_at is None]
    assert {t.case_kind for t in open_tasks} <= {"complaint"}
    assert verify().breaks == ()


def test_a_suspension_postpones_what_is_scheduled_and_leaves_what_has_begun(house: House):
    reference = inspection_at(house, State.NOTIFIED)
    until = TODAY + timedelta(days=90)

    suspend(house, agreement(house), until=until)

    held = inspection(reference)
    assert (held.state, held.scheduled_on, held.postponements) == ("postponed", until, 1)
    # It stays due when it was due.
    assert held.due_on == DUE


def test_a_suspension_leaves_fieldwork_in_progress_alone(house: House):
    reference = inspection_at(house, State.IN_PROGRESS)

    suspend(house, agreement(house), until=TODAY + timedelta(days=90))

    assert inspection(reference).state == "in_progress"
    answer_all(house, reference)
    go(house, reference, "complete_fieldwork")


# --- complaints ----------------------------------------------------------------------------------


def proposals(reference: str) -> list[str]:
    return [t.role for t in complaint(reference).tasks if t.title == FOR_CAUSE_TITLE]


def decided(house: House, *, allegation: str, tier: str, agency_id: int = ALDER) -> str:
    """A complaint decided with its one allegation sustained."""
    reference = complaint_at(house, Complaints.RECEIVED, agency_id=agency_id, allegations=(allegation,))
    complain(house, reference, "triage", tier=tier)
    complain(house, reference, "assign", "begin", "submit_report", "decide")
    return reference


@pytest.mark.parametrize(("allegation", "tier"), [("retaliation", "1"), ("force", "2"), ("other", "2")])
def test_a_grave_sustained_complaint_asks_a_manager_whether_to_inspect(
    house: House, allegation: str, tier: str
):
    here = agreement(house)

    reference = decided(house, allegation=allegation, tier=tier)

    assert proposals(reference) == ["manager"]
    assert routine(here) == []
    [task] = [t for t in complaint(reference).tasks if t.title == FOR_CAUSE_TITLE]
    assert task.due_at is not None
    assert task.due_at.astimezone(MONDAY.tzinfo).date() == date(2026, 1, 13)


def test_a_lesser_one_or_one_about_no_agreement_asks_nobody(house: House):
    agreement(house)

    assert proposals(decided(house, allegation="posters", tier="3")) == []
    assert proposals(decided(house, allegation="force", tier="2", agency_id=BIRCH)) == []


def test_a_suspended_agreement_is_proposed_too_and_the_proposal_waits(house: House):
    suspend(house, agreement(house), until=TODAY + timedelta(days=90))

    assert proposals(decided(house, allegation="force", tier="2")) == ["manager"]
