"""What an investigation writes: plan, log, requests, interim action, reviews of a hold; and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests.cast import ANN, IRIS, LEO, MAX, MONA, MONDAY, PAM, RAY, RUTH, SAM
from tests.complaints.test_inquiry_referrals import days_until
from tests.complaints.walk import CONTACT, complaint, complaint_at, go
from tests.house.test_sealed_words import leaks
from tests.pages import PageClient
from workflow.cases import followups
from workflow.cases.kinds import House
from workflow.complaints import inquiry, interim
from workflow.complaints.facts import State
from workflow.complaints.inquiry_models import AgencyRequest, InquiryEntry, InterimAction
from workflow.complaints.inquiry_page import Inquiry, inquiry_of
from workflow.complaints.referrals import chase
from workflow.db.session import session, transaction
from workflow.engine.actors import Actor
from workflow.engine.machine import Refused

HEARD = inquiry.Heard(
    kind="interview",
    part="witness",
    way="in_person",
    at=MONDAY,
    reached=True,
    statement="voluntary",
    who="Old Mr. Thimble",
    said="He saw the door stand open.",
)
LATER = MONDAY + timedelta(days=1)


def log(house: House, reference: str, actor: Actor = RAY, **changed: Any) -> None:
    heard = replace(HEARD, **changed)
    inquiry.log(house, reference, actor, heard, seen=complaint(reference).version, now=LATER)


def shown(house: House, reference: str, actor: Actor = RAY, *, days: int = 1) -> Inquiry:
    return inquiry_of(house, complaint(reference), actor, now=MONDAY + timedelta(days=days))


def ask(house: House, reference: str, actor: Actor = RAY, due: date = date(2026, 1, 20)) -> None:
    inquiry.ask_agency(
        house,
        reference,
        actor,
        "footage",
        "The tape of the night.",
        due,
        seen=complaint(reference).version,
        now=MONDAY,
    )


def propose(house: House, reference: str, actor: Actor = RAY) -> None:
    interim.propose_interim(
        house,
        reference,
        actor,
        "suspend_authority",
        "They still work the same shift.",
        seen=complaint(reference).version,
        now=MONDAY,
    )


def decide(house: House, reference: str, actor: Actor = MAX, decision: str = "agreed") -> None:
    interim.decide_interim(
        house, reference, actor, 1, decision, "It is grave.", seen=complaint(reference).version, now=LATER
    )


# --- the plan -------------------------------------------------------------------------------------


def test_an_investigation_begins_with_questions_and_a_day_and_its_plan_is_shown(house: House):
    reference = complaint_at(house, State.ASSIGNED)

    with pytest.raises(Refused) as refused:
        go(house, reference, "begin", questions=None)
    go(house, reference, "begin", questions="Who held the key?", people="The night shift")

    assert {r.field for r in refused.value.refusals} == {"questions"}
    plan = dict(shown(house, reference).plan)
    assert plan["Questions to answer"] == "Who held the key?"
    assert plan["People to hear"] == "The night shift"
    assert "Report by" in plan


def test_another_plan_replaces_the_first_and_both_stay_in_the_history(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    plan = {"questions": "Who opened the gate?", "report_by": date(2026, 3, 2)}

    inquiry.replan(house, reference, RAY, plan, seen=complaint(reference).version, now=LATER)

    assert dict(shown(house, reference).plan)["Questions to answer"] == "Who opened the gate?"
    assert [e.verb for e in complaint(reference).events][-1] == "replan"
    with pytest.raises(Refused):
        inquiry.replan(house, reference, RUTH, plan, seen=complaint(reference).version, now=LATER)


# --- the log --------------------------------------------------------------------------------------


def test_the_log_says_who_by_their_part_and_names_nobody_in_the_open(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    log(house, reference)

    [line] = shown(house, reference).log
    assert (line.number, line.what, line.said) == (1, "Interview", "He saw the door stand open.")
    assert "A witness" in line.facts
    assert line.named == "Old Mr. Thimble"
    assert "Voluntary" in line.facts
    assert leaks("Thimble", "door stand open") == set()
    assert complaint(reference).events[-1].codes["part"] == "witness"


def test_an_attempt_is_written_down_as_one_and_holds_no_statement(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    log(house, reference, reached=False, statement="none", said="", kind="contact")
    with pytest.raises(Refused):
        log(house, reference, reached=False, said="")

    [line] = shown(house, reference).log
    assert line.what == "Contact, tried: nobody reached"


def test_a_compelled_statement_says_that_it_is_never_passed_on(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    log(house, reference, part="subject", statement="compelled")

    assert "never to be passed on to a criminal investigation" in shown(house, reference).log[0].facts


def test_a_line_is_put_right_by_another_and_neither_goes(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    log(house, reference)

    log(house, reference, said="He heard it, and saw nothing.", corrects=1)
    with pytest.raises(Refused):
        log(house, reference, corrects=7)
    for statement in ("UPDATE inquiry_entry SET reached = reached", "DELETE FROM inquiry_entry"):
        with pytest.raises(DBAPIError), transaction():
            session().execute(text(statement))

    assert [(line.number, line.corrects) for line in shown(house, reference).log] == [(1, None), (2, 1)]


@pytest.mark.parametrize(
    "changed",
    [
        {"at": LATER + timedelta(minutes=1)},
        {"at": MONDAY - timedelta(days=1)},
        {"kind": "seance"},
        {"part": "neighbour"},
        {"way": "pigeon"},
        {"statement": "sworn"},
        {"said": "  "},
    ],
    ids=lambda c: next(iter(c)) + "=" + str(next(iter(c.values()))),
)
def test_what_cannot_be_is_not_written_into_the_log(house: House, changed: dict[str, Any]):
    reference = complaint_at(house, State.INVESTIGATING)

    with pytest.raises(Refused):
        log(house, reference, **changed)

    assert session().scalars(select(InquiryEntry)).all() == []


def test_only_the_investigator_writes_an_interview_and_whoever_works_on_complaints_a_contact(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    for actor in (RUTH, ANN, LEO, MAX, SAM, PAM):
        with pytest.raises(Refused):
            log(house, reference, actor)
    for actor in (RUTH, ANN, LEO):
        log(house, reference, actor, kind="contact", part="agency", statement="none")

    assert len(shown(house, reference).log) == 3


def test_want_of_information_closes_nothing_before_it_was_tried_on_two_days(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    tried: dict[str, Any] = {"kind": "contact", "part": "complainant", "reached": False, "statement": "none"}

    for hours in (1, 2, 24):
        with pytest.raises(Refused):
            go(house, reference, "close_without_finding", closing_reason="insufficient_information")
        log(house, reference, ANN, **tried, said="", at=MONDAY + timedelta(hours=hours))
    go(house, reference, "close_without_finding", closing_reason="insufficient_information")

    assert complaint(reference).state == State.DECIDED


def test_putting_a_line_right_is_no_second_try(house: House):
    reference = complaint_at(house, State.TRIAGED, contact=CONTACT)
    tried: dict[str, Any] = {"kind": "contact", "part": "complainant", "reached": False, "statement": "none"}

    log(house, reference, ANN, **tried, said="")
    log(house, reference, ANN, **tried, said="In the evening.", corrects=1)

    with pytest.raises(Refused):
        go(house, reference, "close_without_finding", closing_reason="insufficient_information")


# --- what the agency is asked for -----------------------------------------------------------------


def test_what_the_agency_owes_is_asked_for_again_until_it_is_answered(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    ask(house, reference)

    for day in (16, 30, 60):
        [owed] = followups.open_ones(complaint(reference), "request", 1)
        seen = complaint(reference).version
        chase(
            house,
            reference,
            RAY,
            owed.number,
            "Called, no answer.",
            seen=seen,
            now=MONDAY + timedelta(days=day),
        )
    inquiry.answer_request(
        house,
        reference,
        RAY,
        1,
        "refused",
        "They say it is lost.",
        seen=complaint(reference).version,
        now=LATER,
    )

    assert followups.open_ones(complaint(reference), "request") == []
    [request] = shown(house, reference).requests
    assert (request.ended, request.answer, request.is_late) == ("Refused", "They say it is lost.", False)
    assert leaks("it is lost", "tape of the night") == set()


def test_a_request_is_late_once_its_day_has_passed(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    ask(house, reference)

    assert [shown(house, reference, days=d).requests[0].is_late for d in (15, 16)] == [False, True]


def test_a_request_needs_a_day_to_come_and_is_answered_once(house: House):
    reference = complaint_at(house, State.INVESTIGATING)
    with pytest.raises(Refused):
        ask(house, reference, due=MONDAY.date())
    ask(house, reference)

    def answer(number: int) -> None:
        seen = complaint(reference).version
        inquiry.answer_request(house, reference, RAY, number, "answered", "It came.", seen=seen, now=LATER)

    answer(1)
    for number in (1, 2):
        with pytest.raises(Refused):
            answer(number)
    with pytest.raises(DBAPIError), transaction():
        session().execute(text("UPDATE agency_request SET outcome = 'refused'"))
    assert session().scalars(select(AgencyRequest.outcome)).all() == ["answered"]


# --- meanwhile ------------------------------------------------------------------------------------


def test_an_interim_action_is_proposed_by_the_investigator_and_decided_by_a_manager(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    propose(house, reference)
    [task] = [t for t in complaint(reference).tasks if t.kind == "follow:interim"]
    decide(house, reference)

    assert task.role == "manager"
    [interim] = shown(house, reference).interims
    assert (interim.ended, interim.answer) == (f"Agreed by {MAX.name}", "It is grave.")
    assert followups.open_ones(complaint(reference), "interim") == []
    with pytest.raises(Refused):
        decide(house, reference, MONA, "declined")


def test_who_proposed_an_interim_action_does_not_decide_it_and_the_database_refuses_it_too(house: House):
    both = Actor(RAY.id, RAY.name, RAY.roles | MAX.roles, MAX.offices)
    reference = complaint_at(house, State.INVESTIGATING)
    propose(house, reference)

    with pytest.raises(Refused) as refused:
        decide(house, reference, both)
    itself = update(InterimAction).values(decision="agreed", decided_by_id=RAY.id)
    with pytest.raises(DBAPIError), transaction() as s:
        s.execute(itself)

    assert [r.code for r in refused.value.refusals] == ["two_people"]


def test_nobody_but_the_investigator_proposes_and_nobody_but_a_manager_decides(house: House):
    reference = complaint_at(house, State.INVESTIGATING)

    for actor in (RUTH, LEO, MAX):
        with pytest.raises(Refused):
            propose(house, reference, actor)
    propose(house, reference)
    for actor in (RUTH, LEO, PAM):
        with pytest.raises(Refused):
            decide(house, reference, actor)


# --- a hold is looked at every thirty days --------------------------------------------------------


def test_a_reviewed_hold_is_due_for_review_again_and_keeps_one_task(house: House):
    reference = complaint_at(house, State.ON_HOLD)

    for day in (29, 58):
        go(house, reference, "review_hold", now=MONDAY + timedelta(days=day), asked="The prosecutor")

    case = complaint(reference)
    own = [t for t in case.tasks if t.kind == State.ON_HOLD]
    assert case.state == State.ON_HOLD
    assert [t.closed_at is None for t in own] == [False, False, True]
    assert own[-1].due_at is not None
    assert days_until(own[-1].due_at) == 88
    assert [e.verb for e in case.events][-2:] == ["review_hold", "review_hold"]
    assert next(c for c in case.clocks if c.name == "in_hand").paused_at is not None


# --- who sees it ----------------------------------------------------------------------------------


def test_who_does_not_read_a_complaint_sees_nothing_of_its_investigation(
    house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.INVESTIGATING)
    log(house, reference)
    ask(house, reference)
    propose(house, reference)
    said = ("door stand open", "Thimble", "tape of the night", "same shift")

    for actor in (SAM, IRIS, PAM):
        page = sign_in(actor).get(f"/complaints/{reference}").text
        assert [words for words in said if words in page] == []
    page = sign_in(RUTH).get(f"/complaints/{reference}").text
    assert [words for words in said if words not in page] == []


def test_the_pages_of_an_investigation_keep_what_was_typed(
    house: House, sign_in: Callable[[Actor], PageClient]
):
    reference = complaint_at(house, State.INVESTIGATING)
    browser, home = sign_in(RAY), f"/complaints/{reference}"
    seen = str(complaint(reference).version)

    for path, sent in {
        "/log/new": {"kind": "interview", "said": "A long tale of the yard"},
        "/requests/new": {"what": "footage", "asked": "A long tale of the yard"},
        "/interim/new": {"why": "A long tale of the yard"},
        "/plan": {"questions": "A long tale of the yard", "report_by": "never"},
    }.items():
        answer = browser.send(home + path, {"seen": seen, **sent})
        assert answer.status_code == 422, path
        assert "A long tale of the yard" in answer.text, path


def test_an_investigation_is_written_through_its_pages(house: House, sign_in: Callable[[Actor], PageClient]):
    reference = complaint_at(house, State.INVESTIGATING)
    home = f"/complaints/{reference}"

    def send(actor: Actor, path: str, **sent: str) -> None:
        given = {"seen": str(complaint(reference).version), **sent}
        assert sign_in(actor).send(home + path, given).status_code == 302, path

    send(RAY, "/plan", questions="Who held the key?", report_by="2026-03-02")
    send(
        RAY,
        "/log/new",
        kind="interview",
        part="witness",
        way="telephone",
        statement="voluntary",
        said="The gate was open.",
        at="2026-01-05T09:00",
    )
    send(RAY, "/requests/new", what="records", asked="The log of the gate.", due_on="2026-01-20")
    send(RAY, "/requests/1", outcome="partly", answer="Half of it came.")
    send(RAY, "/interim/new", action="supervise", why="They work alone.")
    [owed] = followups.open_ones(complaint(reference), "interim")
    assert (
        sign_in(MAX)
        .get(f"/cases/{reference}/follow-ups/{owed.number}")
        .location.endswith(f"/interim/{owed.number}")
    )
    send(MAX, f"/interim/{owed.number}", decision="agreed", reasons="For two weeks.")

    page = sign_in(RUTH).get(home).text
    for words in ("Who held the key?", "The gate was open.", "Half of it came.", "For two weeks."):
        assert words in page
