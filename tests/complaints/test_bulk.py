"""One act on many complaints: a preview that tells the truth, and each complaint by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.cases.test_query_counts import counted
from tests.cast import ANN, BOB, MAX, MONA, MONDAY, RAY, RUTH
from tests.complaints.walk import agree, complaint, complaint_at, go, propose, received
from tests.inspections.walk import for_cause
from tests.pages import PageClient, hidden_fields
from workflow.cases.kinds import House
from workflow.cases.recusals import Recusal
from workflow.complaints import bulk, groups
from workflow.complaints.bulk import GROUP, Result
from workflow.complaints.facts import State
from workflow.complaints.models import Complaint, ComplaintGroup
from workflow.db.session import db, session, transaction
from workflow.engine.actors import Actor
from workflow.messages.models import Outbox
from workflow.policy.queries import closed_channels

SignIn = Callable[[Actor], PageClient]
LATER = MONDAY + timedelta(days=2)
ASSIGN = {"investigator": RAY.id, "why": "the least open work"}


def at(*references: str) -> dict[str, int]:
    return {reference: complaint(reference).version for reference in references}


def do(house: House, verb: str, by: Actor, chosen: dict[str, int], answers=None, **more) -> list[Result]:
    said = {"form_key": "a form", "now": MONDAY, **more}
    return bulk.carry_out(house, chosen, verb, by, answers or {}, **said)


def blocked(house: House, verb: str, by: Actor, *references: str) -> dict[str, str]:
    lines = bulk.preview(list(references), verb, by, now=MONDAY)
    return {line.reference: line.why for line in lines if line.why}


def test_a_preview_says_who_cannot_and_why(house: House):
    ready, new = complaint_at(house, State.TRIAGED), received(house)

    assert blocked(house, "assign", RUTH, ready, new) == {new: "Not possible for you while it is received."}
    unreachable = received(house, contact={})
    found = blocked(house, "acknowledge", ANN, ready, unreachable)
    assert found == {unreachable: "There is no way to answer: no contact was left."}


def test_what_somebody_may_not_see_is_not_in_their_preview(house: House):
    reference = complaint_at(house, State.TRIAGED)

    assert bulk.preview([reference, "C-2026-00000000-0"], "assign", BOB, now=MONDAY) == []


@pytest.mark.parametrize("verb", ["assign", "decide", GROUP])
def test_a_preview_costs_the_same_for_few_and_for_many(house: House, sign_in: SignIn, verb: str):
    states = (State.RECEIVED, State.TRIAGED, State.AWAITING_OIG, State.INVESTIGATING, State.IN_REVIEW)
    costs = []
    closed_channels()
    for number in (1, 3):
        references = [complaint_at(house, state) for state in states for _ in range(number)]
        db.session.rollback()
        with counted() as asked:
            lines = bulk.preview(references, verb, MAX, now=MONDAY)
        assert [line.reference for line in lines] == references
        costs.append(len(asked))

    assert costs[0] == costs[1] <= 8


def test_each_complaint_takes_the_step_by_itself_and_one_refusal_holds_up_no_other(house: House):
    first, recused, last = (complaint_at(house, State.TRIAGED) for _ in range(3))
    with transaction() as s:
        key = complaint(recused).id
        s.add(Recusal(case_id=key, person_id=RAY.id, reason="relative", declared_by_id=RAY.id, at=MONDAY))

    results = do(house, "assign", RUTH, at(first, recused, last), ASSIGN, comment="All of one week.")

    assert [r.is_done for r in results] == [True, False, True]
    assert results[1].said == "This person is recused from this complaint."
    assert [complaint(r).state for r in (first, recused, last)] == ["assigned", "triaged", "assigned"]
    assert [e.verb for e in complaint(first).events][-2:] == ["assign", "remark"]


def test_a_form_sent_twice_does_nothing_twice(house: House):
    references = [complaint_at(house, State.TRIAGED) for _ in range(2)]
    chosen = at(*references)
    do(house, "assign", RUTH, chosen, ASSIGN, comment="Once.")
    before = at(*references)

    again = do(house, "assign", RUTH, chosen, ASSIGN, comment="Once.")

    assert all(result.is_done for result in again)
    assert at(*references) == before


def test_a_remark_is_kept_where_a_second_person_is_waited_for(house: House):
    reference = complaint_at(house, State.TRIAGED)
    given = {"closing_reason": "administrative", "reason": "Sent by mistake."}

    do(house, "close_without_finding", MAX, at(reference), given, comment="As told on the phone.")

    assert complaint(reference).events[-1].verb == "remark"
    agree(house, reference, "close_without_finding", by=MONA)
    assert complaint(reference).state == "decided"


def test_a_case_of_another_kind_is_no_complaint_to_act_on(house: House):
    inspection = for_cause(house)

    for verb in (*bulk.AT_ONCE, GROUP):
        [result] = do(house, verb, MAX, {inspection: 1}, form_key=verb)
        assert not result.is_done, verb


def test_what_somebody_changed_meanwhile_is_left_alone(house: House):
    reference = complaint_at(house, State.TRIAGED)
    old = at(reference)
    go(house, reference, "acknowledge")

    [result] = do(house, "assign", RUTH, old, ASSIGN)

    assert not result.is_done
    assert complaint(reference).state == "triaged"


def test_two_people_stay_two_for_many(house: House):
    references = [complaint_at(house, State.TRIAGED) for _ in range(2)]
    given = {"closing_reason": "administrative", "reason": "Sent by mistake."}

    results = do(house, "close_without_finding", MAX, at(*references), given)

    assert {r.said for r in results} == {"waits for a second person"}
    assert {complaint(r).state for r in references} == {"triaged"}
    agree(house, references[0], "close_without_finding", by=MONA)
    assert complaint(references[0]).state == "decided"


def test_no_more_than_two_hundred_are_taken_at_once(house: House):
    chosen = {f"C-2026-{n:08}-0": 1 for n in range(groups.MOST + 50)}

    assert len(do(house, "assign", RUTH, chosen, ASSIGN)) == groups.MOST == 200


# --- groups -----------------------------------------------------------------------------------


def test_grouping_changes_no_state_and_no_date_and_can_be_undone(house: House):
    late, early = received(house, now=LATER), received(house)
    before = {r: [(c.name, c.due_at) for c in complaint(r).clocks] for r in (late, early)}

    results = do(house, GROUP, RUTH, at(late, early), comment="The same letter.", now=LATER)

    assert all(r.is_done for r in results)
    found = groups.members(complaint(late), RUTH)
    assert [m.reference for m in found] == [early, late]
    assert {r: [(c.name, c.due_at) for c in complaint(r).clocks] for r in (late, early)} == before
    assert {complaint(r).state for r in (late, early)} == {"received"}
    groups.leave(house, late, RUTH, "Another day.", seen=complaint(late).version, now=LATER)
    assert [m.reference for m in groups.members(complaint(early), RUTH)] == [early]
    assert [e.verb for e in complaint(late).events][-2:] == ["group", "ungroup"]


def test_the_earliest_receipt_rules_the_date_of_the_group(house: House):
    late, early = received(house, now=LATER), received(house)
    do(house, GROUP, RUTH, at(late, early), comment="The same letter.", now=LATER)

    [resolve] = [c for c in complaint(early).clocks if c.name == "resolve"]

    assert groups.due_of(complaint(late), RUTH) == resolve.due_at


def test_what_is_grouped_or_decided_is_not_grouped_again(house: House):
    one, two, decided = received(house), received(house), complaint_at(house, State.DECIDED)
    do(house, GROUP, RUTH, at(one, two), comment="The same letter.")

    assert set(blocked(house, GROUP, RUTH, one, decided, received(house))) == {one, decided}
    assert set(blocked(house, GROUP, ANN, received(house))) != set()
    assert session().scalar(select(func.count()).select_from(ComplaintGroup)) == 1


def test_a_group_is_decided_at_once_and_each_gets_a_letter(house: House):
    references = [complaint_at(house, State.INVESTIGATING) for _ in range(3)]
    do(house, GROUP, RUTH, at(*references), comment="The same letter.")
    for reference in references:
        propose(house, reference)
        go(house, reference, "submit_report")
    given = {"disposition": "sustained", "standard_of_proof": "preponderance", "rationale": "The log."}

    decided = do(
        house, "decide", MAX, at(*references), {"decision": "Sustained."}, disposition=given, form_key="two"
    )
    told = do(
        house, "notify", ANN, at(*references), {"letters": "To each.", "checked": True}, form_key="three"
    )

    assert [r.said for r in (*decided, *told)] == ["done"] * 6
    assert {complaint(r).state for r in references} == {"notified"}
    letters = select(Outbox.reference).where(Outbox.name == "outcome", Outbox.recipient == "complainant")
    assert sorted(session().scalars(letters)) == sorted(references)


def test_whoever_investigated_one_of_the_group_does_not_decide_that_one(house: House):
    reference = complaint_at(house, State.IN_REVIEW)
    given = {"disposition": "no_finding", "standard_of_proof": "none", "rationale": "x"}

    [result] = do(house, "decide", RAY, at(reference), {"decision": "x"}, disposition=given)

    assert not result.is_done
    assert complaint(reference).state == "in_review"
    assert not complaint(reference).allegations[0].is_disposed


# --- pages ------------------------------------------------------------------------------------


def cases_in(html: str) -> list[str]:
    return re.findall(r'name="case"\s+value="([^"]+)"', html)


def test_several_are_grouped_from_the_list_and_shown_as_a_group(house: House, sign_in: SignIn):
    one, two = received(house), received(house)
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/bulk/group?reference={one}&reference={two}")
    assert "2 complaints can be done, no complaints cannot" in page.text

    data = {**hidden_fields(page.text), "case": cases_in(page.text), "comment": "One letter, two senders."}
    done = browser.post("/complaints/bulk/group", data=data)

    assert "2 of 2 complaints done" in " ".join(done.text.split())
    shown = browser.get(f"/complaints/{one}/group").text
    assert two in shown
    assert "the earliest date of its members rules" in " ".join(shown.split())
    left = browser.send(f"/complaints/{two}/ungroup", {"reason": "Not the same."})
    assert left.status_code == 302
    assert session().scalar(select(Complaint.group_id).where(Complaint.reference == two)) is None


def test_a_later_one_is_put_into_a_group_there_is(house: House, sign_in: SignIn):
    one, later = received(house), received(house)
    do(house, GROUP, RUTH, at(one), comment="A letter.")
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/bulk/group?reference={later}")
    data = {**hidden_fields(page.text), "case": cases_in(page.text), "comment": "The same letter."}

    wrong = browser.post("/complaints/bulk/group", data=data | {"into": later})
    browser.post("/complaints/bulk/group", data=data | {"into": one})

    assert wrong.status_code == 422
    assert "it is in no group" in wrong.text
    assert "The same letter." in wrong.text
    assert complaint(later).group_id == complaint(one).group_id is not None


def test_a_form_without_answers_keeps_who_was_chosen(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.TRIAGED)
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/bulk/assign?reference={reference}")
    cases = cases_in(page.text)

    refused = browser.post("/complaints/bulk/assign", data={**hidden_fields(page.text), "case": cases})

    assert refused.status_code == 422
    assert cases_in(refused.text) == cases
    assert browser.get("/complaints/bulk/nonsense").status_code == 404
    assert "Nothing was chosen" in browser.get("/complaints/bulk/assign").text


def test_many_are_closed_without_a_finding_from_the_page(house: House, sign_in: SignIn):
    reference = complaint_at(house, State.TRIAGED)
    browser = sign_in(MAX)
    page = browser.get(f"/complaints/bulk/close_without_finding?reference={reference}")
    said = {"closing_reason": "administrative", "reason": "Sent by mistake."}

    done = browser.post(
        "/complaints/bulk/close_without_finding",
        data={**hidden_fields(page.text), "case": cases_in(page.text), **said},
    )

    assert "waits for a second person" in done.text
    agree(house, reference, "close_without_finding", by=MONA)
    assert complaint(reference).closing_reason == "administrative"


def test_nothing_ticked_is_said_and_nothing_is_done(house: House, sign_in: SignIn):
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/bulk/assign?reference={complaint_at(house, State.TRIAGED)}")
    unticked = {name: value for name, value in hidden_fields(page.text).items() if name != "case"}
    answers = {**unticked, "investigator": str(RAY.id), "why": "the least open work"}

    sent = browser.post("/complaints/bulk/assign", data=answers)

    assert sent.status_code == 422
    assert "Nothing was chosen" in sent.text


def test_what_is_no_reference_is_not_even_looked_for(house: House, sign_in: SignIn):
    browser = sign_in(RUTH)
    page = browser.get(f"/complaints/bulk/assign?reference={complaint_at(house, State.TRIAGED)}")
    answers = {**hidden_fields(page.text), "investigator": str(RAY.id), "why": "x"}

    for nasty in ("a\0b:1", "\ufffd:1", ":1", "C-2026:1"):
        sent = browser.post("/complaints/bulk/assign", data={**answers, "case": [nasty]})
        assert sent.status_code == 422, nasty
